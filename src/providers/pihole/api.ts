import type { PiholeEntry } from './convert.ts';

/** What both versions of the API can do. To add what is there, and to remove what is not, is no error. */
export interface PiholeApi {
  /** Whether a name may have several addresses of a family. */
  readonly severalAddresses: boolean;
  /** Whether CNAMEs have a TTL. */
  readonly cnameTTL: boolean;
  entries(signal: AbortSignal): Promise<readonly PiholeEntry[]>;
  add(entry: PiholeEntry, signal: AbortSignal): Promise<void>;
  remove(entry: PiholeEntry, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** For one call. A Pi-hole often runs on a small computer, and starts its resolver anew after a change. */
export const timeoutMs = 20_000;
