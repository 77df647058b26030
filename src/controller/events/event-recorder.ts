import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { ApiError } from '../../kubernetes/client/api-error.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log/logger.ts';
import { eventOf, type EventReason, KubeEvent, type Occurrence } from './event.ts';

interface RecorderParts {
  readonly writer: Pick<ClusterWriter, 'create'>;
  readonly reasons: ReadonlySet<EventReason>;
  readonly log: Logger;
  readonly stop: AbortSignal;
  readonly now: () => number;
  /** Before the first new try; each further one waits twice as long. */
  readonly retryMs?: number;
}

type Group = [Occurrence, ...Occurrence[]];

/**
 * Writes Events, one after the other, apart from publishing. What is told of one object in the same moment is joined where it is much; the
 * same is not told twice in ten minutes; and an object has 25 Events, and one more every five minutes, as in client-go.
 */
export class EventRecorder {
  readonly #parts: RecorderParts;
  readonly #queue = new Map<string, Group>();
  /** When something was told, by its text. */
  readonly #told = new Map<string, number>();
  readonly #budgets = new Map<string, { left: number; atMs: number }>();
  #running: Promise<void> | undefined;
  #dropped = 0;
  #serial = 0;
  #forbidden: string | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  add(occurrence: Occurrence): void {
    const { reasons, now } = this.#parts;
    if (!reasons.has(occurrence.reason) || occurrence.object.name === '') return;
    const group = `${objectOf(occurrence)}|${occurrence.reason}|${occurrence.action}`;
    if (occurrence.reason === 'RecordError') {
      const text = `${group}|${occurrence.name}|${occurrence.facts}`;
      if (now() - (this.#told.get(text) ?? Number.NEGATIVE_INFINITY) < sameMs) return;
      this.#forgetOld();
      this.#told.set(text, now());
    }
    const waiting = this.#queue.get(group);
    if (waiting) {
      if (waiting.length < mostInGroup) waiting.push(occurrence);
    } else if (this.#queue.size >= mostWaiting) this.#dropped++;
    else this.#queue.set(group, [occurrence]);
    // what is added in the same turn is seen together
    this.#running ??= Promise.resolve()
      .then(() => this.#run())
      .finally(() => (this.#running = undefined));
  }

  /** Resolves when all that was added is written or given up. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    for (const [key, group] of this.#queue) {
      this.#queue.delete(key);
      const [first, ...more] = group;
      if (group.length > oneByOne) await this.#write(group);
      else for (const each of [first, ...more]) await this.#write([each]);
      if (this.#parts.stop.aborted) return;
    }
    if (this.#dropped > 0) this.#parts.log.warning('Events were left out, since too many wait to be written', { count: this.#dropped });
    this.#dropped = 0;
  }

  async #write(group: Group): Promise<void> {
    const { writer, log, stop, now, retryMs = 1000 } = this.#parts;
    const object = objectOf(group[0]);
    if (!this.#spend(object)) return;
    const event = eventOf(group, new Date(now()), `${(now() * 1000).toString(16)}${(this.#serial++ % 0x1000).toString(16).padStart(3, '0')}`);
    for (let attempt = 1; !stop.aborted; attempt++) {
      try {
        await writer.create(KubeEvent, event, stop);
        return;
      } catch (error) {
        if (stop.aborted) return;
        const reason = messageOf(error);
        const isFinal = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429;
        if (!isFinal && attempt < attempts) {
          await sleep(retryMs * 2 ** (attempt - 1), undefined, { signal: stop }).catch(() => {});
          continue;
        }
        // a right that is missing is missing for all
        if (reason !== this.#forbidden) log.warning('Event cannot be written', { object, reason });
        this.#forbidden = error instanceof ApiError && error.status === 403 ? reason : undefined;
        return;
      }
    }
  }

  /** Takes an Event from the budget of an object. */
  #spend(object: string): boolean {
    const nowMs = this.#parts.now();
    const budget = this.#budgets.get(object) ?? { left: budgetBurst, atMs: nowMs };
    const left = Math.min(budgetBurst, budget.left + (nowMs - budget.atMs) / budgetRefillMs);
    this.#budgets.delete(object);
    // the last that was used is the last to be forgotten
    this.#budgets.set(object, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
    const [oldest] = this.#budgets.keys();
    if (this.#budgets.size > mostRemembered && oldest !== undefined) this.#budgets.delete(oldest);
    return left >= 1;
  }

  #forgetOld(): void {
    const nowMs = this.#parts.now();
    for (const [text, atMs] of this.#told) {
      if (nowMs - atMs < sameMs && this.#told.size < mostRemembered) return;
      this.#told.delete(text);
    }
  }
}

const objectOf = ({ object }: Occurrence): string => [object.kind, object.namespace, object.name].filter(Boolean).join('/');

/** So many records of an object have an Event each; more share one. */
const oneByOne = 4;
const mostInGroup = 200;
const mostWaiting = 1000;
const mostRemembered = 5000;
const sameMs = 10 * 60_000;
/** client-go's limits for the Events of one object. */
const budgetBurst = 25;
const budgetRefillMs = 5 * 60_000;
const attempts = 4;
