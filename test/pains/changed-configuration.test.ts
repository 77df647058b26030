// A flag is changed (here the prefix of annotations), and with it what is wanted: a sync deletes what nobody seems to want any more.
// Ours remembers the flags of the last run, and holds more than a few deletions after they changed, whatever their share.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { firstRun } from '../../src/controller/safety/first-run.ts';
import { configOf } from '../support/harness.ts';
import { service, services, startWorld, type World } from '../support/pains.ts';

/** One run of the program with these flags: sweeps until the state is written or refused. */
async function runOnce(before: World, file: string, ...flags: string[]): Promise<World> {
  const all = [`--state=${file}`, ...flags];
  const world = await before.restart(...all);
  const never = new AbortController().signal;
  const memory = await firstRun({ options: configOf('--source=service', ...all), writer: world.cluster.writer, synchronizer: world.synchronizer, log: { ...noLog } }, never);
  memory?.synchronized(await world.sweep());
  await memory?.idle();
  return world;
}
const noLog = { level: 'error', debug() {}, info() {}, warning() {}, error() {}, isEnabled: () => false } as const;

describe('a changed configuration', () => {
  it('deletes only a few records before it is approved', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pain-'));
    try {
      const file = path.join(folder, 'state.json');
      const start = await startWorld();
      // 100 Services with the usual annotation, and 25 with one of an own prefix: a fifth of the records
      for (const object of services(100)) start.cluster.put(object);
      for (let i = 0; i < 25; i++) start.cluster.put(labelled(i));
      await runOnce(start, file);
      assert.equal(start.records().length, 125);

      const changed = await runOnce(start, file, '--label-filter=tier!=internal');
      assert.equal(start.records().length, 125);
      const checksum = changed.synchronizer.brake.held?.checksum;
      assert.deepEqual(changed.synchronizer.brake.held?.zones.map((z) => z.deletions), [25]);

      // a restart does not make it pass
      await runOnce(start, file, '--label-filter=tier!=internal');
      assert.equal(start.records().length, 125);

      // approved; from then on these are the settings
      await runOnce(start, file, '--label-filter=tier!=internal', `--approve=${checksum ?? ''}`);
      assert.equal(start.records().length, 100);
      for (const object of services(25)) start.cluster.remove(object);
      await runOnce(start, file, '--label-filter=tier!=internal');
      assert.equal(start.records().length, 75);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const labelled = (i: number) => {
  const object = service(`internal${i}`, ['192.0.2.1']);
  return { ...object, metadata: { ...(object['metadata'] as object), labels: { tier: 'internal' } } };
};
