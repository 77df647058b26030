import type { Endpoint } from '../../endpoint/endpoint.ts';

/** An address of a name asks for a reverse record. */
export interface PTRContribution {
  /** As `10.2.0.192.in-addr.arpa`. */
  readonly reverseName: string;
  /** The name that the reverse record points to. */
  readonly target: string;
  readonly ttlSeconds: number;
}

/** Told of what is left out; each endpoint is as it was when it was left out. */
export interface Reports {
  /** With a sentence for the user. */
  readonly onInvalid: (endpoint: Endpoint, reason: string) => void;
  /** Another endpoint says the same. */
  readonly onDuplicate?: ((endpoint: Endpoint) => void) | undefined;
}

/** One step from the endpoints of a name to what is published. Pure but for the reports. */
export type Wrapper = (endpoints: readonly Endpoint[], reports: Reports) => readonly Endpoint[];

/** What is done to the endpoints of all sources before they are planned. */
export interface Wrappers {
  /**
   * The endpoints of one name, those of the first source first: with default targets, checked, without duplicates,
   * with NAT64 addresses, and with the targets that pass the filters.
   */
  perName(endpoints: readonly Endpoint[], onInvalid: Reports['onInvalid'], onDuplicate?: Reports['onDuplicate']): readonly Endpoint[];
  /** Whether reverse records are made at all (PTR is managed). */
  readonly makesPTR: boolean;
  /** What the endpoints of one name (from `perName`) ask for; one for each reverse name. */
  ptrContributions(endpoints: readonly Endpoint[]): readonly PTRContribution[];
  /** The endpoints without what only `ptrContributions` reads. */
  withoutPTRRequest(endpoints: readonly Endpoint[]): readonly Endpoint[];
  /** The reverse record of all that ask for it, in order of their names; undefined where there is none to be made. */
  ptrEndpoint(reverseName: string, contributions: readonly PTRContribution[]): Endpoint | undefined;
  /** Last touches on endpoints of any name, reverse ones too: minimal TTL, the provider's own properties, alias. */
  finish(endpoints: readonly Endpoint[]): readonly Endpoint[];
}
