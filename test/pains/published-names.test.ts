// Nobody sees at an object whether its names are published. Ours notes it there, where asked for, and writes no more than what has changed.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PublishedNames } from '../../src/controller/published-names.ts';
import { endpoint } from '../../src/endpoint/endpoint.ts';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { service, startWorld, type World } from '../support/pains.ts';

const annotation = 'external-dns.kubernetes.io/published';

/** What is written from now on, as `name: value`; each is read back as the API would give it. */
function notes(world: World) {
  const published = new PublishedNames({ runners: world.desired.runners, current: world.synchronizer.current, rules: world.rules, annotation, now: () => world.clock.nowMs });
  world.onPlanned.push((name) => published.changed(name));
  return {
    published,
    async write(isLost = false): Promise<string[]> {
      const due = published.due();
      for (const { resource, namespace, name, annotations } of isLost ? [] : due) await world.cluster.writer.patchAnnotations(resource, namespace, name, annotations, new AbortController().signal);
      return due.map(({ name, annotations }) => `${name}: ${annotations[annotation] ?? 'none'}`);
    },
  };
}

/** The same Service, changed by somebody, with the annotation that stands there. */
const kept = (value: string, name: string, ips: readonly string[], hosts?: readonly string[]): RawObject => service(name, ips, hosts, { [annotation]: value });

describe('the annotation with the published names', () => {
  it('is written when names are published, changes with them, and goes with the last', async () => {
    const world = await startWorld();
    const { write } = notes(world);
    world.cluster.put(service('web', ['192.0.2.1'], ['web.example.org', 'a.example.org']));
    world.cluster.put(service('none', []));
    assert.deepEqual(await write(), []);
    await world.sweep();
    assert.deepEqual(await write(), ['web: a.example.org,web.example.org']);
    assert.deepEqual(await write(), []);
    world.cluster.put(kept('a.example.org,web.example.org', 'web', ['192.0.2.1'], ['web.example.org']));
    await world.event();
    assert.deepEqual(await write(), ['web: web.example.org']);
    world.cluster.put(kept('web.example.org', 'web', ['192.0.2.1'], []));
    await world.event();
    assert.deepEqual(await write(), ['web: none']);
    world.wait(600);
    await world.sweep();
    assert.deepEqual(await write(), []);
  });

  it('does not make anything be computed or published', async () => {
    const world = await startWorld();
    const { write } = notes(world);
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    let planned = 0;
    world.onPlanned.push(() => planned++);
    assert.equal((await write()).length, 1);
    assert.equal(await world.synchronizer.gather(new AbortController().signal), false);
    await world.event();
    assert.deepEqual([planned, await write(), world.cluster.annotationWrites.length], [0, [], 1]);
  });

  it('names only what is ours and stands there', async () => {
    const world = await startWorld();
    const { write } = notes(world);
    world.provider.put(endpoint({ dnsName: 'taken.example.org', recordType: 'A', targets: ['198.51.100.1'] }));
    world.provider.refused.add('bad.example.org');
    world.cluster.put(service('web', ['192.0.2.1'], ['web.example.org', 'taken.example.org', 'bad.example.org']));
    await world.sweep();
    assert.deepEqual(await write(), ['web: web.example.org']);
    // the other gives it up
    world.provider.records.delete('taken.example.org|A|');
    await world.sweep();
    await world.sweep();
    assert.deepEqual(await write(), ['web: taken.example.org,web.example.org']);
  });

  it('of several objects names what each has', async () => {
    const world = await startWorld();
    const { write } = notes(world);
    world.cluster.put(service('one', ['192.0.2.1'], ['shared.example.org']));
    world.cluster.put(service('two', ['192.0.2.2'], ['shared.example.org']));
    world.cluster.put(service('first', ['a.example.net'], ['cname.example.org']));
    world.cluster.put(service('second', ['b.example.net'], ['cname.example.org']));
    await world.sweep();
    assert.deepEqual((await write()).sort(), ['first: cname.example.org', 'one: shared.example.org', 'two: shared.example.org']);
    world.cluster.remove(service('first', ['a.example.net'], ['cname.example.org']));
    await world.event();
    assert.deepEqual(await write(), ['second: cname.example.org']);
  });

  it('stays while the object has no target for the moment, or cannot be computed', async () => {
    const world = await startWorld();
    const { write } = notes(world);
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    await write();
    world.cluster.put(kept('web.example.org', 'web', []));
    await world.event();
    assert.deepEqual(await write(), []);
    world.wait(180);
    await world.event();
    assert.deepEqual(await write(), ['web: none']);
  });

  it('stays where it is not known what the object wants', async () => {
    const world = await startWorld(['--fqdn-template={{slice .Name 0 5}}.example.org']);
    const { write } = notes(world);
    world.cluster.put(kept('old.example.org', 'x', ['192.0.2.1'], []));
    await world.sweep();
    assert.equal([...world.desired.troubles()].length, 1);
    assert.deepEqual(await write(), []);
  });

  it('tells the sets of a name apart', async () => {
    const world = await startWorld();
    const { write } = notes(world);
    const apply = world.provider.apply.bind(world.provider);
    world.provider.apply = async (groups) => {
      const outcomes = await apply(groups.filter((g) => g.setIdentifier !== 'bad'));
      return groups.map((group) => outcomes.find((o) => o.group === group) ?? { group, result: 'failed', error: new Error('bad weight'), state: 'unchanged' });
    };
    for (const id of ['good', 'bad']) world.cluster.put(service(id, ['192.0.2.1'], ['web.example.org'], { 'external-dns.kubernetes.io/set-identifier': id }));
    await world.sweep();
    assert.deepEqual(await write(), ['good: web.example.org']);
  });

  it('is put right after a restart, and after a write that was lost', async () => {
    let world = await startWorld();
    world.cluster.put(kept('old.example.org,web.example.org', 'web', ['192.0.2.1']));
    await world.sweep();
    world = await world.restart();
    const { published, write } = notes(world);
    await world.sweep();
    assert.deepEqual(await write(true), ['web: web.example.org']);
    // it may well have been written, and is not seen yet
    published.changed('web.example.org');
    assert.deepEqual(await write(), []);
    world.wait(600);
    assert.deepEqual(await write(), ['web: web.example.org']);
    world.wait(600);
    assert.deepEqual(await write(), []);
  });

  it('is shared by processes for other zones or of other owners, and fought over by none', async () => {
    const world = await startWorld();
    world.provider.put(endpoint({ dnsName: 'theirs.example.org', recordType: 'A', targets: ['198.51.100.1'] }));
    world.cluster.put(kept('theirs.example.org', 'web', ['192.0.2.1']));
    const { write } = notes(world);
    await world.sweep();
    assert.deepEqual(await write(), ['web: theirs.example.org,web.example.org']);
    // another process notes the same name, for its own zone, and something else
    world.cluster.put(kept('more.example.org,theirs.example.org,web.example.org', 'web', ['192.0.2.1']));
    await world.event();
    assert.deepEqual(await write(), []);
    world.cluster.put(kept('more.example.org,theirs.example.org,web.example.org', 'web', ['192.0.2.1'], []));
    await world.event();
    assert.deepEqual(await write(), ['web: more.example.org,theirs.example.org']);
    assert.deepEqual(await write(), []);
    // which puts it there again
    world.cluster.put(kept('more.example.org,theirs.example.org,web.example.org', 'web', ['192.0.2.1'], []));
    await world.event();
    assert.deepEqual(await write(), []);
    world.wait(600);
    assert.deepEqual(await write(), []);
  });
});
