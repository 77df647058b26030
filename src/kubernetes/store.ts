import type { Index, ObjectChange, ResourceView, ViewFailure, ViewState } from './cluster.ts';
import { sameObject } from './equal.ts';
import type { KubeObject, Resource } from './object.ts';

type Names<T> = Map<string, T>;
type Namespaces<T> = Map<string, Names<T>>;

/**
 * Fills a store. Nothing is seen by readers before `finishList` or `flush`.
 *
 *     startList, add..., finishList        a whole list: swaps the content, and gives the exact difference
 *     apply | remove..., flush             watch events: one batch
 */
export interface StoreWriter<T extends KubeObject> {
  startList(): void;
  add(object: T): void;
  finishList(version: string): void;
  apply(object: T): void;
  remove(namespace: string, name: string): void;
  flush(): void;
  fail(reason: ViewFailure, message: string): void;
  /** The reading goes on where it was: content and changes are to be trusted again. */
  recover(): void;
  /** The content no longer has the form that is asked for, and is about to be read anew. */
  restart(): void;
}

/** Makes a store: its reading and its writing side. `onError` gets what a listener throws. */
export function createStore<T extends KubeObject>(
  resource: Resource<T>,
  namespace: string,
  onError: (error: unknown) => void,
): { readonly view: ResourceView<T>; readonly writer: StoreWriter<T> } {
  const store = new Store(resource, namespace, onError);
  return { view: store, writer: store };
}

