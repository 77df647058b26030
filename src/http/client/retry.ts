import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../../log/logger.ts';
import { RequestError } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';
import { type HttpResponse, isIdempotent, type Layer, type PreparedRequest } from './types.ts';

export interface RetryOptions {
  /** How often a request is sent at most; 1: never again. */
  readonly tries: number;
  /** Wait before the second try; it grows by `factor` with each further one. By default 500 ms and 2. */
  readonly firstWaitMs?: number;
  readonly factor?: number;
  readonly longestWaitMs?: number;
  /** A Retry-After of more than this is not waited out: the answer is handed to the caller, who knows better. By default 30 s. */
  readonly longestRetryAfterMs?: number;
  /** Statuses after which an idempotent request is sent again. By default 408, 425, 429, 500, 502, 503, 504. */
  readonly statuses?: (status: number) => boolean;
  readonly log?: Logger;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
}

/**
 * Sends a request again after trouble that may pass. One that is not idempotent only if it was certainly not carried out:
 * after a 429, or where no connection came about.
 */
export function retry(options: RetryOptions): Layer {
  const { tries, firstWaitMs = 500, factor = 2, longestWaitMs = 20_000, longestRetryAfterMs = 30_000, statuses = usual, log, random = Math.random } = options;
  const sleep = options.sleep ?? ((ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }));
  return (next) => async (request, signal) => {
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= tries || signal.aborted;
      let [response, error]: [HttpResponse | undefined, unknown] = [undefined, undefined];
      try {
        response = await next(request, signal);
        if (last || !worthwhile(request, response, statuses)) return response;
      } catch (thrown) {
        error = thrown;
        if (last || !mayPass(request, error)) throw error;
      }
      const asked = response && retryAfterMs(response.header('retry-after'), Date.now());
      if (response && asked !== undefined && asked > longestRetryAfterMs) return response;
      const backOff = Math.min(longestWaitMs, firstWaitMs * factor ** (attempt - 1)) * (0.5 + random());
      log?.debug('request is sent again', { method: request.method, host: request.url.host, path: request.url.pathname, attempt, reason: response ? `status ${response.status}` : error instanceof Error ? error.message : String(error) });
      await sleep(asked ?? backOff, signal);
    }
  };
}

const usual = (status: number): boolean => status === 408 || status === 425 || status === 429 || status === 500 || (status >= 502 && status <= 504);

function worthwhile(request: PreparedRequest, { status }: HttpResponse, statuses: (status: number) => boolean): boolean {
  if (!statuses(status)) return false;
  return isIdempotent(request) || (status === 429 && request.idempotent !== false);
}

function mayPass(request: PreparedRequest, error: unknown): boolean {
  if (!(error instanceof RequestError) || error.kind === 'too-large' || error.kind === 'tls') return false;
  return isIdempotent(request) || !error.mayHaveArrived;
}
