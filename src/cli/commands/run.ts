import { setMaxListeners } from 'node:events';
import type { Config } from '../../config/config.ts';
import { collectGarbage } from '../heap.ts';
import { heldPath, serveHeld } from '../held.ts';
import { namesPath, serveNames } from '../names.ts';
import { ChangeMetrics } from '../../controller/change-metrics.ts';
import { ConditionReport } from '../../controller/conditions.ts';
import { Controller } from '../../controller/controller.ts';
import type { Events } from '../../controller/events/open-events.ts';
import { type FirstRun, firstRun } from '../../controller/safety/first-run.ts';
import { type Candidacy, candidacyOf } from '../../controller/leader/candidacy.ts';
import { fenced } from '../../controller/leader/fence.ts';
import { annotates, PublishedNames } from '../../controller/published-names.ts';
import { safetyOf } from '../../controller/safety/settings.ts';
import { StatusWriter } from '../../controller/status-writer.ts';
import { Synchronizer } from '../../controller/synchronizer.ts';
import { allOf, createDomainFilter } from '../../endpoint/domain-filter.ts';
import { serveHealth } from '../../http/health.ts';
import type { Cluster } from '../../kubernetes/cluster.ts';
import { connectCluster } from '../../kubernetes/connect.ts';
import { noCluster } from '../../kubernetes/no-cluster.ts';
import type { Logger } from '../../log/logger.ts';
import { countRequests } from '../../metrics/count-requests.ts';
import { createMetrics } from '../../metrics/create-metrics.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { PlanRules } from '../../plan/plan.ts';
import { createProtection } from '../../plan/protection.ts';
import { createProvider, loadProvider } from '../../providers/index.ts';
import type { Provider } from '../../providers/provider.ts';
import { createRegistry } from '../../registries/index.ts';
import type { Registry } from '../../registries/registry.ts';
import { publishedAnnotation } from '../../sources/common/prefixes.ts';
import { createTemplates } from '../../sources/common/templates.ts';
import { Desired } from '../../sources/engine/desired.ts';
import { HostResolver } from '../../sources/engine/host-resolver.ts';
import { openSources } from '../../sources/engine/open-sources.ts';
import { loadSources } from '../../sources/index.ts';
import { createWrappers } from '../../sources/wrappers/index.ts';

/** Runs the controller (with --once: one sweep; with --webhook-server: the webhook server) until `stop`. Gives the exit status. */
export async function run(options: Config, env: NodeJS.ProcessEnv, log: Logger, stop: AbortSignal): Promise<number> {
  if (options.webhookServer) {
    const { runWebhookServer } = await import('./serve-webhook.ts');
    return runWebhookServer(options, env, log, stop);
  }
  // many things end with the process
  setMaxListeners(0, stop);
  const opened: Opened = {};
  try {
    const { controller, cluster, first } = await assemble(opened, { options, env, log, metrics: createMetrics() }, stop);
    await cluster.settled(stop);
    opened.first = await first();
    if (options.once) {
      const { ok, reasons } = await controller.once(stop);
      await opened.events?.idle();
      for (const reason of reasons) log.error('run ends with an error', { reason });
      return ok ? 0 : 1;
    }
    opened.candidacy?.join();
    await controller.run(stop);
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    throw error;
  } finally {
    await Promise.allSettled([opened.first?.idle(), opened.candidacy?.leave()]);
    await Promise.allSettled([opened.cluster?.close(), opened.provider?.close?.(), opened.health?.close()]);
  }
}

/** What is held open, as it is opened; all of it is closed at the end, however far the start came. */
interface Opened {
  health?: Awaited<ReturnType<typeof serveHealth>>;
  cluster?: Cluster;
  provider?: Provider;
  candidacy?: Candidacy | undefined;
  controller?: Controller;
  synchronizer?: Synchronizer;
  changeMetrics?: ChangeMetrics;
  events?: Events | undefined;
  first?: FirstRun | undefined;
}

interface Surroundings {
  readonly options: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
  readonly metrics: ReturnType<typeof createMetrics>;
}

interface Assembled {
  readonly controller: Controller;
  readonly cluster: Cluster;
  readonly first: () => Promise<FirstRun | undefined>;
}

