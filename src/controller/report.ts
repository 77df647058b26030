import { type Endpoint, resourceLabel } from '../endpoint/endpoint.ts';
import { messageOf } from '../errors.ts';
import type { LogFields, Logger } from '../log/logger.ts';
import type { RegistryOutcome } from '../registries/registry.ts';

const done = { create: 'record created', update: 'record updated', delete: 'record deleted' } as const;
const wouldBe = { create: 'record would be created', update: 'record would be updated', delete: 'record would be deleted' } as const;

/** One line for each change of a record that was made. */
export function logApplied(log: Logger, outcome: RegistryOutcome): void {
  if (!log.isEnabled('info')) return;
  for (const change of outcome.group.changes) {
    const endpoint = change.after ?? change.before;
    log.info(done[change.action], { ...fieldsOf(endpoint), ...zoneOf(outcome), reason: outcome.group.reason });
  }
}

/** One line for each change that a dry run would have made. */
export function logWouldBe(log: Logger, changes: RegistryOutcome['group']): void {
  for (const change of changes.changes) log.info(wouldBe[change.action], { ...fieldsOf(change.after ?? change.before), reason: changes.reason });
}

export function logFailed(log: Logger, outcome: RegistryOutcome & { result: 'failed' }, retryInMs: number): void {
  log.error('record cannot be changed', {
    name: outcome.group.name,
    ...(outcome.group.setIdentifier && { setIdentifier: outcome.group.setIdentifier }),
    types: [...new Set(outcome.group.changes.map((c) => (c.after ?? c.before).recordType))],
    ...zoneOf(outcome),
    reason: messageOf(outcome.error),
    retryInSeconds: Math.round(retryInMs / 1000),
  });
}

function fieldsOf(endpoint: Endpoint): LogFields {
  const resource = endpoint.labels[resourceLabel];
  return {
    name: endpoint.dnsName,
    type: endpoint.recordType,
    ...(endpoint.setIdentifier && { setIdentifier: endpoint.setIdentifier }),
    targets: endpoint.targets,
    ...(endpoint.ttlSeconds > 0 && { ttl: endpoint.ttlSeconds }),
    ...(resource && { resource }),
  };
}

const zoneOf = (outcome: RegistryOutcome): LogFields => (outcome.zone ? { zone: outcome.zone } : {});
