import { charStrings, quoted, rdataBytes } from '../../dns/rdata.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, property, type ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { PdnsRecord, PdnsRecordSet, PdnsRecordSetChange } from './client.ts';

/** Types that are read and written. CNAME stands for ALIAS, too. */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'SRV', 'NS', 'PTR', 'MX', 'NAPTR', 'DNAME'] as const;
const known: ReadonlySet<string> = new Set(recordTypes);

/** Types whose data ends in a host name; PowerDNS wants it with a final dot. */
const endsInHost: ReadonlySet<string> = new Set(['CNAME', 'DNAME', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR', 'ALIAS']);

/** An ALIAS is a CNAME with this property; at the apex of a zone, where no CNAME can be, without. */
const aliasProperty: ProviderSpecificProperty = { name: 'alias', value: 'true' };
const isAlias = (e: Endpoint): boolean => property(e, aliasProperty.name) === aliasProperty.value;

/**
 * Record sets of which an operator has switched off all records, by setKey(). They answer no question, and stay beside what is written. A
 * disabled record among others is part of their set, and goes with it.
 */
export type DisabledRecords = ReadonlyMap<string, readonly PdnsRecord[]>;

export const setKey = (name: string, type: string): string => `${normalizeName(name)}|${type}`;

/** The endpoints of a zone's record sets. Left out: what is disabled, types that are not managed, and the NS set of the zone itself. */
export function toEndpoints(rrsets: readonly PdnsRecordSet[], zoneName: string): readonly Endpoint[] {
  const apex = normalizeName(zoneName);
  return rrsets.flatMap((set) => {
    const type = set.type === 'ALIAS' ? 'CNAME' : set.type;
    if (!known.has(type)) return [];
    const targets = set.records.filter((r) => !r.disabled).map((r) => (type === 'TXT' ? normalText(r.content) : r.content));
    if (targets.length === 0) return [];
    const isApex = normalizeName(set.name) === apex;
    if (isApex && type === 'NS') return [];
    return [makeEndpoint(set.name, type, targets, { ttlSeconds: set.ttl, ...(set.type === 'ALIAS' && !isApex && { providerSpecific: [aliasProperty] }) })];
  });
}

export function disabledRecords(rrsets: readonly PdnsRecordSet[]): DisabledRecords {
  const disabled = new Map<string, readonly PdnsRecord[]>();
  for (const { name, type, records } of rrsets) {
    if (records.length > 0 && records.every((r) => r.disabled)) disabled.set(setKey(name, type), records.map(({ content }) => ({ content, disabled: true })));
  }
  return disabled;
}

/** Wishes as toEndpoints() gives them back. `isApex`: whether a (normalised) name is that of a zone. */
export function adjustEndpoint(e: Endpoint, isApex: (name: string) => boolean): Endpoint {
  const alias = e.recordType === 'CNAME' && isAlias(e) && !isApex(normalizeName(e.dnsName));
  const providerSpecific = alias ? [aliasProperty] : [];
  const targets = e.recordType === 'TXT' ? e.targets.map((t) => normalText(t)) : e.targets;
  return endpoint({ ...e, targets, providerSpecific });
}

/** The record sets of a PATCH, those that go first: PowerDNS looks for a CNAME beside other types after each one. */
export function toRecordSets(changes: readonly Change[], zoneName: string, disabled: DisabledRecords): readonly PdnsRecordSetChange[] {
  const apex = normalizeName(zoneName);
  const sets = new Map<string, PdnsRecordSetChange>();
  const put = (e: Endpoint, ttl: number, targets: readonly string[]): void => {
    const name = normalizeName(e.dnsName);
    const type = storedType(e, name === apex);
    const key = setKey(name, type);
    const kept = disabled.get(key) ?? [];
    const live = [...new Set(targets.map((t) => contentOf(type, t)))].map((content) => ({ content, disabled: false }));
    const records = [...live, ...kept.filter((k) => !live.some((r) => r.content === k.content))];
    const title = { name: `${name}.`, type };
    sets.set(key, records.length === 0 ? { ...title, changetype: 'DELETE' } : { ...title, changetype: 'REPLACE', ttl, records });
  };
  for (const { before, after } of changes) {
    if (before) put(before, before.ttlSeconds, []);
    if (after) put(after, after.ttlSeconds, after.targets);
  }
  const rank = (set: PdnsRecordSetChange): number => (set.changetype === 'DELETE' ? 0 : 1);
  return [...sets.values()].sort((a, b) => rank(a) - rank(b));
}

const storedType = (e: Endpoint, isApex: boolean): string => (e.recordType === 'CNAME' && (isApex || isAlias(e)) ? 'ALIAS' : e.recordType);

function contentOf(type: string, target: string): string {
  if (type === 'TXT') return normalText(target, splitText);
  return endsInHost.has(type) && !target.endsWith('.') ? `${target}.` : target;
}

type Strings = readonly Buffer[];

/**
 * A text as endpoints have it: in quotes, escaped in one way, with strings that were divided only because they are longer than 255 bytes put
 * together again. What has no quotes is one string.
 */
export function normalText(target: string, arrange: (strings: Strings) => Strings = joinText): string {
  return arrange(stringsOf(target)).map(quoted).join(' ');
}

function stringsOf(target: string): Strings {
  const text = target.trim();
  if (text.startsWith('"')) {
    try {
      return readStrings(rdataBytes('TXT', text));
    } catch {
      // no text in quotes after all
    }
  }
  return [Buffer.from(target)];
}

const maxStringBytes = 255;

function joinText(strings: Strings): Strings {
  const joined: Buffer[] = [];
  let open = false;
  for (const string of strings) {
    if (open) joined.push(Buffer.concat([joined.pop() ?? Buffer.alloc(0), string]));
    else joined.push(string);
    open = string.length === maxStringBytes;
  }
  return joined;
}

const splitText = (strings: Strings): Strings => strings.flatMap((s) => readStrings(Buffer.concat(charStrings(s))));

/** The character strings of a TXT record's data. */
function readStrings(data: Buffer): Strings {
  const strings: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const length = data.readUInt8(at);
    strings.push(data.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  return strings;
}
