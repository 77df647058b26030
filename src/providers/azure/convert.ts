import { makeEndpoint } from '../../endpoint/build.ts';
import { type Endpoint, endpoint, property, type ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { compareText } from '../../endpoint/targets.ts';
import { fieldsOf, objectsOf, textOf, textsOf } from '../../http/json.ts';
import { pieces } from '../engine/txt.ts';
import type { AzureRecordSet } from './client.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the record sets of a kind of zones look like. */
export interface Shape {
  readonly recordTypes: readonly string[];
  readonly ttlKey: string;
  /** Where the data of a type are. */
  readonly keys: Readonly<Record<string, string>>;
  /** Whether the tags of the annotation become metadata. */
  readonly hasTags: boolean;
}

/** Spelled as in the API's documentation; it reads any case, but writes this one. */
export const publicShape: Shape = {
  recordTypes: ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT'],
  ttlKey: 'TTL',
  keys: { A: 'ARecords', AAAA: 'AAAARecords', CNAME: 'CNAMERecord', MX: 'MXRecords', NS: 'NSRecords', TXT: 'TXTRecords' },
  hasTags: true,
};

export const privateShape: Shape = {
  recordTypes: ['A', 'AAAA', 'CNAME', 'MX', 'TXT'],
  ttlKey: 'ttl',
  keys: { A: 'aRecords', AAAA: 'aaaaRecords', CNAME: 'cnameRecord', MX: 'mxRecords', TXT: 'txtRecords' },
  hasTags: false,
};

/** Tags as `key=value,key=value`, sorted by key. */
export const tagsProperty = 'azure/tags';

/** A record set as endpoint; undefined where it is not ours to manage: other types, aliases of Azure resources, what virtual machines register, the name servers of the zone itself. */
export function toEndpoint(shape: Shape, zoneName: string, set: AzureRecordSet): Endpoint | undefined {
  const fields = lowerKeys(set.properties);
  const key = shape.keys[set.type];
  if (key === undefined || set.name === '') return undefined;
  if (textOf(fieldsOf(fields['targetresource'])['id']) !== '' || fields['isautoregistered'] === true) return undefined;
  if (set.type === 'NS' && set.name === '@') return undefined;
  const targets = targetsOf(set.type, fields[key.toLowerCase()]);
  if (targets.length === 0) return undefined;
  const metadata = shape.hasTags ? tagsOf(fieldsOf(fields['metadata'])) : '';
  return makeEndpoint(set.name === '@' ? zoneName : `${set.name}.${zoneName}`, set.type, targets, { ttlSeconds: Number(fields['ttl'] ?? 0), ...(metadata !== '' && { providerSpecific: [{ name: tagsProperty, value: metadata }] }) });
}

function targetsOf(type: string, data: unknown): readonly string[] {
  const each = (key: string): readonly string[] => objectsOf(data).map((item) => textOf(lowerKeys(item)[key])).filter(Boolean);
  switch (type) {
    case 'A':
      return each('ipv4address');
    case 'AAAA':
      return each('ipv6address');
    case 'CNAME':
      return [textOf(lowerKeys(fieldsOf(data))['cname'])].filter(Boolean);
    case 'MX':
      return objectsOf(data).map(lowerKeys).flatMap((mx) => (textOf(mx['exchange']) === '' ? [] : [`${Number(mx['preference'] ?? 0)} ${textOf(mx['exchange'])}`]));
    case 'NS':
      return each('nsdname');
    default:
      // a long text stands in pieces
      return objectsOf(data).map((item) => textsOf(lowerKeys(item)['value']).join('')).filter(Boolean);
  }
}

/** The properties of the record set of an endpoint. Throws where a target cannot be one of its type. */
export function toProperties(shape: Shape, e: Endpoint): Fields {
  const key = shape.keys[e.recordType];
  if (key === undefined) throw new Error(`record type ${e.recordType} cannot be written to Azure`);
  const metadata = shape.hasTags ? parseTags(property(e, tagsProperty) ?? '') : new Map<string, string>();
  return { [shape.ttlKey]: e.ttlSeconds, [key]: dataOf(e), ...(metadata.size > 0 && { metadata: Object.fromEntries(metadata) }) };
}

function dataOf({ recordType, targets: given }: Endpoint): unknown {
  const targets = [...new Set(given)];
  switch (recordType) {
    case 'A':
      return targets.map((ipv4Address) => ({ ipv4Address }));
    case 'AAAA':
      return targets.map((ipv6Address) => ({ ipv6Address }));
    case 'CNAME':
      return { cname: host(targets[0] ?? '') };
    case 'MX':
      return targets.map(toMX);
    case 'NS':
      return targets.map((target) => ({ nsdname: host(target) }));
    default:
      return targets.map((target) => ({ value: pieces(target) }));
  }
}

function toMX(target: string): { readonly preference: number; readonly exchange: string } {
  const match = /^\s*(\d{1,5})\s+(\S+)\s*$/.exec(target);
  if (!match) throw new Error(`MX target ${JSON.stringify(target)} must be a preference and a host, as in "10 mail.example.org"`);
  return { preference: Number(match[1]), exchange: host(match[2] ?? '') };
}

/** Names go as they are wished, but for Unicode. */
// eslint-disable-next-line no-control-regex
const host = (name: string): string => (/^[\x00-\x7f]*$/.test(name) ? name : normalizeName(name));

/** The name of a record set: what stands before the zone, `@` for the zone itself. Throws for a name outside of the zone. */
export function relativeName(dnsName: string, zoneName: string): string {
  const [name, zone] = [normalizeName(dnsName), normalizeName(zoneName)];
  if (name === zone) return '@';
  if (!name.endsWith(`.${zone}`)) throw new Error(`${dnsName} does not lie in zone ${zoneName}`);
  return name.slice(0, -zone.length - 1);
}

/** A wish as it is read back: tags in one spelling, no other properties, no set identifier. */
export function normalForm(shape: Shape, e: Endpoint): Endpoint {
  const tags = shape.hasTags ? tagsOf(Object.fromEntries(parseTags(property(e, tagsProperty) ?? ''))) : '';
  const providerSpecific: readonly ProviderSpecificProperty[] = tags === '' ? [] : [{ name: tagsProperty, value: tags }];
  const [first] = e.providerSpecific;
  const isNormal = e.setIdentifier === '' && e.providerSpecific.length === providerSpecific.length && (tags === '' || (first?.name === tagsProperty && first.value === tags));
  return isNormal ? e : endpoint({ ...e, setIdentifier: '', providerSpecific });
}

/** Tags of the annotation; pairs without a key, a value or an equals sign do not count, and of a key that stands twice the last does. */
export function parseTags(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((pair) => /^([^=]+)=(.+)$/s.exec(pair.trim()));
  return new Map(pairs.flatMap((pair) => (pair?.[1]?.trim() && pair[2]?.trim() ? [[pair[1].trim(), pair[2].trim()] as const] : [])));
}

/** Always in the same order, whatever that of the API is. */
const tagsOf = (metadata: Fields): string =>
  Object.entries(metadata)
    .filter(([, value]) => typeof value === 'string')
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .join(',');

const lowerKeys = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]));
