import { parseCommandLine } from '../../src/cli/parse.ts';
import type { Config } from '../../src/config/config.ts';
import type { Endpoint } from '../../src/endpoint/endpoint.ts';
import type { Index } from '../../src/kubernetes/cluster.ts';
import { type KubeObject, objectKey, type RawObject, type Resource, resourceName } from '../../src/kubernetes/object.ts';
import { silentLogger } from '../../src/log/logger.ts';
import { createAnnotations } from '../../src/sources/common/annotations.ts';
import { createSelection } from '../../src/sources/common/selection.ts';
import type { SourceTemplates } from '../../src/sources/common/templates.ts';
import type { ObjectContext, SourceDefinition } from '../../src/sources/source.ts';

/** What a source makes of one object, and what it read for it. */
export interface Probe {
  readonly endpoints: readonly Endpoint[];
  /** `web.example.org A 192.0.2.1` */
  readonly lines: readonly string[];
  /** `services get infra/edge`, `services lookup app=web`, `services list infra`; in order of reading, each once. */
  readonly reads: readonly string[];
  /** `web.example.org: the load balancer has no address` */
  readonly pending: readonly string[];
  readonly warnings: readonly string[];
}

const noTemplates: SourceTemplates = {
  configured: false,
  hasNames: false,
  combining: false,
  names: () => [],
  targets: () => [],
  combine: (existing) => existing,
  combinePairs: (existing) => existing,
  combineAll: (existing) => existing,
};

/** Computes one object of a source, without a cluster, and records what it reads. `walked` is `namespace/name` of an object that it walks. */
export async function probe(definition: SourceDefinition, flags: readonly string[], objects: readonly RawObject[], walked: string, templates: Partial<SourceTemplates> = {}): Promise<Probe> {
  const options = optionsOf(definition, flags);
  const source = await definition.create({
    options,
    annotations: createAnnotations(options),
    templates: { ...noTemplates, ...templates },
    selects: createSelection(options),
    log: silentLogger,
  });
  const context = new RecordingContext([...definition.resources, ...source.walks.map(({ resource }) => resource)], objects);
  const walk = source.walks.find(({ resource }) => context.find(resource, walked));
  const object = walk && context.find(walk.resource, walked);
  if (!object) throw new Error(`${definition.name} walks no object ${walked}`);
  const endpoints = walk.endpoints(object, context);
  return {
    endpoints,
    lines: endpoints.map((e) => `${e.dnsName} ${e.recordType} ${e.targets.join(',')}`),
    reads: [...context.reads],
    pending: context.waiting,
    warnings: context.warnings,
  };
}

function optionsOf(definition: SourceDefinition, flags: readonly string[]): Config {
  const settings = parseCommandLine([`--source=${definition.name}`, '--provider=inmemory', '--policy=sync', ...flags], {});
  if ('exit' in settings) throw new Error('the flags ask for help');
  return settings.config;
}

class RecordingContext implements ObjectContext {
  readonly reads = new Set<string>();
  readonly waiting: string[] = [];
  readonly warnings: string[] = [];
  readonly #objects = new Map<Resource, Map<string, KubeObject>>();

  constructor(resources: readonly Resource[], objects: readonly RawObject[]) {
    for (const resource of resources) {
      const own = objects.filter((raw) => (resource.kind === '' || raw['kind'] === resource.kind) && groupOf(raw) === resource.group).map((raw) => resource.keep(raw));
      this.#objects.set(resource, new Map(own.map((object) => [objectKey(object), object])));
    }
  }

  find<T extends KubeObject>(resource: Resource<T>, key: string): T | undefined {
    return this.#of(resource).find((object) => objectKey(object) === key);
  }

  get<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string): T | undefined {
    this.reads.add(`${resourceName(resource)} get ${namespace}/${name}`);
    return this.find(resource, `${namespace}/${name}`);
  }

  list<T extends KubeObject>(resource: Resource<T>, namespace: string, labels: Readonly<Record<string, string>> = {}): readonly T[] {
    this.reads.add(`${resourceName(resource)} list ${namespace}`);
    const wanted = Object.entries(labels);
    return this.#of(resource).filter((o) => (namespace === '' || o.metadata.namespace === namespace) && wanted.every(([k, v]) => o.metadata.labels[k] === v));
  }

  lookup<T extends KubeObject>(resource: Resource<T>, index: Index<T>, value: string): readonly T[] {
    this.reads.add(`${resourceName(resource)} lookup ${value}`);
    return this.#of(resource).filter((object) => index.values(object).includes(value));
  }

  resolve(host: string): readonly string[] {
    this.reads.add(`resolve ${host}`);
    return [];
  }

  pending(name: string, reason: string): void {
    this.waiting.push(`${name}: ${reason}`);
  }

  warn(reason: string): void {
    this.warnings.push(reason);
  }

  #of<T extends KubeObject>(resource: Resource<T>): readonly T[] {
    const objects = this.#objects.get(resource as unknown as Resource);
    if (!objects) throw new Error(`${resourceName(resource as unknown as Resource)} is read, but not declared by the source`);
    return [...objects.values()].sort((a, b) => (objectKey(a) < objectKey(b) ? -1 : 1)) as unknown as T[];
  }
}

const groupOf = (raw: RawObject): string => {
  const version = String(raw['apiVersion']);
  return version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
};
