// One record that the provider refuses stops all others of its zone. Ours keeps it apart, names it, and tries it again by itself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onlyLine, service, services, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

describe('one bad record', () => {
  it('does not hinder the others, and is named with the words of the provider', async () => {
    const world = await startWorld();
    world.provider.refused.add('web3.example.org');
    for (const object of services(10)) world.cluster.put(object);
    const result = await world.sweep();
    assert.deepEqual([result.applied, result.failed], [9, 1]);
    assert.equal(world.records().length, 9);
    assert.deepEqual(world.states(), { 'web3.example.org': 'quarantined' });
    const line = onlyLine(world.log, /cannot be changed/);
    assert.deepEqual([line.level, line.fields['name'], line.fields['reason']], ['error', 'web3.example.org', 'the provider refuses this record']);
  });

  it('is not sent with every change of another', async () => {
    const world = await startWorld();
    world.provider.refused.add('web.example.org');
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    let sent = 0;
    const apply = world.provider.apply.bind(world.provider);
    world.provider.apply = async (groups) => {
      sent += groups.filter((g) => g.name === 'web.example.org').length;
      return apply(groups);
    };
    for (let i = 0; i < 10; i++) {
      world.cluster.put(service('api', [`192.0.2.${i + 10}`]));
      await world.event();
      world.clock.nowMs += 10;
    }
    assert.equal(sent, 0);
    // but by its back-off, and at once when it is another
    world.wait(2);
    await world.event();
    assert.equal(sent, 1);
    world.provider.refused.clear();
    world.cluster.put(service('web', ['192.0.2.2']));
    await world.event();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.19', 'web.example.org A 192.0.2.2']);
    assert.deepEqual(world.states(), {});
  });

  it('is quarantined: since when, why, how often it was tried and when it is tried next can be seen', async () => {
    const world = await startWorld();
    world.provider.refused.add('web.example.org');
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    const since = new Date(world.clock.nowMs);
    const status = () => world.synchronizer.statuses.get('web.example.org');
    assert.deepEqual([status()?.reason, status()?.since, status()?.retry?.tries], ['the provider refuses this record', since, 1]);
    for (let tries = 2; tries < 6; tries++) {
      const againMs = world.synchronizer.retryAtMs ?? 0;
      assert.equal(status()?.retry?.at.getTime(), Math.floor(againMs));
      world.clock.nowMs = againMs;
      await world.event();
      assert.deepEqual([status()?.state, status()?.since, status()?.retry?.tries], ['quarantined', since, tries]);
    }
    // another wish is tried at once, and waits for a short time only
    world.cluster.put(service('web', ['192.0.2.2']));
    await world.event();
    assert.equal(status()?.retry?.tries, 1);
  });

  it('stays quarantined, with the words of the refusal, while the provider is down', async () => {
    const world = await startWorld();
    world.provider.refused.add('web.example.org');
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    world.provider.applyFault = 'before';
    world.cluster.put(service('api', ['192.0.2.2']));
    world.wait(2);
    await world.event();
    assert.deepEqual(world.states(), { 'web.example.org': 'quarantined', 'api.example.org': 'failed' });
    assert.equal(world.synchronizer.statuses.get('web.example.org')?.reason, 'the provider refuses this record');
    world.provider.applyFault = 'none';
    world.provider.refused.clear();
    world.wait(600);
    await world.sweep();
    assert.deepEqual(world.states(), {});
  });

  it('is not forgotten when another set of its name is published', async () => {
    const world = await startWorld();
    const set = (id: string, ip: string) => service(`web-${id}`, [ip], ['web.example.org'], { 'external-dns.kubernetes.io/set-identifier': id });
    const apply = world.provider.apply.bind(world.provider);
    world.provider.apply = async (groups) => {
      const outcomes = await apply(groups.filter((g) => g.setIdentifier !== 'a'));
      return groups.map((group) => outcomes.find((o) => o.group === group) ?? { group, result: 'failed', error: new Error('bad weight'), state: 'unchanged' });
    };
    world.cluster.put(set('a', '192.0.2.1'));
    world.cluster.put(set('b', '192.0.2.2'));
    await world.sweep();
    world.cluster.put(set('b', '192.0.2.3'));
    await world.event();
    assert.deepEqual(world.records(), ['web.example.org A/b 192.0.2.3']);
    assert.deepEqual(world.states(), { 'web.example.org': 'quarantined' });
  });
});

describe('one bad record in the running program', () => {
  it('does not hinder the others of its batch, is named, and is published once it is taken', () =>
    Rig.with(async (rig) => {
      rig.webhook.refused.add('bad.example.org');
      const good = ['a', 'b', 'c', 'd'].map((name, i) => [name, `192.0.2.${i + 1}`] as const);
      for (const [name, address] of [...good.slice(0, 2), ['bad', '192.0.2.66'] as const, ...good.slice(2)]) rig.api.put('services', liveService(name, address));
      rig.start();
      await rig.untilRecords(...good.map(([name, address]) => `${name}.example.org A ${address}`));
      await rig.until('an error that names it', () => /level=error .*bad\.example\.org/.test(rig.log));
      assert.ok(rig.running);
      rig.webhook.refused.clear();
      rig.api.put('services', liveService('bad', '192.0.2.99'));
      await rig.until('it is published', () => rig.records().includes('bad.example.org A 192.0.2.99'), 20);
    }));
});
