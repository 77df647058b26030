import { endpointOf } from '../endpoint/change.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { RegistryOutcome } from '../registries/registry.ts';
import { type NameStatus, nameStates, type Statuses } from './status.ts';

/** Changes that wait to be made. */
const waiting: ReadonlySet<NameStatus['state']> = new Set(['failed', 'quarantined', 'looping', 'held-by-brake', 'frozen']);

/** Keeps the metrics of changes, and of names that are not in order. */
export class ChangeMetrics {
  readonly #metrics: Metrics;
  readonly #statuses: Statuses;
  readonly #now: () => number;
  readonly #unpublishedSinceMs: () => number | undefined;

  /** `unpublishedSinceMs`: since when something else is wanted that was not yet published at all. */
  constructor(parts: { readonly metrics: Metrics; readonly statuses: Statuses; readonly now: () => number; readonly unpublishedSinceMs: () => number | undefined }) {
    this.#metrics = parts.metrics;
    this.#statuses = parts.statuses;
    this.#now = parts.now;
    this.#unpublishedSinceMs = parts.unpublishedSinceMs;
  }

  outcomes(outcomes: readonly RegistryOutcome[]): void {
    for (const { group, result, zone = '' } of outcomes)
      for (const change of group.changes) this.#metrics.add('changes_total', { zone, record_type: endpointOf(change).recordType, action: change.action, result });
  }

  /** Counts and ages as they are now; before each time that they are shown. */
  refresh(): void {
    const nowMs = this.#now();
    const counts = new Map<NameStatus['state'], number>();
    let oldestMs = Math.min(nowMs, this.#unpublishedSinceMs() ?? nowMs);
    for (const [, { state, since }] of this.#statuses.entries()) {
      counts.set(state, (counts.get(state) ?? 0) + 1);
      if (waiting.has(state)) oldestMs = Math.min(oldestMs, since.getTime());
    }
    for (const state of nameStates) this.#metrics.set('names_not_in_order', counts.get(state) ?? 0, { state });
    this.#metrics.set('oldest_pending_change_age_seconds', (nowMs - oldestMs) / 1000);
  }
}
