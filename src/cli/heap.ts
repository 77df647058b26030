import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Sets the garbage collector for a program in which most of what is allocated at the start lives on, and little comes later. To be called
 * before much is allocated.
 *
 * - The young generation stays small: where it grows, what lives on is copied in vain. At 10,000 Services this saves a quarter of the peak memory.
 * - What lives on is marked at once: a pause of 0.03 s at 10,000 Services and of 0.3 s at 100,000, where marking in small steps, which is the
 *   default, takes the processor for a second or more, and is done again several times while nothing happens.
 */
export function tuneHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--no-incremental-marking');
}

/** Gives back the memory that the start has used, at once, and not some time later when a change is to be published. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
