import type { Config } from '../config/config.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Index } from '../kubernetes/cluster.ts';
import type { KubeObject, RawObject, Resource } from '../kubernetes/object.ts';
import type { Logger } from '../log/logger.ts';
import type { Annotations } from './common/annotations.ts';
import type { SourceTemplates } from './common/templates.ts';

/** A plug-in: what `--source=NAME` stands for. All facts are data: docs, RBAC rules and checks are made of them. */
export interface SourceDefinition {
  /** As in `--source`. */
  readonly name: string;
  /** For docs: `Ingress`, `Gateway API HTTPRoute`. */
  readonly title: string;
  /** All that it may read, walked objects first; for docs and RBAC rules. */
  readonly resources: readonly Resource[];
  /** What resource labels of its endpoints begin with (`ingress` of `ingress/default/web`); empty: it sets none; `*`: any. */
  readonly resourceLabels: readonly string[];
  /** Whether --fqdn-template and its kin apply. */
  readonly templates: boolean;
  /** Short keys of the annotations that it honours; for docs. */
  readonly annotations: readonly string[];
  /** Checks the options once and gives the source. Throws ConfigurationError. */
  create(setup: SourceSetup): Source | Promise<Source>;
}

/** What a source is made of; the same for all sources of a process but for `templates` and `log`. */
export interface SourceSetup {
  readonly options: Config;
  /** Reads the annotations of an object under the prefixes in force. */
  annotations(object: KubeObject, context: ObjectContext): Annotations;
  /** Bound to this source's name. */
  readonly templates: SourceTemplates;
  /** The object passes --annotation-filter, --label-filter and the controller annotation. */
  selects(object: KubeObject): boolean;
  readonly log: Logger;
}

export interface Source {
  /** Whose objects give endpoints. */
  readonly walks: readonly Walk[];
  /** What is read second-hand; watched before anything is computed. */
  readonly reads: readonly Read[];
  /** Instead of walks, for sources outside of the cluster: read at every sweep. */
  readonly poll?: (signal: AbortSignal) => Promise<readonly Endpoint[]>;
  /**
   * Joins what the objects of this source give for one name. `endpoints` come in the order of their objects' keys.
   * Default: mergeEndpoints (targets of equal name, type, set identifier and TTL are joined; CNAMEs stay apart).
   */
  readonly merge?: (endpoints: readonly Endpoint[]) => readonly Endpoint[];
}

export interface Read<T extends KubeObject = KubeObject> {
  readonly resource: Resource<T>;
  /** '' for all namespaces. */
  readonly namespace: string;
  /** Going without is fine where it is not installed or may not be read. */
  readonly optional?: boolean;
  /** Watched only from when the first object reads it: for what is large and seldom needed. Not for walks. */
  readonly lazy?: boolean;
  /** The flag with which it is read, for messages where it is missing; --source without it. */
  readonly flag?: string;
}

export interface Walk<T extends KubeObject = KubeObject> extends Read<T> {
  /**
   * The endpoints of one object; pure but for `context`, which tracks what was read. The caller adds the reference to the object.
   * What it throws freezes the records of this object, and is shown to the user: message in lower case, without the object's name.
   */
  endpoints(object: T, context: ObjectContext): readonly Endpoint[];
  /** Its objects may be told which of their names are published (--status-annotation). */
  readonly annotated?: true;
  /** A status to write once what the object gave is published; undefined: nothing to write. */
  status?(object: T): RawObject | undefined;
}

/** What `endpoints` may see beside the object. Every read is remembered: when it would give something else, the object is computed again. */
export interface ObjectContext {
  get<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string): T | undefined;
  /** All objects of a namespace ('' for all), in order of their keys; with labels: only those that carry all of them. */
  list<T extends KubeObject>(resource: Resource<T>, namespace: string, labels?: Readonly<Record<string, string>>): readonly T[];
  /** Objects by an index, in order of their keys. `index` must be a constant. */
  lookup<T extends KubeObject>(resource: Resource<T>, index: Index<T>, value: string): readonly T[];
  /** Addresses of a host, looked up in the DNS; the object is computed again once they are known, and at every sweep. Empty: none. */
  resolve(host: string): readonly string[];
  /** The object wants this name, but has nothing to point it to as yet: `the load balancer has no address`. */
  pending(name: string, reason: string): void;
  /** Something of the object cannot be published or is not understood; one warning for each change of reason. */
  warn(reason: string): void;
}

/** Checks and types a definition. */
export const defineSource = (definition: SourceDefinition): SourceDefinition => definition;

/** A walk with the type of its objects, for lists of walks. */
export const walk = <T extends KubeObject>(w: Walk<T>): Walk => w as unknown as Walk;
