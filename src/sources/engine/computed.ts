import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Walk } from '../source.ts';

/** What one object of a walk gave when it was last computed. */
export interface Computed {
  readonly walk: Walk;
  readonly key: string;
  /** Of the last time that it could be computed; they stand while `error` is set. */
  endpoints: readonly Endpoint[];
  /** Names that the object wants, but has nothing to point to: name and reason. */
  pending: readonly (readonly [name: string, reason: string])[];
  /** What it gave last for names that are pending now. */
  last: readonly LastGiven[];
  warnings: readonly string[];
  /** Why it cannot be computed now; its records stay as they are. */
  error: string | undefined;
  /** It was never computed without an error: what it wants is not known. */
  unknown: boolean;
  /** Ends the tracking of what was read. */
  forget: (() => void)[] | undefined;
}

/** What an object gave for a name before it had no target for it. */
export interface LastGiven {
  /** Normalised. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** When it was first seen without. */
  readonly sinceMs: number;
}
