import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { mergeEndpoints } from '../../endpoint/merge.ts';
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
  const held = endpoints.filter((e) => {
    const isHeld = !recordTypes || recordTypes.has(e.recordType);
    if (!isHeld) warn('record is left out: the provider cannot hold this type', e);
    return isHeld;
  });
  return (setIdentifiers ? held : withoutSetIdentifiers(held, warn)).map((e) => {
    const ttlSeconds = clampTTL(e.ttlSeconds, limits);
    const tooMany = single.has(e.recordType) && e.targets.length > 1;
    if (tooMany) warn('of several targets only the first is published: a zone can hold one', e);
    const targets = tooMany ? e.targets.toSorted(compareText).slice(0, 1) : e.targets;
    return ttlSeconds === e.ttlSeconds && !tooMany ? e : endpoint({ ...e, ttlSeconds, targets });
  });
}

/** What was to be told apart by set identifiers becomes one set with all targets, as if they had not been given. */
function withoutSetIdentifiers(endpoints: readonly Endpoint[], warn: AdjustRules['warn']): readonly Endpoint[] {
  const identified = endpoints.filter((e) => e.setIdentifier !== '');
  if (identified.length === 0) return endpoints;
  for (const e of identified) warn('set identifier is left out: the provider holds one record set of a name and type, and answers with all of it', e);
  const plain = (e: Endpoint): Endpoint => endpoint({ ...e, setIdentifier: '' });
  const inOrder = identified.toSorted((a, b) => compareText(a.setIdentifier, b.setIdentifier));
  return [...endpoints.filter((e) => e.setIdentifier === ''), ...mergeEndpoints(inOrder.map(plain))];
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
