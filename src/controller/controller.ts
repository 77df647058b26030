import { messageOf, SoftError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Desired } from '../sources/engine/desired.ts';
import type { StatusWrite } from '../sources/engine/source-runner.ts';
import { BackOff } from './back-off.ts';
import { heldReasons } from './safety/held-report.ts';
import type { Leadership } from './leader/leadership.ts';
import { gatherMs, Schedule } from './schedule.ts';
import type { ObjectWrite, StatusWriter } from './status-writer.ts';
import type { Synchronizer, SyncResult } from './synchronizer.ts';

export interface ControllerParts {
  readonly synchronizer: Synchronizer;
  readonly desired: Desired;
  readonly statusWriter: StatusWriter;
  readonly intervalMs: number;
  readonly minEventSyncIntervalMs: number;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Absent: this process is the only one. */
  readonly leadership?: Leadership | undefined;
  /** Adds what is to be said of objects to the statuses that are due (--status-conditions, --status-annotation). */
  readonly completeStatuses?: ((due: readonly StatusWrite[]) => readonly ObjectWrite[]) | undefined;
  /** Called when this process begins to lead: others have written in the meantime. */
  readonly onTerm?: (() => void) | undefined;
  /** Called once, when the first publication is done and was read back. */
  readonly onStarted?: () => void;
  /** Called after each synchronisation that could read the provider. */
  readonly onSynchronized?: (result: SyncResult) => void;
}

export interface Health {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

/** Decides when to synchronise: at once after a change, every interval as a sweep, and when a back-off ends. Ends only on a signal. */
export class Controller {
  readonly #parts: ControllerParts;
  readonly #schedule: Schedule;
  readonly #backOff: BackOff<'provider'>;
  /** Since when something in the cluster has changed that was not yet looked at. */
  #changedAtMs: number | undefined;
  /** Since when something else is wanted than what is published. */
  #dirtySinceMs: number | undefined;
  /** The same of what is just being published. */
  #publishingSinceMs: number | undefined;
  #sweepAtMs = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => {};
  #runningSinceMs: number | undefined;
  #synchronizedAtMs: number | undefined;
  #lastError: string | undefined;
  #softErrors = 0;
  #sweepAsked = false;
  #started = false;
  /** The term that we work in. */
  #term: AbortSignal | undefined;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#schedule = new Schedule(parts.minEventSyncIntervalMs);
    this.#backOff = new BackOff();
  }

