import { messageOf, SoftError } from '../../errors.ts';
import { ApiError } from '../../kubernetes/client/api-error.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import type { Logger } from '../../log/logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Clock } from './clock.ts';
import { Lease, type LeaseRecord, leaseRecordOf, microTime, withRecord } from './lease.ts';
import type { Leadership } from './leadership.ts';

export interface LeaderElectionSettings {
  readonly namespace: string;
  /** Name of the Lease. */
  readonly name: string;
  /** Unlike that of any other process, and of any earlier one. */
  readonly identity: string;
  /** How long others wait after the last renewal that they saw. */
  readonly leaseDurationMs: number;
  /** How long we lead after our last renewal; shorter than the duration, so that what was begun can end. */
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

interface LeaderElectionParts {
  readonly writer: Pick<ClusterWriter, 'get' | 'create' | 'replace'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly random?: () => number;
}

/** What was seen of the Lease, and when. */
interface Seen {
  readonly object: RawObject;
  readonly record: LeaseRecord;
  readonly text: string;
  readonly atMs: number;
}

/**
 * Leader election by a Lease, as all controllers of Kubernetes do it: who renews it in time leads; who sees it unchanged for its whole duration takes it.
 * Every write is a compare-and-swap by resourceVersion. A standby asks twice in each retry period, so that it sees soon when the Lease is given back.
 */
export class LeaderElection implements Leadership {
  readonly #settings: LeaderElectionSettings;
  readonly #parts: LeaderElectionParts;
  readonly #listeners = new Set<() => void>();
  #term: AbortController | undefined;
  #seen: Seen | undefined;
  /** When the request was sent that last renewed the Lease: others count from a later moment. */
  #renewed: { readonly monotonicMs: number; readonly wallMs: number } | undefined;
  #told: string | undefined;

  constructor(settings: LeaderElectionSettings, parts: LeaderElectionParts) {
    this.#settings = settings;
    this.#parts = parts;
    this.#tell();
  }

  get term(): AbortSignal | undefined {
    return this.#term?.signal;
  }

  get holder(): string {
    return this.#seen?.record.holder ?? '';
  }

  mayWrite(): boolean {
    return this.#term !== undefined && this.#leftMs() > 0;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes part until the signal is aborted. The Lease stays ours then, until `release` or its end. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    while (!signal.aborted) {
      await this.#turn(signal);
      if (!signal.aborted) await clock.wait(this.#pauseMs(), signal);
    }
  }

