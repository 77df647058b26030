import type { ChangeGroup } from '../endpoint/change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { groupByName } from '../endpoint/group-by-name.ts';
import { messageOf, SoftError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Brake, type HeldPlan } from '../plan/brake.ts';
import { isOurs, planName } from '../plan/plan-name.ts';
import type { PlanRules } from '../plan/plan.ts';
import type { Provider } from '../providers/provider.ts';
import type { Registry, RegistryOutcome } from '../registries/registry.ts';
import type { Desired, Untrusted } from '../sources/engine/desired.ts';
import { Current } from './current.ts';
import { Failures } from './failures.ts';
import { reasonToFreeze, type Unknowns, unreadableZone } from './safety/frozen.ts';
import { FrozenNames } from './safety/frozen-names.ts';
import { HeldReport } from './safety/held-report.ts';
import { LoopDetector } from './safety/loop-detector.ts';
import { NameNotes } from './name-notes.ts';
import { RecordCounts } from './record-counts.ts';
import { logApplied, logWouldBe } from './report.ts';
import { tellDrift } from './safety/ownership-drift.ts';
import type { Safety } from './safety/settings.ts';
import { type StaleRecord, StaleRecords, waitingFor } from './safety/stale.ts';
import { Statuses } from './status.ts';

export interface SyncParts {
  readonly desired: Desired;
  readonly provider: Provider;
  readonly registry: Registry;
  readonly rules: PlanRules;
  readonly dryRun: boolean;
  readonly safety: Safety;
  /** How long a reading of the provider may serve plans without a new one (--txt-cache-interval, --provider-cache-time). */
  readonly cacheMs: number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Called with what came of each batch of changes; not in a dry run. */
  readonly onOutcomes?: ((outcomes: readonly RegistryOutcome[]) => void) | undefined;
  /** Called with each name that is planned: since the last call something else may be wanted, stand there, or be known of it. */
  readonly onPlanned?: ((name: string) => void) | undefined;
  /** Called when deletions are held, and when others are. */
  readonly onHeld?: ((held: HeldPlan) => void) | undefined;
}

/** What came of one synchronisation. */
export interface SyncResult {
  /** Groups that were applied (in dry run: that would have been). */
  readonly applied: number;
  readonly failed: number;
  /** The provider could not be read, or not be asked; nothing was done. */
  readonly error: Error | undefined;
  /** Zones that could not be read. */
  readonly unreadableZones: readonly string[];
  /** Deletions that the brake holds. */
  readonly held: HeldPlan | undefined;
  /** When the provider had answered for the last change, in milliseconds; undefined: it was asked for none. */
  readonly answeredMs?: number | undefined;
}

/**
 * One synchronisation: what changed in the cluster and at the provider becomes changes at the provider.
 *
 *   1. compute the objects that changed; take the names of which something else is wanted now
 *   2. read the provider: all of it in a sweep, else only what is needed; take the names that stand differently
 *   3. plan these names; the brake holds deletions that are too many
 *   4. apply the plan's changes through the registry, and follow what was done
 */
