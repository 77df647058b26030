import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';

/** The outcome of a group from those of its parts in several zones. Where one failed and another did not, nobody knows how the whole stands. */
export function combine(group: ChangeGroup, parts: readonly Outcome[]): Outcome {
  const failed = parts.find((p) => p.result === 'failed');
  const zone = parts.find((p) => p.zone !== undefined)?.zone;
  if (failed?.result === 'failed') return { ...failed, group, state: parts.every((p) => p.result === 'failed' && p.state === 'unchanged') ? 'unchanged' : 'unknown' };
  if (parts.length === 0) return { group, result: 'failed', error: new Error(`nothing came of the change of ${group.name}`), state: 'unknown' };
  return { group, result: 'applied', ...(zone !== undefined && { zone }) };
}
