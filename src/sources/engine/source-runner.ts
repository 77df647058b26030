import { type Endpoint, endpoint, type ObjectRef } from '../../endpoint/endpoint.ts';
import { mergeEndpoints } from '../../endpoint/merge.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { compareText } from '../../endpoint/targets.ts';
import { messageOf } from '../../errors.ts';
import type { Cluster, ObjectChange } from '../../kubernetes/cluster.ts';
import { differInAnnotation } from '../../kubernetes/equal.ts';
import { type KubeObject, objectKey, type RawObject, type Resource, resourceName } from '../../kubernetes/object.ts';
import type { Logger } from '../../log/logger.ts';
import type { Read, Source, SourceDefinition, Walk } from '../source.ts';
import { type Computed, namesOf, newComputed, none, endpointsOf, sameEndpoints } from './computed.ts';
import { Dependencies } from './dependencies.ts';
import type { HostResolver } from './host-resolver.ts';
import { LastTargets, rowOf } from './last-targets.ts';
import { NotYetRead, type OpenView, ReadingContext } from './reading-context.ts';

export interface StatusWrite {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly status: RawObject;
}

/** Runs one source: computes the objects that changed, or read what changed, and keeps who gives which name. */
export class SourceRunner {
  readonly definition: SourceDefinition;
  readonly #source: Source;
  readonly #log: Logger;
  readonly #resolver: HostResolver;
  readonly #views = new Map<Resource, OpenView>();
  readonly #computed = new Map<Walk, Map<string, Computed>>();
  /** Contributions by normalised name; one object, or several. */
  readonly #byName = new Map<string, Computed | Computed[]>();
  readonly #dirty = new Map<Walk, Set<string>>();
  /** Reads that begin when the first object needs them. */
  readonly #lazy = new Map<Resource, Read>();
  readonly #openLazy: (resource: Resource) => OpenView | undefined;
  #opened = false;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #onDirty: () => void;
  readonly #failed = new Set<Computed>();
  readonly #statusDue = new Set<Computed>();
  readonly #last: LastTargets;
  readonly #ownAnnotation: string;
  readonly #followers: ((walk: Walk, key: string) => void)[] = [];
  #polled: Computed | undefined;
  #pollError: string | undefined;

  constructor(parts: { definition: SourceDefinition; source: Source; cluster: Cluster; whole: boolean; staleGraceMs: number; ownAnnotation: string; resolver: HostResolver; log: Logger; onDirty: () => void }) {
    this.definition = parts.definition;
    this.#source = parts.source;
    this.#log = parts.log;
    this.#resolver = parts.resolver;
    this.#onDirty = parts.onDirty;
    this.#last = new LastTargets(parts.staleGraceMs);
    this.#ownAnnotation = parts.ownAnnotation;
    for (const walk of parts.source.walks) {
      this.#computed.set(walk, new Map());
      this.#dirty.set(walk, new Set());
      this.#open(parts.cluster, walk, parts.whole);
    }
    for (const read of parts.source.reads) {
      if (this.#views.has(read.resource)) continue;
      if (read.lazy) this.#lazy.set(read.resource, read);
      else this.#open(parts.cluster, read, false);
    }
    this.#openLazy = (resource) => {
      const read = this.#lazy.get(resource);
      if (!read) return undefined;
      this.#lazy.delete(resource);
      this.#opened = true;
      return this.#open(parts.cluster, read, false);
    };
  }

  /** Whether something began to be watched since the last call, because an object needs it: it must be read before that can be computed. */
  takeOpened(): boolean {
    const opened = this.#opened;
    this.#opened = false;
    return opened;
  }

