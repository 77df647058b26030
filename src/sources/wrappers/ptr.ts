import { type Endpoint, endpoint, property, withoutProperty } from '../../endpoint/endpoint.ts';
import { reverseName } from '../../endpoint/reverse.ts';
import type { PTRContribution } from './types.ts';

/** The property by which an object asks for a reverse record (`ptr`), or against it (anything else). */
const requestProperty = 'record-type';

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
