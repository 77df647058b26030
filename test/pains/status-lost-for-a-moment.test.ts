// The status of a load balancer is empty for a moment, and records that still work are deleted. Ours keeps them for a while.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onlyLine, service, startWorld } from '../support/pains.ts';

const web = 'web.example.org A 192.0.2.1';

describe('a status lost for a moment', () => {
  it('changes nothing for the grace time, and is over when the status is back', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    world.cluster.put(service('web', []));
    await world.event();
    assert.deepEqual([world.records(), world.states()], [[web], { 'web.example.org': 'stale' }]);
    world.wait(179);
    await world.sweep();
    assert.deepEqual(world.records(), [web]);
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.event();
    assert.deepEqual([world.records(), world.states(), world.synchronizer.retryAtMs], [[web], {}, undefined]);
    assert.equal(world.provider.applied.length, 1);
    onlyLine(world.log, /in order again/);
  });

  it('ends the record when it lasts longer, without anything else having to happen', async () => {
    const world = await startWorld(['--stale-grace=90s']);
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    world.cluster.put(service('web', []));
    await world.event();
    const lostMs = world.clock.nowMs;
    assert.equal(world.synchronizer.retryAtMs, lostMs + 90_000);
    world.clock.nowMs = lostMs + 90_000;
    await world.event();
    assert.deepEqual([world.records(), world.states()], [[], { 'web.example.org': 'pending' }]);
    assert.equal(world.synchronizer.retryAtMs, undefined);
  });

  it('is bridged after a restart, too', async () => {
    let world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1', '2001:db8::1']));
    await world.sweep();
    world.cluster.put(service('web', []));
    world = await world.restart();
    await world.sweep();
    assert.deepEqual(world.records(), [web, 'web.example.org AAAA 2001:db8::1']);
    world.wait(180);
    await world.event();
    assert.deepEqual(world.records(), []);
  });

  it('does not keep what is gone: the object, or its wish for the name', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    world.cluster.put(service('api', ['192.0.2.2']));
    await world.sweep();
    world.cluster.put(service('web', []));
    world.cluster.put(service('api', []));
    await world.event();
    assert.equal(world.records().length, 2);
    world.cluster.remove(service('web', []));
    world.cluster.put(service('api', [], ['other.example.org']));
    await world.event();
    assert.deepEqual(world.records(), []);
  });

  it('does not hinder another object that has a target for the name', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    world.cluster.put(service('web', []));
    world.cluster.put(service('web2', ['192.0.2.2'], ['web.example.org']));
    await world.event();
    assert.deepEqual(world.records(), ['web.example.org A 192.0.2.2']);
  });

  it('keeps the reverse record as well', async () => {
    const world = await startWorld(['--create-ptr', '--managed-record-types=A', '--managed-record-types=PTR']);
    world.provider.zones = ['example.org', '2.0.192.in-addr.arpa'];
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    const both = ['1.2.0.192.in-addr.arpa PTR web.example.org', web];
    assert.deepEqual(world.records(), both);
    world.cluster.put(service('web', []));
    await world.event();
    assert.deepEqual(world.records(), both);
    world.wait(180);
    await world.event();
    assert.deepEqual(world.records(), []);
  });

  it('ends the record at once in a single run, and where no grace is wanted', async () => {
    for (const flag of ['--once', '--stale-grace=0s']) {
      const world = await startWorld([flag]);
      world.cluster.put(service('web', ['192.0.2.1']));
      await world.sweep();
      world.cluster.put(service('web', []));
      await world.event();
      assert.deepEqual(world.records(), [], flag);
    }
  });
});
