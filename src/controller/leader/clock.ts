import { setTimeout as sleep } from 'node:timers/promises';

/** Time, as far as leadership depends on it. */
export interface Clock {
  /** Never goes back; may stand still while the machine sleeps. */
  monotonicMs(): number;
  /** The time of day; may be set. */
  wallMs(): number;
  /** Resolves when the time is over or the signal is aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};
