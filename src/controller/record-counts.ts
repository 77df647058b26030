import type { ChangeGroup } from '../endpoint/change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Desired } from '../sources/engine/desired.ts';
import { Tally, typesOf } from '../sources/engine/tally.ts';

/** How many records are wanted, are there, and are both; kept up to date name by name, for the metrics. */
export class RecordCounts {
  readonly #wanted = new Tally();
  readonly #current = new Tally();
  readonly #verified = new Tally();

  planned(name: string, wanted: readonly Endpoint[], current: readonly Endpoint[]): void {
    this.#wanted.set(name, typesOf(wanted));
    this.#current.set(name, typesOf(current));
    this.#verified.set(name, typesOf(wanted.filter((e) => current.some((c) => c.recordType === e.recordType))));
  }

  /** Follows a group that was applied, as it was planned: without ownership records. */
  applied({ name, changes }: ChangeGroup): void {
    const types = [...this.#current.of(name)];
    for (const { action, before, after } of changes) {
      const at = action === 'delete' ? types.indexOf(before.recordType) : -1;
      if (at >= 0) types.splice(at, 1);
      if (action === 'create') types.push(after.recordType);
    }
    this.#current.set(name, types);
  }

  publish(metrics: Metrics, desired: Desired): void {
    for (const [metric, tally] of [['source_invalid_endpoints', desired.invalidEndpoints], ['source_deduplicated_endpoints', desired.duplicateEndpoints]] as const)
      for (const [type, count] of tally.counts()) {
        const [recordType = '', sourceType = ''] = type.split('|');
        metrics.set(metric, count, { record_type: recordType, source_type: sourceType });
      }
    metrics.set('source_endpoints_total', this.#wanted.total);
    metrics.set('registry_endpoints_total', this.#current.total);
    for (const [recordType, count] of this.#wanted.counts()) metrics.set('source_records', count, { record_type: recordType });
    for (const [recordType, count] of this.#current.counts()) metrics.set('registry_records', count, { record_type: recordType });
    for (const [recordType, count] of this.#verified.counts()) metrics.set('controller_verified_records', count, { record_type: recordType });
  }
}
