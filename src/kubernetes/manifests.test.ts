import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigurationError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Cluster, ResourceView } from './cluster.ts';
import { keepAll } from './keep.ts';
import { openManifests } from './manifests.ts';
import { objectKey, type Resource } from './object.ts';
import { Ingress, Namespace, Node, Service } from './resources/core.ts';

const all = { namespace: '' };
let folder: string;
let stop: AbortController;
let told: string[];
const warning: Logger['warning'] = (message, fields) => void told.push([message, ...Object.values(fields ?? {})].join(' ').replaceAll(`${folder}/`, ''));
const log: Logger = { level: 'warning', debug() {}, info() {}, warning, error: warning, isEnabled: () => true };

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'external-dns-'));
  stop = new AbortController();
  told = [];
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true });
});

function write(file: string, ...documents: string[]): void {
  const at = path.join(folder, file);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, documents.join('---\n'));
}
const open = (watch = false, at = folder): Promise<Cluster> => openManifests(at, log, stop.signal, { watch });
const service = (name: string, more = ''): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n${more}`;
const keys = (view: ResourceView): string => [...view.list()].map(objectKey).sort().join(' ');
async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 2000; !holds(); await sleep(1)) if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
}

describe('a directory of manifests', () => {
  it('gives the objects of all its files, by group and kind, in any version', async () => {
    write('a.yaml', service('a'), 'apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata: {name: i, namespace: shop}\n');
    write('deep/b.yml', service('b', '  namespace: shop\n'));
    write('c.json', JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', namespace: 'wrong' } }));
    write('readme.md', 'no manifest');
    write('.hidden/d.yaml', service('d'));
    write('.e.yaml.swp', service('e'));
    const cluster = await open();
    const services = cluster.watch(Service, all);
    await cluster.settled(stop.signal);
    assert.equal(keys(services), 'default/a shop/b');
    assert.equal(keys(cluster.watch(Service, { namespace: 'shop' })), 'shop/b');
    assert.equal(keys(cluster.watch(Ingress, all)), 'shop/i');
    assert.equal(keys(cluster.watch(Node, all)), '/n');
    assert.equal(services.state.kind, 'synced');
    assert.deepEqual(told, []);
  });

  it('gives what an API server would add', async () => {
    write('a.yaml', service('a'));
    const read = async (): Promise<unknown> => (await open()).watch(Service, all).get('default', 'a')?.metadata;
    const metadata = await read();
    assert.deepEqual(metadata, await read());
    const { uid, generation } = metadata as { uid: string; generation: number };
    assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(generation, 1);
    assert.deepEqual((await open()).watch(Service, all).get('default', 'a')?.status.loadBalancer.ingress, []);
  });

  it('gives the namespaces that are in use, with the label by which they are selected', async () => {
    write('a.yaml', service('a', '  namespace: shop\n'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: dns, labels: {x: "1"}}\n');
    const view = (await open()).watch(Namespace, all);
    assert.equal(keys(view), '/default /dns /shop');
    assert.deepEqual(view.get('', 'dns')?.metadata.labels, { 'kubernetes.io/metadata.name': 'dns', x: '1' });
  });

  it('takes the first file of several with one object, and says so', async () => {
    write('1.yaml', service('a', '  labels: {file: one}\n'));
    write('2.yaml', service('b'), service('a', '  labels: {file: two}\n'));
    const cluster = await open();
    assert.equal(cluster.watch(Service, all).get('default', 'a')?.metadata.labels['file'], 'one');
    cluster.watch(Service, { namespace: 'shop' });
    assert.deepEqual(told, ['manifest 2.yaml:6: Service default/a is already in 1.yaml:1, which counts']);
  });

  it('keeps whole objects where they are asked for', async () => {
    write('a.yaml', service('a', '  finalizers: [x]\ndata: 1\n'));
    const cluster = await open();
    const view = cluster.watch(Service, all);
    assert.equal(view.get('default', 'a')?.raw, undefined);
    cluster.watch(Service, { namespace: '', whole: true });
    assert.equal(view.get('default', 'a')?.raw?.['data'], 1);
  });

  it('finds a resource of which only the plural is known', async () => {
    const policies: Resource = { group: 'example.org', versions: ['v1'], plural: 'policies', kind: '', namespaced: true, keep: keepAll };
    write('a.yaml', 'apiVersion: example.org/v1\nkind: Policy\nmetadata: {name: p}\n');
    assert.equal(keys((await open()).watch(policies, all)), 'default/p');
  });

  it('is never written to', async () => {
    write('a.yaml', service('a'));
    const { writer } = await open();
    assert.equal(await writer.patchStatus(Service, 'default', 'a', {}, stop.signal), false);
    assert.equal((await writer.get(Service, 'default', 'a', stop.signal))?.['kind'], 'Service');
    await writer.delete(Service, 'default', 'a', stop.signal);
    assert.notEqual(await writer.get(Service, 'default', 'a', stop.signal), undefined);
  });

  it('that is not there, or is broken, ends the start', async () => {
    await assert.rejects(open(false, '/nowhere'), (error) => error instanceof ConfigurationError && /manifests: \/nowhere cannot be read/.test(error.message));
    write('a.yaml', `${service('a')}spec: [\n`);
    await assert.rejects(open(), (error) => error instanceof ConfigurationError && /a\.yaml:\d: /.test(error.message));
  });

  it('may be a single file', async () => {
    write('a.yaml', service('a'));
    write('b.yaml', service('b'));
    assert.equal(keys((await open(false, path.join(folder, 'b.yaml'))).watch(Service, all)), 'default/b');
  });
});

describe('a directory of manifests that is watched', () => {
  it('gives what comes, changes and goes, well within 200 ms', async () => {
    write('a.yaml', service('a'), service('b'));
    const view = (await open(true)).watch(Service, all);
    const changes: string[] = [];
    view.subscribe((batch) => changes.push(batch.map(({ before, after }) => `${before?.metadata.name ?? ''}>${after?.metadata.name ?? ''}`).join(' ')));
    await sleep(20);
    const started = performance.now();
    write('a.yaml', service('a', 'spec: {type: NodePort}\n'), service('c'));
    await until(() => changes.length > 0, 'it is seen');
    assert.ok(performance.now() - started < 200);
    assert.deepEqual(changes, ['a>a >c b>']);
    assert.equal(view.get('default', 'a')?.metadata.generation, 2);
    assert.equal(view.get('default', 'a')?.spec.type, 'NodePort');
  });

  it('sees new folders, and files that are put in the place of others', async () => {
    write('a.yaml', service('a'));
    const view = (await open(true)).watch(Service, all);
    await sleep(20);
    write('new/b.yaml', service('b'));
    await until(() => view.size === 2, 'the folder is seen');
    write('new.yaml.tmp', service('z'));
    renameSync(path.join(folder, 'new.yaml.tmp'), path.join(folder, 'a.yaml'));
    await until(() => view.get('default', 'z') !== undefined && view.size === 2, 'the new file is seen');
  });

  it('sees a single file that is put in the place of another', async () => {
    write('a.yaml', service('a'));
    const view = (await open(true, path.join(folder, 'a.yaml'))).watch(Service, all);
    await sleep(20);
    write('tmp', service('z'));
    renameSync(path.join(folder, 'tmp'), path.join(folder, 'a.yaml'));
    await until(() => keys(view) === 'default/z', 'the new file is seen');
  });

  it('sees a ConfigMap that is mounted, where a link is turned', async () => {
    write('..1/a.yaml', service('a'));
    write('..2/a.yaml', service('b'));
    symlinkSync('..1', path.join(folder, '..data'));
    symlinkSync('..data/a.yaml', path.join(folder, 'a.yaml'));
    const view = (await open(true)).watch(Service, all);
    assert.equal(keys(view), 'default/a');
    await sleep(20);
    symlinkSync('..2', path.join(folder, '..tmp'));
    renameSync(path.join(folder, '..tmp'), path.join(folder, '..data'));
    await until(() => keys(view) === 'default/b', 'the other is seen');
  });

  it('keeps the last good state of a file that is broken, and says so once', async () => {
    write('a.yaml', service('a'));
    write('b.yaml', service('b'));
    const view = (await open(true)).watch(Service, all);
    await sleep(20);
    write('a.yaml', `${service('a')}  broken`);
    rmSync(path.join(folder, 'b.yaml'));
    await until(() => view.size === 1, 'the other file is gone');
    assert.equal(keys(view), 'default/a');
    assert.equal(view.state.kind, 'synced');
    assert.equal(told.length, 1);
    assert.match(told[0] ?? '', /^manifest is broken; what it held before still counts a\.yaml:\d: /);
    write('a.yaml', service('c'));
    await until(() => keys(view) === 'default/c', 'it is mended');
  });

  it('that has a broken file from the start is not trusted until it is mended', async () => {
    write('a.yaml', 'a: [');
    write('b.yaml', service('b'));
    const view = (await open(true)).watch(Service, all);
    assert.deepEqual(view.state.kind === 'failed' && view.state.reason, 'invalid');
    await sleep(20);
    write('a.yaml', service('a'));
    await until(() => view.state.kind === 'synced', 'it is mended');
    assert.equal(keys(view), 'default/a default/b');
  });
});
