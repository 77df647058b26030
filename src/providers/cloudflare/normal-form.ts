import { type Endpoint, endpoint, property } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { compareText } from '../../endpoint/targets.ts';
import { automaticTTL, targetKey, toBody } from './convert.ts';
import { addressTypes, booleanOf, list, names, type Properties, writeProperties } from './properties.ts';

/** What the flags say of records without annotations. */
export interface Settings {
  readonly proxied: boolean;
  readonly comment: string;
  readonly customHostnames: boolean;
  readonly regionalServices: boolean;
  readonly regionKey: string;
}

/** What is known of the zones that the names lie in. */
export interface Surroundings {
  /** How long a comment may be at a name. */
  readonly longestComment: (name: string) => number;
  /** How the zone spells a TXT record of this key. */
  readonly textOf: (name: string, key: string) => string | undefined;
  /** Told of what cannot be as it is wished; `what` is a constant message. */
  readonly warn: (what: string, e: Endpoint, value: string) => void;
}

/** Wished endpoints as they are read back once written. What the zone cannot hold at all is left out. */
export function normalForm(endpoints: readonly Endpoint[], settings: Settings, around: Surroundings): readonly Endpoint[] {
  const normal = endpoints.filter((e) => isWritable(e, around)).map((e) => ({ e, properties: propertiesOf(e, settings, around) }));
  const shared = sharedExtras(normal, around);
  return normal.map(({ e, properties }, i) => {
    const merged = { ...properties, ...shared.get(i) };
    return endpoint({
      ...e,
      targets: e.recordType === 'TXT' ? e.targets.map((t) => around.textOf(normalizeName(e.dnsName), targetKey('TXT', t)) ?? t) : e.targets,
      ttlSeconds: merged.proxied ? automaticTTL : e.ttlSeconds,
      providerSpecific: writeProperties(merged),
    });
  });
}

function isWritable(e: Endpoint, { warn }: Surroundings): boolean {
  if (e.recordType !== 'MX' && e.recordType !== 'SRV') return true;
  const bad = e.targets.find((target) => {
    try {
      return !toBody(e, target);
    } catch {
      return true;
    }
  });
  if (bad !== undefined) warn('record is left out: its target has not the fields of its type', e, bad);
  return bad === undefined;
}

function propertiesOf(e: Endpoint, settings: Settings, { longestComment, warn }: Surroundings): Properties {
  const leads = addressTypes.has(e.recordType);
  const asked = property(e, names.proxied);
  const proxied = asked === undefined ? undefined : booleanOf(asked);
  if (asked !== undefined && proxied === undefined) warn('annotation of the proxy is neither true nor false; the flag decides', e, asked);
  const comment = property(e, names.comment) ?? settings.comment;
  const longest = longestComment(e.dnsName);
  const cut = comment.length > longest ? cutText(comment, longest) : comment;
  if (cut !== comment) warn('comment is cut: it is longer than the plan of the zone allows', e, `${longest} characters`);
  return {
    proxied: leads && (proxied ?? settings.proxied),
    comment: cut,
    tags: list(property(e, names.tags)),
    customHostnames: leads && settings.customHostnames ? list(property(e, names.customHostname)?.toLowerCase()) : [],
    regionKey: leads && settings.regionalServices ? (property(e, names.regionKey)?.trim() ?? settings.regionKey) : undefined,
  };
}

/** Not in the middle of a character. */
const cutText = (text: string, length: number): string => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');

type Shared = Pick<Properties, 'customHostnames' | 'regionKey'>;

/**
 * Custom hostnames and region belong to a name, not to a record: its A and AAAA records have the same. A leads; where A has none, it
 * takes those of AAAA. Endpoints of one type are rivals for the name, between which the plan decides: they are left as they are.
 */
function sharedExtras(all: readonly { readonly e: Endpoint; readonly properties: Properties }[], { warn }: Surroundings): ReadonlyMap<number, Shared> {
  const pairs = new Map<string, { readonly a: number[]; readonly aaaa: number[] }>();
  for (const [i, { e }] of all.entries()) {
    if (e.recordType !== 'A' && e.recordType !== 'AAAA') continue;
    const name = normalizeName(e.dnsName);
    const pair = pairs.get(name) ?? { a: [], aaaa: [] };
    pairs.set(name, pair);
    (e.recordType === 'A' ? pair.a : pair.aaaa).push(i);
  }
  const shared = new Map<number, Shared>();
  for (const { a, aaaa } of pairs.values()) {
    if (a.length === 0 || aaaa.length === 0) continue;
    const keyed = (index: number): { index: number; region: string; hostnames: string } => ({ index, region: all[index]?.properties.regionKey ?? '', hostnames: all[index]?.properties.customHostnames.join(',') ?? '' });
    const [as, aaaas] = [a.map(keyed), aaaa.map(keyed)];
    for (const own of [...as, ...aaaas]) {
      const isA = as.includes(own);
      const pick = (values: (x: typeof own) => string): string => leading(values(own), as.map(values), aaaas.map(values), isA);
      const [region, hostnames] = [pick((x) => x.region), pick((x) => x.hostnames)];
      const item = all[own.index];
      if (!item || (region === own.region && hostnames === own.hostnames)) continue;
      if (own.region !== '' && region !== own.region) warn('A and AAAA records of a name cannot have different regions; that of A is taken', item.e, own.region);
      shared.set(own.index, { customHostnames: list(hostnames), regionKey: item.properties.regionKey === undefined ? undefined : region });
    }
  }
  return shared;
}

function leading(own: string, ofA: readonly string[], ofAAAA: readonly string[], isA: boolean): string {
  const smallest = (values: readonly string[]): string => values.filter((v) => v !== '').toSorted(compareText)[0] ?? '';
  if (isA) return own || smallest(ofAAAA);
  const filled = ofA.filter((v) => v !== '');
  return filled.length === 0 ? own || smallest(ofAAAA) : filled.includes(own) ? own : smallest(filled);
}
