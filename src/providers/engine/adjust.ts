import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { compareText } from '../../endpoint/targets.ts';
import type { Limits } from './zone-provider.ts';

export interface AdjustRules {
  readonly limits: Limits;
  readonly recordTypes: ReadonlySet<string> | undefined;
  /** Whether a name may have several sets of a type, told apart by set identifiers. */
  readonly setIdentifiers: boolean;
  /** Told of what cannot be written as it is wished; `what` is a constant message. */
  readonly warn: (what: string, e: Endpoint) => void;
}

/** What any provider's limits make of wished endpoints: unsupported types and set identifiers left out, one value where only one can be, TTLs brought inside the limits. */
export function adjustToLimits(endpoints: readonly Endpoint[], { limits, recordTypes, setIdentifiers, warn }: AdjustRules): readonly Endpoint[] {
  const single = new Set(limits.singleValueTypes ?? ['CNAME', 'DNAME']);
  return endpoints.flatMap((e) => {
    if (recordTypes && !recordTypes.has(e.recordType)) {
      warn('record is left out: the provider cannot hold this type', e);
      return [];
    }
    const ttlSeconds = clampTTL(e.ttlSeconds, limits);
    const tooMany = single.has(e.recordType) && e.targets.length > 1;
    if (tooMany) warn('of several targets only the first is published: a zone can hold one', e);
    const targets = tooMany ? e.targets.toSorted(compareText).slice(0, 1) : e.targets;
    const setIdentifier = setIdentifiers ? e.setIdentifier : '';
    return ttlSeconds === e.ttlSeconds && !tooMany && setIdentifier === e.setIdentifier ? e : endpoint({ ...e, ttlSeconds, targets, setIdentifier });
  });
}

function clampTTL(ttlSeconds: number, { ttlSeconds: { min = 0, max = 0 } = {} }: Limits): number {
  if (ttlSeconds === 0) return 0;
  const raised = Math.max(ttlSeconds, min);
  return max > 0 ? Math.min(raised, max) : raised;
}

/** A change as it is written: with the provider's default where no TTL is wished. */
export function withDefaultTTL(change: Change, { ttlSeconds: { default: ttl = 0 } = {} }: Limits): Change {
  if (change.action === 'delete' || change.after.ttlSeconds > 0 || ttl === 0) return change;
  return { ...change, after: endpoint({ ...change.after, ttlSeconds: ttl }) };
}
