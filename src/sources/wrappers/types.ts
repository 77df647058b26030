import type { Endpoint } from '../../endpoint/endpoint.ts';

/** An address of a name asks for a reverse record. */
export interface PTRContribution {
  /** As `10.2.0.192.in-addr.arpa`. */
  readonly reverseName: string;
  /** The name that the reverse record points to. */
  readonly target: string;
  readonly ttlSeconds: number;
}

/** Told of an endpoint that is not published as its source gave it, with a sentence for the user. */
export type Report = (endpoint: Endpoint, reason: string) => void;

/** What is done to the endpoints of all sources before they are planned. Pure but for the reports. */
export interface Wrappers {
  /** The endpoints of one name, those of the first source first, with default targets, checked, without duplicates, with NAT64 addresses and filtered targets. */
  perName(endpoints: readonly Endpoint[], onInvalid: Report, onDuplicate?: (endpoint: Endpoint) => void): readonly Endpoint[];
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
