// /healthz says OK, whatever happens. Ours says whether the loop turns, and whether what it needs can be reached.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { services, startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';
import { Rig, service as liveService } from '../support/process.ts';
import { statusOf } from '../kubernetes/fake-api.ts';

describe('health', () => {
  it('is not ready before the first synchronisation', async () => {
    const world = await startWorld();
    let release = (): void => {};
    const snapshot = world.provider.snapshot.bind(world.provider);
    world.provider.snapshot = async (signal, since) => {
      await new Promise<void>((resolve) => (release = resolve));
      return snapshot(signal, since);
    };
    await running(world, async ({ controller, pass }) => {
      assert.deepEqual(controller.ready, { ok: false, reasons: ['not yet synchronised'] });
      // a call that hangs is no reason to be started anew, until it has hung for longer than anything may take
      await pass(60);
      assert.equal(controller.alive.ok, true);
      world.wait(15 * 60);
      assert.match(controller.alive.reasons.join(), /has been running for 960 s/);
      release();
      await pass(1);
      assert.deepEqual([controller.alive.ok, controller.ready.ok], [true, true]);
    });
  });

  it('names the source that cannot be read, and the provider that fails', async () => {
    const world = await startWorld();
    await running(world, async ({ controller, pass }) => {
      await pass(1);
      assert.equal(controller.ready.ok, true);
      world.cluster.fail('services', 'services may not be listed');
      world.provider.readFault = true;
      await pass(60);
      assert.deepEqual(controller.ready.reasons, ['the provider cannot be read', 'source service: services may not be listed']);
      assert.equal(controller.alive.ok, true);
      world.cluster.recover('services');
      world.provider.readFault = false;
      await pass(60);
      assert.equal(controller.ready.ok, true);
    });
  });

  it('tells of deletions that are held, until they are approved', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await running(world, async ({ controller, pass }) => {
      await pass(1);
      for (const object of services(40)) world.cluster.remove(object);
      controller.changed();
      await pass(1);
      assert.match(controller.ready.reasons.join(), /^deletions are held: 40 of 40 records in zone example\.org would be deleted; approve/);
      assert.equal(controller.approve('000000000000'), false);
      assert.equal(controller.approve(world.synchronizer.brake.held?.checksum ?? ''), true);
      await pass(1);
      assert.deepEqual([controller.ready.ok, world.records()], [true, []]);
    });
  });

  it('of a single run is its exit status', async () => {
    const world = await startWorld(['--once']);
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    for (const object of services(40)) world.cluster.remove(object);
    await running(world, async ({ controller }) => {
      const { ok, reasons } = await controller.once(new AbortController().signal);
      assert.equal(ok, false);
      assert.match(reasons.join(), /deletions are held/);
    });
  });
});

describe('health of the running program', () => {
  it('tells the truth: before the first synchronisation, and while the cluster or the provider fails', () =>
    Rig.with(async (rig) => {
      const ready = async (): Promise<string> => {
        const { status, text } = await rig.answer('readyz');
        return `${status} ${text.trim()}`;
      };
      rig.webhook.fault = (method, path) => (method === 'GET' && path === '/records' ? 'hang' : undefined);
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.start('--log-level=debug', '--interval=200ms');
      await rig.until('the port', () => /metrics and health are served/.test(rig.log));
      assert.match(await ready(), /^503 /);
      assert.equal((await rig.answer('livez')).status, 200);
      rig.webhook.fault = () => undefined;
      await rig.until('it is ready', async () => (await ready()).startsWith('200 '));
      rig.webhook.fault = (_method, path) => (path === '/records' ? { status: 503 } : undefined);
      await rig.until('the provider is named', async () => /^503 [^]*503/.test(await ready()));
      rig.webhook.fault = () => undefined;
      await rig.until('it is ready again', async () => (await ready()).startsWith('200 '));
      rig.api.fault = ({ path }) => (path.endsWith('/services') ? { status: 403, body: statusOf(403, 'Forbidden') } : undefined);
      rig.api.cut();
      await rig.until('the source is named', async () => /^503 [^]*service/.test(await ready()), 20);
      rig.api.fault = () => undefined;
      await rig.until('all is well', async () => (await ready()).startsWith('200 '), 40);
      // as ExternalDNS v0.22 has it
      assert.equal((await rig.answer('healthz')).status, 200);
      assert.ok(rig.running);
    }));
});
