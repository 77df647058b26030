// One change costs a pass over everything, and waits for the next run. Ours plans the names that are concerned, at once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { service, services, startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';
import { Rig, service as liveService } from '../support/process.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitedForProcessorMs } from '../support/processor-time.ts';

describe('one change among many objects', () => {
  it('is planned by itself', async () => {
    const world = await startWorld();
    for (const object of services(2000)) world.cluster.put(object);
    await world.sweep();
    const planned: number[] = [];
    world.provider.adjust = async (endpoints) => {
      planned.push(endpoints.length);
      return endpoints;
    };
    world.cluster.put(service('web7', ['198.51.100.7']));
    await world.event();
    assert.ok(world.records().includes('web7.example.org A 198.51.100.7'));
    assert.ok(planned.every((count) => count <= 1), `planned ${planned}`);
  });

  it('is published within a quarter of a second', async () => {
    const world = await startWorld();
    for (const object of services(50)) world.cluster.put(object);
    await running(world, async ({ controller, pass }) => {
      await pass(30);
      world.cluster.put(service('web7', ['198.51.100.7']));
      controller.changed();
      await pass(0.2);
      assert.ok(world.records().includes('web7.example.org A 198.51.100.7'));
    });
  });
});

describe('one change among many objects in the running program', () => {
  it('is published within a second, though reading the provider takes longer', () =>
    Rig.with(async (rig) => {
      for (let i = 0; i < 2000; i++) rig.api.put('services', liveService(`web${i}`, '192.0.2.1'));
      rig.start('--interval=1h');
      await rig.until('all records', () => rig.records().length === 2000, 20);
      rig.webhook.delay = async (method, path) => void (method === 'GET' && path === '/records' && (await sleep(3_000)));
      const waited = (): number => waitedForProcessorMs(process.pid, rig.pid);
      const [started, before] = [Date.now(), waited()];
      rig.api.put('services', liveService('web7', '198.51.100.7'));
      await rig.until('it is published', () => rig.records().includes('web7.example.org A 198.51.100.7'));
      const tookMs = Date.now() - started - (waited() - before);
      assert.ok(tookMs < 1_000, `${tookMs} ms`);
    }));
});
