import type { ServerOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, ObjectChange, ResourceView } from '../../src/kubernetes/cluster.ts';
import { type ClusterTiming, openCluster } from '../../src/kubernetes/connect.ts';
import { objectKey } from '../../src/kubernetes/object.ts';
import type { Logger } from '../../src/log/logger.ts';
import { noMetrics } from '../../src/metrics/metrics.ts';
import { FakeApi, type FakeObject } from './fake-api.ts';

const quick: Partial<ClusterTiming> = { firstBackoffMs: 2, longestBackoffMs: 10, notInstalledMs: 5, failedAfterMs: 60, firstRetryMs: 1, discoveryAgeMs: 1 };

/** A fake API with Services and DNSEndpoints, a cluster that reads it, and what was logged as a warning. */
export interface Live {
  readonly api: FakeApi;
  readonly cluster: Cluster;
  readonly warnings: string[];
}

export interface LiveOptions {
  readonly timing?: Partial<ClusterTiming>;
  readonly requestTimeoutMs?: number;
  /** --kube-api-burst, with one request in ten seconds after it. */
  readonly burst?: number;
  readonly kubeconfig?: string;
  readonly tls?: ServerOptions;
  readonly env?: NodeJS.ProcessEnv;
  readonly prepare?: (api: FakeApi) => void;
}

/** Runs a test with a cluster of its own, and ends it. */
export async function withLive(options: LiveOptions, test: (live: Live) => Promise<void>): Promise<void> {
  const api = await FakeApi.start(options.tls);
  const stop = new AbortController();
  const warnings: string[] = [];
  const warning: Logger['warning'] = (message, fields) => void warnings.push([message, ...Object.values(fields ?? {})].join(' '));
  const log: Logger = { level: 'warning', debug() {}, info() {}, warning, error: warning, isEnabled: () => true };
  api.install('v1', 'services', 'Service');
  api.install('externaldns.k8s.io/v1alpha1', 'dnsendpoints', 'DNSEndpoint');
  options.prepare?.(api);
  const settings = { server: api.url, kubeconfig: options.kubeconfig ?? '', kubeApiRequestTimeoutMs: options.requestTimeoutMs ?? 5000, kubeApiQps: options.burst === undefined ? 10_000 : 0.1, kubeApiBurst: options.burst ?? 10_000 };
  let cluster: Cluster | undefined;
  try {
    cluster = await openCluster(settings, { HOME: '/nowhere', ...options.env }, { ...quick, ...options.timing }, log, noMetrics, stop.signal);
    await test({ api, cluster, warnings });
  } finally {
    stop.abort();
    await cluster?.close();
    await api.stop();
  }
}

export const service = (name: string, address = '192.0.2.1', metadata: Readonly<Record<string, unknown>> = {}): FakeObject => ({
  metadata: { namespace: 'default', uid: `uid-${name}`, ...metadata, name },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: [{ ip: address }] } },
});

export const never = new AbortController().signal;

/** Waits until something holds; fails after two seconds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 2000; !holds(); await sleep(1)) if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
}

export const names = (view: ResourceView): string => [...view.list()].map((object) => object.metadata.name).sort().join();

/** All changes that a view tells, as `+default/a ~default/b -default/c`, one text for each call. */
export function changesOf(view: ResourceView): string[] {
  const told: string[] = [];
  const text = ({ before, after }: ObjectChange): string => (before ? (after ? `~${objectKey(after)}` : `-${objectKey(before)}`) : after ? `+${objectKey(after)}` : '?');
  view.subscribe((changes) => told.push(changes.map(text).sort().join(' ') || `(${view.state.kind})`));
  return told;
}
