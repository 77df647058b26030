import { type Endpoint, endpoint, resourceLabel } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { SourceRunner } from '../../sources/engine/source-runner.ts';

/** Why the object of a resource label waits for a target for a name; without a label: why any object does. undefined: it does not wait. */
export type Waiting = (resource: string | undefined) => string | undefined;

/** A record that stays as it is for a while, though its object has nothing to point it to. */
export interface StaleRecord {
  readonly endpoint: Endpoint;
  readonly reason: string;
}

/**
 * Keeps the records of objects that are there and still want the name, but have no target for the moment (an empty load balancer status):
 * each name and type for a grace time, from when it was first seen so. After a restart the time begins anew. What stands at the provider
 * is what is kept, so that nothing has to be remembered.
 */
export class StaleRecords {
  readonly #graceMs: number;
  /** When each row became stale, by name and then by type and set identifier. */
  readonly #since = new Map<string, Map<string, number>>();

  /** `graceMs` 0: nothing is kept. */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  get enabled(): boolean {
    return this.#graceMs > 0;
  }

  /** The records of a name to be wanted as they stand. `ours`: current records that we may change. */
  keep(name: string, wanted: readonly Endpoint[], ours: readonly Endpoint[], waiting: Waiting, nowMs: number): readonly StaleRecord[] {
    if (!this.enabled) return [];
    const before = this.#since.get(name);
    const missing = ours.filter((record) => isMissing(record, wanted));
    const after = new Map<string, number>();
    const kept = missing.flatMap((record): StaleRecord[] => {
      const reason = waiting(record.labels[resourceLabel]) ?? this.#reasonOfForward(record, nowMs);
      if (reason === undefined) return [];
      const sinceMs = before?.get(rowOf(record)) ?? nowMs;
      after.set(rowOf(record), sinceMs);
      return nowMs - sinceMs < this.#graceMs ? [{ endpoint: asWish(record), reason }] : [];
    });
    if (after.size) this.#since.set(name, after);
    else this.#since.delete(name);
    return kept;
  }

  /** A reverse record stays as long as the name that it points to. */
  #reasonOfForward(record: Endpoint, nowMs: number): string | undefined {
    const isStale = (name: string): boolean => [...(this.#since.get(name)?.values() ?? [])].some((sinceMs) => nowMs - sinceMs < this.#graceMs);
    const forward = record.recordType === 'PTR' ? record.targets.find((target) => isStale(normalizeName(target))) : undefined;
    return forward === undefined ? undefined : `${forward} has none`;
  }

  /** Names with a record whose grace time has ended. */
  due(nowMs: number): string[] {
    return [...this.#since].flatMap(([name, rows]) => ([...rows.values()].some((sinceMs) => nowMs - sinceMs >= this.#graceMs) ? [name] : []));
  }

  /** When the next grace time ends that has not ended yet. */
  nextMs(nowMs: number): number | undefined {
    let next: number | undefined;
    for (const rows of this.#since.values())
      for (const sinceMs of rows.values()) {
        const endMs = sinceMs + this.#graceMs;
        if (endMs > nowMs && (next === undefined || endMs < next)) next = endMs;
      }
    return next;
  }
}

/** How objects of these sources wait for a name. */
export function waitingFor(runners: readonly SourceRunner[], name: string): Waiting {
  return (resource) => {
    for (const runner of runners)
      for (const { key, pending } of runner.contributors(name)) {
        if (resource !== undefined && !runner.definition.resourceLabels.some((label) => (label === '*' ? resource.endsWith(`/${key}`) : resource === `${label}/${key}`))) continue;
        const found = pending.find(([pendingName]) => normalizeName(pendingName) === name);
        if (found) return found[1];
      }
    return undefined;
  };
}

/** Nobody wants this type, and what is wanted can stand beside it. */
function isMissing(record: Endpoint, wanted: readonly Endpoint[]): boolean {
  const ofSet = wanted.filter((e) => e.setIdentifier === record.setIdentifier);
  return ofSet.length === 0 || (record.recordType !== 'CNAME' && ofSet.every((e) => e.recordType !== record.recordType && e.recordType !== 'CNAME'));
}

/** A current record as somebody would wish for it. */
function asWish(record: Endpoint): Endpoint {
  const resource = record.labels[resourceLabel];
  return endpoint({ ...record, labels: resource === undefined ? {} : { [resourceLabel]: resource }, providerSpecific: record.providerSpecific.filter((p) => p.name !== forceUpdateProperty) });
}

const rowOf = (record: Endpoint): string => `${record.recordType}|${record.setIdentifier}`;
