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

/** Changes that failed in one synchronisation: a line for each that failed by itself; one for all others that failed alike where they are many, as when the provider is down. */
export class FailureReport {
  readonly #byReason = new Map<string, { outcome: FailedOutcome; retryInMs: number }[]>();

  add(outcome: FailedOutcome, retryInMs: number): void {
    const reason = messageOf(outcome.error);
    const alike = this.#byReason.get(reason);
    if (alike) alike.push({ outcome, retryInMs });
    else this.#byReason.set(reason, [{ outcome, retryInMs }]);
  }

  tell(log: Logger): void {
    for (const [reason, failures] of this.#byReason) {
      // those that are not to blame themselves
      const together = failures.filter(({ outcome }) => !outcome.alone);
      const many = together.length > oneByOne;
      if (many)
        log.error('many records cannot be changed', {
          count: together.length,
          names: together.slice(0, oneByOne).map(({ outcome }) => outcome.group.name),
          reason,
          retryInSeconds: Math.round((together[0]?.retryInMs ?? 0) / 1000),
        });
      for (const { outcome, retryInMs } of failures)
        (many && !outcome.alone ? log.debug : log.error).call(log, 'record cannot be changed', {
          name: outcome.group.name,
          ...(outcome.group.setIdentifier && { setIdentifier: outcome.group.setIdentifier }),
          types: [...new Set(outcome.group.changes.map((c) => (c.after ?? c.before).recordType))],
          ...zoneOf(outcome),
          reason,
          retryInSeconds: Math.round(retryInMs / 1000),
        });
    }
  }
}

type FailedOutcome = RegistryOutcome & { result: 'failed' };

const oneByOne = 5;

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
