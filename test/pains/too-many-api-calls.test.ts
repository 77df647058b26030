// Each run reads the whole zone, however little has changed. Ours reads single names where the provider can, and plans by what it knows.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { normalizeName } from '../../src/endpoint/name.ts';
import { service, services, startWorld, type World } from '../support/pains.ts';
import { running } from '../support/running.ts';

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
