import { setMaxListeners } from 'node:events';
import type { Config } from '../../config/config.ts';
import { heldPath, serveHeld } from '../held.ts';
import { ChangeMetrics } from '../../controller/change-metrics.ts';
import { ConditionReport } from '../../controller/conditions.ts';
import { Controller } from '../../controller/controller.ts';
import type { Events } from '../../controller/events/open-events.ts';
import { type FirstRun, firstRun } from '../../controller/first-run.ts';
import { type Candidacy, candidacyOf } from '../../controller/leader/candidacy.ts';
import { fenced } from '../../controller/leader/fence.ts';
import { safetyOf } from '../../controller/safety.ts';
import { StatusWriter } from '../../controller/status-writer.ts';
import { Synchronizer } from '../../controller/synchronizer.ts';
import { allOf, createDomainFilter } from '../../endpoint/domain-filter.ts';
import { serveHealth } from '../../http/health.ts';
import type { Cluster } from '../../kubernetes/cluster.ts';
import { connectCluster } from '../../kubernetes/connect.ts';
import type { Logger } from '../../log/logger.ts';
import { createMetrics } from '../../metrics/create-metrics.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { PlanRules } from '../../plan/plan.ts';
import { createProtection } from '../../plan/protection.ts';
import { createProvider } from '../../providers/index.ts';
import type { Provider } from '../../providers/provider.ts';
import { createRegistry } from '../../registries/index.ts';
import type { Registry } from '../../registries/registry.ts';
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
  const metrics = createMetrics();
  const domainFilter = await createDomainFilter({
    include: options.domainFilter,
    exclude: options.excludeDomains,
    regexInclude: options.regexDomainFilter,
    regexExclude: options.regexDomainExclusion,
  });
  // what is wrong with the settings is told before anything is asked of the network
  const definitions = await loadSources(options.source);
  const templates = createTemplates(options);
  const wrappers = createWrappers(options, domainFilter, log);

  let controller: Controller | undefined;
  let synchronizer: Synchronizer | undefined;
  const health = await serveHealth({
    address: options.metricsAddress,
    metrics,
    alive: () => controller?.alive ?? { ok: true, reasons: [] },
    ready: () => controller?.ready ?? { ok: false, reasons: ['starting'] },
    routes: {
      [heldPath]: (request, response) => serveHeld(request, response, controller && { held: synchronizer?.brake.held, approve: (checksum) => controller?.approve(checksum) ?? false }),
    },
    log,
  });
  let cluster: Cluster | undefined;
  let provider: Provider | undefined;
  let first: FirstRun | undefined;
  let candidacy: Candidacy | undefined;
  let events: Events | undefined;
  try {
    const openedCluster = await openCluster(options, log, metrics, stop);
    cluster = openedCluster;
    const resolver = new HostResolver();
    const runners = await openSources({ definitions, options, cluster, templates, resolver, log, onDirty: () => controller?.changed() });
    const opened = await createProvider({ options, env, domainFilter, log, metrics, signal: stop });
    provider = opened;
    const elected = candidacyOf(options, env, { writer: cluster.writer, log, metrics });
    candidacy = elected;
    const unfenced = await createRegistry(options, { cluster, env, log, metrics, zoneOf: (name) => provider?.zoneOf?.(name) });
    const registry = elected ? fenced(unfenced, () => elected.mayWrite()) : unfenced;
    const desired = new Desired({
      runners,
      wrappers,
      resolver,
      settled: (signal) => openedCluster.settled(signal),
      onInvalid: (endpoint, reason) => log.warning('endpoint is not published', { name: endpoint.dnsName, type: endpoint.recordType, targets: endpoint.targets, objects: endpoint.refs.map(objectOf), reason }),
    });
    const protects = await createProtection(options.protectNames, (name) => opened.zoneOf?.(name));
    synchronizer = new Synchronizer({
      desired,
      provider: opened,
      registry,
      rules: { ...planRules(options, registry, allOf(domainFilter, opened.domainFilter)), protects },
      dryRun: options.dryRun,
      safety: safetyOf(options),
      cacheMs: Math.max(options.txtCacheIntervalMs, options.providerCacheTimeMs),
      log,
      metrics,
      now: Date.now,
      onOutcomes(outcomes) {
        changeMetrics.outcomes(outcomes);
        events?.outcomes(outcomes);
      },
    });
    const changeMetrics = new ChangeMetrics({ metrics, statuses: synchronizer.statuses, now: Date.now });
    if (options.eventsEmit.length > 0) {
      const { openEvents } = await import('../../controller/events/open-events.ts');
      events = openEvents({ options, writer: cluster.writer, synchronizer, desired, ownerId: registry.ownerId, log, stop });
    }
    const conditions = options.statusConditions && !options.dryRun ? new ConditionReport({ runners, statuses: synchronizer.statuses, now: Date.now }) : undefined;
    const statusWriter = new StatusWriter(cluster.writer, log, stop);
    controller = new Controller({ synchronizer, desired, statusWriter, intervalMs: options.intervalMs, minEventSyncIntervalMs: options.minEventSyncIntervalMs, log, metrics, now: Date.now, leadership: elected, completeStatuses: conditions && ((due) => conditions.complete(due)), onSynchronized(result) {
        changeMetrics.synchronized();
        first?.synchronized(result);
      } });
    await cluster.settled(stop);
    first = await firstRun({ options, writer: cluster.writer, synchronizer, log }, stop);
    if (options.once) {
      const { ok, reasons } = await controller.once(stop);
      await events?.idle();
      for (const reason of reasons) log.error('run ends with an error', { reason });
      return ok ? 0 : 1;
    }
    elected?.join();
    await controller.run(stop);
    return 0;
  } catch (error) {
    if (stop.aborted) return 0;
    throw error;
  } finally {
    await Promise.allSettled([first?.idle(), candidacy?.leave()]);
    await Promise.allSettled([cluster?.close(), provider?.close?.(), health.close()]);
  }
}

async function openCluster(options: Config, log: Logger, metrics: Metrics, stop: AbortSignal): Promise<Cluster> {
  if (options.manifests === '') return connectCluster(options, log, metrics, stop);
  const { openManifests } = await import('../../kubernetes/manifests.ts');
  return openManifests(options.manifests, log, stop, { watch: !options.once });
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
