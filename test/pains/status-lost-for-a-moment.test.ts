// The status of a load balancer is empty for a moment, and records that still work are deleted. Ours keeps them for a while.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onlyLine, service, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

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

  it('of one of several objects keeps its target beside those of the others', async () => {
    const world = await startWorld();
    const shared = (name: string, ...ips: string[]) => service(name, ips, ['web.example.org']);
    const both = 'web.example.org A 192.0.2.1,192.0.2.2';
    world.cluster.put(shared('one', '192.0.2.1'));
    world.cluster.put(shared('two', '192.0.2.2'));
    await world.sweep();
    assert.deepEqual(world.records(), [both]);
    world.cluster.put(shared('one'));
    await world.event();
    assert.deepEqual([world.records(), world.states()], [[both], { 'web.example.org': 'stale' }]);
    // the other goes its way meanwhile
    world.wait(100);
    world.cluster.put(shared('two', '192.0.2.3'));
    await world.event();
    assert.deepEqual(world.records(), ['web.example.org A 192.0.2.1,192.0.2.3']);
    // it is over with the grace time, which is counted from the beginning
    assert.equal(world.synchronizer.retryAtMs, world.clock.nowMs + 80_000);
    world.cluster.put(service('one', [], ['web.example.org'], { other: 'touched' }));
    await world.event();
    assert.equal(world.synchronizer.retryAtMs, world.clock.nowMs + 80_000);
    world.wait(80);
    await world.event();
    assert.deepEqual([world.records(), world.states(), world.synchronizer.retryAtMs], [['web.example.org A 192.0.2.3'], {}, undefined]);
  });

  it('of one of several objects is over when its target is back, or it no longer wants the name', async () => {
    for (const next of [service('one', ['192.0.2.9'], ['web.example.org']), service('one', [], ['other.example.org'])]) {
      const world = await startWorld();
      for (const [name, ip] of [['one', '192.0.2.1'], ['two', '192.0.2.2']] as const) world.cluster.put(service(name, [ip], ['web.example.org']));
      await world.sweep();
      world.cluster.put(service('one', [], ['web.example.org']));
      await world.event();
      world.cluster.put(next);
      await world.event();
      const back = JSON.stringify(next).includes('192.0.2.9');
      assert.deepEqual(world.records(), [back ? 'web.example.org A 192.0.2.2,192.0.2.9' : 'web.example.org A 192.0.2.2']);
      assert.equal(world.states()['web.example.org'], undefined);
    }
  });

  it('of all of several objects keeps what stands, and each one that comes back brings its own', async () => {
    const world = await startWorld();
    const shared = (name: string, ...ips: string[]) => service(name, ips, ['web.example.org']);
    const both = 'web.example.org A 192.0.2.1,192.0.2.2';
    world.cluster.put(shared('one', '192.0.2.1'));
    world.cluster.put(shared('two', '192.0.2.2'));
    await world.sweep();
    world.cluster.put(shared('one'));
    world.cluster.put(shared('two'));
    await world.event();
    assert.deepEqual(world.records(), [both]);
    world.wait(10);
    world.cluster.put(shared('one', '192.0.2.1'));
    await world.event();
    assert.deepEqual([world.records(), world.states()], [[both], { 'web.example.org': 'stale' }]);
    world.cluster.put(shared('two', '192.0.2.2'));
    await world.event();
    assert.deepEqual([world.records(), world.states(), world.provider.applied.length], [[both], {}, 1]);
  });

  it('goes on where the object cannot be computed meanwhile', async () => {
    const world = await startWorld(['--fqdn-template={{slice (index .Annotations "part") 0 3}}.example.org']);
    const templated = (part: string, ...ips: string[]) => service('x', ips, [], { part });
    world.cluster.put(templated('web', '192.0.2.1'));
    await world.sweep();
    world.cluster.put(templated('web'));
    await world.event();
    world.cluster.put(templated('w'));
    await world.event();
    assert.deepEqual([world.records(), world.states()], [[web], { 'web.example.org': 'stale' }]);
    assert.equal([...world.desired.troubles()].length, 1);
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
      for (const [name, ip] of [['one', '192.0.2.1'], ['two', '192.0.2.2']] as const) world.cluster.put(service(name, [ip], ['shared.example.org']));
      await world.sweep();
      for (const object of [service('web', []), service('one', [], ['shared.example.org'])]) world.cluster.put(object);
      await world.event();
      assert.deepEqual(world.records(), ['shared.example.org A 192.0.2.2'], flag);
    }
  });
});

describe('a status lost for a moment in the running program', () => {
  const lost = { ...liveService('web', ''), status: { loadBalancer: {} } };

  it('changes nothing, until it is lost for longer; what is gone goes at once', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.api.put('services', liveService('api', '192.0.2.2'));
      rig.start('--stale-grace=2s', '--interval=300ms');
      await rig.untilRecords('api.example.org A 192.0.2.2', web);
      rig.api.put('services', lost);
      await rig.until('it is noticed', () => /web\.example\.org.*(stale|stays)/.test(rig.log));
      rig.api.remove('services', 'api');
      await rig.untilRecords(web);
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.api.put('services', liveService('later', '192.0.2.3'));
      await rig.untilRecords('later.example.org A 192.0.2.3', web);
      rig.api.put('services', lost);
      await rig.untilRecords('later.example.org A 192.0.2.3');
      assert.equal(rig.webhook.applied.filter((line) => line === 'delete web.example.org|A|').length, 1);
    }));
});
