import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ApiError } from '../../kubernetes/client/api-error.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Clock } from './clock.ts';
import { leaseName } from './candidacy.ts';
import { LeaderElection } from './leader-election.ts';
import { leaseRecordOf } from './lease.ts';

/** A clock that only the test moves. */
class FakeClock implements Clock {
  nowMs = 0;
  /** How far the time of day has gone beyond the monotonic clock. */
  aheadMs = 0;
  readonly #waiting = new Set<{ readonly atMs: number; readonly resolve: () => void }>();

  monotonicMs = (): number => this.nowMs;
  wallMs = (): number => Date.UTC(2026, 0, 1) + this.nowMs + this.aheadMs;

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const entry = { atMs: this.nowMs + ms, resolve };
      this.#waiting.add(entry);
      signal.addEventListener('abort', () => {
        this.#waiting.delete(entry);
        resolve();
      });
    });
  }

  /** Lets time pass, in the order of what waits. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    for (;;) {
      await settle();
      const next = [...this.#waiting].sort((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > endMs) break;
      this.#waiting.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.resolve();
    }
    this.nowMs = endMs;
    await settle();
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
};

/** One Lease in an API with compare-and-swap. */
class LeaseApi {
  object: RawObject | undefined;
  #version = 0;
  writes = 0;
  fault: 'none' | 'down' | 'hang' | 'answer-lost' = 'none';

