// One change costs a pass over everything, and waits for the next run. Ours plans the names that are concerned, at once.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { service, services, startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';

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
