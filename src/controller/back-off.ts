/** When something that failed is tried again: 1 s, doubled up to 10 min, with up to a fifth more or less. */
export class BackOff<K> {
  readonly #entries = new Map<K, { failures: number; atMs: number }>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** A number for `failed`, the same for all that failed together, so that they are tried again together. */
  jitter(): number {
    return this.#random();
  }

  /** Notes a failure; `atLeastMs` is what the other side asked to wait. Gives the time of the next try. */
  failed(key: K, nowMs: number, atLeastMs = 0, jitter = this.#random()): number {
    const failures = (this.#entries.get(key)?.failures ?? 0) + 1;
    const waitMs = Math.min(firstMs * 2 ** (failures - 1), longestMs) * (0.8 + 0.4 * jitter);
    const atMs = nowMs + Math.max(waitMs, atLeastMs);
    this.#entries.set(key, { failures, atMs });
    return atMs;
  }

  succeeded(key: K): void {
    this.#entries.delete(key);
  }

  waits(key: K, nowMs: number): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.atMs > nowMs;
  }

  /** Takes the keys whose time has come; they are due again only after a further failure. */
  take(nowMs: number): K[] {
    const due: K[] = [];
    for (const [key, entry] of this.#entries) {
      if (entry.atMs > nowMs || entry.atMs === taken) continue;
      this.#entries.set(key, { ...entry, atMs: taken });
      due.push(key);
    }
    return due;
  }

  /** Lets a key be tried again now, as `take` does; a further failure waits longer still. */
  release(key: K): void {
    const entry = this.#entries.get(key);
    if (entry) this.#entries.set(key, { ...entry, atMs: taken });
  }

  /** The next time anything is due; undefined: nothing waits. */
  get nextMs(): number | undefined {
    let next: number | undefined;
    for (const { atMs } of this.#entries.values()) if (atMs !== taken && (next === undefined || atMs < next)) next = atMs;
    return next;
  }

  get size(): number {
    return this.#entries.size;
  }

  failures(key: K): number {
    return this.#entries.get(key)?.failures ?? 0;
  }
}

const taken = Number.NEGATIVE_INFINITY;
const firstMs = 1_000;
const longestMs = 600_000;
