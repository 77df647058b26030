// A changed owner id or prefix turns all records into those of strangers, without a word. Ours says so, and which flag it is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { onlyLine, services, service, startWorld } from '../support/pains.ts';

describe('records that were ours under other settings', () => {
  const cases: readonly [about: string, before: readonly string[], after: readonly string[], said: string][] = [
    ['another owner', ['--txt-owner-id=old-cluster', '--txt-prefix=_x.'], ['--txt-owner-id=me', '--txt-prefix=_x.'], '25 records of owner "old-cluster" (prefix "_x.") name objects that are here, but are not ours: is --txt-owner-id wrong?'],
    ['another prefix', ['--txt-prefix=_x.'], ['--txt-prefix=_y.'], '25 records of owner "me" (prefix "_x.") name objects that are here, but are not ours: is --txt-prefix wrong?'],
    ['a suffix instead of none', [], ['--txt-suffix=-own'], '25 records of owner "me" name objects that are here, but are not ours: is --txt-suffix wrong?'],
  ];
  for (const [about, before, after, said] of cases)
    it(`are told of: ${about}`, async () => {
      let world = await startWorld(before);
      for (const object of services(25)) world.cluster.put(object);
      await world.sweep();
      const records = world.records();
      world = await world.restart(...after);
      await world.sweep();
      assert.equal(onlyLine(world.log, /look as if they were/).fields['found'], said);
      assert.deepEqual(world.records(), records);
      // once, and not in every run
      world.wait(60);
      await world.sweep();
      onlyLine(world.log, /look as if they were/);
    });

  it('are told of for wildcards', async () => {
    let world = await startWorld(['--txt-wildcard-replacement=any']);
    world.cluster.put(service('web', ['192.0.2.1'], ['*.example.org']));
    await world.sweep();
    world = await world.restart('--txt-wildcard-replacement=');
    await world.sweep();
    assert.match(String(onlyLine(world.log, /look as if they were/).fields['found']), /"any" instead of "\*".*is --txt-wildcard-replacement wrong\?/);
  });

  it('are not seen where another cluster holds other names', async () => {
    let world = await startWorld(['--txt-owner-id=other']);
    world.cluster.put(service('web', ['192.0.2.1'], ['web.other.example.org']));
    await world.sweep();
    world.cluster.put(service('web', ['192.0.2.1'], ['web.example.org']));
    world = await world.restart('--txt-owner-id=me');
    await world.sweep();
    assert.equal(world.log.filter((l) => /look as if/.test(l.message)).length, 0);
  });
});

describe('records of an owner whose records become ours', () => {
  const ownersOf = (records: Iterable<Endpoint>): string[] => [...records].flatMap((r) => (r.recordType === 'TXT' ? [/owner=([^,"]+)/.exec(r.targets.join())?.[1] ?? ''] : []));

  it('are moved though nothing else changes, each once; what is ours already, or of a third, is not sent', async () => {
    let world = await startWorld(['--txt-owner-id=old']);
    for (const object of services(3)) world.cluster.put(object);
    await world.sweep();
    world = await world.restart('--txt-owner-id=me');
    world.cluster.put(service('mine', ['192.0.2.9']));
    await world.sweep();
    const theirs = endpoint({ dnsName: 'web9.example.org', recordType: 'A', targets: ['198.51.100.1'] });
    world.provider.put(theirs, endpoint({ dnsName: 'a-web9.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=you"'] }));
    for (const object of services(1, 9)) world.cluster.put(object);
    const [records, before] = [world.records(), world.provider.applied.length];
    world = await world.restart('--txt-owner-id=me', '--migrate-from-txt-owner=old');
    for (let i = 0; i < 3; i++) {
      await world.sweep();
      world.wait(60);
    }
    assert.deepEqual(world.records(), records);
    assert.deepEqual(world.provider.applied.slice(before).map((g) => g.name).sort(), ['web0.example.org', 'web1.example.org', 'web2.example.org']);
    assert.deepEqual(ownersOf(world.provider.records.values()).sort(), ['me', 'me', 'me', 'me', 'you']);
  });
});

describe('names that are spelled otherwise than DNS has them', () => {
  for (const [about, name, flags] of [
    ['capitals', 'Web.Example.org', []],
    ['a final dot', 'web.example.org.', []],
    ['a wildcard, with capitals in its replacement', '*.example.org', ['--txt-wildcard-replacement=ANY']],
    ['a prefix with capitals', 'web.example.org', ['--txt-prefix=Own-']],
    ['Unicode', 'Bücher.example.org', []],
  ] as const)
    it(`stay ours after they are made: ${about}`, async () => {
      let world = await startWorld(flags);
      // as a provider gives names back
      world.provider.stores = (record) => ({ ...record, dnsName: record.dnsName.toLowerCase().replace(/\.$/, '') });
      world.cluster.put(service('web', ['192.0.2.1'], [name]));
      await world.sweep();
      world = await world.restart(...flags);
      world.cluster.put(service('web', ['192.0.2.2'], [name]));
      await world.sweep();
      assert.deepEqual([world.records().map((r) => r.split(' ').at(-1)), world.states()], [['192.0.2.2'], {}]);
      world.cluster.remove(service('web', ['192.0.2.2'], [name]));
      await world.sweep();
      assert.equal(world.provider.records.size, 0);
    });
});
