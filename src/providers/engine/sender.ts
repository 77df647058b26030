import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { SoftError } from '../../errors.ts';

/** What came of sending some groups in one call. */
export type Sent =
  /** `short`: of these groups something is missing all the same. */
  | { readonly result: 'applied'; readonly short?: ReadonlyMap<ChangeGroup, Error> }
  /** Some of these groups are the cause, and the answer was clear: they are sent apart at once. */
  | { readonly result: 'refused'; readonly error: Error; readonly state: State }
  /** The other side is in trouble, or one of these groups brings it into trouble: they are sent apart when they come again. */
  | { readonly result: 'trouble'; readonly error: Error; readonly state: State; /** The call ran into its time limit. */ readonly slow?: boolean }
  /** Nothing can be applied at present (nobody listens, rate limit, credentials): nothing more is sent. */
  | { readonly result: 'down'; readonly error: Error; readonly state: State };

type State = 'unchanged' | 'unknown';

export interface SenderOptions {
  /** One call for these groups. Must not throw. */
  readonly send: (groups: readonly ChangeGroup[], signal: AbortSignal) => Promise<Sent>;
  /** One group by other calls, which are tried at once where `send` got into trouble with it, or was refused it alone. Must not throw. */
  readonly sendSingly?: (group: ChangeGroup, signal: AbortSignal) => Promise<Sent>;
  /** After trouble with several names in one call, each is sent by itself at once. */
  readonly namesAtOnce?: boolean;
  /** Puts groups into as many calls as limits ask for; a group is never cut. By default one call. */
  readonly pack?: (groups: readonly ChangeGroup[]) => readonly (readonly ChangeGroup[])[];
  /** Asked before each call; once it says no, nothing more is sent. */
  readonly mayWrite?: (() => boolean) | undefined;
  /** Waited for between two packed calls. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
}

/** So many calls in a row that ended in trouble, each for a single group or slow, mean that the other side is down. */
const giveUpAfter = 3;

/**
 * Sends groups of changes in as few calls as possible to an API that answers for all of a call together, and finds the groups that make it
 * fail, so that one bad record does not hold up all others:
 *
 *   - what was refused is sent again in halves, and so on, until each bad name stands alone and all others are applied; the groups of one name
 *     (with different set identifiers) depend on each other and stay together
 *   - after trouble (a 5xx status, a time-out) nothing is sent again at once: most often the other side is just not well, and it may have made
 *     the changes nevertheless. When the groups come again (after the caller's back-off), they are sent apart.
 *
 * Kept for the life of a provider (one for each zone): it remembers which groups were in trouble.
 */
export class Sender {
  readonly #options: SenderOptions;
  /** Groups that were in trouble together with others, or all alone. What was tried last stands last. */
  readonly #suspects = new Map<string, 'with others' | 'alone'>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Gives an outcome for every group, in their order. Once `signal` is aborted, no further call is begun; one under way is ended. */
  async send(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<readonly Outcome[]> {
    const run = new Run(groups, new Set(this.#suspects.keys()));
    const pack = (part: readonly ChangeGroup[]): readonly (readonly ChangeGroup[])[] => (part.length === 0 ? [] : (this.#options.pack?.(part) ?? [part]));
    // what gets into trouble in this run waits for the next
    const fresh = groups.filter((g) => !this.#suspects.has(keyOf(g)));
    const [together, alone] = [this.#suspected('with others', groups), this.#suspected('alone', groups)];

    let first = true;
    for (const batch of pack(fresh)) {
      if (!first && !run.over) await this.#options.pause?.(signal).catch(() => {});
      first = false;
      await this.#sendApart(run, batch, signal, false);
    }
    for (const batch of pack(together)) await this.#sendApart(run, batch, signal, true);
    // likely to fail again: nothing else must wait for them
    for (const name of byName(alone)) await this.#sendApart(run, name, signal, true);
    return run.outcomes();
  }

  /** `always`: also trouble makes it send halves. */
  async #sendApart(run: Run, batch: readonly ChangeGroup[], signal: AbortSignal, always: boolean): Promise<void> {
    const todo = [batch];
    for (let part = todo.pop(); part; part = todo.pop()) {
      this.#endWhereDue(run, signal);
      if (run.over) {
        run.failed(part, run.over, 'unchanged');
        continue;
      }
      const sent = await this.#options.send(part, signal);
      if (sent.result === 'applied') {
        this.#applied(run, part, sent.short);
        continue;
      }
      const names = byName(part);
      if (this.#options.sendSingly && (sent.result === 'trouble' || (sent.result === 'refused' && names.length === 1))) {
        run.touched(part, sent.state);
        for (const group of part) await this.#sendSingly(run, group, this.#options.sendSingly, signal);
        continue;
      }
      if (sent.result === 'trouble' && names.length > 1 && this.#options.namesAtOnce) {
        run.touched(part, sent.state);
        todo.push(...names.toReversed());
        continue;
      }
      if (sent.result === 'trouble') this.#suspect(part);
      if (sent.result === 'down') run.end(sent.error);
      const apart = names.length > 1 && (sent.result === 'refused' || (sent.result === 'trouble' && always));
      if (sent.result === 'trouble') run.trouble(sent.error, names.length === 1 || sent.slow === true);
      if (apart) {
        run.touched(part, sent.state);
        const middle = Math.ceil(names.length / 2);
        todo.push(names.slice(middle).flat(), names.slice(0, middle).flat());
      } else {
        if (names.length === 1) run.alone(part, sent.result);
        run.failed(part, sent.error, sent.state);
      }
    }
  }

  #endWhereDue(run: Run, signal: AbortSignal): void {
    if (signal.aborted) run.end(new Error('the program is ending'));
    else if (this.#options.mayWrite?.() === false) run.end(new SoftError('nothing more is written: another process may lead by now'));
  }

  async #sendSingly(run: Run, group: ChangeGroup, send: NonNullable<SenderOptions['sendSingly']>, signal: AbortSignal): Promise<void> {
    this.#endWhereDue(run, signal);
    if (run.over) return run.failed([group], run.over, 'unchanged');
    const sent = await send(group, signal);
    if (sent.result === 'applied') return this.#applied(run, [group], sent.short);
    if (sent.result === 'trouble') {
      this.#suspect([group]);
      run.trouble(sent.error, true);
    }
    if (sent.result === 'down') run.end(sent.error);
    run.alone([group], sent.result);
    run.failed([group], sent.error, sent.state);
  }

  #applied(run: Run, groups: readonly ChangeGroup[], short?: ReadonlyMap<ChangeGroup, Error>): void {
    for (const group of groups) this.#suspects.delete(keyOf(group));
    run.applied(groups);
    for (const [group, error] of short ?? []) run.failed([group], error, 'unknown');
  }

  /** Those of the groups that are suspected in this way, the least lately tried first. */
  #suspected(how: 'with others' | 'alone', groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
    if (this.#suspects.size === 0) return [];
    const byKey = new Map(groups.map((group) => [keyOf(group), group]));
    return [...this.#suspects].flatMap(([key, state]) => (state === how ? (byKey.get(key) ?? []) : []));
  }

  #suspect(groups: readonly ChangeGroup[]): void {
    for (const group of groups) {
      const key = keyOf(group);
      const alone = byName(groups).length === 1 || this.#suspects.get(key) === 'alone';
      this.#suspects.delete(key);
      this.#suspects.set(key, alone ? 'alone' : 'with others');
    }
    for (const [key] of this.#suspects) {
      if (this.#suspects.size <= mostSuspects) break;
      this.#suspects.delete(key);
    }
  }
}

/** Names that are gone must not be remembered for ever. */
const mostSuspects = 10_000;

/** What has come of one run so far. */
class Run {
  /** Why nothing more is sent. */
  over: Error | undefined;
  readonly #groups: readonly ChangeGroup[];
  readonly #outcomes = new Map<ChangeGroup, Outcome>();
  /** Groups of which a larger call may have changed something. */
  readonly #touched = new Set<ChangeGroup>();
  /** Groups that failed by themselves; those in trouble are to blame only if something else went well. */
  readonly #alone = new Map<ChangeGroup, 'refused' | 'trouble'>();
  readonly #suspectsBefore: ReadonlySet<string>;
  #works = false;
  #inARow = 0;

  /** `suspectsBefore`: keys of groups that were in trouble in an earlier run. */
  constructor(groups: readonly ChangeGroup[], suspectsBefore: ReadonlySet<string>) {
    this.#groups = groups;
    this.#suspectsBefore = suspectsBefore;
  }

  applied(groups: readonly ChangeGroup[]): void {
    this.#inARow = 0;
    this.#works = true;
    for (const group of groups) this.#outcomes.set(group, { group, result: 'applied' });
  }

  failed(groups: readonly ChangeGroup[], error: Error, state: State): void {
    for (const group of groups) this.#outcomes.set(group, { group, result: 'failed', error, state: this.#touched.has(group) ? 'unknown' : state });
  }

  /** These were sent in a call of their own, which ended so; trouble counts from the second time on. */
  alone(groups: readonly ChangeGroup[], result: Sent['result']): void {
    for (const group of groups) if (result === 'refused' || (result === 'trouble' && this.#suspectsBefore.has(keyOf(group)))) this.#alone.set(group, result);
  }

  touched(groups: readonly ChangeGroup[], state: State): void {
    if (state === 'unknown') for (const group of groups) this.#touched.add(group);
  }

  trouble(error: Error, counts: boolean): void {
    if (counts && ++this.#inARow >= giveUpAfter) this.end(error);
  }

  end(error: Error): void {
    this.over ??= error;
  }

  outcomes(): readonly Outcome[] {
    return this.#groups.map((group) => {
      const outcome = this.#outcomes.get(group) ?? { group, result: 'failed', error: this.over ?? new Error(`nothing came of the change of ${group.name}`), state: 'unknown' };
      const alone = this.#alone.get(group);
      return outcome.result === 'failed' && (alone === 'refused' || (alone === 'trouble' && this.#works)) ? { ...outcome, alone: true } : outcome;
    });
  }
}

/** The groups of each name, in the order of the first of each. */
function byName(groups: readonly ChangeGroup[]): readonly (readonly ChangeGroup[])[] {
  const names = new Map<string, ChangeGroup[]>();
  for (const group of groups) {
    const ofName = names.get(group.name);
    if (ofName) ofName.push(group);
    else names.set(group.name, [group]);
  }
  return [...names.values()];
}

const keyOf = (group: ChangeGroup): string => `${group.name}|${group.setIdentifier}`;
