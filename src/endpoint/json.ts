import { type Endpoint, endpoint, type ProviderSpecificProperty } from './endpoint.ts';

/** An endpoint as the webhook protocol and the spec of a DNSRecord have it; empty fields are left out. */
export interface EndpointJSON {
  readonly dnsName?: string;
  readonly targets?: readonly string[];
  readonly recordType?: string;
  readonly setIdentifier?: string;
  readonly recordTTL?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly providerSpecific?: readonly { readonly name?: string; readonly value?: string }[];
}

/** Fields in the order in which ExternalDNS v0.22 writes them. Set one by one: as spreads they would take ten times the memory. */
export function endpointToJSON(e: Endpoint): EndpointJSON {
  const json: { -readonly [Field in keyof EndpointJSON]: EndpointJSON[Field] } = {};
  if (e.dnsName) json.dnsName = e.dnsName;
  if (e.targets.length > 0) json.targets = e.targets;
  if (e.recordType) json.recordType = e.recordType;
  if (e.setIdentifier) json.setIdentifier = e.setIdentifier;
  if (e.ttlSeconds > 0) json.recordTTL = e.ttlSeconds;
  if (Object.keys(e.labels).length > 0) json.labels = e.labels;
  if (e.providerSpecific.length > 0) json.providerSpecific = e.providerSpecific.some((p) => p.name === '' || p.value === '') ? e.providerSpecific.map(withoutEmpty) : e.providerSpecific;
  return json;
}

const withoutEmpty = ({ name, value }: ProviderSpecificProperty): { name?: string; value?: string } => ({ ...(name && { name }), ...(value && { value }) });

/**
 * Reads an endpoint that another program wrote: fields of a wrong type count as not set, unknown ones are passed over. The name stays as
 * it is spelled, also with a final dot: the other program knows its record by it.
 * Property names under the annotation prefix of before v0.22 get the present one. Throws for what is no object.
 */
export function endpointFromJSON(value: unknown): Endpoint {
  if (!isObject(value)) throw new Error(`an endpoint must be a JSON object, not ${value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`}`);
  return endpoint({
    dnsName: text(value.dnsName),
    targets: list(value.targets).filter((t) => typeof t === 'string'),
    recordType: text(value.recordType),
    setIdentifier: text(value.setIdentifier),
    ttlSeconds: typeof value.recordTTL === 'number' && value.recordTTL > 0 ? Math.trunc(value.recordTTL) : 0,
    ...(isObject(value.labels) && { labels: labelsOf(value.labels) }),
    ...(Array.isArray(value.providerSpecific) && { providerSpecific: propertiesOf(value.providerSpecific) }),
  });
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const labelsOf = (labels: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

const presentPrefix = 'external-dns.kubernetes.io/';
const formerPrefix = 'external-dns.alpha.kubernetes.io/';

/** Properties each once; of one that is there under both prefixes, the value under the present one. */
function propertiesOf(properties: readonly unknown[]): ProviderSpecificProperty[] {
  const read = properties.filter(isObject).map((p) => ({ name: text(p.name), value: text(p.value) }));
  const names = new Set(read.map((p) => p.name));
  return read.flatMap(({ name, value }) => {
    if (!name.startsWith(formerPrefix)) return { name, value };
    const present = presentPrefix + name.slice(formerPrefix.length);
    return names.has(present) ? [] : { name: present, value };
  });
}
