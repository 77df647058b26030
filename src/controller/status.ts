import type { ObjectRef } from '../endpoint/endpoint.ts';

/** All states of a name that is not in order. */
export const nameStates = ['pending', 'foreign', 'contested', 'held', 'held-by-brake', 'protected', 'stale', 'looping', 'frozen', 'failed', 'quarantined', 'skipped', 'invalid'] as const;

/** Why a name is not as the cluster wants it; names that are in order have none. */
export interface NameStatus {
  readonly state: (typeof nameStates)[number];
  /** A sentence for the user. */
  readonly reason: string;
  /** Of the state; the reason may have changed since. A change that is quarantined counts from when it first failed. */
  readonly since: Date;
  /** Of a change that failed or is quarantined. */
  readonly retry?: Retry | undefined;
  /** Of a contested name: the objects that want it and do not have it. */
  readonly losers?: readonly ObjectRef[] | undefined;
}

/** When a change that failed is tried again; one that the object changes is tried at once. */
export interface Retry {
  readonly setIdentifier: string;
  /** How often it was tried in vain. */
  readonly tries: number;
  readonly at: Date;
}

/** The status of every name that is not in order. */
export class Statuses {
  readonly #byName = new Map<string, NameStatus>();
  readonly #listeners: ((name: string, status: NameStatus | undefined) => void)[] = [];

  /** Notes a status; true if its state or reason differs from what was known, so that it is told once. */
  set(name: string, state: NameStatus['state'], reason: string, now: Date, more: Pick<NameStatus, 'retry' | 'losers'> = {}): boolean {
    const known = this.#byName.get(name);
    const status = { state, reason, since: known && goesOn(known.state, state) ? known.since : now, ...more };
    this.#byName.set(name, status);
    if (known?.state === state && known.reason === reason) return false;
    for (const listener of this.#listeners) listener(name, status);
    return true;
  }

  /** The name is in order; true if it was not. */
  clear(name: string): boolean {
    if (!this.#byName.delete(name)) return false;
    for (const listener of this.#listeners) listener(name, undefined);
    return true;
  }

  get(name: string): NameStatus | undefined {
    return this.#byName.get(name);
  }

  /** Called when the status of a name changes; undefined: it is in order. */
  subscribe(listener: (name: string, status: NameStatus | undefined) => void): void {
    this.#listeners.push(listener);
  }

  entries(): Iterable<[name: string, status: NameStatus]> {
    return this.#byName.entries();
  }

  get size(): number {
    return this.#byName.size;
  }
}

const failures: ReadonlySet<NameStatus['state']> = new Set(['failed', 'quarantined']);
const goesOn = (before: NameStatus['state'], now: NameStatus['state']): boolean => before === now || (failures.has(before) && failures.has(now));
