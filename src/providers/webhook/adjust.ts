import { type Endpoint, property, resourceLabel, withProperty } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';

const keyOf = (e: Endpoint): string => `${normalizeName(e.dnsName)}|${e.recordType}|${e.setIdentifier}`;

/** Adjusted endpoints with what the protocol does not carry: the objects that they come from. Labels are the provider's to change or to leave out, as in ExternalDNS v0.22. */
export function restore(sent: readonly Endpoint[], adjusted: readonly Endpoint[]): readonly Endpoint[] {
  const byKey = new Map<string, Endpoint[]>();
  for (const e of sent) {
    const known = byKey.get(keyOf(e));
    if (known) known.push(e);
    else byKey.set(keyOf(e), [e]);
  }
  return adjusted.map((e) => {
    const rivals = byKey.get(keyOf(e));
    if (!rivals) return e;
    // of rivals for a name the one with the same targets, which the resource label also tells apart
    const resource = e.labels[resourceLabel];
    const candidates = resource === undefined ? rivals : rivals.filter((r) => r.labels[resourceLabel] === resource);
    const same = candidates.find((r) => r.targets.length === e.targets.length && r.targets.every((t, i) => t === e.targets[i]));
    const from = same ?? candidates[0] ?? rivals[0];
    return from ? { ...e, refs: from.refs } : e;
  });
}

/** What is asked for as an alias of its own type alone (`A` of an A record) is an alias like any other: providers read it back as `true`. */
export const withPlainAliases = (endpoints: readonly Endpoint[]): readonly Endpoint[] =>
  endpoints.map((e) => (addressTypes.has(e.recordType) && property(e, aliasProperty) === e.recordType ? withProperty(e, aliasProperty, 'true') : e));

const aliasProperty = 'alias';
const addressTypes: ReadonlySet<string> = new Set(['A', 'AAAA']);
