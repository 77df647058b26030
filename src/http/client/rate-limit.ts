import type { TokenBucket } from './token-bucket.ts';
import type { Layer } from './types.ts';

/** Every try waits for a token of the bucket. */
export const rateLimit =
  (bucket: TokenBucket): Layer =>
  (next) =>
  async (request, signal) => {
    await bucket.take(signal);
    return next(request, signal);
  };
