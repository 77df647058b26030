// v0.22 calls the ownership of aliases another way (a- instead of cname-), and cannot delete those of before: each run fails, for ever.
// Ours deletes the ownership records that are there.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { services, startWorld, type World } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

const ownership = (dnsName: string): Endpoint => endpoint({ dnsName, recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=me,external-dns/resource=service/shop/old"'] });
const alias = endpoint({ dnsName: 'old.example.org', recordType: 'A', targets: ['lb.example.net'], providerSpecific: [{ name: 'alias', value: 'true' }] });

async function worldWith(...records: Endpoint[]): Promise<World> {
  const world = await startWorld();
  world.provider.put(...records);
  for (const object of services(3)) world.cluster.put(object);
  return world;
}

describe('an alias with ownership of the older name', () => {
  it('is deleted with just that', async () => {
    const world = await worldWith(alias, ownership('cname-old.example.org'));
    const result = await world.sweep();
    assert.equal(result.failed, 0);
    assert.equal(world.records().length, 3);
    assert.equal([...world.provider.records.keys()].filter((key) => key.includes('old.example.org')).length, 0);
  });

  it('is deleted with both, where both are there', async () => {
    const world = await worldWith(alias, ownership('cname-old.example.org'), ownership('a-old.example.org'));
    assert.equal((await world.sweep()).failed, 0);
    assert.equal([...world.provider.records.keys()].filter((key) => key.includes('old.example.org')).length, 0);
  });
});

describe('an alias with ownership of the older name in the running program', () => {
  it('is deleted with just what is there, by a provider that refuses to delete anything else', () =>
    Rig.with(async (rig) => {
      rig.webhook.put(
        { dnsName: 'old.example.org', recordType: 'A', targets: ['lb.example.net'], providerSpecific: [{ name: 'alias', value: 'true' }] },
        { dnsName: 'cname-old.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=me,external-dns/resource=service/default/old"'] },
      );
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.start();
      await rig.untilRecords('web.example.org A 192.0.2.1');
      assert.deepEqual(rig.webhook.applied.filter((line) => line.includes('old')).sort(), ['delete cname-old.example.org|TXT|', 'delete old.example.org|A|']);
    }));
});
