import ipaddr from 'ipaddr.js';
import { type Endpoint, endpoint, property, withoutProperty } from '../../endpoint/endpoint.ts';
import type { PTRContribution } from './types.ts';

/** The property by which an object asks for a reverse record (`ptr`), or against it (anything else). */
const requestProperty = 'record-type';

/** The name under which the DNS is asked for the name of an address; undefined where the text is no address. */
export function reverseName(address: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return `${address.split('.').toReversed().join('.')}.in-addr.arpa`;
  if (!ipaddr.IPv6.isValid(address)) return undefined;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return reverseName(parsed.toIPv4Address().toString());
  const digits = parsed.toByteArray().map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${[...digits].toReversed().join('.')}.ip6.arpa`;
}

/** What the endpoints of one name ask for: all addresses by default, or those whose object says so. Wildcards have no reverse. */
export function ptrContributions(endpoints: readonly Endpoint[], byDefault: boolean): readonly PTRContribution[] {
  const byReverse = new Map<string, PTRContribution>();
  for (const e of endpoints) {
    if ((e.recordType !== 'A' && e.recordType !== 'AAAA') || e.dnsName.startsWith('*.')) continue;
    const request = property(e, requestProperty);
    if (!(request === undefined ? byDefault : request.toUpperCase() === 'PTR')) continue;
    for (const target of e.targets) {
      const name = reverseName(target);
      if (name === undefined) continue;
      const known = byReverse.get(name);
      byReverse.set(name, { reverseName: name, target: e.dnsName, ttlSeconds: Math.min(e.ttlSeconds, known?.ttlSeconds ?? Infinity) });
    }
  }
  return [...byReverse.values()];
}

/** The endpoints without the property that asks for a reverse record. */
export const withoutPTRRequest = (endpoints: readonly Endpoint[]): readonly Endpoint[] =>
  endpoints.some((e) => property(e, requestProperty) !== undefined) ? endpoints.map((e) => withoutProperty(e, requestProperty)) : endpoints;

/** One PTR endpoint with all names, and the least of their TTLs (none, where one has none). */
export function ptrEndpoint(name: string, contributions: readonly PTRContribution[]): Endpoint | undefined {
  if (contributions.length === 0) return undefined;
  return endpoint({
    dnsName: name,
    recordType: 'PTR',
    targets: [...new Set(contributions.map((c) => c.target))],
    ttlSeconds: Math.min(...contributions.map((c) => c.ttlSeconds)),
  });
}
