import type { Cluster, ResourceView, ViewFailure, WatchScope } from '../../src/kubernetes/cluster.ts';
import { type KubeObject, type RawObject, type Resource, resourceName } from '../../src/kubernetes/object.ts';
import { createStore, type StoreWriter } from '../../src/kubernetes/store.ts';

interface Open {
  readonly resource: Resource;
  readonly namespace: string;
  readonly view: ResourceView;
  readonly writer: StoreWriter<KubeObject>;
  whole: boolean;
}

/** A cluster in memory: objects come, change and go at once, and a resource can be made unreadable. */
export class FakeCluster implements Cluster {
  readonly title = 'fake';
  readonly statusWrites: { readonly object: string; readonly status: RawObject }[] = [];
  readonly annotationWrites: { readonly object: string; readonly annotations: Readonly<Record<string, string | null>> }[] = [];
  readonly #objects = new Map<string, RawObject>();
  readonly #open: Open[] = [];
  /** By resource. */
  readonly #failed = new Map<string, { readonly reason: ViewFailure; readonly message: string }>();

  readonly writer: Cluster['writer'] = {
    patchStatus: async (_resource, namespace, name, status) => {
      this.statusWrites.push({ object: `${namespace}/${name}`, status });
      return true;
    },
    patchAnnotations: async (resource, namespace, name, annotations) => {
      this.annotationWrites.push({ object: `${resource.kind}/${namespace}/${name}`, annotations });
      return this.#annotate(resource, namespace, name, annotations);
    },
    get: async () => undefined,
    create: async (_resource, object) => object,
    replace: async (_resource, object) => object,
    delete: async () => {},
  };

  watch<T extends KubeObject>(resource: Resource<T>, scope: WatchScope): ResourceView<T> {
    const known = this.#open.find((o) => o.resource === (resource as unknown as Resource) && o.namespace === scope.namespace);
    if (known) {
      if (scope.whole && !known.whole) {
        known.whole = true;
        if (known.view.state.kind === 'synced') this.#list(known);
      }
      return known.view as unknown as ResourceView<T>;
    }
    const { view, writer } = createStore(resource as unknown as Resource, scope.namespace, (error) => {
      throw error;
    });
    const open = { resource: resource as unknown as Resource, namespace: scope.namespace, view, writer, whole: scope.whole ?? false };
    this.#open.push(open);
    const failure = this.#failed.get(resourceName(open.resource));
    if (failure !== undefined) writer.fail(failure.reason, failure.message);
    else this.#list(open);
    return view as unknown as ResourceView<T>;
  }

  async settled(): Promise<void> {}
  async close(): Promise<void> {}

  put(object: RawObject): void {
    this.#objects.set(idOf(object), object);
    for (const open of this.#matching(object)) {
      open.writer.apply(keep(open, object));
      open.writer.flush();
    }
  }

  #annotate({ kind }: Resource, namespace: string, name: string, patch: Readonly<Record<string, string | null>>): boolean {
    const object = [...this.#objects.values()].find((o) => o['kind'] === kind && metaOf(o).namespace === namespace && metaOf(o).name === name);
    if (!object) return false;
    const metadata = object['metadata'] as RawObject;
    const annotations = Object.fromEntries(Object.entries({ ...(metadata['annotations'] as object), ...patch }).filter(([, value]) => value !== null));
    this.put({ ...object, metadata: { ...metadata, annotations } });
    return true;
  }

  remove(object: RawObject): void {
    this.#objects.delete(idOf(object));
    const { namespace, name } = metaOf(object);
    for (const open of this.#matching(object)) {
      open.writer.remove(namespace, name);
      open.writer.flush();
    }
  }

  /** The resource cannot be read any more; what was read stays. */
  fail(plural: string, message: string): void {
    for (const open of this.#open) {
      if (open.resource.plural !== plural) continue;
      this.#failed.set(resourceName(open.resource), { reason: 'forbidden', message });
      open.writer.fail('forbidden', message);
    }
  }

  /** It cannot be read from the start. */
  failFromStart(resource: Resource, message: string, reason: ViewFailure = 'forbidden'): void {
    this.#failed.set(resourceName(resource), { reason, message });
  }

  recover(plural: string): void {
    for (const open of this.#open) {
      if (open.resource.plural !== plural) continue;
      this.#failed.delete(resourceName(open.resource));
      this.#list(open);
    }
  }

  #list(open: Open): void {
    open.writer.startList();
    for (const object of this.#objects.values()) if (this.#matches(open, object)) open.writer.add(keep(open, object));
    open.writer.finishList('v1');
  }

  #matching(object: RawObject): Open[] {
    return this.#open.filter((open) => this.#matches(open, object) && open.view.state.kind === 'synced');
  }

  #matches(open: Open, object: RawObject): boolean {
    const [group, version] = groupVersion(String(object['apiVersion']));
    // where options alone name a resource, its kind is not known
    const isKind = open.resource.kind === '' ? `${String(object['kind']).toLowerCase()}s` === open.resource.plural : object['kind'] === open.resource.kind;
    return isKind && group === open.resource.group && open.resource.versions.includes(version) && (open.namespace === '' || metaOf(object).namespace === open.namespace);
  }
}

const keep = ({ resource, whole }: Open, object: RawObject): KubeObject => (whole ? { ...resource.keep(object), raw: object } : resource.keep(object));

const metaOf = (object: RawObject): { namespace: string; name: string } => {
  const metadata = object['metadata'] as { namespace?: string; name: string };
  return { namespace: metadata.namespace ?? '', name: metadata.name };
};

const idOf = (object: RawObject): string => `${String(object['apiVersion'])}/${String(object['kind'])}/${metaOf(object).namespace}/${metaOf(object).name}`;

function groupVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}