class Store<T extends KubeObject> implements ResourceView<T>, StoreWriter<T> {
  readonly resource: Resource<T>;
  readonly namespace: string;
  state: ViewState = { kind: 'syncing' };
  version: string | undefined;
  size = 0;
  #content: Namespaces<T> = new Map();
  #listed: Namespaces<T> | undefined;
  #everSynced = false;
  #pending = new Map<string, { readonly namespace: string; readonly name: string; readonly object: T | undefined }>();
  readonly #indexes = new Map<Index<T>, Map<string, Set<T>>>();
  readonly #listeners = new Set<(changes: readonly ObjectChange<T>[]) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(resource: Resource<T>, namespace: string, onError: (error: unknown) => void) {
    this.resource = resource;
    this.namespace = namespace;
    this.#onError = onError;
  }

  get(namespace: string, name: string): T | undefined {
    return this.#content.get(namespace)?.get(name);
  }

  *list(namespace?: string): Iterable<T> {
    if (namespace !== undefined && namespace !== '') yield* this.#content.get(namespace)?.values() ?? [];
    else for (const names of this.#content.values()) yield* names.values();
  }

  lookup(index: Index<T>, value: string): Iterable<T> {
    let entries = this.#indexes.get(index);
    if (entries === undefined) {
      entries = new Map();
      this.#indexes.set(index, entries);
      for (const object of this.list()) addTo(entries, index, object);
    }
    return entries.get(value) ?? [];
  }

  subscribe(listener: (changes: readonly ObjectChange<T>[]) => void): () => void {
    // each subscription stands for itself, also where one function is given twice
    const entry = (changes: readonly ObjectChange<T>[]): void => listener(changes);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  startList(): void {
    this.#listed = new Map();
  }

  add(object: T): void {
    if (this.#listed === undefined) throw new Error('an object was added to a list that was not started');
    const { namespace, name } = object.metadata;
    namesOf(this.#listed, namespace).set(name, object);
  }

  finishList(version: string): void {
    const listed = this.#listed ?? new Map<string, Names<T>>();
    this.#listed = undefined;
    this.#pending.clear();
    const changes: ObjectChange<T>[] = [];
    let size = 0;
    for (const [namespace, names] of listed) {
      const old = this.#content.get(namespace);
      size += names.size;
      for (const [name, object] of names) {
        const before = old?.get(name);
        if (before !== undefined && sameObject(before, object)) names.set(name, refreshed(before, object));
        else changes.push({ before, after: object });
      }
    }
    for (const [namespace, names] of this.#content) {
      const now = listed.get(namespace);
      for (const [name, before] of names) if (!now?.has(name)) changes.push({ before, after: undefined });
    }
    this.#content = listed;
    this.size = size;
    this.version = version;
    const recovered = this.state.kind !== 'synced';
    this.state = { kind: 'synced' };
    this.#everSynced = true;
    this.#publish(changes, recovered);
  }

  apply(object: T): void {
    const { namespace, name } = object.metadata;
    this.#pending.set(`${namespace}/${name}`, { namespace, name, object });
  }

  remove(namespace: string, name: string): void {
    this.#pending.set(`${namespace}/${name}`, { namespace, name, object: undefined });
  }

  flush(): void {
    if (this.#pending.size === 0) return;
    const changes: ObjectChange<T>[] = [];
    for (const { namespace, name, object } of this.#pending.values()) {
      const before = this.get(namespace, name);
      if (object === undefined) {
        if (before === undefined) continue;
        const names = this.#content.get(namespace);
        names?.delete(name);
        if (names?.size === 0) this.#content.delete(namespace);
        this.size--;
      } else if (before !== undefined && sameObject(before, object)) {
        refreshed(before, object);
        continue;
      } else {
        namesOf(this.#content, namespace).set(name, object);
        if (before === undefined) this.size++;
      }
      changes.push({ before, after: object });
    }
    this.#pending.clear();
    this.#publish(changes, false);
  }

  fail(reason: ViewFailure, message: string): void {
    const { state } = this;
    this.#listed = undefined;
    if (state.kind === 'failed' && state.reason === reason && state.message === message) return;
    // when it began stays, though the reason is another one now
    this.state = { kind: 'failed', since: state.kind === 'failed' ? state.since : new Date(), reason, message, everSynced: this.#everSynced };
    this.#publish([], true);
  }

  recover(): void {
    if (this.state.kind === 'synced') return;
    this.state = { kind: 'synced' };
    this.#publish([], true);
  }

  restart(): void {
    if (this.state.kind === 'syncing') return;
    this.state = { kind: 'syncing' };
    this.#publish([], true);
  }

  #publish(changes: readonly ObjectChange<T>[], stateChanged: boolean): void {
    for (const [index, entries] of this.#indexes) {
      for (const { before, after } of changes) {
        if (before !== undefined) removeFrom(entries, index, before);
        if (after !== undefined) addTo(entries, index, after);
      }
    }
    if (changes.length > 0) this.#tell(changes);
    if (stateChanged) this.#tell([]);
  }

  #tell(changes: readonly ObjectChange<T>[]): void {
    // one that is added meanwhile reads the content as it is now
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(changes);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

function namesOf<T>(content: Namespaces<T>, namespace: string): Names<T> {
  let names = content.get(namespace);
  if (names === undefined) content.set(namespace, (names = new Map()));
  return names;
}

/**
 * The object that readers already hold, with the resource version of an equal newer one: what is compared with by identity stays the same.
 * The one place where a kept object is written to; nobody computes from a resource version.
 */
function refreshed<T extends KubeObject>(object: T, newer: T): T {
  const metadata: { resourceVersion: string } = object.metadata;
  metadata.resourceVersion = newer.metadata.resourceVersion;
  return object;
}

function addTo<T extends KubeObject>(entries: Map<string, Set<T>>, index: Index<T>, object: T): void {
  for (const value of index.values(object)) {
    const found = entries.get(value);
    if (found) found.add(object);
    else entries.set(value, new Set([object]));
  }
}

function removeFrom<T extends KubeObject>(entries: Map<string, Set<T>>, index: Index<T>, object: T): void {
  for (const value of index.values(object)) {
    const found = entries.get(value);
    found?.delete(object);
    if (found?.size === 0) entries.delete(value);
  }
}
