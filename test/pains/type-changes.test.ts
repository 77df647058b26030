// A change of the type, or from a simple to a routed record, fails or leaves a gap. Ours is one group of changes: the old goes, the new comes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { service, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

describe('a change of the type', () => {
  const cases: readonly [about: string, before: string, after: string, record: string][] = [
    ['A to CNAME', '192.0.2.1', 'lb.example.net', 'web.example.org CNAME lb.example.net'],
    ['CNAME to A', 'lb.example.net', '192.0.2.1', 'web.example.org A 192.0.2.1'],
    ['A to AAAA', '192.0.2.1', '2001:db8::1', 'web.example.org AAAA 2001:db8::1'],
  ];
  for (const [about, before, after, record] of cases)
    it(`${about} is one group, the deletion first`, async () => {
      const world = await startWorld();
      world.cluster.put(service('web', [before]));
      await world.sweep();
      world.cluster.put(service('web', [after]));
      await world.event();
      assert.deepEqual(world.records(), [record]);
      const group = world.provider.applied.at(-1);
      assert.equal(world.provider.applied.length, 2);
      assert.deepEqual(group?.changes.filter((c) => (c.after ?? c.before).recordType !== 'TXT').map((c) => c.action), ['delete', 'create']);
      // its ownership moved along
      assert.equal(world.provider.records.size, 2);
    });

  it('of many records is no mass deletion', async () => {
    const world = await startWorld();
    for (let i = 0; i < 40; i++) world.cluster.put(service(`web${i}`, ['192.0.2.1']));
    await world.sweep();
    for (let i = 0; i < 40; i++) world.cluster.put(service(`web${i}`, ['lb.example.net']));
    const { held } = await world.event();
    assert.equal(held, undefined);
    assert.ok(world.records().every((r) => r.endsWith('CNAME lb.example.net')));
  });

  it('from simple to weighted replaces the simple record', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    world.cluster.put(service('web', ['192.0.2.1'], undefined, { 'external-dns.kubernetes.io/set-identifier': 'one', 'external-dns.kubernetes.io/aws-weight': '10' }));
    await world.event();
    assert.deepEqual(world.records(), ['web.example.org A/one 192.0.2.1']);
  });

  it('that fails in the middle is ended with the next try', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    world.provider.applyFault = 'after';
    world.cluster.put(service('web', ['lb.example.net']));
    await world.event();
    world.provider.applyFault = 'none';
    world.wait(5);
    await world.event();
    assert.deepEqual(world.records(), ['web.example.org CNAME lb.example.net']);
    assert.deepEqual(world.states(), {});
  });
});

describe('a change of the type in the running program', () => {
  it('is one call, and ends well where its answer is lost or it breaks off in the gap', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.start();
      await rig.untilRecords('web.example.org A 192.0.2.1');
      const alias = { ...liveService('web', ''), status: { loadBalancer: { ingress: [{ hostname: 'lb.example.net' }] } } };
      const writes = (): number => rig.webhook.calls.filter((call) => call === 'POST /records').length;
      const before = writes();
      rig.api.put('services', alias);
      await rig.untilRecords('web.example.org CNAME lb.example.net');
      assert.equal(writes() - before, 1);
      for (const fault of ['cut-after', 'half'] as const) {
        let left = 1;
        rig.webhook.fault = (method, path) => (method === 'POST' && path === '/records' && left-- > 0 ? fault : undefined);
        rig.api.put('services', liveService('web', '192.0.2.2'));
        await rig.untilRecords('web.example.org A 192.0.2.2');
        rig.api.put('services', alias);
        await rig.untilRecords('web.example.org CNAME lb.example.net');
      }
      assert.deepEqual([...rig.webhook.records.keys()].sort(), ['cname-web.example.org|TXT|', 'web.example.org|CNAME|']);
    }));
});
