import { setTimeout as wait } from 'node:timers/promises';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { isCertainlyUndone, RequestError } from '../../http/client/index.ts';
import type { Sent } from './sender.ts';

export interface AttemptOptions {
  /** How often a call is made at most. */
  readonly tries: number;
  /** Whether it may be made again when it is not known what came of it. */
  readonly idempotent: boolean;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const firstWaitMs = 500;
/** Who asks to wait for longer is asked again by the caller's back-off. */
const longestWaitMs = 30_000;

/** Makes a call again after trouble that may pass, where that does no harm. Waits end when `stop` is aborted. */
export async function attempt<T>(call: () => Promise<T>, { tries, idempotent, sleep = pause }: AttemptOptions, stop: AbortSignal): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await call();
    } catch (error) {
      const again = error instanceof SoftError && (idempotent || isCertainlyUndone(error));
      const waitMs = (error instanceof SoftError ? error.retryAfterMs : undefined) ?? firstWaitMs * 2 ** (tried - 1) * (0.5 + Math.random());
      if (!again || tried >= tries || waitMs > longestWaitMs || stop.aborted) throw error;
      await sleep(waitMs, stop);
      if (stop.aborted) throw error;
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => wait(ms, undefined, { signal }).catch(() => {});

/** What an error of a call says of the groups in it. `partly`: other calls for them had been made already, or the call may be half done. */
export function judge(thrown: unknown, partly: boolean): Sent {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const undone = partly ? 'unknown' : 'unchanged';
  if (error instanceof ConfigurationError) return { result: 'down', error, state: undone };
  if (isCertainlyUndone(error)) return { result: 'down', error, state: undone };
  if (error instanceof RequestError && error.kind === 'timeout') return { result: 'trouble', error, state: 'unknown', slow: true };
  if (error instanceof SoftError) return { result: 'trouble', error, state: 'unknown' };
  return { result: 'refused', error, state: undone };
}
