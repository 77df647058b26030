/** What goes first when requests have to wait. */
export type Priority = 'list' | 'watch' | 'write';

/**
 * A token bucket by --kube-api-qps and --kube-api-burst, as client-go has it, with two differences. The pages of a list after its first do not
 * count: they come one after the other, and 200 of them would take 40 s. And lists go before watches, watches before writes.
 */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #queues: Readonly<Record<Priority, Set<() => void>>> = { list: new Set(), watch: new Set(), write: new Set() };

  /** Zero or less: client-go's defaults, 5 a second and 10 at once. */
  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond > 0 ? perSecond : 5;
    this.#burst = burst > 0 ? burst : 10;
    this.#tokens = this.#burst;
    this.#at = performance.now();
  }

  /** Waits for a token. Rejects with the reason of `signal`. */
  async take(priority: Priority, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const queue = this.#queues[priority];
    await new Promise<void>((resolve, reject) => {
      const give = (): void => {
        queue.delete(give);
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        queue.delete(give);
        if (this.#next() === undefined) this.#forgetTimer();
        reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
      };
      queue.add(give);
      signal.addEventListener('abort', stop, { once: true });
      this.#serve();
    });
  }

  #serve(): void {
    if (this.#timer !== undefined) return;
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      if (this.#tokens < 1) {
        this.#timer = setTimeout(
          () => {
            this.#timer = undefined;
            this.#serve();
          },
          Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000),
        );
        return;
      }
      this.#tokens--;
      next();
    }
  }

  /** Nobody waits: a timer must not keep the process. */
  #forgetTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #next(): (() => void) | undefined {
    for (const queue of [this.#queues.list, this.#queues.watch, this.#queues.write]) for (const give of queue) return give;
    return undefined;
  }
}
