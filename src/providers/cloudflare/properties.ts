import { type Endpoint, property, type ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import { compareText } from '../../endpoint/targets.ts';

/** Names of the properties: those of the annotations, with the prefix that is the default. */
export const names = {
  proxied: 'external-dns.kubernetes.io/cloudflare-proxied',
  customHostname: 'external-dns.kubernetes.io/cloudflare-custom-hostname',
  regionKey: 'external-dns.kubernetes.io/cloudflare-region-key',
  comment: 'external-dns.kubernetes.io/cloudflare-record-comment',
  tags: 'external-dns.kubernetes.io/cloudflare-tags',
} as const;

/** What a record has beside name, type, targets and TTL. */
export interface Properties {
  readonly proxied: boolean;
  readonly comment: string;
  readonly tags: readonly string[];
  /** Hostnames of customers whose requests go to this name. */
  readonly customHostnames: readonly string[];
  /** Undefined where regions are not managed. */
  readonly regionKey: string | undefined;
}

/** Types whose names lead to addresses: they can be proxied, and have custom hostnames and a region. */
export const addressTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** The properties of an endpoint in its normal form; an ownership record has those of its record, of which not all are for its type. */
export function readProperties(e: Endpoint): Properties {
  const leads = addressTypes.has(e.recordType);
  return {
    proxied: leads && property(e, names.proxied) === 'true',
    comment: property(e, names.comment) ?? '',
    tags: list(property(e, names.tags)),
    customHostnames: leads ? list(property(e, names.customHostname)) : [],
    regionKey: leads ? property(e, names.regionKey) : undefined,
  };
}

/** The normal form: each property that has a value, in the order of names. */
export function writeProperties({ proxied, comment, tags, customHostnames, regionKey }: Properties): readonly ProviderSpecificProperty[] {
  return [
    ...(customHostnames.length > 0 ? [{ name: names.customHostname, value: customHostnames.join(',') }] : []),
    { name: names.proxied, value: String(proxied) },
    ...(comment !== '' ? [{ name: names.comment, value: comment }] : []),
    ...(regionKey !== undefined ? [{ name: names.regionKey, value: regionKey }] : []),
    ...(tags.length > 0 ? [{ name: names.tags, value: tags.join(',') }] : []),
  ];
}

/** The entries of a text with commas: trimmed, without empty ones and repetitions, sorted. */
export const list = (text: string | undefined): readonly string[] => [...new Set((text ?? '').split(',').map((t) => t.trim()))].filter((t) => t !== '').sort(compareText);

/** The words that ExternalDNS v0.22 takes for a boolean; undefined for all others. */
export function booleanOf(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false;
  return undefined;
}
