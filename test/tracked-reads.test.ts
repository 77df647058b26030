// What is computed when something changes in a cluster of 10,000 objects, for every source: exactly what has read it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { notInstalled } from '../src/kubernetes/client/failures.ts';
import { objectKey, type RawObject } from '../src/kubernetes/object.ts';
import { silentLogger } from '../src/log/logger.ts';
import { createTemplates } from '../src/sources/common/templates.ts';
import { Desired } from '../src/sources/engine/desired.ts';
import { HostResolver } from '../src/sources/engine/host-resolver.ts';
import { openSources } from '../src/sources/engine/open-sources.ts';
import { loadSources, sourceNames } from '../src/sources/index.ts';
import type { SourceDefinition } from '../src/sources/source.ts';
import { createWrappers } from '../src/sources/wrappers/index.ts';
import { FakeCluster } from './support/fake-cluster.ts';
import { configOf } from './support/harness.ts';
import { type World, worlds, worldSize } from './support/source-worlds.ts';

const never = new AbortController().signal;
const noFilter = { configured: false, matches: () => true, matchesZone: () => true, toJSON: () => ({}) };
const numbers = Array.from({ length: worldSize }, (_, i) => i);

/** An object with this label cannot be computed. */
const brokenLabel = 'broken';

/** The same source, which notes what it computes and fails where an object is marked as broken. */
const watched = (definition: SourceDefinition, computed: string[]): SourceDefinition => ({
  ...definition,
  async create(setup) {
    const source = await definition.create(setup);
    const walks = source.walks.map((walk): (typeof source.walks)[number] => ({
      ...walk,
      endpoints(object, context) {
        computed.push(objectKey(object));
        if (object.metadata.labels[brokenLabel]) throw new Error('it is broken');
        return walk.endpoints(object, context);
      },
    }));
    return { ...source, walks };
  },
});

interface Started {
  readonly cluster: FakeCluster;
  readonly desired: Desired;
  /** Computes what is due, and gives the objects that were computed, in order. */
  flush(): Promise<readonly string[]>;
  /** `192.0.2.1`; '' where there is no record. */
  targets(name: string): string;
}

async function start(sources: readonly string[], flags: readonly string[], cluster: FakeCluster): Promise<Started> {
  const options = configOf(...sources.map((source) => `--source=${source}`), ...flags);
  const computed: string[] = [];
  const resolver = new HostResolver();
  const definitions = (await loadSources(sources)).map((definition) => watched(definition, computed));
  const runners = await openSources({ definitions, options, cluster, templates: createTemplates(options), resolver, log: silentLogger, onDirty: () => {} });
  const desired = new Desired({ runners, wrappers: createWrappers(options, noFilter), resolver, onInvalid: () => {}, settled: () => cluster.settled() });
  return {
    cluster,
    desired,
    async flush() {
      await desired.flush(never, false);
      return computed.splice(0).sort();
    },
    targets: (name) => desired.endpoints(name).flatMap((e) => e.targets).join(),
  };
}

const clusterOf = (world: World, count: number): FakeCluster => {
  const cluster = new FakeCluster();
  for (const object of [...world.read, ...numbers.slice(0, count).map(world.object)]) cluster.put(object);
  return cluster;
};

const keyOf = (object: RawObject): string => {
  const { namespace = '', name } = object['metadata'] as { readonly namespace?: string; readonly name: string };
  return `${namespace}/${name}`;
};

const withMetadata = (object: RawObject, fields: RawObject): RawObject => ({ ...object, metadata: { ...(object['metadata'] as RawObject), ...fields } });

it('every source that reads a cluster has its world here', async () => {
  const reading = (await loadSources(sourceNames)).filter((definition) => definition.resources.length > 0 || definition.name === 'unstructured').map((definition) => definition.name);
  assert.deepEqual(Object.keys(worlds).sort(), reading.sort());
});

