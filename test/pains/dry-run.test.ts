// A dry run that changes records after all, since one provider or another does not know of it. Ours decides on it once, before any provider or registry.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { services, startWorld } from '../support/pains.ts';
import { Rig, service } from '../support/process.ts';

describe('a dry run', () => {
  it('changes nothing at the provider, and says of each record what would become of it', async () => {
    let world = await startWorld();
    for (const object of services(3)) world.cluster.put(object);
    await world.sweep();
    const [records, changes] = [world.records(), world.provider.applied.length];
    const [changed, gone] = services(2);
    assert.ok(changed && gone);
    world.cluster.remove(gone);
    world.cluster.put({ ...changed, status: { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } } });
    for (const object of services(1, 3)) world.cluster.put(object);
    world = await world.restart('--dry-run');
    await world.sweep();
    assert.deepEqual([world.records(), world.provider.applied.length], [records, changes]);
    assert.deepEqual(
      world.log.filter((l) => /would be/.test(l.message)).map((l) => `${l.fields['name']}: ${l.message}`).sort(),
      ['web0.example.org: record would be updated', 'web1.example.org: record would be deleted', 'web3.example.org: record would be created'],
    );
  });

  for (const flags of [['--once'], ['--interval=100ms']])
    it(`of the running program sends no changes to a webhook, ${flags.join()}`, () =>
      Rig.with(async (rig) => {
        const stale = [
          { dnsName: 'old.example.org', recordType: 'A', targets: ['192.0.2.9'] },
          { dnsName: 'a-old.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=me,external-dns/resource=service/default/old"'] },
        ];
        rig.webhook.put(...stale);
        rig.api.put('services', service('web', '192.0.2.1'));
        rig.start('--dry-run=true', ...flags);
        await rig.until('both changes are told', () => /would be created.*web\.example\.org/.test(rig.log) && /would be deleted.*old\.example\.org/.test(rig.log));
        if (flags.includes('--once')) assert.equal(await rig.ended(), 0);
        else await rig.until('more sweeps', () => rig.webhook.calls.filter((call) => call === 'GET /records').length > 3);
        assert.deepEqual(rig.webhook.calls.filter((call) => call === 'POST /records'), []);
        assert.deepEqual(rig.records(), ['old.example.org A 192.0.2.9']);
      }));
});
