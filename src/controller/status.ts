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
  readonly #listeners: ((name: string, status: NameStatus | undefined) => void)[] = [];

  /** Notes a status; true if it differs from what was known, so that it is told once. */
  set(name: string, state: NameStatus['state'], reason: string, now: Date): boolean {
    const known = this.#byName.get(name);
    if (known?.state === state && known.reason === reason) return false;
    const status = { state, reason, since: known?.state === state ? known.since : now };
    this.#byName.set(name, status);
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
