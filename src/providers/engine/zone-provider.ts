import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';

/** A zone as a provider lists it. Providers add what they need for their calls (`Zone & { readonly account: string }`). */
export interface Zone {
  /** What the API knows it by. */
  readonly id: string;
  /** The domain; spelled as the API spells it, with or without final dot. */
  readonly name: string;
}

/**
 * What most providers are written as; zoneEngine() makes a Provider of it. A provider only translates between endpoints and the calls of
 * its API. Everything else is the engine's: which zone a name lies in, filters, grouping single records into record sets and back, order,
 * batches, retries, splitting of what was refused, limits, reports. Dry run is decided before any of this.
 *
 * Three kinds, by what one call of the API changes (`granularity`):
 *
 *   record       one value: each IP address of a name is a record with an id of its own (Civo, DigitalOcean, Linode)
 *   record-set   all values of a name and type (Azure, Exoscale, NS1)
 *   zone         any number of record sets of a zone, all or nothing (Route 53, Google, PowerDNS, Scaleway)
 *
 * How to tell of failures, in all methods:
 *
 *   SoftError             trouble that may pass: 429, 5xx, time-outs. statusError() makes the right one of an answer, and what the HTTP client
 *                         throws is right already. Tried again where it is certain that nothing was changed, or `idempotent` is set.
 *   ConfigurationError    credentials or permissions are wrong: nothing more is tried in this zone.
 *   any other Error       the API has refused just this (400, 404, 409, 422): a batch is split until the bad group stands alone.
 */
export type ZoneProvider<Z extends Zone = Zone> = ZoneReader<Z> & (RecordWriter<Z> | RecordSetWriter<Z> | ZoneWriter<Z>);

export interface ZoneReader<Z extends Zone> {
  readonly name: string;
  readonly limits?: Limits;
  /** Record types that it can hold; wishes of other types are left out, with a warning. By default all. */
  readonly recordTypes?: readonly string[];
  /** Whether a name may have several sets of a type, told apart by set identifiers (weights and the like). By default not: wishes lose theirs, since they would never be read back. */
  readonly setIdentifiers?: boolean;
  /** All zones of the account, all pages; the engine filters them. */
  zones(signal: AbortSignal): Promise<readonly Z[]>;
  /**
   * All records of a zone. May hold one endpoint for each value: those of one name, type and set identifier become one endpoint, in their order,
   * with the TTL and properties of the first. Leave out what cannot be managed (the SOA, the NS of the apex where the API owns them).
   */
  records(zone: Z, signal: AbortSignal): Promise<readonly Endpoint[]>;
  /**
   * The records of some names (normalised), where the API can be asked for them at less cost than for all.
   * With it, a change in the cluster is published without reading the zone.
   */
  recordsOf?(zone: Z, names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]>;
  /**
   * What the list of zones says of a zone's content: while it is the same, nothing has changed there. undefined: that is not known. Asked for
   * all zones after each reading, and before the next; where all are as before, the zones are not read (but every ten minutes they are).
   */
  version?(zone: Z): string | undefined;
  /**
   * The normal form of wished endpoints: as `records` would give them back once written (properties with their defaults, alias records).
   * What differs after it is updated again in every run. TTL limits, unsupported types, set identifiers and CNAMEs with several targets are done already. Pure.
   */
  adjust?(endpoints: readonly Endpoint[]): readonly Endpoint[];
  /**
   * The zones that a name is written to. `matching`: all zones that the name lies in, the longest name first; never empty.
   * By default the first. For providers with public and private zones of one name. `group`: the changes that the name is part of; left out
   * where it is only read.
   */
  choose?(name: string, matching: readonly Z[], group?: ChangeGroup): readonly Z[];
  /** Makes one list of what was read in several zones, where a name may stand in more than one of them. By default all of it. */
  unite?(read: readonly { readonly zone: Z; readonly records: readonly Endpoint[] }[]): readonly Endpoint[];
  /** Called after all changes of a zone, if any was applied; `complete`: none failed. For APIs that want to be told to publish. Errors are only logged. */
  finish?(zone: Z, complete: boolean, signal: AbortSignal): Promise<void>;
}

/** One call changes one value. */
export interface RecordWriter<Z extends Zone> {
  readonly granularity: 'record';
  /**
   * Makes one change; its endpoints have one target each. An update keeps name, type and set identifier and changes the target, the TTL or
   * properties; where the API cannot, delete `before` and create `after`.
   */
  apply(zone: Z, change: Change, signal: AbortSignal): Promise<void>;
  /** Whether `apply` may be called again when it is not known what came of it. */
  readonly idempotent?: boolean;
}

/** One call changes one record set. */
export interface RecordSetWriter<Z extends Zone> {
  readonly granularity: 'record-set';
  /** Creates, replaces or deletes the set of one name, type and set identifier. */
  apply(zone: Z, change: Change, signal: AbortSignal): Promise<void>;
  readonly idempotent?: boolean;
}

/** One call changes many record sets. */
export interface ZoneWriter<Z extends Zone> {
  readonly granularity: 'zone';
  /**
   * Makes all changes in one call. In the order given, deletes, updates and creates of a name never collide; APIs with lists for deletions and
   * additions keep the order inside each.
   * May resolve to what is missing all the same, where a change goes beyond the call that makes it (the records are there, but not what hangs on them).
   */
  apply(zone: Z, changes: readonly Change[], signal: AbortSignal): Promise<readonly Shortfall[] | void>;
  /**
   * Makes the changes of one group by calls that change single records. With it, what got into trouble as a batch (a 5xx status, a time-out),
   * and a group that is refused as a batch of its own, is made this way at once.
   */
  applySingly?(zone: Z, changes: readonly Change[], signal: AbortSignal): Promise<readonly Shortfall[] | void>;
  /** After trouble with a batch of several names, each name is tried as a batch of its own at once; by default when the changes come again. */
  readonly namesAtOnce?: boolean;
  readonly idempotent?: boolean;
  /** Set to false where a refused call may have made some of its changes. */
  readonly atomic?: boolean;
}

/** A change that was made, but not entirely, and why. */
export interface Shortfall {
  readonly change: Change;
  readonly error: Error;
}

/** What an API allows, as data. */
export interface Limits {
  /** Of one call of a ZoneWriter. */
  readonly batch?: BatchLimits;
  /** In seconds. `default`: written where no TTL is wished. `min`, `max`: a wished TTL is brought inside. */
  readonly ttlSeconds?: { readonly default?: number; readonly min?: number; readonly max?: number };
  /** Types whose sets hold one value; of several the first in text order is written, with one warning. By default CNAME and DNAME. */
  readonly singleValueTypes?: readonly string[];
  /** Zones that are read or changed at the same time. By default 4. */
  readonly zonesAtOnce?: number;
}

/** Sizes of a batch; 0 or left out: no limit. A name's changes are never put into two batches: what is too large alone is sent alone. */
export interface BatchLimits {
  readonly changes?: number;
  readonly bytes?: number;
  readonly values?: number;
  /** How much a change counts; by default one change (an update counts once), its targets, and their length. */
  weigh?(change: Change): Weight;
}

export interface Weight {
  readonly changes: number;
  readonly values: number;
  readonly bytes: number;
}
