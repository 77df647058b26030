import type { ChangeGroup } from '../endpoint/change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';

export type PolicyName = 'sync' | 'upsert-only' | 'create-only';

/** The rules by which a plan is made; constant for a process. */
export interface PlanRules {
  readonly policy: PolicyName;
  /** --managed-record-types less --exclude-record-types. */
  manages(recordType: string): boolean;
  /** A name passes the filters of the flags and of the provider. */
  matches(dnsName: string): boolean;
  /** undefined: no ownership. */
  readonly ownerId: string | undefined;
  /** --migrate-from-txt-owner; '' for none. */
  readonly oldOwnerId: string;
  /** Why nothing may be done to the records of a type at a normalised name, in words; undefined: it may be. `stands`: the name has records already. */
  protects?(name: string, recordType: string, stands: boolean): string | undefined;
}

/** What was decided for one DNS name and set identifier, and why. */
export interface PlanRow {
  readonly name: string;
  readonly setIdentifier: string;
  /** Endpoints that want the name, in order of the sources. */
  readonly candidates: readonly Endpoint[];
  /** What stands there now. */
  readonly current: readonly Endpoint[];
  readonly decision: Decision;
  /** A sentence for the user. */
  readonly reason: string;
  /** undefined: nothing is to be done. */
  readonly group: ChangeGroup | undefined;
  /** What else the user should know: rivals that lost the name, records that had to be left alone. Sentences, each without the name. */
  readonly conflicts?: readonly string[];
  /** Candidates that did not get what they want, because another object has the name. */
  readonly losers?: readonly Loser[];
}

export interface Loser {
  readonly endpoint: Endpoint;
  /** A sentence, without the name. */
  readonly reason: string;
}

export type Decision =
  | 'unchanged'
  | 'create'
  | 'update'
  | 'delete'
  /** Changes of several kinds, as a type that gives way to another. */
  | 'replace'
  /** Another owner, or nobody, holds the record. */
  | 'foreign'
  /** The policy forbids what would be done. */
  | 'held-by-policy'
  /** The record must stay as it is (--protect-names; the zone's own NS and SOA). */
  | 'protected';

/** The plan of one name; `desired` and `current` hold all endpoints of this normalised name. Pure. */
export type PlanName = (name: string, desired: readonly Endpoint[], current: readonly Endpoint[], rules: PlanRules) => readonly PlanRow[];
