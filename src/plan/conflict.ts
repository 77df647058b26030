import { type Endpoint, resourceLabel } from '../endpoint/endpoint.ts';
import { compareTargets, compareText } from '../endpoint/targets.ts';

/** Which of several endpoints gets a name and type that nobody has: the one whose targets come first. Never depends on their order. */
export function winnerOfFree(candidates: readonly Endpoint[]): Endpoint | undefined {
  return candidates.toSorted(byOrigin).reduce<Endpoint | undefined>((best, e) => (best === undefined || compareTargets(e.targets, best.targets) < 0 ? e : best), undefined);
}

/** Which of several endpoints gets a name and type that is held: the object that has it keeps it, else as if it were free. */
export function winnerOfHeld(current: Endpoint, candidates: readonly Endpoint[]): Endpoint | undefined {
  const holder = resourceOf(current);
  return winnerOfFree(candidates.filter((e) => resourceOf(e) === holder)) ?? winnerOfFree(candidates);
}

/** The candidates without CNAMEs where another type is wanted as well: no name can have both (RFC 1034, section 3.6.2). */
export function withoutConflictingCNAMEs(candidates: readonly Endpoint[]): readonly Endpoint[] {
  const others = candidates.filter((e) => e.recordType !== 'CNAME');
  return others.length === 0 ? candidates : others;
}

const resourceOf = (e: Endpoint): string => e.labels[resourceLabel] ?? '';

/** Between equal targets: the smaller resource, the smaller TTL, then by whatever differs. */
function byOrigin(a: Endpoint, b: Endpoint): number {
  return (
    compareText(resourceOf(a), resourceOf(b)) ||
    a.ttlSeconds - b.ttlSeconds ||
    compareText(a.dnsName, b.dnsName) ||
    compareText(JSON.stringify([a.targets, a.providerSpecific, a.labels]), JSON.stringify([b.targets, b.providerSpecific, b.labels]))
  );
}
