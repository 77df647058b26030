/** Why a name is not as the cluster wants it; names that are in order have none. */
export interface NameStatus {
  readonly state: 'pending' | 'foreign' | 'held' | 'held-by-brake' | 'protected' | 'stale' | 'looping' | 'frozen' | 'failed' | 'skipped' | 'invalid';
  /** A sentence for the user. */
  readonly reason: string;
  /** Of the state; the reason may have changed since. */
  readonly since: Date;
}

/** The status of every name that is not in order. */
export class Statuses {
  readonly #byName = new Map<string, NameStatus>();

  /** Notes a status; true if it differs from what was known, so that it is told once. */
  set(name: string, state: NameStatus['state'], reason: string, now: Date): boolean {
    const known = this.#byName.get(name);
    if (known?.state === state && known.reason === reason) return false;
    this.#byName.set(name, { state, reason, since: known?.state === state ? known.since : now });
    return true;
  }

  /** The name is in order; true if it was not. */
  clear(name: string): boolean {
    return this.#byName.delete(name);
  }

  get(name: string): NameStatus | undefined {
    return this.#byName.get(name);
  }

  entries(): Iterable<[name: string, status: NameStatus]> {
    return this.#byName.entries();
  }

  get size(): number {
    return this.#byName.size;
  }
}
