import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';

/** What came of sending some groups in one call. */
export type Sent =
  | { readonly result: 'applied'; readonly zone?: string }
  /** All or some of the groups are the cause: it is worth sending them apart. */
  | { readonly result: 'refused'; readonly error: Error; readonly state: 'unchanged' | 'unknown' }
  /** No groups can be applied at present: the API is down, or the credentials are wrong. Sending more is of no use. */
  | { readonly result: 'down'; readonly error: Error; readonly state: 'unchanged' | 'unknown' };

export interface SplitOptions {
  /** After so many groups that were refused alone, one after the other, with nothing applied in between, the API counts as down. 0: never. */
  readonly giveUpAfter: number;
}

/**
 * Sends groups in one call; where that is refused, in halves, and so on, until each bad group stands alone and all others are applied.
 * Every group gets an outcome, in the order of `groups`.
 */
export async function sendSplitting(groups: readonly ChangeGroup[], send: (groups: readonly ChangeGroup[]) => Promise<Sent>, { giveUpAfter }: SplitOptions): Promise<readonly Outcome[]> {
  const outcomes = new Map<ChangeGroup, Outcome>();
  /** Whether a larger call with the group may have changed something. */
  const touched = new Set<ChangeGroup>();
  const fail = (failed: readonly ChangeGroup[], error: Error, state: 'unchanged' | 'unknown'): void => {
    for (const group of failed) outcomes.set(group, { group, result: 'failed', error, state: touched.has(group) ? 'unknown' : state });
  };
  let refusedInARow = 0;
  let lastRefusal: Error | undefined;
  const todo: (readonly ChangeGroup[])[] = groups.length ? [groups] : [];
  for (let part = todo.pop(); part; part = todo.pop()) {
    const sent = await send(part);
    if (sent.result === 'applied') {
      refusedInARow = 0;
      for (const group of part) outcomes.set(group, { group, result: 'applied', ...(sent.zone !== undefined && { zone: sent.zone }) });
      continue;
    }
    if (sent.state === 'unknown') for (const group of part) touched.add(group);
    if (sent.result === 'refused' && part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      todo.push(part.slice(middle), part.slice(0, middle));
      continue;
    }
    fail(part, sent.error, sent.state);
    lastRefusal = sent.error;
    refusedInARow++;
    if (sent.result === 'down' || (giveUpAfter > 0 && refusedInARow >= giveUpAfter)) {
      for (const rest of todo.splice(0)) fail(rest, lastRefusal, 'unchanged');
    }
  }
  return groups.flatMap((group) => outcomes.get(group) ?? []);
}
