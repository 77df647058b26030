import type { Index, ObjectChange } from '../../kubernetes/cluster.ts';
import { type KubeObject, objectKey } from '../../kubernetes/object.ts';

/** Who must be computed again when an object changes. One for each view that is read second-hand; `D` is the dependent. */
export class Dependencies<D extends object> {
  readonly #byKey = new Map<string, Set<D>>();
  readonly #byNamespace = new Map<string, Map<string, ListReaders<D>>>();
  readonly #byIndex = new Map<Index, Map<string, Set<D>>>();

  /** Somebody read one object (which may not exist). Returns the way to forget it. */
  addKey(key: string, dependent: D): () => void {
    return addTo(this.#byKey, key, dependent);
  }

  /** Somebody read all objects of a namespace ('' for all) with these labels. */
  addList(namespace: string, labels: Readonly<Record<string, string>> | undefined, dependent: D): () => void {
    const lists = getOrAdd(this.#byNamespace, namespace, () => new Map<string, ListReaders<D>>());
    const id = labels === undefined ? '' : JSON.stringify(Object.entries(labels).sort());
    const readers = getOrAdd(lists, id, () => ({ labels: labels ?? {}, dependents: new Set<D>() }));
    readers.dependents.add(dependent);
    return () => {
      readers.dependents.delete(dependent);
      if (readers.dependents.size === 0) lists.delete(id);
    };
  }

  /** Somebody read the objects of an index's value. */
  addIndex(index: Index, value: string, dependent: D): () => void {
    return addTo(
      getOrAdd(this.#byIndex, index, () => new Map<string, Set<D>>()),
      value,
      dependent,
    );
  }

  /** Everybody whose reads would now give something else. */
  *of(change: ObjectChange): Iterable<D> {
    const object = change.after ?? change.before;
    if (!object) return;
    yield* this.#byKey.get(objectKey(object)) ?? [];
    for (const namespace of new Set(['', object.metadata.namespace])) {
      for (const { labels, dependents } of this.#byNamespace.get(namespace)?.values() ?? []) {
        if (carries(change.before, labels) || carries(change.after, labels)) yield* dependents;
      }
    }
    for (const [index, byValue] of this.#byIndex) {
      const values = new Set([...(change.before ? index.values(change.before) : []), ...(change.after ? index.values(change.after) : [])]);
      for (const value of values) yield* byValue.get(value) ?? [];
    }
  }
}

interface ListReaders<D> {
  readonly labels: Readonly<Record<string, string>>;
  readonly dependents: Set<D>;
}

/** The object carries all of these labels. */
export function carries(object: KubeObject | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (!object) return false;
  for (const key in labels) if (object.metadata.labels[key] !== labels[key]) return false;
  return true;
}

function addTo<D>(map: Map<string, Set<D>>, key: string, dependent: D): () => void {
  const set = getOrAdd(map, key, () => new Set<D>());
  set.add(dependent);
  return () => {
    set.delete(dependent);
    if (set.size === 0) map.delete(key);
  };
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
