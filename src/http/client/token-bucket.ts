import { setTimeout as sleep } from 'node:timers/promises';

/** Lets at most `perSecond` through in the long run, and `burst` at once. First come, first served. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  /** When the bucket was, or will be, empty of debts: tokens are counted as the time since. */
  #zeroMs: number;

  constructor(perSecond: number, burst: number = Math.max(1, Math.ceil(perSecond)), now: () => number = () => performance.now()) {
    if (!(perSecond > 0) || !(burst >= 1)) throw new Error(`a rate of ${perSecond} a second with ${burst} at once lets nothing through`);
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
    this.#zeroMs = now() - (burst / perSecond) * 1000;
  }

  /** Takes a token; gives the time in milliseconds to wait before it may be used. */
  reserve(): number {
    const nowMs = this.#now();
    this.#zeroMs = Math.max(this.#zeroMs, nowMs - (this.#burst / this.#perSecond) * 1000) + 1000 / this.#perSecond;
    return Math.max(0, this.#zeroMs - nowMs);
  }

  /** Waits for a token. Rejects when `signal` is aborted. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const waitMs = this.reserve();
    if (waitMs > 0) await sleep(Math.ceil(waitMs), undefined, { signal });
  }
}
