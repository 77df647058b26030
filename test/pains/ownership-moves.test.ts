// A changed owner id or prefix turns all records into those of strangers, without a word. Ours says so, and which flag it is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
