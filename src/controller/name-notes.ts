import type { Endpoint } from '../endpoint/endpoint.ts';
import { normalizeName } from '../endpoint/name.ts';
import type { Logger } from '../log/logger.ts';
import type { PlanRow } from '../plan/plan.ts';
import type { Desired } from '../sources/engine/desired.ts';
import type { NameStatus, Statuses } from './status.ts';

/** Keeps the status of names that are not in order, and tells of each once for each change of reason. */
export class NameNotes {
  readonly #statuses: Statuses;
  readonly #desired: Desired;
  readonly #log: Logger;
  readonly #now: () => number;

  constructor(statuses: Statuses, parts: { readonly desired: Desired; readonly log: Logger; readonly now: () => number }) {
    this.#statuses = statuses;
    this.#desired = parts.desired;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  /** Notes what of a plan cannot be done. `stale`: why its object has no target for the moment. */
  note(name: string, rows: readonly PlanRow[], wanted: readonly Endpoint[], stale: string | undefined): void {
    const foreign = rows.find((r) => r.decision === 'foreign' && r.candidates.length > 0);
    if (foreign) return this.tell(name, 'foreign', foreign.reason);
    const kept = rows.find((r) => r.decision === 'protected');
    if (kept) return this.tell(name, 'protected', kept.reason);
    const held = rows.find((r) => r.decision === 'held-by-policy');
    if (held) return this.tell(name, 'held', held.reason);
    if (stale !== undefined) return this.tell(name, 'stale', `its object has no target for the moment, and keeps the last one: ${stale}`);
    if (wanted.length > 0) return;
    const waiting = this.#waiting(name);
    if (waiting !== undefined) this.#statuses.set(name, 'pending', waiting, new Date(this.#now()));
    else if (this.#desired.invalid(name) !== undefined) this.#statuses.set(name, 'invalid', this.#desired.invalid(name) ?? '', new Date(this.#now()));
  }

  /** Nothing is to be done for the name: whatever kept it from being in order is over, unless it was noted just now. */
  settle(name: string, rows: readonly PlanRow[], isStale: boolean): void {
    const status = this.#statuses.get(name);
    if (!status) return;
    const stands: Partial<Record<NameStatus['state'], boolean>> = {
      foreign: rows.some((r) => r.decision === 'foreign' && r.candidates.length > 0),
      held: rows.some((r) => r.decision === 'held-by-policy'),
      protected: rows.some((r) => r.decision === 'protected'),
      pending: this.#waiting(name) !== undefined,
      stale: isStale,
      invalid: this.#desired.invalid(name) !== undefined,
    };
    if (stands[status.state]) return;
    this.#statuses.clear(name);
    this.#log.info('name is in order again', { name });
  }

  /** All that was due is done: what is left is what the sources say. */
  applied(name: string): void {
    const state = this.#statuses.get(name)?.state;
    if (state === 'pending' && this.#waiting(name) !== undefined) return;
    if (state === 'invalid' && this.#desired.invalid(name) !== undefined) return;
    this.#statuses.clear(name);
  }

  /** Why an object that wants the name has no target for it. */
  #waiting(name: string): string | undefined {
    for (const { pending } of this.#desired.contributors(name)) for (const [n, reason] of pending) if (normalizeName(n) === name) return reason;
    return undefined;
  }

  tell(name: string, state: NameStatus['state'], reason: string): void {
    if (!this.#statuses.set(name, state, reason, new Date(this.#now()))) return;
    const fields = { name, state, reason };
    if (state === 'held') this.#log.debug('record is left as it is', fields);
    else if (state === 'foreign' || state === 'protected' || state === 'stale') this.#log.info('record is left as it is', fields);
    else this.#log.warning('record is left as it is', fields);
  }
}
