// A wrong view of the cluster for one moment, and every record is gone. Ours holds what is too much, and goes on with the rest.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { firstRun } from '../../src/controller/safety/first-run.ts';
import { silentLogger } from '../../src/log/logger.ts';
import type { HeldPlan } from '../../src/plan/brake.ts';
import { configOf } from '../support/harness.ts';
import { onlyLine, service, services, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

describe('mass deletion', () => {
  it('is held, while everything else goes on', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    assert.equal(world.records().length, 40);

    for (const object of services(40)) world.cluster.remove(object);
    world.cluster.put(service('new', ['192.0.2.99']));
    const { held } = await world.event();
    assert.equal(world.records().length, 41);
    assert.ok(world.records().includes('new.example.org A 192.0.2.99'));
    assert.deepEqual(held?.zones, [{ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }]);
    const warning = onlyLine(world.log, /deletions are held/);
    assert.equal(warning.level, 'warning');
    assert.deepEqual([warning.fields['checksum'], warning.fields['held']], [held?.checksum, ['40 of 40 records in zone example.org would be deleted']]);
    assert.equal(world.states()['web0.example.org'], 'held-by-brake');
    assert.equal(world.synchronizer.statuses.get('web0.example.org')?.reason, `its deletion waits for an approval, since 40 of 40 records in zone example.org would be deleted (checksum ${held?.checksum})`);
    assert.equal(world.states()['new.example.org'], undefined);

    // it is told once, and nothing changes by waiting, however often it is looked at
    for (let i = 0; i < 5; i++) {
      world.wait(60);
      await world.sweep();
    }
    assert.equal(world.records().length, 41);
    onlyLine(world.log, /deletions are held/);
  });

  it('that passes by itself has done nothing', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    const changes = world.provider.applied.length;
    for (const object of services(40)) world.cluster.remove(object);
    await world.sweep();
    for (const object of services(40)) world.cluster.put(object);
    const { held } = await world.event();
    assert.equal(held, undefined);
    assert.equal(world.provider.applied.length, changes);
    assert.deepEqual(world.states(), {});
    onlyLine(world.log, /no deletions are held any more/);
  });

  it('goes on once it is approved', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    for (const object of services(40)) world.cluster.remove(object);
    const { held } = await world.sweep();
    assert.equal(world.synchronizer.brake.approve('not this one'), false);
    assert.equal(world.synchronizer.brake.approve(held?.checksum ?? ''), true);
    await world.sweep();
    assert.deepEqual(world.records(), []);
    assert.equal(world.provider.records.size, 0);
    assert.deepEqual(world.states(), {});
  });

  it('of an empty cluster at the start of a single run is held, and approved by the flag', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    for (const object of services(40)) world.cluster.remove(object);
    const { held } = await (await world.restart('--once')).sweep();
    assert.equal(world.records().length, 40);
    await (await world.restart('--once', `--approve=${held?.checksum ?? ''}`)).sweep();
    assert.deepEqual(world.records(), []);
  });

  for (const flags of [['--once'], []])
    it(`is held by the same numbers in the next run ${flags.join()} with --state, though new records have come`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'held-'));
      try {
        const state = `--state=${path.join(folder, 'state.json')}`;
        const start = await startWorld();
        for (const object of services(40)) start.cluster.put(object);
        const run = async (...more: string[]): Promise<HeldPlan | undefined> => {
          const all = [state, ...flags, ...more];
          const world = await start.restart(...all);
          const memory = await firstRun({ options: configOf('--source=service', ...all), writer: world.cluster.writer, synchronizer: world.synchronizer, log: silentLogger }, new AbortController().signal);
          const result = await world.sweep();
          memory?.synchronized(result);
          await memory?.idle();
          return result.held;
        };
        assert.equal(await run(), undefined);
        for (const object of services(40)) start.cluster.remove(object);
        // so many that the others are less than half of all
        for (const object of services(60, 100)) start.cluster.put(object);
        const first = await run();
        assert.deepEqual(first?.zones, [{ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }]);
        assert.equal(start.records().length, 100);
        for (let i = 0; i < 3; i++) assert.deepEqual(await run(), first);
        assert.equal(start.records().length, 100);
        assert.equal(await run(`--approve=${first?.checksum ?? ''}`), undefined);
        assert.equal(start.records().length, 60);
        assert.equal(await run(), undefined);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

  it('in small steps is held as well', async () => {
    const world = await startWorld();
    for (const object of services(40)) world.cluster.put(object);
    await world.sweep();
    world.wait(600);
    for (const object of services(40)) {
      world.cluster.remove(object);
      world.wait(1);
      await world.event();
    }
    assert.equal(world.records().length, 20);
  });

  it('of few records, or of a smaller share, is what it always was', async () => {
    const few = await startWorld();
    for (const object of services(19)) few.cluster.put(object);
    await few.sweep();
    for (const object of services(19)) few.cluster.remove(object);
    await few.event();
    assert.deepEqual(few.records(), []);

    const share = await startWorld();
    for (const object of services(100)) share.cluster.put(object);
    await share.sweep();
    for (const object of services(50)) share.cluster.remove(object);
    await share.event();
    assert.equal(share.records().length, 50);
  });

  it('never reaches protected names, nor the records of the zone itself', async () => {
    const world = await startWorld(['--registry=noop', '--managed-record-types=A', '--managed-record-types=NS', '--managed-record-types=SOA', '--protect-names=^www\\.']);
    for (const name of ['www', 'api']) world.cluster.put(service(name, ['192.0.2.1']));
    await world.sweep();
    for (const [recordType, target] of [['NS', 'ns1.example.net'], ['SOA', 'ns1.example.net hostmaster.example.net 1 2 3 4 5']] as const)
      world.provider.put({ dnsName: 'example.org', recordType, targets: [target], setIdentifier: '', ttlSeconds: 0, labels: {}, providerSpecific: [], refs: [] });
    for (const name of ['www', 'api']) world.cluster.remove(service(name, ['192.0.2.1']));
    world.wait(60);
    await world.sweep();
    assert.deepEqual(world.records(), ['example.org NS ns1.example.net', 'example.org SOA ns1.example.net hostmaster.example.net 1 2 3 4 5', 'www.example.org A 192.0.2.1']);
    assert.equal(world.states()['www.example.org'], 'protected');
  });
});

