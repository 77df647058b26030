import type { Endpoint, ObjectRef } from '../endpoint/endpoint.ts';
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
  /** What the plan that was made last says of names, whatever comes of their changes. */
  readonly #standing = new Map<string, Finding>();

  constructor(statuses: Statuses, parts: { readonly desired: Desired; readonly log: Logger; readonly now: () => number }) {
    this.#statuses = statuses;
    this.#desired = parts.desired;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  /** A plan is made anew. */
  begin(): void {
    this.#standing.clear();
  }

  /** Notes what of a plan cannot be done. `stale`: why its object has no target for the moment. */
  note(name: string, rows: readonly PlanRow[], wanted: readonly Endpoint[], stale: string | undefined): void {
    const found = findingOf(rows, stale);
    if (found) {
      this.#standing.set(name, found);
      // what is wrong with the change itself is more than what is to be known beside it
      if (!besides.has(found.state) || !outranking.has(this.#statuses.get(name)?.state ?? found.state)) this.#tell(name, found);
      return;
    }
    if (wanted.length > 0) return;
    const waiting = this.#waiting(name);
    if (waiting !== undefined) this.#statuses.set(name, 'pending', waiting, new Date(this.#now()));
    else if (this.#desired.invalid(name) !== undefined) this.#statuses.set(name, 'invalid', this.#desired.invalid(name) ?? '', new Date(this.#now()));
  }

  /** Nothing is to be done for the name: whatever kept it from being in order is over, unless it was noted just now. */
  settle(name: string): void {
    const status = this.#statuses.get(name);
    const standing = this.#standing.get(name);
    if (standing) return void (status?.state !== standing.state && this.#tell(name, standing));
    if (!status) return;
    if (status.state === 'pending' && this.#waiting(name) !== undefined) return;
    if (status.state === 'invalid' && this.#desired.invalid(name) !== undefined) return;
    this.#statuses.clear(name);
    this.#log.info('name is in order again', { name });
  }

  /** A group that was due is done: what is left is what the plan has noted, what the sources say, and what failed with another set identifier. */
  applied(name: string, setIdentifier: string): void {
    const status = this.#statuses.get(name);
    if (status?.retry && status.retry.setIdentifier !== setIdentifier) return;
    const standing = this.#standing.get(name);
    if (standing) return this.#tell(name, standing);
    if (status?.state === 'pending' && this.#waiting(name) !== undefined) return;
    if (status?.state === 'invalid' && this.#desired.invalid(name) !== undefined) return;
    this.#statuses.clear(name);
  }

  /** Why an object that wants the name has no target for it. */
  #waiting(name: string): string | undefined {
    for (const { pending } of this.#desired.contributors(name)) for (const [n, reason] of pending) if (normalizeName(n) === name) return reason;
    return undefined;
  }

  tell(name: string, state: NameStatus['state'], reason: string): void {
    this.#tell(name, { state, reason });
  }

  #tell(name: string, { state, reason, losers }: Finding): void {
    if (!this.#statuses.set(name, state, reason, new Date(this.#now()), losers && { losers })) return;
    const fields = { name, state, reason };
    if (state === 'held') this.#log.debug('record is left as it is', fields);
    else if (state === 'contested') this.#log.info('name is wanted by several objects', fields);
    else if (state === 'foreign' || state === 'protected' || state === 'stale') this.#log.info('record is left as it is', fields);
    else this.#log.warning('record is left as it is', fields);
  }
}

/** What a plan says of a name. */
interface Finding {
  readonly state: NameStatus['state'];
  readonly reason: string;
  readonly losers?: readonly ObjectRef[];
}

/** What is to be known of a name of which changes are made all the same. */
const besides: ReadonlySet<NameStatus['state']> = new Set(['stale', 'contested']);
const outranking: ReadonlySet<NameStatus['state']> = new Set(['failed', 'quarantined', 'looping', 'held-by-brake']);

function findingOf(rows: readonly PlanRow[], stale: string | undefined): Finding | undefined {
  const foreign = rows.find((r) => r.decision === 'foreign' && r.candidates.length > 0);
  if (foreign) return { state: 'foreign', reason: foreign.reason };
  const kept = rows.find((r) => r.decision === 'protected');
  if (kept) return { state: 'protected', reason: kept.reason };
  const held = rows.find((r) => r.decision === 'held-by-policy');
  if (held) return { state: 'held', reason: held.reason };
  if (stale !== undefined) return { state: 'stale', reason: `its object has no target for the moment, and keeps the last one: ${stale}` };
  const losers = rows.flatMap((r) => r.losers ?? []);
  if (losers.length === 0) return undefined;
  return { state: 'contested', reason: losers.map((l) => l.reason).join('; '), losers: losers.flatMap((l) => l.endpoint.refs) };
}
