import type { Endpoint } from './endpoint.ts';
import { normalizeName } from './name.ts';

/** Endpoints by their normalised names, in their order. */
export function groupByName(endpoints: readonly Endpoint[]): Map<string, Endpoint[]> {
  const byName = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const name = normalizeName(endpoint.dnsName);
    const list = byName.get(name);
    if (list) list.push(endpoint);
    else byName.set(name, [endpoint]);
  }
  return byName;
}
