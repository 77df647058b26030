import type { Endpoint } from './endpoint.ts';

/** One record set comes, changes or goes. `before` is what the provider holds, `after` what it shall hold. */
export type Change = AnyChange & {
  /**
   * How ExternalDNS v0.22 would put this change, where that is not the whole truth: it makes up the former text of an ownership record
   * instead of reading it. The webhook protocol's providers are sent this form.
   */
  readonly announced?: AnyChange | undefined;
};

type AnyChange =
  | { readonly action: 'create'; readonly before?: undefined; readonly after: Endpoint }
  | { readonly action: 'update'; readonly before: Endpoint; readonly after: Endpoint }
  | { readonly action: 'delete'; readonly before: Endpoint; readonly after?: undefined };

/**
 * Changes that stand or fall together: all of one DNS name and set identifier, with their ownership records.
 * A provider applies a group whole or not at all where its API can, and reports one outcome for each group.
 * Deletes come before updates before creates, so that in order they never collide (a CNAME gives way to an A).
 */
export interface ChangeGroup {
  /** The normalised DNS name (see normalizeName) of the row. */
  readonly name: string;
  readonly setIdentifier: string;
  readonly changes: readonly Change[];
  /** Why, in words for the log: `target changed`, `no object wants it any more`. */
  readonly reason: string;
}

export type Outcome =
  | { readonly group: ChangeGroup; readonly result: 'applied'; readonly zone?: string }
  /** Nothing to be done by this provider: in no zone of it, or a type that it does not hold. A sentence for the user. */
  | { readonly group: ChangeGroup; readonly result: 'skipped'; readonly zone?: string; readonly reason: string; /** Another owner holds the name: as it should be. */ readonly foreign?: true }
  /** `state` is what the DNS holds now: as before, or unknown (a lost answer, half of the group done): then the name is read again. */
  | {
      readonly group: ChangeGroup;
      readonly result: 'failed';
      readonly zone?: string;
      readonly error: Error;
      readonly state: 'unchanged' | 'unknown';
      /** It was sent by itself and failed while the provider worked: this very group is the bad one. */
      readonly alone?: true;
    };

export const endpointOf = (change: Change): Endpoint => (change.action === 'delete' ? change.before : change.after);
