import type { Endpoint } from '../../endpoint/endpoint.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import { GobError, type GobValue } from './gob.ts';

/** The longest TTL of the DNS, in seconds (RFC 2181, section 8). */
const maxTTLSeconds = 2_147_483_647;

/**
 * The endpoints of a decoded list of ExternalDNS's Endpoint structs. Those without a name or a type are left out; a TTL that is none is unset.
 * Throws GobError where the value has another form.
 */
export function toEndpoints(value: GobValue): readonly Endpoint[] {
  if (!isList(value)) throw new GobError('not a list of endpoints');
  return value.flatMap((entry) => {
    if (!isMap(entry)) throw new GobError('a list of something other than endpoints');
    const dnsName = textField(entry, 'DNSName').trim();
    const recordType = textField(entry, 'RecordType');
    if (dnsName === '' || recordType === '') return [];
    const made = makeEndpoint(dnsName, recordType, textsField(entry, 'Targets'), {
      ttlSeconds: ttlField(entry, 'RecordTTL'),
      setIdentifier: textField(entry, 'SetIdentifier'),
      providerSpecific: propertiesField(entry, 'ProviderSpecific'),
    });
    return [{ ...made, labels: labelsField(entry, 'Labels') }];
  });
}

type Fields = ReadonlyMap<GobValue, GobValue>;

const isList = (value: GobValue): value is readonly GobValue[] => Array.isArray(value);
const isMap = (value: GobValue): value is Fields => value instanceof Map;

const wrongType = (field: string): GobError => new GobError(`the field ${field} of an endpoint has a type that it has not in ExternalDNS`);

function textField(fields: Fields, name: string): string {
  const value = fields.get(name) ?? '';
  if (typeof value !== 'string') throw wrongType(name);
  return value;
}

function textsField(fields: Fields, name: string): readonly string[] {
  const value = fields.get(name) ?? [];
  if (!isList(value)) throw wrongType(name);
  return value.map((entry) => {
    if (typeof entry !== 'string') throw wrongType(name);
    return entry;
  });
}

function ttlField(fields: Fields, name: string): number {
  const value = fields.get(name) ?? 0;
  if (typeof value === 'bigint') return 0;
  if (typeof value !== 'number') throw wrongType(name);
  return value >= 0 && value <= maxTTLSeconds ? value : 0;
}

function propertiesField(fields: Fields, name: string): readonly { readonly name: string; readonly value: string }[] {
  const value = fields.get(name) ?? [];
  if (!isList(value)) throw wrongType(name);
  return value.map((entry) => {
    if (!isMap(entry)) throw wrongType(name);
    return { name: textField(entry, 'Name'), value: textField(entry, 'Value') };
  });
}

function labelsField(fields: Fields, name: string): Readonly<Record<string, string>> {
  const value = fields.get(name) ?? new Map<GobValue, GobValue>();
  if (!isMap(value)) throw wrongType(name);
  const labels: Record<string, string> = {};
  for (const [key, label] of value) {
    if (typeof key !== 'string' || typeof label !== 'string') throw wrongType(name);
    if (key !== '__proto__') labels[key] = label;
  }
  return labels;
}
