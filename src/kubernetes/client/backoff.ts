/** Waits that grow with each failure, and begin anew after a good time. */
export class Backoff {
  readonly #timing: { readonly firstBackoffMs: number; readonly longestBackoffMs: number; readonly goodTimeMs: number };
  readonly #now: () => number;
  #lastMs = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(timing: { readonly firstBackoffMs: number; readonly longestBackoffMs: number; readonly goodTimeMs: number }, now: () => number = () => performance.now()) {
    this.#timing = timing;
    this.#now = now;
  }

  /** How long to wait after a failure now. The first after a good time is tried again almost at once: most often just a connection was cut. */
  nextMs(): number {
    const { firstBackoffMs, longestBackoffMs, goodTimeMs } = this.#timing;
    const now = this.#now();
    if (now - this.#lastMs > goodTimeMs) this.#failures = 0;
    this.#lastMs = now;
    const failures = this.#failures++;
    if (failures === 0) return (firstBackoffMs / 16) * (1 + Math.random());
    return Math.min(longestBackoffMs, firstBackoffMs * 2 ** Math.min(failures - 1, 30)) * (1 + Math.random());
  }

  /** Something went well: the next failure waits shortly again, though not as after a good time. */
  succeeded(): void {
    this.#failures = Math.min(this.#failures, 1);
  }
}
