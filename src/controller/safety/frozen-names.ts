import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Logger } from '../../log/logger.ts';
import { isOurs } from '../../plan/plan-name.ts';
import type { PlanRules } from '../../plan/plan.ts';
import type { Current } from '../current.ts';
import type { Statuses } from '../status.ts';
import { reasonToFreeze, type Unknowns } from './frozen.ts';

interface FrozenNamesParts {
  readonly statuses: Statuses;
  readonly current: Pick<Current, 'names' | 'labelled'>;
  readonly rules: PlanRules;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Names whose records stay as they are, since something that bears on them is not known: those of which something else is wanted, whose plan
 * waits, and those that stand as they were wanted last.
 */
export class FrozenNames {
  readonly #parts: FrozenNamesParts;
  /** Names whose plan waits. */
  readonly #waiting = new Set<string>();
  /** Names that were frozen and not yet told of, by reason. */
  readonly #news = new Map<string, string[]>();
  /** What was not known when it was last looked. */
  #unknown = '';

  constructor(parts: FrozenNamesParts) {
    this.#parts = parts;
  }

  /** The plan of a name waits; it is told of all together by `tell`. */
  wait(name: string, reason: string): void {
    this.#waiting.add(name);
    this.#set(name, reason);
  }

  /** What is not known may be other than before: freezes and frees names. Gives those whose plan is to be made again. */
  follow(unknowns: Unknowns): readonly string[] {
    const unknown = signatureOf(unknowns);
    if (unknown === this.#unknown) return [];
    this.#unknown = unknown;
    const { statuses, current, log } = this.#parts;
    const due = [...this.#waiting];
    this.#waiting.clear();
    const planned = new Set(due);
    let freed = 0;
    for (const [name, { state }] of statuses.entries())
      if (state === 'frozen' && !planned.has(name) && this.#reason(name, unknowns) === undefined) {
        statuses.clear(name);
        freed++;
      }
    if (freed > 0) log.info('names are not frozen any more', { count: freed });
    if (unknown !== '')
      for (const name of current.names()) {
        const status = statuses.get(name);
        if (status && status.state !== 'frozen') continue;
        const reason = this.#reason(name, unknowns);
        if (reason !== undefined) this.#set(name, reason);
      }
    this.tell();
    return due;
  }

  /** Tells of names that were frozen since the last time: in one line where they are many for one reason. */
  tell(): void {
    const { log } = this.#parts;
    for (const [reason, names] of this.#news) {
      const many = names.length > oneByOne;
      if (many) log.warning('many records are left as they are', { count: names.length, names: names.slice(0, oneByOne), state: 'frozen', reason });
      for (const name of names) (many ? log.debug : log.warning).call(log, 'record is left as it is', { name, state: 'frozen', reason });
    }
    this.#news.clear();
  }

  #set(name: string, reason: string): void {
    if (!this.#parts.statuses.set(name, 'frozen', reason, new Date(this.#parts.now()))) return;
    const names = this.#news.get(reason);
    if (names) names.push(name);
    else this.#news.set(reason, [name]);
  }

  /** Why records of ours that stand must stay; those of which no object is known are judged by their plan. */
  #reason(name: string, unknowns: Unknowns): string | undefined {
    const { current, rules } = this.#parts;
    const ours: readonly Endpoint[] = current.labelled(name).filter((e) => rules.manages(e.recordType) && isOurs(e, rules));
    return ours.length > 0 ? reasonToFreeze(name, ours, ours, unknowns) : undefined;
  }
}

const signatureOf = ({ zones, sources }: Unknowns): string =>
  zones.length === 0 && !sources ? '' : JSON.stringify([zones.map(({ zone, error }) => [zone, error.message]), [...(sources?.sources ?? [])], [...(sources?.objects ?? [])]]);

const oneByOne = 5;
