import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import type { Logger } from '../../log/logger.ts';
import { isOutcomeUnknown } from '../../http/client/index.ts';
import { type Sent, sendSplitting } from '../engine/splitting.ts';
import { Refused, type WebhookClient } from './client.ts';

/** So many groups that are refused each by itself, with nothing applied in between, mean that the provider is down. */
const giveUpAfter = 3;

/**
 * Applies changes by POST /records. The answer is for all changes together, so that one bad record holds up all others:
 * groups that were refused together are sent apart when they come again. Not at once: most often the provider is just in
 * trouble, and after an error it may have made the changes nevertheless, which the next reading shows.
 */
export class Applier {
  readonly #client: Pick<WebhookClient, 'apply'>;
  readonly #log: Logger;
  /** Groups that are to be sent apart from others: refused together with others, or all alone. What was tried last stands last. */
  readonly #suspects = new Map<string, 'with others' | 'alone'>();

  constructor(client: Pick<WebhookClient, 'apply'>, log: Logger) {
    this.#client = client;
    this.#log = log;
  }

  async apply(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const outcomes = new Map<ChangeGroup, Outcome>();
    const note = (list: readonly Outcome[]): void => list.forEach((outcome) => outcomes.set(outcome.group, outcome));
    const send = (part: readonly ChangeGroup[]): Promise<Sent> => this.#send(part, signal);

    // what becomes suspect in this call waits for the next
    const fresh = groups.filter((g) => !this.#suspects.has(keyOf(g)));
    const [together, alone] = [this.#suspected('with others', groups), this.#suspected('alone', groups)];
    note(await this.#sendFresh(fresh, signal));
    note(await sendSplitting(together, send, { giveUpAfter }));
    // likely to be refused again: nothing else must wait for them
    let refusedInARow = 0;
    let last: Error | undefined;
    for (const group of alone) {
      if (last && refusedInARow >= giveUpAfter) {
        note([{ group, result: 'failed', error: last, state: 'unchanged' }]);
        continue;
      }
      const sent = await send([group]);
      if (sent.result === 'applied') {
        note([{ group, result: 'applied' }]);
        refusedInARow = 0;
      } else {
        note([{ group, result: 'failed', error: sent.error, state: sent.state }]);
        last = sent.error;
        refusedInARow = sent.result === 'down' ? giveUpAfter : refusedInARow + 1;
      }
    }
    return groups.flatMap((group) => outcomes.get(group) ?? []);
  }

  /** Those of the groups that are suspected in this way, the least lately tried first. */
  #suspected(how: 'with others' | 'alone', groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
    const byKey = new Map(groups.map((group) => [keyOf(group), group]));
    return [...this.#suspects].flatMap(([key, state]) => (state === how ? (byKey.get(key) ?? []) : []));
  }

  /** One call for all; only a body that is too large for the provider is sent in parts at once. */
  async #sendFresh(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<readonly Outcome[]> {
    return sendSplitting(
      groups,
      async (part) => {
        const sent = await this.#send(part, signal);
        if (sent.result !== 'refused' || (sent.error instanceof Refused && sent.error.status === tooLarge)) return sent;
        return { ...sent, result: 'down' };
      },
      { giveUpAfter: 0 },
    );
  }

  async #send(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<Sent> {
    if (signal.aborted) return { result: 'down', error: new Error('the program is ending'), state: 'unchanged' };
    try {
      // a call under way is not broken off: nobody would know what came of it
      await this.#client.apply(groups, never);
      for (const group of groups) this.#suspects.delete(keyOf(group));
      return { result: 'applied' };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!(error instanceof Refused)) return { result: 'down', error, state: isOutcomeUnknown(error) ? 'unknown' : 'unchanged' };
      this.#suspect(groups);
      this.#log.debug('webhook provider refused changes', { status: error.status, groups: groups.length });
      return { result: 'refused', error, state: error.status >= 300 && error.status < 500 ? 'unchanged' : 'unknown' };
    }
  }

  #suspect(groups: readonly ChangeGroup[]): void {
    for (const group of groups) {
      const key = keyOf(group);
      const alone = groups.length === 1 || this.#suspects.get(key) === 'alone';
      this.#suspects.delete(key);
      this.#suspects.set(key, alone ? 'alone' : 'with others');
    }
  }
}

const tooLarge = 413;
const never = new AbortController().signal;
const keyOf = (group: ChangeGroup): string => `${group.name}|${group.setIdentifier}`;
