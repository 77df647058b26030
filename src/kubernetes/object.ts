/** The parts of Kubernetes objects that everything else builds on. */
export interface ObjectMeta {
  readonly name: string;
  /** '' for cluster-scoped objects. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly creationTimestamp: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Never holds kubectl's last-applied configuration. */
  readonly annotations: Readonly<Record<string, string>>;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
  /**
   * The object as the API gave it, but for managedFields and last-applied; only in views that keep whole objects.
   * Templates read this where it is there; sources read the fields that `keep` made.
   */
  readonly raw?: RawObject;
}

/** `namespace/name`, or `/name` for cluster-scoped objects: the key of an object within its resource. */
export const objectKey = (object: KubeObject): string => `${object.metadata.namespace}/${object.metadata.name}`;

/**
 * A kind of object as sources know it.
 * `versions` are tried in order; the first that the cluster serves is read.
 */
export interface Resource<T extends KubeObject = KubeObject> {
  /** '' for the core group. */
  readonly group: string;
  readonly versions: readonly string[];
  readonly plural: string;
  /** '' where it is not known before objects are read: then it is what these say. */
  readonly kind: string;
  readonly namespaced: boolean;
  /**
   * Makes the object that is kept of one that the API gave: only the fields that sources read, with metadata by `keepMetadata`.
   * Where a template may read any field, all but managedFields and last-applied is kept beside it, as `raw`.
   * What it gives is compared with what was kept before; equal objects are no change.
   */
  readonly keep: (raw: RawObject) => T;
  /** Its requests do not wait for their turn under --kube-api-qps: few, small, and of no use when late. */
  readonly urgent?: true;
  /** For the message when it is not installed: where its definition comes from. */
  readonly install?: string;
}

/** An object as JSON or YAML gave it; nothing is certain of it but that it is an object. */
export type RawObject = { readonly [key: string]: unknown };

/** `group/plural`, for messages and keys: `services`, `networking.k8s.io/ingresses`. */
export const resourceName = (resource: Resource): string => (resource.group ? `${resource.group}/${resource.plural}` : resource.plural);
