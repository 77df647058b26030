import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * To be called before much is allocated. What is read at the start lives on, so a young generation that grows is copied in vain: it stays
 * small. At 10,000 Services this saves a quarter of the peak memory, and some processor time.
 */
export function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Gives back the memory that the start has used, at once, and not some time later when a change is to be published. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
