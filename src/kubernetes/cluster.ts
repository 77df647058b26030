import type { KubeObject, RawObject, Resource } from './object.ts';

/** What is watched of a resource. One resource and namespace is watched once, however many ask for it. */
export interface WatchScope {
  /** '' for all namespaces. */
  readonly namespace: string;
  /** Keep whole objects (`raw`) beside what sources read, because a template may read any field. */
  readonly whole?: boolean;
  /** The flag that asks for it, for messages: `--source=ingress`. */
  readonly neededBy?: string;
}

/** Whether the content of a view can be trusted. */
export type ViewState =
  | { readonly kind: 'syncing' }
  | { readonly kind: 'synced' }
  /** The content is that of the last good list, or empty if there was none; it is tried again. */
  | { readonly kind: 'failed'; readonly since: Date; readonly reason: ViewFailure; readonly message: string; readonly everSynced: boolean };

export type ViewFailure = 'not-installed' | 'forbidden' | 'unauthorized' | 'unreachable' | 'invalid';

/** One change of a view. `before`/`after` undefined: the object came or went. */
export interface ObjectChange<T extends KubeObject = KubeObject> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

/** The reading side of a store. The content changes only between two turns of the event loop, never while a caller computes. */
export interface ResourceView<T extends KubeObject = KubeObject> {
  readonly resource: Resource<T>;
  readonly namespace: string;
  readonly state: ViewState;
  /** The served version that is read; undefined until it is known. */
  readonly version: string | undefined;
  readonly size: number;
  get(namespace: string, name: string): T | undefined;
  /** All objects, or those of one namespace. */
  list(namespace?: string): Iterable<T>;
  /** Objects of an index's value; the index is built at its first use. `index` must be the same function each time. */
  lookup(index: Index<T>, value: string): Iterable<T>;
  /** Called with all changes of one list or one batch of watch events, and (with none) when the state changes. Returns the way to end it. */
  subscribe(listener: (changes: readonly ObjectChange<T>[]) => void): () => void;
}

/** Values under which an object is found; shared by look-up and by tracking who must be computed again. */
export interface Index<T extends KubeObject = KubeObject> {
  readonly name: string;
  readonly values: (object: T) => readonly string[];
}

/** The objects of a cluster: a live API, or a directory of manifests. */
export interface Cluster {
  /** For logs: the URL of the API, or the directory. */
  readonly title: string;
  watch<T extends KubeObject>(resource: Resource<T>, scope: WatchScope): ResourceView<T>;
  /**
   * Resolves when every view watched so far is synced, or failed for a reason that waiting does not mend soon.
   * Rejects with ConfigurationError if the cluster cannot be reached at all or refuses the credentials.
   */
  settled(signal: AbortSignal): Promise<void>;
  /** Writing side; the manifests directory ignores it, and says so at debug level. */
  readonly writer: ClusterWriter;
  close(): Promise<void>;
}

export interface ClusterWriter {
  /** Replaces parts of the status by a merge patch on the status subresource. A conflict or a missing object is not an error: false. */
  patchStatus(resource: Resource, namespace: string, name: string, status: RawObject, signal: AbortSignal): Promise<boolean>;
  /** Sets annotations by a merge patch; null takes one off. A conflict or a missing object is not an error: false. */
  patchAnnotations(resource: Resource, namespace: string, name: string, annotations: Readonly<Record<string, string | null>>, signal: AbortSignal): Promise<boolean>;
  get(resource: Resource, namespace: string, name: string, signal: AbortSignal): Promise<RawObject | undefined>;
  create(resource: Resource, object: RawObject, signal: AbortSignal): Promise<RawObject>;
  /** With the resourceVersion in the object a compare-and-swap; rejects with ApiError (reason Conflict) if it has moved. */
  replace(resource: Resource, object: RawObject, signal: AbortSignal): Promise<RawObject>;
  delete(resource: Resource, namespace: string, name: string, signal: AbortSignal): Promise<void>;
}
