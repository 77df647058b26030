import type { Endpoint } from '../../endpoint/endpoint.ts';
import { groupByName } from '../../endpoint/group-by-name.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { Walk } from '../source.ts';

/** What one object of a walk gave when it was last computed. */
export interface Computed {
  readonly walk: Walk;
  readonly key: string;
  /** Of the last time that it could be computed; they stand while `error` is set. */
  endpoints: readonly Endpoint[];
  /** The same by name, once they were asked for and are many. */
  byName?: ReadonlyMap<string, readonly Endpoint[]>;
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

/** Most objects read nothing else and have nothing to tell: they share what is empty. */
export const none: readonly never[] = Object.freeze([]);

/** Nothing is known of what an object gives. */
export const newComputed = (walk: Walk, key: string): Computed => ({ walk, key, endpoints: none, pending: none, last: none, warnings: none, error: undefined, unknown: true, forget: undefined });

/** The normalised names that it gives, or waits to give. */
export function namesOf(computed: Computed): Iterable<string> {
  const [first] = computed.endpoints;
  if (computed.endpoints.length === 1 && first && computed.pending.length === 0) return [normalizeName(first.dnsName)];
  return new Set([...computed.endpoints.map((e) => normalizeName(e.dnsName)), ...computed.pending.map(([name]) => normalizeName(name))]);
}

/** What it gives for a normalised name. */
export function endpointsOf(computed: Computed, name: string): readonly Endpoint[] {
  const { endpoints } = computed;
  if (endpoints.length > few) return (computed.byName ??= groupByName(endpoints)).get(name) ?? none;
  return endpoints.length === 1 && endpoints[0] && normalizeName(endpoints[0].dnsName) === name ? endpoints : endpoints.filter((e) => normalizeName(e.dnsName) === name);
}

/** So many are looked through; most objects give one or two. */
const few = 16;

/** Whether two lists of endpoints say the same, in the same order. */
export function sameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  if (a.length !== b.length) return false;
  for (const [i, x] of a.entries()) {
    const y = b[i];
    if (!y || x.dnsName !== y.dnsName || x.recordType !== y.recordType || x.ttlSeconds !== y.ttlSeconds || x.setIdentifier !== y.setIdentifier) return false;
    if (x.targets.length !== y.targets.length || x.targets.some((t, n) => t !== y.targets[n])) return false;
    if (JSON.stringify(x.providerSpecific) !== JSON.stringify(y.providerSpecific) || JSON.stringify(x.labels) !== JSON.stringify(y.labels)) return false;
  }
  return true;
}
