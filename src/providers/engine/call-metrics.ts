import { RequestError } from '../../http/client/index.ts';
import type { Metrics } from '../../metrics/metrics.ts';

/** A call of a provider, as metrics name it. */
export interface ProviderCall {
  readonly provider: string;
  readonly call: 'zones' | 'records' | 'adjust' | 'apply';
  /** The domain; '' where it is for no zone in particular. */
  readonly zone: string;
}

/** Makes a call, and counts it and how long it took. */
export async function measured<T>(metrics: Metrics, { provider, call, zone }: ProviderCall, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  let status = 'ok';
  try {
    return await work();
  } catch (error) {
    status = statusOf(error);
    throw error;
  } finally {
    metrics.add('provider_calls_total', { provider, call, result: status === 'ok' ? 'ok' : 'failed' });
    metrics.observe('provider_call_duration_seconds', (performance.now() - startedMs) / 1000, { provider, call, zone, status });
  }
}

/** What came of a call, in a word: the status of the answer, why there was none, else `failed`. */
function statusOf(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if (error instanceof RequestError) return error.kind;
    if ('status' in error && typeof error.status === 'number') return String(error.status);
    if ('rcode' in error && typeof error.rcode === 'number') return `rcode ${error.rcode}`;
  }
  return 'failed';
}
