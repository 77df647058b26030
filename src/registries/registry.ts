import type { ChangeGroup, Outcome } from '../endpoint/change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';

/**
 * Says whose a record is. Works on the records of few names at a time, so that its cost follows the changes:
 * `namesOf` says which names a record bears on, `label` gives the current endpoints of one name.
 */
export interface Registry {
  readonly name: string;
  /** undefined: no ownership, every record is ours (noop). */
  readonly ownerId: string | undefined;
  /**
   * The normalised names whose `label` a provider's record bears on: its own, and for an ownership record that of the owned record.
   */
  namesOf(record: Endpoint): readonly string[];
  /**
   * The current endpoints of `name`, with labels; ownership records are taken out.
   * `records`: all records of the provider for which `namesOf` gave this name.
   */
  label(name: string, records: readonly Endpoint[]): readonly Endpoint[];
  /**
   * The names that the provider is asked for to learn all that bears on `name`: the name itself and those of its ownership records.
   * Left out: all records must be read.
   */
  recordNames?(name: string): readonly string[];
  /** Reads ownership kept elsewhere than at the provider; gives the names whose ownership has changed since, or 'all'. */
  refresh?(signal: AbortSignal): Promise<ReadonlySet<string> | 'all'>;
  /** Told of a new reading of the provider: of these normalised names, or of all (see `CurrentRecords.isRead`). */
  wasRead?(names: readonly string[] | 'all', current: CurrentRecords): void;
  /**
   * Applies groups of changes of labelled endpoints: adds the ownership to each, calls `write`, and gives the outcomes for the groups as they came.
   * No record is ever made without its ownership: a group that cannot carry it is skipped with a reason.
   */
  apply(groups: readonly ChangeGroup[], write: Write, current: CurrentRecords, signal: AbortSignal): Promise<readonly RegistryOutcome[]>;
}

/** The provider's own apply. */
export type Write = (groups: readonly ChangeGroup[], signal: AbortSignal) => Promise<readonly Outcome[]>;

/** What the provider held when the plan was made: the raw records that bear on a name (see namesOf). */
export interface CurrentRecords {
  of(name: string): readonly Endpoint[];
  /** The zone that a name lies in, where the provider knows. */
  zoneOf(name: string): string | undefined;
  /** Whether the zone of a name could be read: what is not there is not there indeed. Left out: that is so for all. */
  isRead?(name: string): boolean;
}

/** An outcome for the group as the plan made it, and the group as it was written (with ownership records), to follow the provider's state. */
export type RegistryOutcome = Outcome & { readonly written?: ChangeGroup };
