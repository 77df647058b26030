import { setMaxListeners } from 'node:events';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { ConfigurationError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { ApiClient } from './client/client.ts';
import { Credentials } from './client/credentials.ts';
import { Discovery } from './client/discovery.ts';
import { runExecPlugin } from './client/exec-plugin.ts';
import { type Connection, findConnection } from './client/kubeconfig.ts';
import { RateLimiter } from './client/rate-limiter.ts';
import { Reflector, type ReflectorTiming, reflectorTiming } from './client/reflector.ts';
import { Transport } from './client/transport.ts';
import { ApiWriter } from './client/writer.ts';
import type { Cluster, ClusterWriter, ResourceView, WatchScope } from './cluster.ts';
import { type KubeObject, type Resource, resourceName } from './object.ts';
import { createStore } from './store.ts';

export type ClusterOptions = Pick<Config, 'server' | 'kubeconfig' | 'kubeApiRequestTimeoutMs' | 'kubeApiQps' | 'kubeApiBurst'>;

/**
 * The cluster of a kubeconfig, of the pod, or at --server. Nothing is asked of it before the first `watch`.
 * Rejects with ConfigurationError where it is not said how to connect. Ends with `close` or the signal.
 */
export function connectCluster(options: ClusterOptions, log: Logger, metrics: Metrics, signal: AbortSignal): Promise<Cluster> {
  return openCluster(options, process.env, {}, log, metrics, signal);
}

/** All waits, in milliseconds; tests have shorter ones. */
export interface ClusterTiming extends ReflectorTiming {
  /** Before a request is tried again. */
  readonly firstRetryMs: number;
  /** How long an answer about what is installed is believed. */
  readonly discoveryAgeMs: number;
}

/** `connectCluster` in a given environment, with waits of its own. */
export async function openCluster(options: ClusterOptions, env: NodeJS.ProcessEnv, timing: Partial<ClusterTiming>, log: Logger, metrics: Metrics, signal: AbortSignal): Promise<Cluster> {
  const connection = findConnection(options, env);
  const credentials: Credentials = new Credentials(connection, async (stop) => {
    if (!connection.exec) throw new Error('there is no exec plug-in to run');
    return runExecPlugin(connection.exec, connection, connection.ca?.kind === 'text' ? connection.ca.text : undefined, env, stop);
  });
  const timeoutMs = options.kubeApiRequestTimeoutMs;
  const client = new ApiClient({
    server: connection.server,
    origin: connection.origin,
    credentials,
    transport: new Transport(connection, env, timeoutMs),
    limiter: new RateLimiter(options.kubeApiQps, options.kubeApiBurst),
    metrics,
    timeoutMs,
    userAgent: `ExternalDNS/${version}`,
    firstRetryMs: timing.firstRetryMs,
  });
  log.debug('cluster is chosen', { server: connection.server, from: connection.origin });
  return new LiveCluster(client, new Discovery(client, timing.discoveryAgeMs ?? 10_000), connection, { ...reflectorTiming, ...(timeoutMs > 0 && { failedAfterMs: timeoutMs }), ...timing }, log, signal);
}

/** The namespace that the process runs in, as v0.22 finds it: POD_NAMESPACE, then that of the pod or the context, then `default`. */
export function currentNamespace(options: Pick<Config, 'server' | 'kubeconfig'>, env: NodeJS.ProcessEnv): string {
  const fromEnv = env['POD_NAMESPACE']?.trim();
  if (fromEnv) return fromEnv;
  try {
    return findConnection(options, env).namespace || 'default';
  } catch (error) {
    if (error instanceof ConfigurationError) return 'default';
    throw error;
  }
}

interface Watched {
  readonly resource: Resource;
  readonly view: ResourceView;
  /** Flags that ask for it. */
  readonly neededBy: Set<string>;
  keepWhole(): void;
}

class LiveCluster implements Cluster {
  readonly title: string;
  readonly writer: ClusterWriter;
  readonly #client: ApiClient;
  readonly #discovery: Discovery;
  readonly #connection: Connection;
  readonly #timing: ReflectorTiming;
  readonly #log: Logger;
  readonly #watched = new Map<string, Watched[]>();
  readonly #running = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(client: ApiClient, discovery: Discovery, connection: Connection, timing: ReflectorTiming, log: Logger, signal: AbortSignal) {
    this.title = client.server;
    this.#client = client;
    this.#connection = connection;
    this.#timing = timing;
    this.#log = log;
    this.#discovery = discovery;
    this.writer = new ApiWriter(client, discovery, (resource) => this.#views().find((w) => w.resource.group === resource.group && w.resource.plural === resource.plural && w.view.version)?.view.version);
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
    // each reflector listens
    setMaxListeners(0, this.#signal);
  }

  watch<T extends KubeObject>(resource: Resource<T>, scope: WatchScope): ResourceView<T> {
    const namespace = resource.namespaced ? scope.namespace : '';
    const key = `${resourceName(resource)} ${namespace}`;
    const known = this.#watched.get(key) ?? [];
    // one that keeps something else of the same resource is watched apart
    let watched = known.find((w) => w.resource.keep === resource.keep && w.resource.versions.join() === resource.versions.join());
    if (watched === undefined) {
      watched = this.#open(resource, namespace);
      this.#watched.set(key, [...known, watched]);
    }
    if (scope.neededBy !== undefined) watched.neededBy.add(scope.neededBy);
    if (scope.whole) watched.keepWhole();
    return watched.view as ResourceView<T>;
  }

  #open<T extends KubeObject>(resource: Resource<T>, namespace: string): Watched {
    const { view, writer } = createStore(resource, namespace, (error) => this.#log.error('a listener of the cluster failed', { resource: resourceName(resource), error: messageOf(error) }));
    const neededBy = new Set<string>();
    const reflector = new Reflector({ client: this.#client, discovery: this.#discovery, origin: this.#connection.origin, resource, namespace, neededBy, writer, log: this.#log, timing: this.#timing });
    // begins after this turn: until then whole objects may be asked for
    const running = Promise.resolve()
      .then(() => reflector.run(this.#signal))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    return { resource, view: view as unknown as ResourceView, neededBy, keepWhole: () => reflector.keepWhole() };
  }

  async settled(signal: AbortSignal): Promise<void> {
    const views = this.#views().map((watched) => watched.view);
    await unlessAborted(Promise.all(views.map(settledView)), signal);
    if (views.some((view) => view.state.kind === 'synced')) return;
    for (const { state } of views) {
      if (state.kind !== 'failed') continue;
      if (state.reason === 'unauthorized' || (state.reason === 'unreachable' && !this.#client.answered)) throw new ConfigurationError(state.message);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running);
    await this.#client.close();
  }

  #views(): Watched[] {
    return [...this.#watched.values()].flat();
  }
}

/** Resolves when a view is no longer syncing. */
function settledView(view: ResourceView): Promise<void> {
  return new Promise((resolve) => {
    if (view.state.kind !== 'syncing') return resolve();
    const unsubscribe = view.subscribe(() => {
      if (view.state.kind === 'syncing') return;
      unsubscribe();
      resolve();
    });
  });
}

async function unlessAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  await Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
