// Annotations mean the same in every source: under each prefix in force, and with each value that is documented.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, property } from '../src/endpoint/endpoint.ts';
import type { RawObject } from '../src/kubernetes/object.ts';
import { loadSources } from '../src/sources/index.ts';
import { FakeCluster } from './support/fake-cluster.ts';
import { FakeProvider } from './support/fake-provider.ts';
import { configOf, startHarness } from './support/harness.ts';
import { worlds } from './support/source-worlds.ts';

const prefix = 'external-dns.kubernetes.io/';
const name = 'app-1.example.org';
const annotated = (object: RawObject, annotations: Readonly<Record<string, string>>): RawObject => {
  const metadata = object['metadata'] as RawObject;
  return { ...object, metadata: { ...metadata, annotations: { ...(metadata['annotations'] as RawObject), ...annotations } } };
};

/** What a source wants for the second object of its world, with further annotations on that, or on what is read for it. */
async function endpointsOf(source: string, more: Readonly<Record<string, string>>, asWritten: (text: string) => string, ...flags: string[]): Promise<readonly Endpoint[]> {
  const world = worlds[source];
  assert.ok(world);
  const cluster = new FakeCluster();
  // the records of a Gloo Proxy have the annotations of its VirtualServices
  const noted = (object: RawObject): RawObject => (source !== 'gloo-proxy' || object['kind'] === 'VirtualService' ? annotated(object, more) : object);
  const read = source === 'gloo-proxy' ? world.read.map(noted) : world.read;
  for (const object of [...read, noted(world.object(1))]) cluster.put(JSON.parse(asWritten(JSON.stringify(object))) as RawObject);
  const { desired, sweep } = await startHarness(cluster, new FakeProvider(), configOf(`--source=${source}`, ...world.flags, ...flags));
  await sweep();
  return desired.endpoints(name).map((e) => ({ ...e, refs: [] }));
}

for (const { name: source, annotations } of await loadSources(Object.keys(worlds)))
  describe(`annotations in ${source}`, () => {
    const unchanged = (text: string): string => text;
    const written = (other: string) => (text: string): string => text.replaceAll(prefix, other);

    it('have the same effect under the older prefix, and alone under one that is given', async () => {
      const more = annotations.includes('ttl') ? { [`${prefix}ttl`]: '77' } : {};
      const expected = await endpointsOf(source, more, unchanged);
      assert.ok(expected.length > 0);
      if (annotations.includes('ttl')) assert.ok(expected.every((e) => e.ttlSeconds === 77));
      assert.deepEqual(await endpointsOf(source, more, written('external-dns.alpha.kubernetes.io/')), expected);
      assert.deepEqual(await endpointsOf(source, more, written('dns.example.net/'), '--annotation-prefix=dns.example.net/'), expected);
      const others = await endpointsOf(source, more, unchanged, '--annotation-prefix=dns.example.net/');
      assert.ok(others.every((e) => e.ttlSeconds === 0));
    });

    if (annotations.includes('alias'))
      for (const value of ['true', 'A', 'AAAA'])
        it(`ask for an alias with ${value}`, async () => {
          const endpoints = await endpointsOf(source, { [`${prefix}alias`]: value }, unchanged);
          assert.ok(endpoints.length > 0);
          assert.deepEqual(endpoints.map((e) => property(e, 'alias')), endpoints.map(() => value));
        });
  });