  #open(cluster: Cluster, read: Read, whole: boolean): OpenView {
    const walks = this.#source.walks.filter((w) => w.resource === read.resource);
    const view = cluster.watch(read.resource, { namespace: read.namespace, whole, neededBy: read.flag ?? `--source=${this.definition.name}` });
    const open: OpenView = { view, optional: read.optional ?? false, dependencies: new Dependencies() };
    this.#views.set(read.resource, open);
    for (const walk of walks) for (const object of view.list()) this.#dirty.get(walk)?.add(objectKey(object));
    this.#unsubscribe.push(
      view.subscribe((changes) => {
        // the state of the view has changed: what failed for want of it may work now
        if (changes.length === 0) for (const computed of this.#failed) this.#markDirty(computed);
        for (const change of changes) {
          // what is noted at an object on our behalf changes nothing that it wants
          if (change.before && change.after && differInAnnotation(change.before, change.after, this.#ownAnnotation)) {
            for (const walk of walks) this.#tellFollowers(walk, keyOf(change));
            continue;
          }
          for (const walk of walks) this.#dirty.get(walk)?.add(keyOf(change));
          for (const computed of open.dependencies.of(change)) this.#markDirty(computed);
        }
        this.#onDirty();
      }),
    );
    return open;
  }

  /** Called with every object of an annotated walk that came, changed (also in our own annotation) or went, once it is computed. */
  follow(listener: (walk: Walk, key: string) => void): void {
    this.#followers.push(listener);
  }

  #tellFollowers(walk: Walk, key: string): void {
    if (walk.annotated) for (const listener of this.#followers) listener(walk, key);
  }

  /** An object with what it gave; undefined: it is gone. */
  given(walk: Walk, key: string): { readonly object: KubeObject; readonly computed: Computed } | undefined {
    const object = this.#views.get(walk.resource)?.view.get(...splitKey(key));
    const computed = this.#computed.get(walk)?.get(key);
    return object && computed && { object, computed };
  }

  /** All objects of the walks that are chosen, by walk and key. */
  *keys(chosen: (walk: Walk) => boolean): Iterable<readonly [walk: Walk, key: string]> {
    for (const [walk, byKey] of this.#computed) if (chosen(walk)) for (const key of byKey.keys()) yield [walk, key];
  }

  #markDirty(computed: Computed): void {
    this.#dirty.get(computed.walk)?.add(computed.key);
  }

