// Any error of the provider ends the process, and the restarts eat what is left of its rate limit. Ours goes on, and waits as it is asked to.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SoftError } from '../../src/errors.ts';
import { service, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';
import { running } from '../support/running.ts';

describe('an error of the provider', () => {
  it('does not end the loop, and is tried again less and less often', async () => {
    const world = await startWorld();
    world.cluster.put(service('web', ['192.0.2.1']));
    world.provider.readFault = true;
    await running(world, async ({ controller, pass }) => {
      await pass(300);
      assert.ok(world.provider.reads >= 5 && world.provider.reads <= 12, `${world.provider.reads} readings in five minutes`);
      assert.deepEqual(controller.ready, { ok: false, reasons: ['not yet synchronised', 'the provider cannot be read'] });
      assert.equal(controller.alive.ok, true);
      world.provider.readFault = false;
      await pass(90);
      assert.deepEqual(world.records(), ['web.example.org A 192.0.2.1']);
      assert.equal(controller.ready.ok, true);
    });
  });

  it('even one that is a bug does not end the loop', async () => {
    const world = await startWorld();
    let broken = true;
    world.provider.adjust = async (endpoints) => {
      if (broken) throw new TypeError('cannot read properties of undefined');
      return endpoints;
    };
    world.cluster.put(service('web', ['192.0.2.1']));
    await running(world, async ({ pass }) => {
      await pass(5);
      broken = false;
      await pass(60);
      assert.deepEqual(world.records(), ['web.example.org A 192.0.2.1']);
    });
  });

  it('that asks to wait is waited for', async () => {
    const world = await startWorld();
    const snapshot = world.provider.snapshot.bind(world.provider);
    let limited = true;
    let asked = 0;
    world.provider.snapshot = async (signal, since) => {
      asked++;
      if (limited) throw new SoftError('too many requests', { retryAfterMs: 120_000 });
      return snapshot(signal, since);
    };
    world.cluster.put(service('web', ['192.0.2.1']));
    await running(world, async ({ controller, pass }) => {
      await pass(1);
      assert.equal(asked, 1);
      // changes in the cluster do not break the silence
      world.cluster.put(service('api', ['192.0.2.2']));
      controller.changed();
      await pass(110);
      assert.equal(asked, 1);
      limited = false;
      await pass(40);
      assert.equal(world.records().length, 2);
    });
  });

  it('that lasts from the first moment does not end the process', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', liveService('web', '192.0.2.1'));
      let failed = 0;
      rig.webhook.fault = (method, path) => (method === 'GET' && path === '/records' && ++failed <= 2 ? { status: 500 } : undefined);
      rig.start();
      await rig.untilRecords('web.example.org A 192.0.2.1');
      assert.ok(failed > 2 && rig.running);
    }));
});
