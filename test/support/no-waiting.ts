import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/**
 * Lets waits end at once (those of node:timers/promises: retries, rate limits, pauses between batches) while `work` runs; time limits of
 * requests stay as they are. `work` gets the list of the waits in milliseconds. For tests that run one after the other.
 */
export async function withoutWaiting<T>(work: (waitsMs: readonly number[]) => Promise<T>): Promise<T> {
  const { setTimeout: original } = timers;
  const waitsMs: number[] = [];
  const quick = async (ms?: number, value?: unknown, options?: { signal?: AbortSignal }): Promise<unknown> => {
    waitsMs.push(ms ?? 0);
    options?.signal?.throwIfAborted();
    await timers.setImmediate();
    return value;
  };
  use(quick as typeof original);
  try {
    return await work(waitsMs);
  } finally {
    use(original);
  }
}

function use(wait: typeof timers.setTimeout): void {
  Object.assign(timers, { setTimeout: wait });
  // modules import the function by its name
  syncBuiltinESMExports();
}