for (const [name, world] of Object.entries(worlds))
  describe(`source ${name} with ${worldSize} objects`, () => {
    let running: Started | undefined;
    before(async () => void (running = await start([name], world.flags, clusterOf(world, worldSize))));
    after(() => void (running = undefined));
    const started = (): Started => running ?? assert.fail('it is not started');

    it('gives a record for each', async () => {
      const { flush, targets, desired } = started();
      assert.ok((await flush()).length >= worldSize);
      assert.ok(new Set(desired.names()).size >= worldSize);
      const without = numbers.filter((i) => i % 99 === 0 && targets(`app-${i}.example.org`) === '');
      assert.deepEqual(without, []);
      assert.deepEqual(await flush(), [], 'nothing has changed since');
    });

    it('computes an object that changes, and no other', async () => {
      const { cluster, flush } = started();
      const object = withMetadata(world.object(1234), { labels: { changed: 'yes' } });
      cluster.put(object);
      assert.deepEqual(await flush(), [keyOf(object)]);
      cluster.put(withMetadata(object, { resourceVersion: '2' }));
      assert.deepEqual(await flush(), [], 'a mere new version is no change');
    });

    for (const { title, object, touches } of world.changes)
      it(`computes what has read ${title}`, async () => {
        const { cluster, flush } = started();
        cluster.put(object);
        const expected = numbers.filter(touches).map((i) => keyOf(world.object(i)));
        assert.deepEqual(await flush(), expected.sort());
      });

    it('needs every kind that is read second-hand here', async () => {
      const [definition] = await loadSources([name]);
      const kinds = new Set((definition?.resources ?? []).map((resource) => resource.kind));
      for (const { object } of world.changes) assert.ok(kinds.has(String(object['kind'])), String(object['kind']));
      if (world.changes.length > 0) assert.equal(new Set(world.changes.map(({ object }) => object['kind'])).size, kinds.size - 1);
    });
  });

for (const [name, world] of Object.entries(worlds))
  describe(`a bad object of source ${name}`, () => {
    it('keeps its records as they are, and stops no other', async () => {
      const { cluster, desired, flush, targets } = await start([name], world.flags, clusterOf(world, 4));
      await flush();
      const before = targets('app-1.example.org');
      cluster.put(withMetadata(world.object(1), { labels: { [brokenLabel]: 'yes' }, annotations: {} }));
      cluster.put(withMetadata(world.object(2), { labels: { changed: 'yes' } }));
      assert.equal((await flush()).length, 2);
      assert.equal(targets('app-1.example.org'), before);
      assert.deepEqual([...desired.troubles()], [`${name} ${keyOf(world.object(1))}: it is broken`]);
      cluster.put(world.object(1));
      await flush();
      assert.deepEqual([...desired.troubles()], []);
    });

    it('is no trouble for others, whatever its fields hold', async () => {
      const { cluster, flush, targets } = await start([name], world.flags, clusterOf(world, 4));
      await flush();
      for (const rubbish of [7, 'text', [null, 1, {}], { endpoints: 1, rules: {}, hosts: 'x', servers: [[]], parentRefs: 'x', listeners: [7], routes: [null], addresses: {} }, null]) {
        cluster.put({ ...world.object(1), spec: rubbish, status: rubbish });
        cluster.put(withMetadata(world.object(3), { annotations: rubbish, labels: rubbish }));
        await flush();
        assert.notEqual(targets('app-0.example.org'), '');
        assert.notEqual(targets('app-2.example.org'), '');
      }
    });
  });

describe('what is not installed when the program starts', async () => {
  const definitions = await loadSources(Object.keys(worlds));
  for (const { name, resources } of definitions) {
    const world = worlds[name];
    if (!world) continue;
    for (const resource of resources.filter((r) => r.install !== undefined && r.group !== 'traefik.containo.us'))
      it(`is told and waited for: ${resource.kind} of ${resource.group} with ${name}, while others go on`, async () => {
        const cluster = clusterOf(world, 600);
        cluster.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' }, status: { addresses: [{ type: 'ExternalIP', address: '192.0.2.77' }] } });
        const { message, reason } = notInstalled(resource, [`--source=${name}`]);
        cluster.failFromStart(resource, message, reason);
        const { desired, flush, targets } = await start([name, 'node'], [...world.flags, '--combine-fqdn-annotation'], cluster);
        await flush();
        assert.equal(targets('n1'), '192.0.2.77');
        const told = [...desired.troubles()].join('\n');
        for (const part of [resource.kind, resource.group, 'is not installed', 'install', `leave out --source=${name}`]) assert.ok(told.includes(part), `${part} is missing in: ${told.slice(0, 500)}`);
        const walked = resources[0] === resource;
        if (walked) assert.equal(targets('app-1.example.org'), '');

        cluster.recover(resource.plural);
        await flush();
        assert.deepEqual([...desired.troubles()], []);
        for (const i of [0, 1, 599]) assert.notEqual(targets(`app-${i}.example.org`), '');
      });
  }
});