  readonly writerFor = (reaches: () => boolean) => ({
    get: (_r: unknown, _n: string, _m: string, signal: AbortSignal) => this.#call(reaches, signal, () => this.object),
    create: (_r: unknown, object: RawObject, signal: AbortSignal) =>
      this.#call(reaches, signal, () => {
        if (this.object) throw apiError('AlreadyExists');
        return this.#store(object);
      }),
    replace: (_r: unknown, object: RawObject, signal: AbortSignal) =>
      this.#call(reaches, signal, () => {
        if (versionOf(object) !== versionOf(this.object)) throw apiError('Conflict');
        return this.#store(object);
      }),
  });

  get record() {
    return leaseRecordOf(this.object ?? {});
  }

  async #call<T>(reaches: () => boolean, signal: AbortSignal, work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.fault === 'down' || !reaches()) throw new Error('connection refused');
    if (this.fault === 'hang') return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const result = work();
    if (this.fault === 'answer-lost') throw new Error('connection reset');
    return result;
  }

  #store(object: RawObject): RawObject {
    this.writes++;
    return (this.object = { ...object, metadata: { ...(object['metadata'] as RawObject), resourceVersion: String(++this.#version) } });
  }
}

const versionOf = (object: RawObject | undefined): unknown => (object?.['metadata'] as RawObject | undefined)?.['resourceVersion'];
const apiError = (reason: string): ApiError => new ApiError(reason, { status: 409, reason, fromApi: true });

let clock: FakeClock;
let api: LeaseApi;
beforeEach(() => {
  clock = new FakeClock();
  api = new LeaseApi();
});

function candidate(identity: string) {
  const reach = { ok: true };
  const election = new LeaderElection(
    { namespace: 'dns', name: 'external-dns', identity, leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
    { writer: api.writerFor(() => reach.ok), clock, log: silentLogger, metrics: noMetrics, random: () => 0.5 },
  );
  const stop = new AbortController();
  return { election, reach, stop, start: () => void election.run(stop.signal) };
}

describe('a lease', () => {
  it('is made by the first, who leads at once, in the fields of client-go', async () => {
    const a = candidate('a');
    a.start();
    await clock.pass(0);
    assert.ok(a.election.mayWrite());
    assert.deepEqual(api.object?.['spec'], { holderIdentity: 'a', leaseDurationSeconds: 15, acquireTime: '2026-01-01T00:00:00.000000Z', renewTime: '2026-01-01T00:00:00.000000Z', leaseTransitions: 0 });
    await clock.pass(2_000);
    assert.equal(api.record.renewTime, '2026-01-01T00:00:02.000000Z');
    assert.equal(api.record.acquireTime, '2026-01-01T00:00:00.000000Z');
  });

  it('is renewed with one request', async () => {
    const a = candidate('a');
    a.start();
    await clock.pass(20_000);
    assert.equal(api.writes, 11);
    assert.ok(a.election.mayWrite());
  });

  it('keeps what others have put into it', async () => {
    api.object = { metadata: { name: 'external-dns', annotations: { team: 'dns' }, resourceVersion: '0' }, spec: { holderIdentity: '', preferredHolder: 'x' } };
    candidate('a').start();
    await clock.pass(0);
    assert.equal((api.object['metadata'] as { annotations: unknown })['annotations'] !== undefined, true);
    assert.equal((api.object['spec'] as RawObject)['preferredHolder'], 'x');
    assert.equal(api.record.transitions, 1);
  });
});

describe('a standby', () => {
  it('takes over after the whole duration, and not before', async () => {
    const [a, b] = [candidate('a'), candidate('b')];
    a.start();
    await clock.pass(0);
    b.start();
    await clock.pass(9_000);
    assert.equal(b.election.term, undefined);
    assert.equal(b.election.holder, 'a');
    a.reach.ok = false; // its last renewal was at 8 s
    await clock.pass(13_900);
    assert.equal(b.election.term, undefined);
    await clock.pass(1_200);
    assert.ok(b.election.mayWrite());
    assert.equal(api.record.transitions, 1);
  });

  it('takes over within two seconds when the lease is given back', async () => {
    const [a, b] = [candidate('a'), candidate('b')];
    a.start();
    await clock.pass(0);
    b.start();
    await clock.pass(5_000);
    a.stop.abort();
    await a.election.release();
    assert.equal(api.record.holder, '');
    assert.equal(a.election.mayWrite(), false);
    await clock.pass(1_300);
    assert.ok(b.election.mayWrite());
  });

  it('counts by its own clock, whatever times the lease says', async () => {
    api.object = { metadata: { name: 'external-dns', resourceVersion: '0' }, spec: { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: '2020-01-01T00:00:00.000000Z' } };
    const a = candidate('a');
    a.start();
    await clock.pass(14_000);
    assert.equal(a.election.term, undefined);
    clock.aheadMs = 3_600_000;
    await clock.pass(500);
    assert.equal(a.election.term, undefined);
    await clock.pass(1_500);
    assert.ok(a.election.term);
  });
});

describe('a leader', () => {
  for (const [what, spoil] of [
    ['the API is down', (a: ReturnType<typeof candidate>) => void (a.reach.ok = false)],
    ['the API does not answer', () => void (api.fault = 'hang')],
  ] as const)
    it(`stops writing at the deadline when ${what}, and stands by`, async () => {
      const a = candidate('a');
      a.start();
      await clock.pass(1_000);
      const term = a.election.term;
      spoil(a);
      await clock.pass(8_900);
      assert.ok(a.election.mayWrite());
      await clock.pass(150);
      assert.equal(a.election.mayWrite(), false);
      assert.equal(a.election.term, undefined);
      assert.ok(term?.aborted);
      a.reach.ok = true;
      api.fault = 'none';
      await clock.pass(3_000);
      assert.ok(a.election.mayWrite());
      assert.notEqual(a.election.term, term);
    });

  it('may not write after the deadline even before any timer has run', async () => {
    const a = candidate('a');
    a.start();
    await clock.pass(0);
    clock.nowMs += 10_000;
    assert.equal(a.election.mayWrite(), false);
  });

  it('may not write after the machine has slept, though the monotonic clock stood still', async () => {
    const a = candidate('a');
    a.start();
    await clock.pass(0);
    clock.aheadMs = 10_000;
    assert.equal(a.election.mayWrite(), false);
  });

  it('goes on when the answer to a renewal is lost', async () => {
    const a = candidate('a');
    a.start();
    await clock.pass(1_000);
    const term = a.election.term;
    api.fault = 'answer-lost';
    await clock.pass(1_500);
    api.fault = 'none';
    await clock.pass(20_000);
    assert.equal(a.election.term, term);
    assert.equal(api.record.transitions, 0);
  });

  it('stops at once when another holds the lease', async () => {
    const a = candidate('a');
    a.start();
    await clock.pass(1_000);
    api.object = { metadata: { name: 'external-dns', resourceVersion: '999' }, spec: { holderIdentity: 'b', leaseDurationSeconds: 15 } };
    await clock.pass(2_000);
    assert.equal(a.election.term, undefined);
    assert.equal(a.election.holder, 'b');
  });
});

describe('among three that come and go', () => {
  it('never two may write', async () => {
    const all = ['a', 'b', 'c'].map(candidate);
    for (const each of all) each.start();
    const leaders = new Set<string>();
    for (let step = 0; step < 600; step++) {
      for (const [i, { reach }] of all.entries()) reach.ok = (step >> 6) % 3 !== i;
      await clock.pass(500);
      const writing = all.flatMap(({ election }, i) => (election.mayWrite() ? [String(i)] : []));
      assert.ok(writing.length <= 1, `${writing.join()} write at ${clock.nowMs} ms`);
      for (const leader of writing) leaders.add(leader);
    }
    assert.ok(leaders.size > 1, 'leadership never moved');
    for (const { stop } of all) stop.abort();
  });
});

describe('the name of the lease', () => {
  for (const [owner, id, name] of [
    ['default', '', 'external-dns'],
    ['cluster-a', '', 'external-dns-cluster-a'],
    ['My Cluster/1', '', 'external-dns-my-cluster-1'],
    ['cluster-a', 'dns', 'dns'],
  ] as const)
    it(`of the owner ${owner}${id && `, with the id ${id}`} is ${name}`, () => assert.equal(leaseName({ leaderElectionId: id, txtOwnerId: owner }), name));
});
