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
  const prepared = groups.map((group) => ({ group, ...prepare(group) }));
  const writable = prepared.flatMap((p) => ('written' in p ? [p.written] : []));
  const outcomes = new Map((writable.length ? await write(writable) : []).map((o) => [keyOf(o.group), o]));
  return prepared.map((p): RegistryOutcome => {
    if (!('written' in p)) return { group: p.group, result: 'skipped', reason: p.problem };
    const outcome = outcomes.get(keyOf(p.group));
    if (!outcome) return { group: p.group, result: 'failed', state: 'unknown', error: new Error(`${p.group.name}: the provider did not say what came of its changes`) };
    return { ...outcome, group: p.group, written: p.written };
  });
}

const keyOf = (group: ChangeGroup): string => `${group.name}|${group.setIdentifier}`;