  /** Something in the cluster has changed. */
  changed(): void {
    if (this.#changedAtMs !== undefined) return;
    this.#changedAtMs = this.#parts.now();
    this.#wake();
  }

  /** Lets deletions go that the brake holds, at once; false: this is not what is held. */
  approve(checksum: string): boolean {
    if (!this.#parts.synchronizer.brake.approve(checksum)) return false;
    this.#parts.log.info('held deletions are approved', { checksum });
    this.#sweepAsked = true;
    this.#wake();
    return true;
  }

  /** One sweep. `ok`: everything is as it is wanted, or waits only for the cluster. */
  async once(stop: AbortSignal): Promise<{ ok: boolean; reasons: readonly string[] }> {
    const { desired, synchronizer, statusWriter } = this.#parts;
    const result = await this.#synchronize(true, stop);
    await statusWriter.idle();
    const reasons = [...desired.troubles(), ...result.unreadableZones.map((zone) => `zone ${zone} cannot be read`)];
    if (result.error) reasons.push(messageOf(result.error));
    if (result.failed > 0) reasons.push(`${result.failed} of ${result.failed + result.applied} changes failed`);
    reasons.push(...heldReasons(result.held));
    for (const [name, status] of synchronizer.statuses.entries()) if (status.state === 'skipped') reasons.push(`${name}: ${status.reason}`);
    return { ok: reasons.length === 0, reasons };
  }

  /** Runs until `stop` is aborted; a batch under way is ended first. */
  async run(stop: AbortSignal): Promise<void> {
    const { now, intervalMs, leadership } = this.#parts;
    stop.addEventListener('abort', () => this.#wake(), { once: true });
    leadership?.subscribe(() => this.#wake());
    while (!stop.aborted) {
      if (leadership && !leadership.term) {
        await this.#standBy(stop);
        continue;
      }
      this.#follow(leadership?.term);
      const nowMs = now();
      const sweep = this.#sweepAsked || nowMs >= this.#sweepAtMs;
      if (!sweep && nowMs >= this.#gatherAtMs()) {
        await this.#gather(stop);
        continue;
      }
      if (sweep || nowMs >= this.#nextChangeMs()) {
        const first = this.#synchronizedAtMs === undefined;
        const changed = this.#dirtySinceMs !== undefined;
        // a sweep also publishes what was not yet looked at; what stood there at the start is no change
        const dirtySinceMs = this.#dirtySinceMs ?? (first ? undefined : this.#changedAtMs);
        this.#publishingSinceMs = dirtySinceMs;
        this.#changedAtMs = undefined;
        this.#dirtySinceMs = undefined;
        this.#sweepAsked = false;
        if (changed && !sweep) this.#schedule.published(nowMs);
        const { error, applied, answeredMs } = await this.#synchronize(sweep, this.#term ? AbortSignal.any([stop, this.#term]) : stop);
        this.#publishingSinceMs = undefined;
        // it still waits, and counts from when it was first seen
        if (error) this.#dirtySinceMs = dirtySinceMs ?? this.#dirtySinceMs;
        if (this.#term?.aborted) continue;
        if (!error && applied > 0 && dirtySinceMs !== undefined) this.#parts.metrics.observe('publication_duration_seconds', (now() - dirtySinceMs) / 1000);
        if (error) this.#sweepAtMs = Math.min(this.#backOff.failed('provider', now(), error instanceof SoftError ? error.retryAfterMs : 0), now() + Math.max(intervalMs, retryAfterOf(error)));
        else {
          this.#backOff.succeeded('provider');
          // what the first publication made is read back soon: whether the provider took it as it was meant shows early
          const confirms = first && applied > 0;
          if (sweep) this.#sweepAtMs = confirms ? (answeredMs ?? now()) + Math.min(confirmMs, intervalMs) : nowMs + intervalMs;
          if (sweep && !confirms && !this.#started) {
            this.#started = true;
            this.#parts.onStarted?.();
          }
        }
        continue;
      }
      await this.#sleep(Math.min(this.#gatherAtMs(), this.#nextChangeMs(), this.#sweepAtMs) - nowMs);
    }
  }

  /** The loop turns: no synchronisation has hung for longer than anything in it may take. */
  get alive(): Health {
    const stuckMs = this.#runningSinceMs === undefined ? 0 : this.#parts.now() - this.#runningSinceMs;
    return stuckMs > stuckAfterMs ? { ok: false, reasons: [`a synchronisation has been running for ${Math.round(stuckMs / 1000)} s`] } : { ok: true, reasons: [] };
  }

  /** The first synchronisation is done, and the last one could reach everything that it needs. */
  get ready(): Health {
    const { leadership } = this.#parts;
    // it is ready to take over, and that is all that is asked of it
    if (leadership && !leadership.term) return { ok: true, reasons: [leadership.holder === '' ? 'standby: nobody leads yet' : `standby: ${leadership.holder} leads`] };
    const reasons: string[] = [];
    if (this.#synchronizedAtMs === undefined) reasons.push('not yet synchronised');
    if (this.#lastError !== undefined) reasons.push(this.#lastError);
    for (const runner of this.#parts.desired.runners) if (runner.unreadable !== undefined) reasons.push(`source ${runner.definition.name}: ${runner.unreadable}`);
    reasons.push(...heldReasons(this.#parts.synchronizer.brake.held));
    return { ok: reasons.length === 0, reasons };
  }

  /** Since when something else is wanted than what is published, as far as that is not known to have failed; undefined: nothing is. */
  get unpublishedSinceMs(): number | undefined {
    return this.#publishingSinceMs ?? this.#dirtySinceMs;
  }

  /** Another process writes: what is wanted is kept up to date, and the provider is not asked. */
  async #standBy(stop: AbortSignal): Promise<void> {
    this.#term = undefined;
    this.#dirtySinceMs = undefined;
    const waitMs = this.#gatherAtMs() - this.#parts.now();
    if (waitMs > 0) return this.#sleep(waitMs);
    this.#changedAtMs = undefined;
    try {
      await this.#parts.synchronizer.gather(stop);
    } catch (error) {
      if (!stop.aborted) this.#parts.log.error('changes in the cluster cannot be computed', { reason: messageOf(error) });
    }
  }

  /** A new term begins with a sweep: others have written since the last reading. */
  #follow(term: AbortSignal | undefined): void {
    if (term === this.#term) return;
    this.#term = term;
    this.#backOff.succeeded('provider');
    this.#parts.synchronizer.forgetReading();
    this.#parts.onTerm?.();
    this.#sweepAsked = true;
  }

  /** Most events change nothing that is published (a status, a label): what they mean is computed before a publication is spent on them. */
  async #gather(stop: AbortSignal): Promise<void> {
    const since = this.#changedAtMs;
    this.#changedAtMs = undefined;
    try {
      if (await this.#parts.synchronizer.gather(stop)) this.#dirtySinceMs ??= since;
      else if (this.#synchronizedAtMs !== undefined) this.#writeStatuses();
    } catch (error) {
      // what was not computed is still marked: the next sweep or event computes it
      if (!stop.aborted) this.#parts.log.error('changes in the cluster cannot be computed', { reason: messageOf(error) });
    }
  }

  #writeStatuses(): void {
    const { desired, statusWriter, completeStatuses } = this.#parts;
    const due = desired.runners.flatMap((runner) => runner.takeStatuses());
    statusWriter.add(completeStatuses?.(due) ?? due);
  }

  /** When changes in the cluster that wait are to be looked at; what was written together is seen together. */
  #gatherAtMs(): number {
    return this.#changedAtMs === undefined ? Number.POSITIVE_INFINITY : this.#changedAtMs + gatherMs;
  }

  /** When changes that wait are to be published. */
  #nextChangeMs(): number {
    // while the provider is in trouble, changes wait for its back-off
    const retryMs = this.#backOff.nextMs;
    if (retryMs !== undefined) return Number.POSITIVE_INFINITY;
    const changeMs = this.#dirtySinceMs === undefined ? Number.POSITIVE_INFINITY : this.#schedule.publishAt(this.#dirtySinceMs);
    return Math.min(changeMs, this.#parts.synchronizer.retryAtMs ?? Number.POSITIVE_INFINITY);
  }

  async #synchronize(sweep: boolean, stop: AbortSignal): Promise<SyncResult> {
    const { synchronizer, log, metrics, now, onSynchronized } = this.#parts;
    this.#runningSinceMs = now();
    metrics.set('controller_last_reconcile_timestamp_seconds', now() / 1000);
    try {
      const result = await synchronizer.sync(sweep, stop);
      if (result.error) {
        if (stop.aborted) return result;
        this.#softErrors++;
        this.#lastError = messageOf(result.error);
        log.error('synchronisation failed', { reason: this.#lastError, consecutive: this.#softErrors });
        metrics.add('registry_errors_total');
      } else {
        if (this.#softErrors > 0) log.info('synchronisation succeeded again', { after: this.#softErrors });
        this.#writeStatuses();
        const first = this.#synchronizedAtMs === undefined;
        this.#softErrors = 0;
        this.#lastError = undefined;
        this.#synchronizedAtMs = now();
        metrics.set('controller_last_sync_timestamp_seconds', now() / 1000);
        if (result.applied + result.failed === 0) {
          metrics.add('controller_no_op_runs_total');
          if (first) log.info('All records are already up to date');
          else if (sweep) log.debug('All records are already up to date');
        }
        onSynchronized?.(result);
      }
      metrics.set('controller_consecutive_soft_errors', this.#softErrors);
      return result;
    } finally {
      this.#runningSinceMs = undefined;
    }
  }

  async #sleep(ms: number): Promise<void> {
    if (ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(resolve, Math.min(ms, longestTimerMs)) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}

const retryAfterOf = (error: Error): number => (error instanceof SoftError ? (error.retryAfterMs ?? 0) : 0);

/** setTimeout takes no more than a signed 32-bit number. */
const longestTimerMs = 2 ** 31 - 1;
const confirmMs = 1000;
const stuckAfterMs = 15 * 60_000;
