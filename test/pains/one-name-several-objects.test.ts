// Two objects want one name and only one can have it; the other looks as if all were well. Ours says at the one that lost who has it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConditionReport } from '../../src/controller/conditions.ts';
import type { RawObject } from '../../src/kubernetes/object.ts';
import type { Condition } from '../../src/kubernetes/resources/core.ts';
import { onlyLine, startWorld, type World } from '../support/pains.ts';

const wish = (name: string, target: string): RawObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name, namespace: 'shop', uid: name, generation: 1 },
  spec: { endpoints: [{ dnsName: 'web.example.org', recordType: 'CNAME', targets: [target] }] },
});

/** Conditions that are True, by object; with the message of Conflict. */
function conditions({ desired, synchronizer }: World): Record<string, string> {
  const report = new ConditionReport({ runners: desired.runners, statuses: synchronizer.statuses, now: () => 0 });
  const writes = report.complete(desired.runners.flatMap((runner) => runner.takeStatuses()));
  return Object.fromEntries(writes.map(({ name, status }) => [name, (status['conditions'] as Condition[]).flatMap((c) => (c.status === 'True' ? [c.type + (c.type === 'Conflict' ? `: ${c.message}` : '')] : [])).join(', ')]));
}

describe('one name for several objects', () => {
  it('shows at the one that does not have it', async () => {
    const world = await startWorld(['--source=crd']);
    world.cluster.put(wish('first', 'a.example.net'));
    world.cluster.put(wish('second', 'b.example.net'));
    await world.sweep();
    assert.deepEqual(world.records(), ['web.example.org CNAME a.example.net']);
    assert.deepEqual(world.states(), { 'web.example.org': 'contested' });
    assert.deepEqual(conditions(world), {
      first: 'Accepted, Programmed',
      second: 'Accepted, Conflict: web.example.org: crd/shop/second wants CNAME b.example.net, too, but crd/shop/first has the targets that come first',
    });
    assert.equal(onlyLine(world.log, /several objects/).level, 'info');
  });

  it('is in order again when one of them gives it up', async () => {
    const world = await startWorld(['--source=crd']);
    world.cluster.put(wish('first', 'a.example.net'));
    world.cluster.put(wish('second', 'b.example.net'));
    await world.sweep();
    world.wait(60);
    await world.sweep();
    assert.deepEqual(world.states(), { 'web.example.org': 'contested' });
    world.cluster.remove(wish('first', 'a.example.net'));
    await world.event();
    assert.deepEqual([world.records(), world.states()], [['web.example.org CNAME b.example.net'], {}]);
  });
});
