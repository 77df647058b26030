import type { ChangeGroup } from '../../endpoint/change.ts';
import { RequestError } from '../../http/client/index.ts';
import type { Sent } from '../engine/sender.ts';
import { Refused, type WebhookClient } from './client.ts';

/**
 * Applies groups by one POST /records, and judges the answer. It is for all changes together, and mostly just a 500: whether one of them is
 * bad or the provider is down cannot be seen (`trouble`). Only a body that is too large speaks for itself.
 */
export async function sendChanges(client: Pick<WebhookClient, 'apply'>, groups: readonly ChangeGroup[]): Promise<Sent> {
  try {
    // a call under way is not broken off when the program ends: nobody would know what came of it
    await client.apply(groups, never);
    return { result: 'applied' };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (error instanceof Refused) {
      if (error.status === tooLarge) return { result: 'refused', error, state: 'unchanged' };
      if (error.status === tooManyRequests) return { result: 'down', error, state: 'unchanged' };
      return { result: 'trouble', error, state: error.status >= 300 && error.status < 500 ? 'unchanged' : 'unknown' };
    }
    if (error instanceof RequestError && error.kind === 'timeout') return { result: 'trouble', error, state: 'unknown', slow: true };
    const unchanged = error instanceof RequestError && !error.mayHaveArrived;
    return { result: unchanged ? 'down' : 'trouble', error, state: unchanged ? 'unchanged' : 'unknown' };
  }
}

const tooLarge = 413;
const tooManyRequests = 429;
const never = new AbortController().signal;
