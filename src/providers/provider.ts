import type { Config } from '../config/config.ts';
import type { ChangeGroup, Outcome } from '../endpoint/change.ts';
import type { DomainFilter } from '../endpoint/domain-filter.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';

/** What the controller needs of a provider. Most providers implement ZoneProvider and get this from the engine. */
export interface Provider {
  readonly name: string;
  /** Names that this provider serves; asked once at the start and whenever it may have changed. */
  readonly domainFilter: DomainFilter;
  /**
   * All current records. With the `fingerprint` of an earlier snapshot: `records` may be left out where nothing has changed since.
   * Those that were read before may be given as the objects that `known` has of them, which spares memory.
   * Rejects with SoftError where nothing at all could be read.
   */
  snapshot(signal: AbortSignal, since?: string, known?: Known): Promise<Snapshot>;
  /** Current records of some normalised names, where the API can be asked for them. */
  recordsOf?(names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]>;
  /** The normal form of wished endpoints, as the provider would read them back (TTL floor, alias, proxied). */
  adjust(endpoints: readonly Endpoint[], signal: AbortSignal): Promise<readonly Endpoint[]>;
  /**
   * Applies groups, and says of each what came of it; rejects only on a bug. An abort lets the batch under way end.
   * The caller never calls it in dry run.
   */
  apply(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<readonly Outcome[]>;
  /** The zone that a name lies in; undefined where no zone is known, or the provider does not know its zones. */
  zoneOf?(name: string): string | undefined;
  close?(): Promise<void>;
}

/** The equal record of an earlier reading, or the one that is given. */
export type Known = (record: Endpoint) => Endpoint;

export interface Snapshot {
  /** Left out: as before (only if `since` was given). */
  readonly records?: readonly Endpoint[];
  readonly fingerprint?: string;
  /** Zones that could not be read: their records are unknown, their names are left alone. */
  readonly unreadable: readonly { readonly zone: string; readonly error: Error }[];
}

/** A plug-in: what `--provider=NAME` stands for. */
export interface ProviderDefinition {
  readonly name: string;
  readonly title: string;
  /** Environment variables and flags beside those of its own, for docs: name and what it is. */
  readonly credentials: readonly { readonly name: string; readonly about: string }[];
  /** Flags (without dashes) that only this provider reads. */
  readonly flags: readonly string[];
  /** Record types that it can hold. */
  readonly recordTypes: readonly string[];
  /** Checks the options once, without network where it can, and gives the provider. Throws ConfigurationError. */
  create(setup: ProviderSetup): Promise<Provider>;
}

export interface ProviderSetup {
  readonly options: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** By --domain-filter and its kin. */
  readonly domainFilter: DomainFilter;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly signal: AbortSignal;
  /** By the clock, no other process may write at this moment: asked before each call that changes something. Left out: there is no other. */
  readonly mayWrite?: () => boolean;
}
