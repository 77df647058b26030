import { normalizeName } from '../../src/endpoint/name.ts';

/** An entry of a DNSEndpoint. */
export interface Wish {
  readonly dnsName: string;
  readonly recordType: string;
  readonly targets: readonly string[];
  readonly recordTTL: number;
  readonly setIdentifier?: string;
  readonly providerSpecific?: readonly { readonly name: string; readonly value: string }[];
}

/** A wish with properties; the story gives it a name. */
export const special = (recordType: string, target: string, properties: Readonly<Record<string, string>>, setIdentifier?: string): Wish => ({
  dnsName: '',
  recordType,
  targets: [target],
  recordTTL: 300,
  ...(setIdentifier !== undefined && { setIdentifier }),
  providerSpecific: Object.entries(properties).map(([name, value]) => ({ name, value })),
});

/** A record set as an API holds it. */
export interface StoredRecord {
  readonly name: string;
  readonly type: string;
  readonly targets: readonly string[];
  readonly ttlSeconds?: number;
  readonly set?: string;
}

export const record = (given: Wish | StoredRecord): StoredRecord =>
  'dnsName' in given ? { name: given.dnsName, type: given.recordType, targets: given.targets, ttlSeconds: given.recordTTL, ...(given.setIdentifier !== undefined && { set: given.setIdentifier }) } : given;

/** Records of somebody else: `h0.example.org A 192.0.2.1` and so on. */
export const filling = (count: number): StoredRecord[] => Array.from({ length: count }, (_, i) => ({ name: `h${i}.example.org`, type: 'A', targets: ['192.0.2.1'], ttlSeconds: 300 }));

/** Records in one spelling and order, without ownership: `web.example.org 300 A 192.0.2.1`. */
export function alike(records: readonly StoredRecord[], { withoutTTL = false }: { readonly withoutTTL?: boolean } = {}): string[] {
  return records
    .filter((r) => !r.targets.some((t) => t.includes('heritage=')))
    .map(({ name, type, targets, ttlSeconds, set }) => [normalizeName(name), ...(withoutTTL ? [] : [ttlSeconds]), type, ...(set ? [set] : []), targets.map((t) => spelled(type, t)).sort().join(' | ')].join(' '))
    .sort();
}

const spelled = (type: string, target: string): string => (type === 'TXT' ? target.replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"') : target.toLowerCase().replace(/\.$/, ''));

/** Single values put together to record sets. */
export function merged(values: readonly StoredRecord[]): readonly StoredRecord[] {
  const sets = new Map<string, StoredRecord>();
  for (const value of values) {
    const key = `${value.name}|${value.type}|${value.set ?? ''}`;
    const there = sets.get(key);
    sets.set(key, there ? { ...there, targets: [...there.targets, ...value.targets] } : value);
  }
  return [...sets.values()];
}
