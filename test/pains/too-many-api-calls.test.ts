// Each run reads the whole zone, however little has changed. Ours reads single names where the provider can, and plans by what it knows.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalizeName } from '../../src/endpoint/name.ts';
import { service, services, startWorld, type World } from '../support/pains.ts';
import { running } from '../support/running.ts';
import { Rig, service as liveService } from '../support/process.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** Lets the provider be asked for single names; gives what it was asked for. */
function readsNames({ provider }: World): string[][] {
  const asked: string[][] = [];
  Object.assign(provider, {
    recordsOf: async (names: readonly string[]) => {
      asked.push([...names]);
      return [...provider.records.values()].filter((r) => names.includes(normalizeName(r.dnsName)));
    },
  });
  return asked;
}

describe('calls of the provider', () => {
  it('are for the names that change, where it can be asked for these', async () => {
    const world = await startWorld();
    const asked = readsNames(world);
    for (const object of services(500)) world.cluster.put(object);
    await world.sweep();
    assert.equal(world.provider.reads, 1);
    world.wait(30);
    world.cluster.put(service('new', ['192.0.2.1']));
    await world.event();
    assert.equal(world.provider.reads, 1);
    assert.equal(asked.length, 1);
    assert.ok(asked[0]?.includes('new.example.org') && asked[0].every((name) => name.includes('new.example.org')), `asked for ${asked[0]}`);
  });

  it('are left out for changes of targets right after a reading', async () => {
    const world = await startWorld();
    const asked = readsNames(world);
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    for (let i = 2; i < 12; i++) {
      world.cluster.put(service('web', [`192.0.2.${i}`]));
      await world.event();
    }
    assert.deepEqual([world.records(), world.provider.reads, asked.length], [['web.example.org A 192.0.2.11'], 1, 0]);
  });

  it('are one each interval while nothing happens', async () => {
    const world = await startWorld();
    for (const object of services(20)) world.cluster.put(object);
    await running(world, async ({ pass }) => {
      await pass(1);
      const before = world.provider.reads;
      await pass(600);
      assert.equal(world.provider.reads - before, 10);
    });
    assert.equal(world.provider.applied.length, 20);
  });

  it('are not made for changes that publish nothing', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    await running(world, async ({ controller, pass }) => {
      await pass(30);
      const before = world.provider.reads;
      for (let i = 0; i < 20; i++) {
        world.cluster.put(service('web', ['192.0.2.1'], undefined, { 'example.org/restarted': String(i) }));
        controller.changed();
        await pass(1);
      }
      assert.equal(world.provider.reads, before);
    });
  });

  it('do not grow with what the brake holds', async () => {
    const world = await startWorld();
    const asked = readsNames(world);
    for (const object of services(100)) world.cluster.put(object);
    await world.sweep();
    for (const object of services(100)) world.cluster.remove(object);
    await world.sweep();
    world.wait(30);
    asked.length = 0;
    world.cluster.put(service('new', ['192.0.2.1']));
    await world.event();
    assert.ok(world.records().includes('new.example.org A 192.0.2.1'));
    assert.ok(asked.flat().every((name) => name.includes('new.example.org')), `asked for ${asked.flat().length} names`);
  });
});

describe('calls of the provider by the running program', () => {
  it('stay few in a burst of changes, and while the provider is in trouble', () =>
    Rig.with(async (rig) => {
      for (let i = 0; i < 200; i++) rig.api.put('services', liveService(`web${i}`, '192.0.2.1'));
      rig.start('--interval=1h');
      await rig.until('all records', () => rig.records().length === 200);
      const count = (call: string): number => rig.webhook.calls.filter((c) => c === call).length;
      assert.ok(count('GET /records') <= 2 && count('POST /records') <= 2, `${rig.webhook.calls}`);
      const [reads, writes] = [count('GET /records'), count('POST /records')];
      for (let i = 0; i < 100; i++) rig.api.put('services', liveService(`web${i}`, '192.0.2.2'));
      await rig.until('all are changed', () => rig.records().filter((record) => record.endsWith('192.0.2.2')).length === 100);
      assert.ok(count('GET /records') - reads <= 2, `${count('GET /records') - reads} readings for a burst of changes`);
      assert.ok(count('POST /records') - writes <= 10, `${count('POST /records') - writes} calls for a burst of changes`);

      rig.webhook.fault = (_method, path) => (path === '/records' ? { status: 429, headers: { 'retry-after': '30' } } : undefined);
      rig.api.put('services', liveService('web0', '192.0.2.3'));
      await rig.until('the provider has asked to wait', () => count('POST /records') - writes > 0 && /429/.test(rig.log));
      const before = rig.webhook.calls.length;
      for (let i = 0; i < 20; i++) {
        rig.api.put('services', liveService('web0', `192.0.2.${i + 10}`));
        await sleep(50);
      }
      assert.ok(rig.webhook.calls.length - before <= 3, `${rig.webhook.calls.slice(before)}`);
    }));

  it('are counted in a metric, those of the last run', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.start('--log-level=debug', '--interval=300ms');
      await rig.untilRecords('web.example.org A 192.0.2.1');
      // the first run reads, asks for the normal form and writes, the next one reads again; then a sweep that finds the same is one request
      await rig.until('a run without changes', async () => /^external_dns_provider_requests_per_sync 1$/m.test((await rig.answer('metrics')).text));
    }));
});
