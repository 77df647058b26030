/**
 * When a change is published. After a quiet moment at once (but for a few milliseconds, so that what was written together is seen together);
 * several in a row still at once, up to a credit; a steady stream is gathered, one publication for each --min-event-sync-interval.
 */
export class Schedule {
  readonly #intervalMs: number;
  #credit = creditMax;
  #creditAtMs = Number.NEGATIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(minEventSyncIntervalMs: number) {
    this.#intervalMs = Math.max(0, minEventSyncIntervalMs);
  }

  /** The time at which a change that was seen at `nowMs` is to be published. */
  publishAt(nowMs: number): number {
    this.#refill(nowMs);
    const soon = nowMs + gatherMs;
    const spaced = this.#lastMs + Math.min(spacingMs, this.#intervalMs);
    if (this.#credit >= 1) return Math.max(soon, spaced);
    return Math.max(soon, this.#lastMs + this.#intervalMs);
  }

  /** Notes that a publication of changes began. */
  published(nowMs: number): void {
    this.#refill(nowMs);
    this.#credit = Math.max(0, this.#credit - 1);
    this.#lastMs = nowMs;
  }

  #refill(nowMs: number): void {
    if (this.#intervalMs > 0) this.#credit = Math.min(creditMax, this.#credit + (nowMs - this.#creditAtMs) / this.#intervalMs);
    else this.#credit = creditMax;
    this.#creditAtMs = nowMs;
  }
}

/** What comes within this time of the first change goes with it. */
export const gatherMs = 20;
/** Publications of single changes keep at least this distance. */
const spacingMs = 250;
/** So many publications in a row before a stream of changes is gathered. */
const creditMax = 20;
