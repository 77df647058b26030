// A provider alters what it is given, so the record is changed in every run, for ever. Ours stops, and says what differs.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint } from '../../src/endpoint/endpoint.ts';
import { onlyLine, service, startWorld, type World } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

const withTTL = (name: string, seconds: string) => service(name, ['192.0.2.1'], undefined, { 'external-dns.kubernetes.io/ttl': seconds });
const fixedTTL = (record: Endpoint): Endpoint => (record.recordType === 'A' ? { ...record, ttlSeconds: 300 } : record);

async function sweepFor(world: World, minutes: number): Promise<number> {
  const before = world.provider.applied.length;
  for (let i = 0; i < minutes; i++) {
    world.wait(60);
    await world.sweep();
  }
  return world.provider.applied.length - before;
}

describe('an endless update loop', () => {
  it('is ended, with the field that differs', async () => {
    const world = await startWorld();
    world.provider.stores = fixedTTL;
    world.cluster.put(withTTL('web', '60'));
    await sweepFor(world, 5);
    assert.equal(world.states()['web.example.org'], 'looping');
    const warning = onlyLine(world.log, /left as it is/);
    assert.match(String(warning.fields['reason']), /changed 3 times.*TTL wanted 60, read back 300/);
    // from now on it is tried less and less often: not more than seven times in the next three hours
    const tries = await sweepFor(world, 180);
    assert.ok(tries >= 3 && tries <= 7, `${tries} further tries`);
  });

  it('does not hinder other names', async () => {
    const world = await startWorld();
    world.provider.stores = fixedTTL;
    world.cluster.put(withTTL('web', '60'));
    await sweepFor(world, 5);
    world.cluster.put(service('api', ['192.0.2.2']));
    await world.event();
    assert.ok(world.records().includes('api.example.org A 192.0.2.2'));
  });

  it('is over with another wish', async () => {
    const world = await startWorld();
    world.provider.stores = fixedTTL;
    world.cluster.put(withTTL('web', '60'));
    await sweepFor(world, 5);
    world.cluster.put(withTTL('web', '300'));
    await world.event();
    assert.deepEqual(world.states(), {});
    world.cluster.put(service('web', ['192.0.2.9']));
    await world.event();
    assert.deepEqual(world.records(), ['web.example.org A 192.0.2.9']);
  });

  it('is over once the provider keeps what it is given', async () => {
    const world = await startWorld();
    world.provider.stores = fixedTTL;
    world.cluster.put(withTTL('web', '60'));
    await sweepFor(world, 5);
    world.provider.stores = (record) => record;
    await sweepFor(world, 10);
    assert.deepEqual(world.states(), {});
    assert.equal(await sweepFor(world, 10), 0);
  });
});

describe('an endless update loop of the running program', () => {
  it('ends, with the field that differs; other names go on', () =>
    Rig.with(async (rig) => {
      rig.webhook.keeps = (record) => (record.recordType === 'A' ? { ...record, recordTTL: 300 } : record);
      rig.api.put('services', liveService('web', '192.0.2.1', { 'external-dns.kubernetes.io/ttl': '60' }));
      rig.start('--interval=100ms');
      await rig.until('it is left as it is', () => /level=warning .*web\.example\.org.*TTL wanted 60, read back 300/.test(rig.log));
      const updates = (): number => rig.webhook.applied.filter((line) => line === 'update web.example.org|A|').length;
      const before = updates();
      assert.ok(before <= 3, `${before} updates`);
      rig.api.put('services', liveService('api', '192.0.2.2'));
      await rig.until('another record', () => rig.records().includes('api.example.org A 192.0.2.2'));
      const reads = rig.webhook.calls.length;
      await rig.until('more sweeps', () => rig.webhook.calls.length > reads + 10);
      assert.equal(updates(), before);
    }));
});
