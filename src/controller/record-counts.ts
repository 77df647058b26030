import type { ChangeGroup } from '../endpoint/change.ts';
import { type Endpoint, ownerLabel } from '../endpoint/endpoint.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { isOurs } from '../plan/plan-name.ts';
import type { PlanRow, PlanRules } from '../plan/plan.ts';
import type { Desired } from '../sources/engine/desired.ts';
import { Tally, typesOf } from '../sources/engine/tally.ts';

/** How many records are wanted, are there, and are both; kept up to date name by name, for the metrics. */
export class RecordCounts {
  readonly #wanted = new Tally();
  readonly #current = new Tally();
  readonly #verified = new Tally();
  /** Records that keep us from a name, as `A|OWNER|DOMAIN`. */
  readonly #foreign = new Tally();
  readonly #rules: PlanRules;

  constructor(rules: PlanRules) {
    this.#rules = rules;
  }

  planned(name: string, wanted: readonly Endpoint[], current: readonly Endpoint[]): void {
    this.#wanted.set(name, typesOf(wanted));
    this.#current.set(name, typesOf(current));
    this.#verified.set(name, typesOf(wanted.filter((e) => current.some((c) => c.recordType === e.recordType))));
  }

  /** Follows what was decided for a name. */
  decided(name: string, rows: readonly PlanRow[]): void {
    const hindered = rows.filter((row) => row.decision === 'foreign' && row.candidates.length > 0);
    const strangers = hindered.flatMap((row) => row.current.filter((e) => !isOurs(e, this.#rules)));
    this.#foreign.set(name, strangers.map((e) => [e.recordType, encodeURIComponent(e.labels[ownerLabel] ?? ''), encodeURIComponent(domainOf(name))].join('|')));
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
    metrics.reset('registry_skipped_records_owner_mismatch_per_sync');
    for (const [kind, count] of this.#foreign.counts()) {
      const [recordType = '', foreignOwner = '', domain = ''] = kind.split('|').map(decodeURIComponent);
      if (count > 0) metrics.set('registry_skipped_records_owner_mismatch_per_sync', count, { record_type: recordType, owner: this.#rules.ownerId ?? '', foreign_owner: foreignOwner, domain });
    }
    metrics.set('source_endpoints_total', this.#wanted.total);
    metrics.set('registry_endpoints_total', this.#current.total);
    for (const [recordType, count] of this.#wanted.counts()) metrics.set('source_records', count, { record_type: recordType });
    for (const [recordType, count] of this.#current.counts()) metrics.set('registry_records', count, { record_type: recordType });
    for (const [recordType, count] of this.#verified.counts()) metrics.set('controller_verified_records', count, { record_type: recordType });
  }
}

/** `example.org` of `web.example.org`; a name of two labels stays as it is. Names by themselves would be too many for a metric. */
function domainOf(name: string): string {
  const parent = name.slice(name.indexOf('.') + 1);
  return parent.includes('.') ? parent : name;
}
