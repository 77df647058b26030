import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeCluster } from '../../test/support/fake-cluster.ts';
import { FakeProvider } from '../../test/support/fake-provider.ts';
import { configOf, startHarness } from '../../test/support/harness.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import type { RawObject } from '../kubernetes/object.ts';
import type { Condition } from '../kubernetes/resources/core.ts';
import { ConditionReport, conditionsOf } from './conditions.ts';
import type { NameStatus } from './status.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const status = (state: NameStatus['state'], reason = 'because'): NameStatus => ({ state, reason, since: now });
const short = (conditions: readonly Condition[]): Record<string, string> => Object.fromEntries(conditions.map((c) => [c.type, `${c.status} ${c.reason}`]));
const good = { Accepted: 'True Accepted', Programmed: 'True Published', Conflict: 'False NoConflict', Held: 'False NotHeld', Stale: 'False UpToDate' };

describe('the conditions of an object', () => {
  for (const [what, state, expected] of [
    ['whose names are in order', undefined, {}],
    ['whose name another holds', 'foreign', { Programmed: 'False Conflict', Conflict: 'True Conflict' }],
    ['whose change failed', 'failed', { Programmed: 'False Failed' }],
    ['whose change is refused by the provider', 'quarantined', { Programmed: 'False Quarantined' }],
    ['whose deletion is held', 'held-by-brake', { Programmed: 'False HeldByBrake', Held: 'True HeldByBrake' }],
    ['that has no target for the moment', 'stale', { Programmed: 'False Stale', Stale: 'True Stale' }],
    ['that cannot be published', 'invalid', { Accepted: 'False Invalid', Programmed: 'False Invalid' }],
    ['that waits for a target', 'pending', { Programmed: 'False WaitsForTarget' }],
  ] as const)
    it(what, () => {
      const conditions = conditionsOf({ generation: 3, complaints: [], names: [['a.example.org', undefined], ['b.example.org', state && status(state)]] }, [], now);
      assert.deepEqual(short(conditions), { ...good, ...expected });
      for (const each of conditions) assert.equal(each.observedGeneration, 3);
    });

  it('say which name, and why', () => {
    const conditions = conditionsOf({ generation: 1, complaints: [], names: [['a.example.org', status('foreign', 'owner other holds it')]] }, [], now);
    assert.equal(conditions.find((c) => c.type === 'Conflict')?.message, 'a.example.org: owner other holds it');
  });

  it('keep the time of the last transition, and those of others', () => {
    const foreign: Condition = { type: 'Reviewed', status: 'True', reason: 'Fine', message: '', lastTransitionTime: 'then', observedGeneration: 1 };
    const before = conditionsOf({ generation: 1, complaints: [], names: [] }, [foreign], now);
    const after = conditionsOf({ generation: 2, complaints: [], names: [['a', status('failed')]] }, before, new Date('2026-02-02T00:00:00Z'));
    assert.deepEqual(after[0], foreign);
    assert.deepEqual(Object.fromEntries(after.map((c) => [c.type, c.lastTransitionTime])), {
      Reviewed: 'then', Accepted: '2026-01-02T03:04:05Z', Programmed: '2026-02-02T00:00:00Z', Conflict: '2026-01-02T03:04:05Z', Held: '2026-01-02T03:04:05Z', Stale: '2026-01-02T03:04:05Z',
    });
  });
});

const dnsEndpoint = (name: string, generation: number, status: RawObject = {}): RawObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name, namespace: 'shop', uid: name, generation },
  spec: { endpoints: [{ dnsName: `${name}.example.org`, recordType: 'A', targets: ['192.0.2.1'] }] },
  status,
});

describe('the report', () => {
  it('writes conditions when they change, and only then', async () => {
    const cluster = new FakeCluster();
    const provider = new FakeProvider();
    provider.put(endpoint({ dnsName: 'taken.example.org', recordType: 'A', targets: ['198.51.100.1'] }));
    for (const name of ['web', 'taken']) cluster.put(dnsEndpoint(name, 1));
    const { desired, synchronizer, sweep } = await startHarness(cluster, provider, configOf('--source=crd'));
    const report = new ConditionReport({ runners: desired.runners, statuses: synchronizer.statuses, now: () => now.getTime() });
    const written = (): Record<string, RawObject> => {
      const writes = report.complete(desired.runners.flatMap((runner) => runner.takeStatuses()));
      // as the API would give it back
      for (const { name, status } of writes) cluster.put(dnsEndpoint(name, 1, status));
      return Object.fromEntries(writes.map(({ name, status }) => [name, status]));
    };
    await sweep();
    const first = written();
    assert.deepEqual(Object.keys(first).sort(), ['taken', 'web']);
    assert.equal(first['web']?.['observedGeneration'], 1);
    assert.deepEqual(short(first['web']?.['conditions'] as Condition[]), good);
    assert.equal(short(first['taken']?.['conditions'] as Condition[])['Conflict'], 'True Conflict');
    await sweep();
    assert.deepEqual(written(), {});
    // the other gives the name up
    provider.records.clear();
    await sweep();
    await sweep();
    assert.deepEqual(short(written()['taken']?.['conditions'] as Condition[]), good);
    assert.deepEqual(written(), {});
  });
});