  /** Why the source as a whole cannot be trusted to know its objects; its names must stay as they are. */
  get unreadable(): string | undefined {
    if (this.#pollError !== undefined) return this.#pollError;
    for (const walk of this.#source.walks) {
      const state = this.#views.get(walk.resource)?.view.state;
      if (state?.kind === 'failed' && !(walk.optional && (state.reason === 'not-installed' || state.reason === 'forbidden'))) return state.message;
      if (state?.kind === 'syncing') return `${resourceName(walk.resource)} is not yet read`;
    }
    return undefined;
  }

  /** Objects that cannot be computed now. */
  get failed(): ReadonlySet<Computed> {
    return this.#failed;
  }

  get objects(): number {
    let count = 0;
    for (const byKey of this.#computed.values()) count += byKey.size;
    return count;
  }

  /** Objects that look up this host are computed again at the next flush. */
  hostChanged(dependents: Iterable<object>): void {
    for (const d of dependents) if (this.#computed.get((d as Computed).walk)?.get((d as Computed).key) === d) this.#markDirty(d as Computed);
  }

  /** Computes what changed; adds the names whose endpoints are others now. */
  flush(dirtyNames: Set<string>, nowMs: number): void {
    this.#last.pass(nowMs, dirtyNames);
    for (const [walk, keys] of this.#dirty) {
      if (keys.size === 0) continue;
      const view = this.#views.get(walk.resource)?.view;
      if (!view) continue;
      for (const key of keys) {
        const slash = key.indexOf('/');
        const object = view.get(key.slice(0, slash), key.slice(slash + 1));
        if (object) this.#compute(walk, key, object, dirtyNames);
        else this.#remove(walk, key, dirtyNames);
        this.#tellFollowers(walk, key);
      }
      keys.clear();
    }
  }

  /** Reads a source outside of the cluster anew. */
  async poll(dirtyNames: Set<string>, signal: AbortSignal): Promise<void> {
    if (!this.#source.poll) return;
    try {
      const endpoints = await this.#source.poll(signal);
      const before = this.#polled;
      if (before) this.#unlink(before, dirtyNames);
      this.#polled = newComputed({ resource: pollResource, namespace: '', endpoints: () => [] }, '');
      this.#polled.endpoints = endpoints;
      this.#polled.unknown = false;
      this.#link(this.#polled, dirtyNames);
      this.#pollError = undefined;
    } catch (error) {
      this.#pollError = messageOf(error);
    }
  }

  /** What the objects give for one normalised name, merged as the source wants it. */
  endpointsOf(name: string): readonly Endpoint[] {
    const found = this.#byName.get(name);
    if (found === undefined) return [];
    const merge = this.#source.merge ?? mergeEndpoints;
    if (!Array.isArray(found)) return merge(endpointsOf(found, name));
    return merge([...found].sort(byObject).flatMap((c) => [...endpointsOf(c, name), ...this.#lastOf(c, name)]));
  }

  /**
   * Why an object that shares a record of this name with others has no target for it at the moment; its last one is among the endpoints.
   * undefined: there is none.
   */
  shortOf(name: string): string | undefined {
    const short = this.contributors(name).find((c) => this.#lastOf(c, name).length > 0);
    return short?.pending.find(([n]) => normalizeName(n) === name)?.[1];
  }

  /** What an object gave last for a name, of records that others give now. */
  #lastOf(computed: Computed, name: string): readonly Endpoint[] {
    const last = this.#last.of(computed, name);
    if (last.length === 0) return last;
    const given = new Set(this.contributors(name).flatMap((c) => endpointsOf(c, name)).map(rowOf));
    return last.filter((e) => given.has(rowOf(e)));
  }

  /** When the grace time of something ends that objects gave last. */
  get lastEndsMs(): number | undefined {
    return this.#last.nextMs;
  }

  /** The objects that give, or wait to give, a name. */
  contributors(name: string): readonly Computed[] {
    const found = this.#byName.get(name);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  }

  /** The object that a resource label (`service/default/web`) stands for; undefined: it is none of this source, or gone. */
  objectOf(resource: string): ObjectRef | undefined {
    const [label = '', ...path] = resource.split('/');
    if (!this.definition.resourceLabels.includes(label)) return undefined;
    const [name = '', namespace = ''] = path.toReversed();
    for (const { resource: walked } of this.#source.walks) {
      const object = this.#views.get(walked)?.view.get(namespace, name);
      if (object) return refOf(object, this.definition.name);
    }
    return undefined;
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** Objects of which a status is written, with what they gave: all, or those that give one of some names. */
  *reported(names?: Iterable<string>): Iterable<{ readonly object: KubeObject; readonly resource: Resource; readonly computed: Computed }> {
    const chosen = names && new Set([...names].flatMap((name) => this.contributors(name)));
    for (const [{ resource, status }, byKey] of this.#computed) {
      if (!status) continue;
      for (const computed of chosen ?? byKey.values()) {
        const object = computed.walk.resource === resource ? this.#views.get(resource)?.view.get(...splitKey(computed.key)) : undefined;
        if (object) yield { object, resource, computed };
      }
    }
  }

  /** Statuses of objects that were computed since the last call, to be written now that their endpoints are published. */
  takeStatuses(): StatusWrite[] {
    const writes: StatusWrite[] = [];
    for (const c of this.#statusDue) {
      const object = this.#views.get(c.walk.resource)?.view.get(...splitKey(c.key));
      const status = object && c.walk.status?.(object);
      if (object && status) writes.push({ resource: c.walk.resource, namespace: object.metadata.namespace, name: object.metadata.name, status });
    }
    this.#statusDue.clear();
    return writes;
  }

  close(): void {
    for (const end of this.#unsubscribe) end();
  }

  #compute(walk: Walk, key: string, object: KubeObject, dirtyNames: Set<string>): void {
    const byKey = this.#computed.get(walk);
    const before = byKey?.get(key);
    const after = newComputed(walk, key);
    let waits = false;
    const reading = new ReadingContext(this.#views, this.#openLazy, this.#resolver, after);
    try {
      const ref = refOf(object, this.definition.name);
      const refs = [ref];
      after.endpoints = walk.endpoints(object, reading).map((e) => endpoint({ ...e, refs }));
      after.unknown = false;
    } catch (error) {
      after.error = messageOf(error);
      waits = error instanceof NotYetRead;
      after.endpoints = before?.endpoints ?? [];
      after.unknown = before?.unknown ?? true;
    }
    // what cannot be computed still wants what it wanted
    if (after.error !== undefined && before) after.pending = before.pending;
    else if (reading.pendingNames.length) after.pending = reading.pendingNames;
    this.#last.replace(before, after, (name) => this.contributors(name).filter((c) => c !== before));
    if (reading.warnings.length) after.warnings = reading.warnings;
    if (!waits) this.#tell(before, after, object);
    if (before) this.#statusDue.delete(before);
    if (walk.status && after.error === undefined) this.#statusDue.add(after);
    byKey?.set(key, after);
    if (before) {
      forgetAll(before);
      this.#failed.delete(before);
      if (sameEndpoints(before.endpoints, after.endpoints) && before.error === after.error && before.pending.length === 0 && after.pending.length === 0) {
        this.#replace(before, after);
        if (after.error !== undefined) this.#failed.add(after);
        return;
      }
      this.#unlink(before, dirtyNames);
    }
    if (after.error !== undefined) this.#failed.add(after);
    this.#link(after, dirtyNames);
  }

  #remove(walk: Walk, key: string, dirtyNames: Set<string>): void {
    const byKey = this.#computed.get(walk);
    const before = byKey?.get(key);
    if (!before) return;
    byKey?.delete(key);
    this.#statusDue.delete(before);
    this.#last.forget(before);
    forgetAll(before);
    this.#failed.delete(before);
    this.#unlink(before, dirtyNames);
  }

  /** One warning where an object cannot be computed or has something that cannot be published, when the reason changes. */
  #tell(before: Computed | undefined, after: Computed, object: KubeObject): void {
    if (after.error === undefined && before?.error === undefined && after.warnings === none && after.pending === none) return;
    const fields = { source: this.definition.name, object: `${object.kind}/${object.metadata.namespace ? `${object.metadata.namespace}/` : ''}${object.metadata.name}` };
    if (after.error !== undefined && after.error !== before?.error) this.#log.warning('object cannot be computed; its records stay as they are', { ...fields, reason: after.error });
    if (after.error === undefined && before?.error !== undefined) this.#log.info('object can be computed again', fields);
    for (const reason of after.warnings) if (!before?.warnings.includes(reason)) this.#log.warning('object is not published as it is written', { ...fields, reason });
    for (const [name, reason] of after.pending)
      if (!before?.pending.some(([n, r]) => n === name && r === reason)) this.#log.info('record waits for a target', { ...fields, name, reason });
  }

  #link(computed: Computed, dirtyNames: Set<string>): void {
    for (const name of namesOf(computed)) {
      dirtyNames.add(name);
      const found = this.#byName.get(name);
      if (found === undefined) this.#byName.set(name, computed);
      else if (Array.isArray(found)) found.push(computed);
      else this.#byName.set(name, [found, computed]);
    }
  }

  #unlink(computed: Computed, dirtyNames: Set<string>): void {
    for (const name of namesOf(computed)) {
      dirtyNames.add(name);
      this.#set(name, (list) => list.filter((c) => c !== computed));
    }
  }

  #replace(before: Computed, after: Computed): void {
    for (const name of namesOf(before)) this.#set(name, (list) => list.map((c) => (c === before ? after : c)));
  }

  #set(name: string, change: (list: Computed[]) => Computed[]): void {
    const list = change([...this.contributors(name)]);
    const [first] = list;
    if (first === undefined) this.#byName.delete(name);
    else this.#byName.set(name, list.length === 1 ? first : list);
  }
}

const pollResource: Resource = { group: '', versions: [], plural: '', kind: '', namespaced: false, keep: () => { throw new Error('a polled source has no objects'); } };

const keyOf = (change: ObjectChange): string => {
  const object = change.after ?? change.before;
  return object ? objectKey(object) : '';
};

const splitKey = (key: string): [namespace: string, name: string] => {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
};

function forgetAll(computed: Computed): void {
  for (const forget of computed.forget ?? none) forget();
  computed.forget = undefined;
}

const byObject = (a: Computed, b: Computed): number => compareText(a.walk.resource.kind, b.walk.resource.kind) || compareText(a.key, b.key);

const refOf = (object: KubeObject, source: string): ObjectRef => ({
  apiVersion: object.apiVersion,
  kind: object.kind,
  namespace: object.metadata.namespace,
  name: object.metadata.name,
  uid: object.metadata.uid,
  source,
});