describe('mass deletion in the running program', () => {
  it('of an API that answers empty lists is held; what is meant goes with the command approve', () =>
    Rig.with(async (rig) => {
      const address = `127.0.0.1:${await freePort()}`;
      for (let i = 0; i < 30; i++) rig.api.put('services', liveService(`web${i}`, `192.0.2.${i + 1}`));
      rig.start(`--metrics-address=${address}`);
      await rig.until('all records', () => rig.records().length === 30);

      rig.api.fault = ({ path: asked, query }) => (asked.endsWith('/services') ? (query.has('watch') ? { status: 410 } : { status: 200, body: { apiVersion: 'v1', kind: 'ServiceList', metadata: { resourceVersion: '1' }, items: [] } }) : undefined);
      rig.api.tick();
      rig.api.compact();
      rig.api.cut();
      await rig.until('a warning', () => /deletions are held/.test(rig.log), 20);
      assert.equal(rig.records().length, 30);
      const ready = await fetch(`http://${address}/readyz`);
      assert.equal(ready.status, 503);
      assert.match(await ready.text(), /30 of 30 records would be deleted/);
      assert.match(await (await fetch(`http://${address}/metrics`)).text(), /^external_dns_brake_held_records\{zone="[^"]*"\} 30$/m);

      const shown = await program('approve', `--metrics-address=${address}`);
      assert.equal(shown.status, 3);
      assert.equal(rig.records().length, 30);
      const checksum = /approve ([0-9a-f]{12})\n$/.exec(shown.output)?.[1] ?? '';
      assert.equal((await program('approve', 'ffffffffffff', `--metrics-address=${address}`)).status, 1);
      assert.deepEqual(await program('approve', checksum, `--metrics-address=${address}`), { status: 0, output: 'approved; 30 records will be deleted\n' });
      await rig.until('no records', () => rig.records().length === 0);
      assert.ok(rig.running);
    }));
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Runs a command of the program to its end. */
async function program(...argv: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [path.resolve(process.env['EXTERNAL_DNS_PROGRAM'] ?? 'bin/external-dns'), ...argv], { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, output };
}
