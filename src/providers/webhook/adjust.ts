import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';

const keyOf = (e: Endpoint): string => `${normalizeName(e.dnsName)}|${e.recordType}|${e.setIdentifier}`;

/** Adjusted endpoints with what the protocol does not carry (the objects that they come from), and labels that the provider left out. */
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
    const same = rivals.find((r) => r.labels['resource'] === e.labels['resource'] && r.targets.length === e.targets.length && r.targets.every((t, i) => t === e.targets[i]));
    const from = same ?? rivals.find((r) => r.labels['resource'] === e.labels['resource']) ?? rivals[0];
    return from ? { ...e, labels: { ...from.labels, ...e.labels }, refs: from.refs } : e;
  });
}
