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
  cluster.writer = { patchStatus: async () => true, get: async () => cluster.object, create: take, replace: take, delete: async () => {} };
  return cluster;
}

const { writer: noCluster } = clusterWith(undefined);

async function memory(place: string, facts: Record<string, string>, writer: ClusterWriter = noCluster): Promise<{ changes: readonly string[]; settle(): Promise<void> }> {
  const store = openState(place, writer);
  assert.ok(store);
  const run = new RunMemory(store, facts, silentLogger);
  const changes = await run.changes(never);
  return {
    changes,
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
