import type { ProviderSpecificProperty } from '../../endpoint/endpoint.ts';

/** The annotations of one object under the prefixes in force. Keys are short: `hostname`, `ttl`. */
export interface Annotations {
  /** As written; undefined where it is not set. The new prefix wins over the old one, with one warning where both differ. */
  get(key: string): string | undefined;
  /** `hostname`: split at commas, blanks and final dots dropped. */
  hostnames(): readonly string[];
  /** `internal-hostname`, likewise. */
  internalHostnames(): readonly string[];
  /** `target`, likewise; empty where there is none. */
  targets(): readonly string[];
  /** `ttl`; 0 where it is not set or is not understood (one warning). */
  ttlSeconds(): number;
  /** `set-identifier`. */
  setIdentifier(): string;
  /** `alias`, `record-type`, and those of providers (`aws-*`, `webhook-*`, ...) under their property names. */
  providerSpecific(): readonly ProviderSpecificProperty[];
}
