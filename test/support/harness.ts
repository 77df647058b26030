import { parseCommandLine } from '../../src/cli/parse.ts';
import type { Config } from '../../src/config/config.ts';
import { safetyOf } from '../../src/controller/safety/settings.ts';
import { Synchronizer, type SyncResult } from '../../src/controller/synchronizer.ts';
import type { Endpoint } from '../../src/endpoint/endpoint.ts';
import { type Logger, silentLogger } from '../../src/log/logger.ts';
import { type Metrics, noMetrics } from '../../src/metrics/metrics.ts';
import type { PlanRules } from '../../src/plan/plan.ts';
import { createProtection } from '../../src/plan/protection.ts';
import { createRegistry } from '../../src/registries/index.ts';
import type { Registry } from '../../src/registries/registry.ts';
import { createTemplates } from '../../src/sources/common/templates.ts';
import { Desired } from '../../src/sources/engine/desired.ts';
import { HostResolver } from '../../src/sources/engine/host-resolver.ts';
import { openSources } from '../../src/sources/engine/open-sources.ts';
import { loadSources } from '../../src/sources/index.ts';
import { createWrappers } from '../../src/sources/wrappers/index.ts';
import type { FakeCluster } from './fake-cluster.ts';
import type { Provider } from '../../src/providers/provider.ts';

/** The configuration of a command line, over what most tests want. */
export function configOf(...flags: string[]): Config {
  const names = new Set(flags.map((f) => f.split('=')[0]));
  const base = ['--provider=inmemory', '--policy=sync', '--registry=txt', '--txt-owner-id=me'].filter((f) => !names.has(f.split('=')[0]));
  const settings = parseCommandLine([...base, ...flags], {});
  if ('exit' in settings) throw new Error('the flags ask for help');
  return settings.config;
}

/** The core of the program on a fake cluster and a fake provider, with a clock of its own. */
export interface Harness {
  readonly synchronizer: Synchronizer;
  readonly desired: Desired;
  readonly registry: Registry;
  /** Milliseconds; only the test moves it. */
  clock: { nowMs: number };
  /** Called with each name that is planned. */
  readonly onPlanned: ((name: string) => void)[];
  readonly rules: PlanRules;
  sweep(): Promise<SyncResult>;
  event(): Promise<SyncResult>;
}

export async function startHarness(cluster: FakeCluster, provider: Provider, options: Config, log: Logger = silentLogger, metrics: Metrics = noMetrics): Promise<Harness> {
  const clock = { nowMs: 1_000_000_000 };
  const resolver = new HostResolver();
  const templates = createTemplates(options);
  const runners = await openSources({ definitions: await loadSources(options.source), options, cluster, templates, resolver, log, onDirty: () => {} });
  const registry = await createRegistry(options, { cluster, env: {}, log, zoneOf: (name) => provider.zoneOf?.(name) });
  const desired = new Desired({ runners, wrappers: createWrappers(options, provider.domainFilter), resolver, onInvalid: ({ dnsName, recordType }, reason) => log.warning('endpoint is not published', { name: dnsName, type: recordType, reason }), settled: () => cluster.settled() });
  const managed = new Set(options.managedRecordTypes);
  const onPlanned: ((name: string) => void)[] = [];
  const rules: PlanRules = { policy: options.policy || 'sync', manages: (type) => managed.has(type), matches: () => true, ownerId: registry.ownerId, oldOwnerId: options.migrateFromTxtOwner, protects: await createProtection(options.protectNames, (name) => provider.zoneOf?.(name)) };
  const synchronizer = new Synchronizer({
    desired,
    provider,
    registry,
    rules,
    dryRun: options.dryRun,
    safety: safetyOf(options),
    cacheMs: Math.max(options.txtCacheIntervalMs, options.providerCacheTimeMs),
    log,
    metrics,
    now: () => clock.nowMs,
    onPlanned(name) {
      for (const listener of onPlanned) listener(name);
    },
  });
  const never = new AbortController().signal;
  return { synchronizer, desired, registry, clock, onPlanned, rules, sweep: () => synchronizer.sync(true, never), event: () => synchronizer.sync(false, never) };
}

/** A record in one line, to compare states: `web.example.org A 192.0.2.1`. */
export const line = (e: Endpoint): string => `${e.dnsName} ${e.recordType}${e.setIdentifier && `/${e.setIdentifier}`} ${[...e.targets].sort().join(',')}`;