  /** Ends the term, and gives the Lease back, so that another process need not wait for its end. Nothing may be written any more when it is called. */
  async release(): Promise<void> {
    if (!this.#term) return;
    const { clock, writer, log } = this.#parts;
    this.#endTerm();
    const seen = this.#seen;
    if (!seen) return;
    const time = microTime(clock.wallMs());
    try {
      await this.#limited(releaseMs, undefined, (signal) => writer.replace(Lease, withRecord(seen.object, { ...seen.record, holder: '', durationSeconds: 1, acquireTime: time, renewTime: time }), signal));
      log.info('leadership is given back', { lease: this.#title });
    } catch (error) {
      log.warning('leadership cannot be given back; others wait for the end of the lease', { lease: this.#title, reason: messageOf(error) });
    }
  }

  async #turn(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.#parts;
    const started = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
    const { renewDeadlineMs } = this.#settings;
    try {
      const held = await this.#limited(Math.min(renewDeadlineMs / 2, this.#term ? Math.max(1, this.#leftMs()) : Infinity), stop, (signal) => this.#acquireOrRenew(signal));
      this.#told = undefined;
      if (held) {
        this.#renewed = started;
        // an answer that comes too late: the term is over, a new one begins with the next renewal
        if (!this.#term && this.#leftMs() > 0) this.#beginTerm();
      } else if (this.#term) {
        log.warning('leadership is lost: another process holds the lease', { lease: this.#title, holder: this.holder });
        this.#endTerm();
      }
    } catch (error) {
      if (stop.aborted) return;
      // told once for each reason
      const reason = messageOf(error);
      if (reason !== this.#told) log.warning(this.#term ? 'the lease cannot be renewed' : 'the lease cannot be acquired', { lease: this.#title, reason });
      this.#told = reason;
    }
    if (this.#term && this.#leftMs() <= 0) {
      log.warning('leadership is lost: the lease could not be renewed in time', { lease: this.#title });
      this.#endTerm();
    }
  }

  /** Whether the Lease is ours now. */
  async #acquireOrRenew(signal: AbortSignal): Promise<boolean> {
    const { identity } = this.#settings;
    const { writer } = this.#parts;
    const ours = this.#seen;
    if (this.#term && ours?.record.holder === identity) {
      try {
        await this.#put(ours, signal);
        return true;
      } catch (error) {
        // somebody has written it, be it ourselves by a request whose answer was lost: it is looked at below
        if (!isMoved(error)) throw error;
      }
    }
    const object = await writer.get(Lease, this.#settings.namespace, this.#settings.name, signal);
    try {
      if (object === undefined) {
        const metadata = { namespace: this.#settings.namespace, name: this.#settings.name };
        this.#see(await writer.create(Lease, withRecord({ metadata }, this.#newRecord(undefined)), signal));
        return true;
      }
      const seen = this.#see(object);
      if (seen.record.holder !== '' && seen.record.holder !== identity && this.#othersLeftMs(seen) > 0) return false;
      await this.#put(seen, signal);
      return true;
    } catch (error) {
      if (isMoved(error)) return false;
      throw error;
    }
  }

  async #put(seen: Seen, signal: AbortSignal): Promise<void> {
    this.#see(await this.#parts.writer.replace(Lease, withRecord(seen.object, this.#newRecord(seen.record)), signal));
  }

  #newRecord(before: LeaseRecord | undefined): LeaseRecord {
    const { identity, leaseDurationMs } = this.#settings;
    const time = microTime(this.#parts.clock.wallMs());
    const ours = before?.holder === identity;
    return {
      holder: identity,
      durationSeconds: Math.ceil(leaseDurationMs / 1000),
      acquireTime: ours ? before.acquireTime : time,
      renewTime: time,
      transitions: ours ? before.transitions : before === undefined ? 0 : before.transitions + 1,
    };
  }

  /** Remembers the Lease, and when it was first seen as it is. */
  #see(object: RawObject): Seen {
    const record = leaseRecordOf(object);
    const text = JSON.stringify(record);
    const atMs = this.#seen?.text === text ? this.#seen.atMs : this.#parts.clock.monotonicMs();
    const before = this.#seen?.record.holder;
    this.#seen = { object, record, text, atMs };
    if (before !== record.holder && record.holder !== this.#settings.identity && record.holder !== '') this.#parts.log.info('another process leads', { lease: this.#title, holder: record.holder });
    return this.#seen;
  }

  /** How long we may still lead. What counts is the longer of two clocks: one may stand still while the machine sleeps, the other may be set. */
  #leftMs(): number {
    if (!this.#renewed) return 0;
    const { clock } = this.#parts;
    return this.#settings.renewDeadlineMs - Math.max(clock.monotonicMs() - this.#renewed.monotonicMs, clock.wallMs() - this.#renewed.wallMs);
  }

  /** How long the Lease of another is still good. */
  #othersLeftMs({ record, atMs }: Seen): number {
    return atMs + (record.durationSeconds * 1000 || this.#settings.leaseDurationMs) - this.#parts.clock.monotonicMs();
  }

  #pauseMs(): number {
    const { retryPeriodMs } = this.#settings;
    if (this.#term) return Math.max(1, Math.min(retryPeriodMs, this.#leftMs()));
    const random = this.#parts.random ?? Math.random;
    const pauseMs = retryPeriodMs * (0.4 + 0.2 * random());
    const others = this.#seen && this.#seen.record.holder !== '' ? this.#othersLeftMs(this.#seen) : Infinity;
    return others > 0 ? Math.min(pauseMs, others + 1) : pauseMs;
  }

  #beginTerm(): void {
    this.#term = new AbortController();
    this.#parts.log.info('this process leads', { lease: this.#title, identity: this.#settings.identity });
    this.#tell();
  }

  #endTerm(): void {
    const term = this.#term;
    this.#term = undefined;
    this.#renewed = undefined;
    term?.abort(new SoftError('this process does not lead any more'));
    this.#tell();
  }

  #tell(): void {
    this.#parts.metrics.set('leader_election_master_status', this.#term ? 1 : 0, { name: this.#settings.name });
    for (const listener of this.#listeners) listener();
  }

  /** Does something that is given up after some time. */
  async #limited<T>(ms: number, stop: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const timeout = new AbortController();
    const done = new AbortController();
    void this.#parts.clock.wait(ms, done.signal).then(() => timeout.abort(new SoftError(`the API server gave no answer within ${Math.round(ms)} ms`)));
    const signal = stop ? AbortSignal.any([stop, timeout.signal]) : timeout.signal;
    try {
      return await work(signal);
    } catch (error) {
      throw timeout.signal.aborted ? timeout.signal.reason : error;
    } finally {
      done.abort();
    }
  }

  get #title(): string {
    return `${this.#settings.namespace}/${this.#settings.name}`;
  }
}

/** Another has written, made or removed it in the meantime. */
const isMoved = (error: unknown): boolean => error instanceof ApiError && (error.reason === 'Conflict' || error.reason === 'AlreadyExists' || error.status === 404);

const releaseMs = 1_500;
