import { ConfigurationError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Cluster, ClusterWriter, ResourceView, WatchScope } from './cluster.ts';
import { withoutNoise } from './keep.ts';
import { Completion, kindKey, kindOf, namespaces, pluralOf } from './manifests/complete.ts';
import { type FileObject, ManifestFiles } from './manifests/files.ts';
import { FolderWatch } from './manifests/folder-watch.ts';
import { type KubeObject, objectKey, type RawObject, type Resource, resourceName } from './object.ts';
import { createStore, type StoreWriter } from './store.ts';

/**
 * The objects of manifests: below a directory (*.yaml, *.yml, *.json), of one file, or (`-`) of standard input.
 * Rejects with ConfigurationError where the path cannot be read, and, when it is not watched, where a file is broken; a watched one is waited for.
 */
export async function openManifests(path: string, log: Logger, signal: AbortSignal, { watch }: { readonly watch: boolean }): Promise<Cluster> {
  const files = new ManifestFiles(path);
  const { errors, warnings } = await files.scan();
  for (const warning of warnings) log.warning('manifest', { problem: warning });
  if (errors.length > 0 && !watch) throw new ConfigurationError(`manifests: ${errors.join('; ')}`);
  for (const error of errors) log.error('manifest is broken', { problem: error });
  const cluster = new ManifestCluster(files, log, signal);
  if (watch && path !== '-') cluster.follow();
  return cluster;
}

/** Something that was asked for. */
interface Watched {
  readonly resource: Resource;
  readonly namespace: string;
  readonly view: ResourceView;
  fill(): void;
  keepWhole(): void;
}

class ManifestCluster implements Cluster {
  readonly title: string;
  readonly writer: ClusterWriter;
  readonly #files: ManifestFiles;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #completion = new Completion();
  readonly #watched: Watched[] = [];
  readonly #told = new Set<string>();
  #byKind = new Map<string, FileObject[]>();

