import type { Access } from './access.ts';

/** A rule of a Role or ClusterRole. */
export interface Rule {
  readonly apiGroups: readonly [string];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** For the reader: `--source=ingress`; sorted. */
  readonly neededBy: readonly string[];
}

/** The rules of one role. */
export interface Grant {
  /** '' for a ClusterRole. */
  readonly namespace: string;
  readonly rules: readonly Rule[];
}

interface Needed {
  readonly verbs: Set<string>;
  readonly neededBy: Set<string>;
}

const verbOrder = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** Accesses as roles: that of the cluster first, then by namespace; nothing twice, and in no namespace what the cluster role grants anyway. */
export function grantsOf(accesses: readonly Access[]): readonly Grant[] {
  const byNamespace = new Map<string, Map<string, Needed>>();
  for (const { group, resource, verbs, namespace, neededBy } of inOrder(accesses)) {
    const key = `${group}/${resource}`;
    const everywhere = byNamespace.get('')?.get(key);
    const missing = namespace === '' ? verbs : verbs.filter((verb) => !everywhere?.verbs.has(verb));
    if (missing.length === 0) {
      everywhere?.neededBy.add(neededBy);
      continue;
    }
    const needed = getOrAdd(getOrAdd(byNamespace, namespace, () => new Map<string, Needed>()), key, () => ({ verbs: new Set<string>(), neededBy: new Set<string>() }));
    for (const verb of missing) needed.verbs.add(verb);
    needed.neededBy.add(neededBy);
  }
  return [...byNamespace].map(([namespace, needed]) => ({ namespace, rules: rulesOf(needed) }));
}

/** By namespace, that of the cluster first. */
const inOrder = (accesses: readonly Access[]): readonly Access[] => accesses.toSorted((a, b) => (a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : 0));

/** Resources of one group with equal verbs share a rule. */
function rulesOf(byResource: ReadonlyMap<string, Needed>): readonly Rule[] {
  const rules = new Map<string, { readonly group: string; readonly resources: string[]; readonly verbs: readonly string[]; readonly neededBy: Set<string> }>();
  for (const [key, needed] of [...byResource].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const slash = key.indexOf('/');
    const group = key.slice(0, slash);
    const verbs = verbOrder.filter((verb) => needed.verbs.has(verb));
    const rule = getOrAdd(rules, `${group} ${verbs.join()}`, () => ({ group, resources: [], verbs, neededBy: new Set<string>() }));
    rule.resources.push(key.slice(slash + 1));
    for (const user of needed.neededBy) rule.neededBy.add(user);
  }
  return [...rules.values()].map(({ group, resources, verbs, neededBy }) => ({ apiGroups: [group], resources, verbs, neededBy: [...neededBy].sort() }));
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
