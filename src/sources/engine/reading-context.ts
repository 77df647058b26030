import { compareText } from '../../endpoint/targets.ts';
import type { Index, ResourceView } from '../../kubernetes/cluster.ts';
import { type KubeObject, type Resource, resourceName } from '../../kubernetes/object.ts';
import type { ObjectContext } from '../source.ts';
import type { Computed } from './computed.ts';
import type { Dependencies } from './dependencies.ts';
import type { HostResolver } from './host-resolver.ts';

/** A view that a source reads, and who must be computed again when it changes. */
export interface OpenView {
  readonly view: ResourceView;
  readonly optional: boolean;
  readonly dependencies: Dependencies<Computed>;
}

/** What the object needs is only just being read; it will be computed again at once. */
export class NotYetRead extends Error {}

/** Follows what `endpoints` of one object reads. */
export class ReadingContext implements ObjectContext {
  readonly pendingNames: (readonly [string, string])[] = [];
  readonly warnings: string[] = [];
  readonly #views: ReadonlyMap<Resource, OpenView>;
  readonly #openLazy: (resource: Resource) => OpenView | undefined;
  readonly #resolver: HostResolver;
  readonly #computed: Computed;

  constructor(views: ReadonlyMap<Resource, OpenView>, openLazy: (resource: Resource) => OpenView | undefined, resolver: HostResolver, computed: Computed) {
    this.#views = views;
    this.#openLazy = openLazy;
    this.#resolver = resolver;
    this.#computed = computed;
  }

  get<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string): T | undefined {
    const open = this.#view(resource);
    this.#remember(open.dependencies.addKey(`${namespace}/${name}`, this.#computed));
    return open.view.get(namespace, name) as T | undefined;
  }

  list<T extends KubeObject>(resource: Resource<T>, namespace: string, labels?: Readonly<Record<string, string>>): readonly T[] {
    const open = this.#view(resource);
    this.#remember(open.dependencies.addList(namespace, labels, this.#computed));
    const all = [...(open.view.list(namespace || undefined) as Iterable<T>)];
    const wanted = labels ? Object.entries(labels) : [];
    return (wanted.length ? all.filter((o) => wanted.every(([k, v]) => o.metadata.labels[k] === v)) : all).sort(byKey);
  }

  lookup<T extends KubeObject>(resource: Resource<T>, index: Index<T>, value: string): readonly T[] {
    const open = this.#view(resource);
    this.#remember(open.dependencies.addIndex(index as unknown as Index, value, this.#computed));
    return [...(open.view.lookup(index as unknown as Index, value) as Iterable<T>)].sort(byKey);
  }

  resolve(host: string): readonly string[] {
    return this.#resolver.resolve(host, this.#computed);
  }

  pending(name: string, reason: string): void {
    this.pendingNames.push([name, reason]);
  }

  warn(reason: string): void {
    if (!this.warnings.includes(reason)) this.warnings.push(reason);
  }

  #remember(forget: () => void): void {
    const { forget: known } = this.#computed;
    if (known) known.push(forget);
    // most objects read but one: a list of one has no room for more
    else this.#computed.forget = [forget];
  }

  #view(resource: Resource): OpenView {
    const open = this.#views.get(resource) ?? this.#openLazy(resource);
    if (!open) throw new Error(`${resourceName(resource)} is read, but not declared by the source`);
    const { state } = open.view;
    const neverRead = state.kind === 'syncing' || (state.kind === 'failed' && !state.everSynced);
    // going without is for what is not there or not allowed; what could not be reached may well hold something
    const without = open.optional && state.kind === 'failed' && (state.reason === 'not-installed' || state.reason === 'forbidden');
    if (neverRead && !without) throw state.kind === 'failed' ? new Error(state.message) : new NotYetRead(`${resourceName(resource)} is not yet read`);
    return open;
  }
}

const byKey = (a: KubeObject, b: KubeObject): number => compareText(a.metadata.namespace, b.metadata.namespace) || compareText(a.metadata.name, b.metadata.name);