  constructor(files: ManifestFiles, log: Logger, signal: AbortSignal) {
    this.title = files.path === '-' ? 'manifests of standard input' : `manifests of ${files.path}`;
    this.#files = files;
    this.#log = log;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    this.writer = ignoringWriter(log, (resource, namespace, name) => this.#find(resource, namespace, name));
    this.#sort();
    if (this.#byKind.size === 0) log.warning('no objects were found', { manifests: files.path });
  }

  /** Sees from now on what is changed. */
  follow(): void {
    const watch = new FolderWatch(async () => {
      await this.#rescan();
      return this.#files.folders;
    }, this.#signal);
    watch.start(this.#files.folders);
  }

  watch<T extends KubeObject>(resource: Resource<T>, scope: WatchScope): ResourceView<T> {
    const namespace = resource.namespaced ? scope.namespace : '';
    let watched = this.#watched.find((w) => w.resource.keep === resource.keep && resourceName(w.resource) === resourceName(resource) && w.namespace === namespace);
    if (watched === undefined) {
      watched = this.#open(resource, namespace);
      this.#watched.push(watched);
      watched.fill();
    }
    if (scope.whole) watched.keepWhole();
    return watched.view as ResourceView<T>;
  }

  settled(signal: AbortSignal): Promise<void> {
    return signal.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
  }

  close(): Promise<void> {
    this.#stop.abort();
    return Promise.resolve();
  }

  #open<T extends KubeObject>(resource: Resource<T>, namespace: string): Watched {
    const { view, writer } = createStore(resource, namespace, (error) => this.#log.error('a listener of the cluster failed', { resource: resourceName(resource), error: messageOf(error) }));
    let whole = false;
    const fill = (): void => this.#fill(resource, namespace, whole, writer);
    const keepWhole = (): void => {
      if (whole) return;
      whole = true;
      fill();
    };
    return { resource, namespace, view: view as unknown as ResourceView, fill, keepWhole };
  }

  #fill<T extends KubeObject>(resource: Resource<T>, namespace: string, whole: boolean, writer: StoreWriter<T>): void {
    const seen = new Map<string, FileObject>();
    writer.startList();
    for (const object of this.#of(resource)) {
      const raw = this.#completion.complete(object.raw, resource);
      let kept: T;
      try {
        kept = resource.keep(raw);
      } catch (error) {
        this.#tellOnce(`${placeOf(object)}: cannot be read: ${messageOf(error)}`);
        continue;
      }
      const key = objectKey(kept);
      const first = seen.get(key);
      if (first) {
        this.#tellOnce(`${placeOf(object)}: ${resource.kind} ${key} is already in ${placeOf(first)}, which counts`);
        continue;
      }
      seen.set(key, object);
      if (namespace === '' || kept.metadata.namespace === namespace) writer.add(whole ? { ...kept, raw: withoutNoise(raw) } : kept);
    }
    writer.finishList(this.#version(resource));
    // what a file holds that was never understood is not known: nothing must be taken for gone
    const [unknown] = this.#files.unknown;
    if (unknown !== undefined) writer.fail('invalid', `manifest is broken: ${unknown}`);
  }

  #version(resource: Resource): string {
    const written = this.#of(resource).map(({ raw }) => kindOf(raw).version);
    return resource.versions.find((version) => written.includes(version)) ?? resource.versions[0] ?? '';
  }

  /** The objects of a resource: of its group and kind, in any version. */
  #of(resource: Resource): readonly FileObject[] {
    if (resource.group === '' && resource.kind === 'Namespace') return namespaces(this.#files.objects());
    if (resource.kind !== '') return this.#byKind.get(kindKey(resource.group, resource.kind)) ?? [];
    return [...this.#byKind].flatMap(([key, objects]) => (key.startsWith(`${resource.group}/`) && pluralOf(key.slice(resource.group.length + 1)) === resource.plural ? objects : []));
  }

  #find(resource: Resource, namespace: string, name: string): RawObject | undefined {
    const all = this.#of(resource).map((object) => this.#completion.complete(object.raw, resource));
    return all.find((raw) => {
      const { metadata } = resource.keep(raw);
      return metadata.name === name && metadata.namespace === (resource.namespaced ? namespace : '');
    });
  }

  #sort(): void {
    this.#byKind = new Map();
    for (const object of this.#files.objects()) {
      const { group, kind } = kindOf(object.raw);
      const key = kindKey(group, kind);
      const known = this.#byKind.get(key);
      if (known) known.push(object);
      else this.#byKind.set(key, [object]);
    }
  }

  async #rescan(): Promise<void> {
    try {
      const { changed, errors, warnings } = await this.#files.scan();
      if (this.#signal.aborted) return;
      for (const error of errors) this.#log.error('manifest is broken; what it held before still counts', { problem: error });
      for (const warning of warnings) this.#log.warning('manifest', { problem: warning });
      if (!changed) return;
      this.#sort();
      for (const watched of this.#watched) watched.fill();
    } catch (error) {
      // the path itself is gone: for a moment, or by mistake
      this.#tellOnce(messageOf(error));
    }
  }

  #tellOnce(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#log.warning('manifest', { problem });
  }
}

const placeOf = ({ file, line }: FileObject): string => (file === '' ? 'the cluster' : `${file}:${line}`);

/** Files are the user's: nothing is written to them. */
function ignoringWriter(log: Logger, find: (resource: Resource, namespace: string, name: string) => RawObject | undefined): ClusterWriter {
  const ignore = (what: string, resource: Resource, name: string): void => log.debug('manifests are not written to', { what, resource: resourceName(resource), name });
  return {
    patchStatus(resource, namespace, name) {
      ignore('status', resource, `${namespace}/${name}`);
      return Promise.resolve(false);
    },
    patchAnnotations(resource, namespace, name) {
      ignore('annotations', resource, `${namespace}/${name}`);
      return Promise.resolve(false);
    },
    get: (resource, namespace, name) => Promise.resolve(find(resource, namespace, name)),
    create(resource, object) {
      ignore('create', resource, '');
      return Promise.resolve(object);
    },
    replace(resource, object) {
      ignore('replace', resource, '');
      return Promise.resolve(object);
    },
    delete(resource, namespace, name) {
      ignore('delete', resource, `${namespace}/${name}`);
      return Promise.resolve();
    },
  };
}
