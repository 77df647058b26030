import type { Endpoint } from '../../endpoint/endpoint.ts';
import { endpointFromJSON } from '../../endpoint/json.ts';

/**
 * An endpoint as a program on the other side sends it, read as ExternalDNS v0.22 does: names of fields in upper or lower case, unknown fields passed over,
 * null as if not given. Throws Error where a field has another type than the protocol says: half an endpoint would be a wrong record.
 */
export function receivedEndpoint(value: unknown): Endpoint {
  if (!isRecord(value)) throw new Error(`an endpoint must be a JSON object, not ${shown(value)}`);
  const fields = Object.keys(value).every((key) => checks.has(key)) ? value : withUsualNames(value);
  for (const [key, { what, fits }] of checks) {
    const given = fields[key];
    if (given !== undefined && given !== null && !fits(given)) throw new Error(`${key} of endpoint ${JSON.stringify(fields['dnsName'] ?? '')} must be ${what}, not ${shown(given)}`);
  }
  return endpointFromJSON(fields);
}

type Fits = (value: unknown) => boolean;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Fits = (value) => typeof value === 'string';
const orNull = (fits: Fits): Fits => (value) => value === null || value === undefined || fits(value);
const eachOf = (fits: Fits): Fits => (value) => Array.isArray(value) && value.every(orNull(fits));
const isProperty: Fits = (value) => isRecord(value) && orNull(isText)(value['name']) && orNull(isText)(value['value']);

const text = { what: 'a text', fits: isText };
const checks: ReadonlyMap<string, { readonly what: string; readonly fits: Fits }> = new Map([
  ['dnsName', text],
  ['targets', { what: 'a list of texts', fits: eachOf(isText) }],
  ['recordType', text],
  ['setIdentifier', text],
  ['recordTTL', { what: 'a whole number', fits: Number.isInteger }],
  ['labels', { what: 'an object of texts', fits: (value) => isRecord(value) && Object.values(value).every(orNull(isText)) }],
  ['providerSpecific', { what: 'a list of objects with name and value', fits: eachOf(isProperty) }],
]);

const usualNames: ReadonlyMap<string, string> = new Map([...checks.keys()].map((name) => [name.toLowerCase(), name]));

const withUsualNames = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [usualNames.get(key.toLowerCase()) ?? key, value]));

const shown = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`);
