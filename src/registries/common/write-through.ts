import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import type { RegistryOutcome } from '../registry.ts';

/** A group with all that is to be written with it, or why it cannot be written. */
export type Prepared = { readonly written: ChangeGroup } | { readonly problem: string };

/** Prepares groups, writes those that can be written, and gives the outcomes for the groups as they came, in their order. */
export async function writeThrough(
  groups: readonly ChangeGroup[],
  prepare: (group: ChangeGroup) => Prepared,
  write: (groups: readonly ChangeGroup[]) => Promise<readonly Outcome[]>,
): Promise<readonly RegistryOutcome[]> {
  const prepared = groups.map(prepare);
  const writable: ChangeGroup[] = [];
  for (const p of prepared) if ('written' in p) writable.push(p.written);
  const outcomes = new Map<ChangeGroup, Outcome>();
  if (writable.length) for (const outcome of await write(writable)) outcomes.set(outcome.group, outcome);
  return groups.map((group, i): RegistryOutcome => {
    const p = prepared[i];
    if (p === undefined || !('written' in p)) return { group, result: 'skipped', reason: p?.problem ?? '' };
    const { written } = p;
    const outcome = outcomes.get(written);
    if (!outcome) return { group, result: 'failed', state: 'unknown', error: new Error(`${group.name}: the provider did not say what came of its changes`) };
    // there may be a hundred thousand: what most of them are costs one small object
    if (outcome.result === 'applied') return outcome.zone === undefined ? { group, result: 'applied', written } : { group, result: 'applied', zone: outcome.zone, written };
    return { ...outcome, group, written };
  });
}