export class Synchronizer {
  readonly statuses = new Statuses();
  readonly current: Current;
  readonly brake: Brake;
  readonly #parts: SyncParts;
  /** Names to be planned; they stay until their plan has succeeded. */
  readonly #pending = new Set<string>();
  readonly #failures: Failures;
  readonly #frozen: FrozenNames;
  readonly #counts: RecordCounts;
  readonly #notes: NameNotes;
  readonly #heldReport: HeldReport;
  readonly #loops = new LoopDetector();
  readonly #stale: StaleRecords;
  #fingerprint: string | undefined;
  /** When it was last looked for what is due. */
  #seenMs = Number.NEGATIVE_INFINITY;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** The provider was read in the synchronisation under way. */
  #readNow = false;
  #answeredMs: number | undefined;
  /** Names that were read by themselves in the synchronisation under way. */
  readonly #namesRead = new Set<string>();
  /** It was told which records look like ours under other settings. */
  #comparedOwnership = false;
  #unreadable: readonly { readonly zone: string; readonly error: Error }[] = [];
  #untrusted: Untrusted | undefined;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    const { registry, provider, safety } = parts;
    this.current = new Current(registry, (name) => provider.zoneOf?.(name));
    this.brake = new Brake(safety.brake, { zoneOf: (name) => provider.zoneOf?.(name) ?? '', owned: (zone, enough) => this.#owned(zone, enough) }, safety.approvedChecksum);
    this.#stale = new StaleRecords(safety.staleGraceMs);
    this.#notes = new NameNotes(this.statuses, parts);
    this.#failures = new Failures(this.statuses, parts);
    this.#frozen = new FrozenNames({ ...parts, statuses: this.statuses, current: this.current });
    this.#heldReport = new HeldReport(parts);
    this.#counts = new RecordCounts(parts.rules);
  }

  /** When something is due by itself: a failed change, one that did not last, the end of a grace time. */
  get retryAtMs(): number | undefined {
    const times = [this.#failures.nextMs, this.#loops.nextMs, this.#stale.nextMs(this.#seenMs), this.#parts.desired.nextMs].filter((ms) => ms !== undefined);
    return times.length ? Math.min(...times) : undefined;
  }

  /** All sources can be read. */
  get knowsAllWishes(): boolean {
    return (this.#parts.desired.untrusted?.sources.size ?? 0) === 0;
  }

  /** Others may have written since the last reading: nothing is planned by it any more. */
  forgetReading(): void {
    this.#forget();
  }

  /** Computes what has changed in the cluster; whether anything else is wanted now, so that a synchronisation is due. */
  async gather(stop: AbortSignal): Promise<boolean> {
    for (const name of await this.#parts.desired.flush(stop, false, this.#parts.now())) this.#pending.add(name);
    this.#trust();
    return this.#pending.size > 0;
  }

  /** `stop`: no further batch is begun once it is aborted. */
  async sync(sweep: boolean, stop: AbortSignal): Promise<SyncResult> {
    const { desired, now } = this.#parts;
    this.#readNow = false;
    this.#answeredMs = undefined;
    this.#namesRead.clear();
    try {
      for (const name of await desired.flush(stop, sweep, now())) this.#pending.add(name);
    } catch (error) {
      return { ...this.#result([]), error: error instanceof Error ? error : new Error(String(error)) };
    }
    if (sweep && !desired.troubles()[Symbol.iterator]().next().done) this.#parts.metrics.add('source_errors_total');
    this.#trust();
    this.#seenMs = now();
    for (const name of [...this.#failures.due(), ...this.#loops.due(this.#seenMs), ...this.#stale.due(this.#seenMs), ...this.brake.heldNames.keys()]) this.#pending.add(name);
    try {
      if (sweep) {
        await this.#read(stop);
        for (const name of this.#failures.releaseTroubled()) this.#pending.add(name);
      }
      if (this.#pending.size === 0) return this.#result([]);
      // an update of what is ours by a reading of a moment ago needs no new one; a name that comes or goes does
      let groups = this.#mayBeStale() ? undefined : await this.#plan(stop);
      while (groups === undefined || (!sweep && this.#mustRead(groups))) {
        await this.#readNames(groups ?? [], stop);
        groups = await this.#plan(stop);
      }
      const outcomes = await this.#apply(groups, stop);
      if (sweep && !this.#comparedOwnership) tellDrift(this.statuses, desired, this.current, this.#parts.safety.ownership, this.#parts.log);
      this.#comparedOwnership ||= sweep;
      return this.#result(outcomes);
    } catch (error) {
      return { ...this.#result([]), error: error instanceof Error ? error : new Error(String(error)) };
    } finally {
      this.#counts.publish(this.#parts.metrics, desired);
      this.#heldReport.tell(this.brake, this.statuses, sweep);
    }
  }

  /** Whether the last reading is so old that nothing may be planned by it. */
  #mayBeStale(): boolean {
    return this.#parts.now() - this.#readAtMs > Math.max(trustMs, this.#parts.cacheMs);
  }

  /** Whether the last reading serves all plans: a cache was asked for, or it is of this very synchronisation. */
  #fresh(): boolean {
    return this.#readNow || (this.#parts.cacheMs > 0 && this.#parts.now() - this.#readAtMs <= this.#parts.cacheMs);
  }

  #mustRead(groups: readonly ChangeGroup[]): boolean {
    return !this.#fresh() && groups.some((group) => comesOrGoes(group) && !this.#namesRead.has(group.name));
  }

  /** Reads what is to be planned or changed; not what the brake holds, which may be much. */
  async #readNames(groups: readonly ChangeGroup[], stop: AbortSignal): Promise<void> {
    const { provider, registry } = this.#parts;
    if (!provider.recordsOf || !registry.recordNames || this.#readAtMs === Number.NEGATIVE_INFINITY) return this.#read(stop);
    const going = new Set(groups.map((g) => g.name));
    const names = [...new Set([...this.#pending, ...going])].filter((name) => !this.#namesRead.has(name) && (going.has(name) || !this.brake.heldNames.has(name)));
    if (names.length === 0) return;
    const asked = [...new Set(names.flatMap((name) => registry.recordNames?.(name) ?? [name]))];
    // where one of their zones is in trouble, a whole reading tells which, and the names of the others go on
    const records = await provider.recordsOf(asked, stop).catch((error: unknown) => {
      if (!(error instanceof SoftError)) throw error;
      return undefined;
    });
    if (records === undefined) return this.#read(stop);
    for (const name of names) this.#namesRead.add(name);
    this.#count();
    for (const name of this.current.replaceNames(names, records)) this.#pending.add(name);
  }

  async #read(stop: AbortSignal): Promise<void> {
    const { provider, registry, log, now } = this.#parts;
    if (this.#fresh()) {
      if (!this.#readNow) this.#count(true);
      return;
    }
    const startedMs = now();
    const changedOwners = await registry.refresh?.(stop);
    const reading = this.current.reading();
    const snapshot = await provider.snapshot(stop, this.#fingerprint, reading.known);
    this.#count();
    for (const { zone, error } of snapshot.unreadable)
      if (!this.#unreadable.some((u) => u.zone === zone && u.error.message === error.message)) log.error('zone cannot be read; its records stay as they are', { zone, reason: messageOf(error) });
    this.#unreadable = snapshot.unreadable;
    if (snapshot.records) {
      const first = this.#readAtMs === Number.NEGATIVE_INFINITY;
      const unknowns = this.#unknowns;
      const changed = this.current.replace(snapshot.records, snapshot.unreadable.length ? (name) => unreadableZone(name, unknowns) !== undefined : undefined, reading);
      for (const name of changed) this.#pending.add(name);
      this.#loops.read(changed, startedMs);
      if (first) log.debug('provider read for the first time', { records: snapshot.records.length });
    }
    if (changedOwners === 'all') for (const name of this.current.names()) this.#pending.add(name);
    else for (const name of changedOwners ?? []) this.#pending.add(name);
    for (const name of this.#frozen.follow(this.#unknowns)) this.#pending.add(name);
    this.#fingerprint = snapshot.fingerprint;
    this.#readAtMs = startedMs;
    this.#readNow = true;
  }

  /** Plans the pending names; those with nothing to be done are done with. */
  async #plan(stop: AbortSignal): Promise<readonly ChangeGroup[]> {
    const { desired, provider, rules, now } = this.#parts;
    const names = [...this.#pending];
    const wanted = names.flatMap((name) => desired.endpoints(name));
    const adjusted = groupByName(await provider.adjust(wanted, stop));
    const groups: ChangeGroup[] = [];
    const unknowns = this.#unknowns;
    const frozenZones = new Set<string>();
    this.#notes.begin();
    for (const name of new Set([...names, ...adjusted.keys()])) {
      this.#parts.onPlanned?.(name);
      let endpoints: readonly Endpoint[] = adjusted.get(name) ?? [];
      const current = this.current.labelled(name);
      this.#counts.planned(name, endpoints, current);
      const frozen = reasonToFreeze(name, endpoints, current, unknowns);
      if (frozen !== undefined) {
        this.#frozen.wait(name, frozen);
        frozenZones.add(provider.zoneOf?.(name) ?? '');
        this.#pending.delete(name);
        continue;
      }
      const stale = this.#keepStale(name, endpoints, current);
      if (stale.length) endpoints = [...endpoints, ...stale.map((s) => s.endpoint)];
      const rows = planName(name, endpoints, current, rules);
      this.#counts.decided(name, rows);
      this.#notes.note(name, rows, endpoints, stale[0]?.reason ?? desired.shortOf(name));
      let busy = false;
      for (const { group } of rows) {
        if (!group) continue;
        busy = true;
        if (this.#failures.holdsUp(group)) continue;
        const loop = this.#loops.hinders(group, now());
        if (loop !== undefined) {
          this.#notes.tell(name, 'looping', loop);
          continue;
        }
        groups.push(group);
      }
      if (!busy) {
        this.#pending.delete(name);
        const isRead = this.#readNow || this.#namesRead.has(name);
        for (const { setIdentifier } of rows) {
          this.#failures.settled({ name, setIdentifier });
          if (isRead) this.#loops.settled(name, setIdentifier);
        }
        this.#notes.settle(name);
      }
    }
    this.#frozen.tell();
    return this.brake.hold(groups, now(), frozenZones);
  }

  /** Records that stay although their object has no target for the moment. */
  #keepStale(name: string, wanted: readonly Endpoint[], current: readonly Endpoint[]): readonly StaleRecord[] {
    if (!this.#stale.enabled || current.length === 0) return [];
    const { desired, rules, now } = this.#parts;
    const ours = current.filter((e) => rules.manages(e.recordType) && isOurs(e, rules));
    return this.#stale.keep(name, wanted, ours, waitingFor(desired.runners, name), now());
  }

  /** How many records of a zone are ours. */
  #owned(zone: string, enough: number): number {
    const { provider, rules } = this.#parts;
    let count = 0;
    for (const name of this.current.names()) {
      if (count >= enough) break;
      if ((provider.zoneOf?.(name) ?? '') !== zone || !rules.matches(name)) continue;
      for (const record of this.current.labelled(name)) if (rules.manages(record.recordType) && isOurs(record, rules)) count++;
    }
    return count;
  }

  async #apply(groups: readonly ChangeGroup[], stop: AbortSignal): Promise<readonly RegistryOutcome[]> {
    const { registry, provider, dryRun, log, now, metrics } = this.#parts;
    if (groups.length === 0) {
      this.#pending.clear();
      return [];
    }
    if (dryRun) {
      for (const group of groups) logWouldBe(log, group);
      this.#pending.clear();
      return groups.map((group) => ({ group, result: 'applied' }));
    }
    if (this.#parts.cacheMs > 0) metrics.add('provider_cache_apply_changes_calls');
    // the provider may keep something else than it is given: the next sweep is not to pass for one that finds the same as before
    this.#fingerprint = undefined;
    const outcomes = await registry.apply(groups, (written, signal) => provider.apply(written, signal), this.current, stop);
    this.#answeredMs = now();
    this.#pending.clear();
    this.brake.done(outcomes.flatMap((o) => (o.result === 'applied' || (o.result === 'failed' && o.state === 'unknown') ? [o.group] : [])), now());
    for (const outcome of outcomes) {
      const { group } = outcome;
      if (outcome.result !== 'failed') this.#failures.settled(group);
      if (outcome.result === 'applied') {
        this.#loops.applied(group, now());
        this.current.applied(outcome.written ?? group);
        this.#counts.applied(group);
        if (!this.brake.heldNames.has(group.name)) this.#notes.applied(group.name, group.setIdentifier);
        logApplied(log, outcome);
      } else if (outcome.result === 'skipped') this.#notes.tell(group.name, outcome.foreign ? 'foreign' : 'skipped', outcome.reason);
    }
    const failed = outcomes.filter((o) => o.result === 'failed');
    this.#failures.note(failed, stop);
    if (failed.length > 0) metrics.add('registry_errors_total', {}, failed.length);
    // read again before anything else is planned by what is no longer known
    if (failed.some((o) => o.state === 'unknown')) this.#forget();
    this.#parts.onOutcomes?.(outcomes);
    return outcomes;
  }

  /** The last reading no longer holds. */
  #forget(): void {
    this.#readAtMs = Math.min(this.#readAtMs, this.#parts.now() - 2 * Math.max(trustMs, this.#parts.cacheMs));
    this.#fingerprint = undefined;
  }

  get #unknowns(): Unknowns {
    return { zones: this.#unreadable, sources: this.#untrusted, zoneOf: (name) => this.#parts.provider.zoneOf?.(name) };
  }

  /** Follows what the sources cannot be trusted in; names that were frozen are planned again once they can. */
  #trust(): void {
    this.#untrusted = this.#parts.desired.untrusted;
    for (const name of this.#frozen.follow(this.#unknowns)) this.#pending.add(name);
  }

  #result(outcomes: readonly RegistryOutcome[]): SyncResult {
    let [applied, failed] = [0, 0];
    for (const { result } of outcomes) {
      if (result === 'applied') applied++;
      else if (result === 'failed') failed++;
    }
    return { applied, failed, error: undefined, unreadableZones: this.#unreadable.map((u) => u.zone), held: this.brake.held, answeredMs: this.#answeredMs };
  }

  #count(fromCache = false): void {
    this.#parts.metrics.add('provider_cache_records_calls', { from_cache: String(fromCache) });
  }
}

/** A reading of so long ago serves updates of records that it shows as ours. */
const trustMs = 10_000;

const comesOrGoes = (group: ChangeGroup): boolean => group.changes.some((c) => c.action !== 'update');
