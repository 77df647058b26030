import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import { asRecord } from '../../kubernetes/keep.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { silentLogger } from '../../log/logger.ts';
import type { HeldBase } from '../../plan/brake.ts';
import { changedFacts, openState, RunMemory } from './state.ts';

const never = new AbortController().signal;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'state-'));
  folders.push(folder);
  return folder;
}

/** A cluster that has at most one object. */
function clusterWith(object: RawObject | undefined): { readonly writer: ClusterWriter; object: RawObject | undefined } {
  const cluster = { object, writer: undefined as unknown as ClusterWriter };
  const take = async (_resource: unknown, given: RawObject): Promise<RawObject> => (cluster.object = given);
  cluster.writer = { patchStatus: async () => true, patchAnnotations: async () => true, get: async () => cluster.object, create: take, replace: take, delete: async () => {} };
  return cluster;
}

const { writer: noCluster } = clusterWith(undefined);

async function memory(place: string, facts: Record<string, string>, writer: ClusterWriter = noCluster): Promise<{ changes: readonly string[]; held: Readonly<Record<string, HeldBase>>; settle(): Promise<void>; hold(held: Record<string, HeldBase>): Promise<void> }> {
  const store = openState(place, writer);
  assert.ok(store);
  const run = new RunMemory(store, facts, silentLogger);
  const { changed: changes, held } = await run.recall(never);
  return {
    changes,
    held,
    async hold(bases) {
      run.holds(bases, never);
      await run.idle();
    },
    async settle() {
      run.settled(never);
      await run.idle();
    },
  };
}

describe('the state', () => {
  it('is off where no place is given', () => assert.equal(openState('', noCluster), undefined));
  for (const place of ['configmap:', 'configmap:name', 'configmap:a/b/c', 'configmap:/b'])
    it(`refuses ${place}`, () => assert.throws(() => openState(place, noCluster), (error) => error instanceof ConfigurationError && /configmap:NAMESPACE\/NAME/.test(error.message)));

  it('in a file tells what has changed since the last run that ended well', async () => {
    const file = path.join(await newFolder(), 'state.json');
    const first = await memory(file, { version: '1', '--txt-prefix': '""' });
    assert.deepEqual(first.changes, []);
    assert.deepEqual((await memory(file, { version: '1', '--txt-prefix': '"x"' })).changes, [], 'nothing was written yet');
    await first.settle();
    const second = await memory(file, { version: '1', '--txt-prefix': '"x"' });
    assert.deepEqual(second.changes, ['--txt-prefix']);
    assert.deepEqual((await memory(file, { version: '2', '--txt-prefix': '"x"' })).changes, ['version', '--txt-prefix']);
    await second.settle();
    assert.deepEqual((await memory(file, { version: '1', '--txt-prefix': '"x"' })).changes, []);
    assert.deepEqual(await readdir(path.dirname(file)), ['state.json']);
  });

  it('remembers what is held beside the settings of the last run that ended well, until nothing is held', async () => {
    const file = path.join(await newFolder(), 'state.json');
    const held = { 'example.org': { owned: 40, recent: 2 } };
    // a first run is no change of settings, even where it holds something
    await (await memory(file, { version: '1' })).hold(held);
    const next = await memory(file, { version: '2' });
    assert.deepEqual([next.changes, next.held], [['version'], held]);
    await next.hold({ 'example.org': { owned: 50, recent: 0 } });
    const third = await memory(file, { version: '2' });
    assert.deepEqual([third.changes, third.held], [['version'], { 'example.org': { owned: 50, recent: 0 } }]);
    await third.settle();
    const last = await memory(file, { version: '2' });
    assert.deepEqual([last.changes, last.held], [[], {}]);
  });

  it('is not written over by what is held, where it cannot be read', async () => {
    let written = 0;
    const store = { read: () => Promise.reject(new Error('no right')), write: async () => void written++ };
    const run = new RunMemory(store, { version: '1' }, silentLogger);
    assert.deepEqual(await run.recall(never), { changed: ['state'], held: {} });
    run.holds({ 'example.org': { owned: 40, recent: 0 } }, never);
    await run.idle();
    assert.equal(written, 0);
  });

  it('that cannot be understood or read counts as changed', async () => {
    const folder = await newFolder();
    const file = path.join(folder, 'state.json');
    await writeFile(file, '{"facts"');
    assert.deepEqual((await memory(file, { version: '1' })).changes, ['state']);
    assert.deepEqual((await memory(folder, { version: '1' })).changes, ['state']);
  });

  it('in a ConfigMap keeps what else is there', async () => {
    const cluster = clusterWith({ metadata: { namespace: 'dns', name: 'state', resourceVersion: '7' }, data: { other: 'x' } });
    await (await memory('configmap:dns/state', { version: '1' }, cluster.writer)).settle();
    assert.deepEqual(cluster.object?.['metadata'], { namespace: 'dns', name: 'state', resourceVersion: '7' });
    assert.equal(asRecord(cluster.object?.['data'])['other'], 'x');
    assert.deepEqual((await memory('configmap:dns/state', { version: '2' }, cluster.writer)).changes, ['version']);
  });

  it('makes its ConfigMap', async () => {
    const cluster = clusterWith(undefined);
    await (await memory('configmap:dns/state', { version: '1' }, cluster.writer)).settle();
    assert.deepEqual(cluster.object?.['metadata'], { namespace: 'dns', name: 'state' });
    assert.deepEqual((await memory('configmap:dns/state', { version: '1' }, cluster.writer)).changes, []);
  });
});

describe('changedFacts', () => {
  it('does not count what an older version did not remember', () => assert.deepEqual(changedFacts('{"facts":{"version":"1"}}', { version: '1', '--new': '1' }), []));
  it('counts what is none of ours', () => assert.deepEqual(changedFacts('[]', { version: '1' }), ['version']));
});
