// One record that the provider refuses stops all others of its zone. Ours keeps it apart, names it, and tries it again by itself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onlyLine, service, services, startWorld } from '../support/pains.ts';

describe('one bad record', () => {
  it('does not hinder the others, and is named with the words of the provider', async () => {
    const world = await startWorld();
    world.provider.refused.add('web3.example.org');
    for (const object of services(10)) world.cluster.put(object);
    const result = await world.sweep();
    assert.deepEqual([result.applied, result.failed], [9, 1]);
    assert.equal(world.records().length, 9);
    assert.deepEqual(world.states(), { 'web3.example.org': 'failed' });
    const line = onlyLine(world.log, /cannot be changed/);
    assert.deepEqual([line.level, line.fields['name'], line.fields['reason']], ['error', 'web3.example.org', 'the provider refuses this record']);
  });

  it('is not sent with every change of another', async () => {
    const world = await startWorld();
    world.provider.refused.add('web.example.org');
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    let sent = 0;
    const apply = world.provider.apply.bind(world.provider);
    world.provider.apply = async (groups) => {
      sent += groups.filter((g) => g.name === 'web.example.org').length;
      return apply(groups);
    };
    for (let i = 0; i < 10; i++) {
      world.cluster.put(service('api', [`192.0.2.${i + 10}`]));
      await world.event();
      world.clock.nowMs += 10;
    }
    assert.equal(sent, 0);
    // but by its back-off, and at once when it is another
    world.wait(2);
    await world.event();
    assert.equal(sent, 1);
    world.provider.refused.clear();
    world.cluster.put(service('web', ['192.0.2.2']));
    await world.event();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.19', 'web.example.org A 192.0.2.2']);
    assert.deepEqual(world.states(), {});
  });
});