/** Puts the program together, from what is checked first (the settings) to what is done last. */
async function assemble(opened: Opened, { options, env, log, metrics }: Surroundings, stop: AbortSignal): Promise<Assembled> {
  // what is wrong with the settings is told before anything is asked of the network
  const domainFilter = await createDomainFilter({ include: options.domainFilter, exclude: options.excludeDomains, regexInclude: options.regexDomainFilter, regexExclude: options.regexDomainExclusion });
  await loadProvider(options.provider);
  const definitions = await loadSources(options.source);
  const templates = createTemplates(options);
  const wrappers = createWrappers(options, domainFilter, log);

  opened.health = await serveHealth({
    address: options.metricsAddress,
    metrics: {
      text() {
        opened.changeMetrics?.refresh();
        return metrics.text();
      },
      contentType: metrics.contentType,
    },
    alive: () => opened.controller?.alive ?? { ok: true, reasons: [] },
    ready: () => opened.controller?.ready ?? { ok: false, reasons: ['starting'] },
    routes: {
      [namesPath]: (request, response) => serveNames(request, response, opened.synchronizer?.statuses.entries()),
      [heldPath]: (request, response) =>
        serveHeld(request, response, opened.controller && { held: opened.synchronizer?.brake.held, approve: (checksum) => opened.controller?.approve(checksum) ?? false }),
    },
    log,
  });

  const cluster = (opened.cluster = await openCluster(options, log, metrics, stop));
  const resolver = new HostResolver();
  const runners = await openSources({ definitions, options, cluster, templates, resolver, log, onDirty: () => opened.controller?.changed() });
  const desired = new Desired({
    runners,
    wrappers,
    resolver,
    settled: (signal) => cluster.settled(signal),
    onInvalid: (endpoint, reason) =>
      log.warning('endpoint is not published', { name: endpoint.dnsName, type: endpoint.recordType, targets: endpoint.targets, objects: endpoint.refs.map(objectOf), reason }),
  });

  const requests = countRequests(metrics);
  const candidacy = (opened.candidacy = candidacyOf(options, env, { writer: cluster.writer, log, metrics }));
  const provider = (opened.provider = await createProvider({ options, env, domainFilter, log, metrics: requests.metrics, signal: stop, ...(candidacy && { mayWrite: () => candidacy.mayWrite() }) }));
  const unfenced = await createRegistry(options, { cluster, env, log, metrics: requests.metrics, zoneOf: (name) => provider.zoneOf?.(name) });
  const registry = candidacy ? fenced(unfenced, () => candidacy.mayWrite()) : unfenced;

  const protects = await createProtection(options.protectNames, (name) => provider.zoneOf?.(name));
  const rules: PlanRules = { ...planRules(options, registry, allOf(domainFilter, provider.domainFilter)), protects };
  const synchronizer = (opened.synchronizer = new Synchronizer({
    desired,
    provider,
    registry,
    rules,
    dryRun: options.dryRun,
    safety: safetyOf(options),
    cacheMs: Math.max(options.txtCacheIntervalMs, options.providerCacheTimeMs),
    log,
    metrics,
    now: Date.now,
    onOutcomes(outcomes) {
      changeMetrics.outcomes(outcomes);
      opened.events?.outcomes(outcomes);
    },
    ...(annotates(options) && { onPlanned: (name) => published?.changed(name) }),
    onHeld: (held) => opened.events?.held(held),
  }));
  const changeMetrics = (opened.changeMetrics = new ChangeMetrics({ metrics, statuses: synchronizer.statuses, now: Date.now, unpublishedSinceMs: () => opened.controller?.unpublishedSinceMs }));
  if (options.eventsEmit.length > 0) {
    const { openEvents } = await import('../../controller/events/open-events.ts');
    opened.events = openEvents({ options, env, writer: cluster.writer, synchronizer, desired, ownerId: registry.ownerId, log, stop });
  }
  const conditions = options.statusConditions && !options.dryRun ? new ConditionReport({ runners, statuses: synchronizer.statuses, now: Date.now }) : undefined;
  const published = annotates(options) ? new PublishedNames({ runners, current: synchronizer.current, rules, annotation: publishedAnnotation(options.annotationPrefix), now: Date.now }) : undefined;
  const controller = (opened.controller = new Controller({
    synchronizer,
    desired,
    statusWriter: new StatusWriter(cluster.writer, log, stop),
    intervalMs: options.intervalMs,
    minEventSyncIntervalMs: options.minEventSyncIntervalMs,
    log,
    metrics,
    now: Date.now,
    leadership: candidacy,
    onStarted: collectGarbage,
    completeStatuses: (due) => [...(conditions?.complete(due) ?? due), ...(published?.due() ?? [])],
    onTerm: () => published?.forget(),
    onSynchronized(result) {
      metrics.set('provider_requests_per_sync', requests.take());
      opened.first?.synchronized(result);
    },
  }));
  return { controller, cluster, first: () => firstRun({ options, writer: cluster.writer, synchronizer, log }, stop) };
}

async function openCluster(options: Config, log: Logger, metrics: Metrics, stop: AbortSignal): Promise<Cluster> {
  if (options.manifests === '') return (await usesCluster(options)) ? connectCluster(options, log, metrics, stop) : noCluster();
  const { openManifests } = await import('../../kubernetes/manifests.ts');
  return openManifests(options.manifests, log, stop, { watch: !options.once });
}

/** The sources empty, fake and connector read nothing from a cluster; where nothing else does, as in ExternalDNS v0.22 none has to be there. */
async function usesCluster(options: Config): Promise<boolean> {
  const { registry, leaderElect, once, state, eventsEmit } = options;
  if (registry === 'crd' || (leaderElect && !once) || state.startsWith('configmap:') || eventsEmit.length > 0) return true;
  const definitions = await loadSources(options.source);
  if (definitions.some(({ resources }) => resources.length > 0)) return true;
  // a source whose resources are named by flags
  const { sourcesOf } = await import('../rbac/access.ts');
  return (await sourcesOf(options)).some(({ source }) => source.walks.length > 0 || source.reads.length > 0);
}

function planRules(options: Config, registry: Registry, filter: { matches(name: string): boolean }): PlanRules {
  const managed = new Set(options.managedRecordTypes);
  for (const type of options.excludeRecordTypes) managed.delete(type);
  return {
    policy: options.policy === '' ? 'sync' : options.policy,
    manages: (type) => managed.has(type),
    matches: (name) => filter.matches(name),
    ownerId: registry.ownerId,
    oldOwnerId: options.migrateFromTxtOwner,
  };
}

const objectOf = (ref: { kind: string; namespace: string; name: string }): string => [ref.kind, ref.namespace, ref.name].filter(Boolean).join('/');
