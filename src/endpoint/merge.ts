import type { Endpoint, ObjectRef } from './endpoint.ts';

/**
 * Joins the targets of endpoints with equal name, type, set identifier and TTL. The first in order gives labels and properties;
 * all objects are kept. Record types that hold a single target (CNAME, DNAME) stay apart but for equal ones.
 * The order of the input is kept; targets come out sorted, each once.
 */
export function mergeEndpoints(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  return mergeBy(endpoints, (e) => `${e.ttlSeconds} ${setKey(e)}`);
}

/** The same, but endpoints are joined whatever their TTLs: the first in order gives the TTL, too. */
export const mergeIgnoringTTL = (endpoints: readonly Endpoint[]): readonly Endpoint[] => mergeBy(endpoints, setKey);

const setKey = (e: Endpoint): string => `${e.dnsName} ${e.recordType} ${holdsOneTarget(e) ? (e.targets[0] ?? '') : ''} ${e.setIdentifier}`;

function mergeBy(endpoints: readonly Endpoint[], keyOf: (endpoint: Endpoint) => string): readonly Endpoint[] {
  const [first] = endpoints;
  if (endpoints.length === 1 && first) return first.targets.length < 2 ? endpoints : [withTargets(first, first.targets)];
  const byKey = new Map<string, Endpoint[]>();
  for (const e of endpoints) {
    const key = keyOf(e);
    const equal = byKey.get(key);
    if (equal) equal.push(e);
    else byKey.set(key, [e]);
  }
  return [...byKey.values()].flatMap(([head, ...more]) => (head ? [joined(head, more)] : []));
}

/** Whether a name can have only one record of the type. */
const holdsOneTarget = (endpoint: Endpoint): boolean => endpoint.recordType === 'CNAME' || endpoint.recordType === 'DNAME';

/** The objects of several endpoints, in order, each once. */
export function joinRefs(endpoints: readonly Endpoint[]): readonly ObjectRef[] {
  const refs = new Map<string, ObjectRef>();
  for (const e of endpoints)
    for (const ref of e.refs) {
      const key = `${ref.source} ${ref.kind} ${ref.namespace}/${ref.name} ${ref.uid}`;
      if (!refs.has(key)) refs.set(key, ref);
    }
  return [...refs.values()];
}

function joined(head: Endpoint, more: readonly Endpoint[]): Endpoint {
  const all = [head, ...more];
  const targets = all.flatMap((e) => e.targets);
  return more.length === 0 ? withTargets(head, targets) : { ...withTargets(head, targets), refs: joinRefs(all) };
}

/** The endpoint with these targets, sorted, each once; itself where they are so already. */
function withTargets(endpoint: Endpoint, targets: readonly string[]): Endpoint {
  const sorted = [...new Set(targets)].sort();
  const same = sorted.length === endpoint.targets.length && sorted.every((t, i) => t === endpoint.targets[i]);
  return same ? endpoint : { ...endpoint, targets: sorted };
}
