// A record that another owner holds is left alone, and all seems well: "up to date". Ours says once, in the log and as a metric, whose it is, and when that changes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { service, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

const ownership = (owner: string): Endpoint => endpoint({ dnsName: 'a-web.example.org', recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=${owner}"`] });

describe('a record that another owner holds', () => {
  it('is told of once for each change of state', async () => {
    const world = await startWorld();
    const told = () => world.log.filter((l) => l.message === 'record is left as it is').map((l) => `${l.level} ${l.fields['name']} ${l.fields['reason']}`);
    world.provider.put(endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['198.51.100.1'] }), ownership('you'));
    world.cluster.put(service('web', ['192.0.2.1']));
    for (let i = 0; i < 3; i++) {
      await world.sweep();
      world.wait(60);
    }
    assert.equal(told().length, 1);
    assert.match(told()[0] ?? '', /^info web\.example\.org .*held by owner "you"/);
    world.provider.put(ownership('them'));
    for (let i = 0; i < 3; i++) {
      await world.sweep();
      world.wait(60);
    }
    assert.equal(told().length, 2);
    assert.match(told()[1] ?? '', /held by owner "them"/);
    assert.deepEqual(world.states(), { 'web.example.org': 'foreign' });
  });

  it('can be seen in the metrics of the running program', () =>
    Rig.with(async (rig) => {
      rig.webhook.put(
        { dnsName: 'web.example.org', recordType: 'A', targets: ['198.51.100.1'] },
        { dnsName: 'a-web.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=you"'] },
      );
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.start('--log-level=debug', '--interval=200ms');
      await rig.until('it is told', () => /level=info msg="record is left as it is" name=web\.example\.org/.test(rig.log));
      const shows = async (line: RegExp): Promise<boolean> => line.test((await rig.answer('metrics')).text);
      await rig.until('the metric of names', () => shows(/^external_dns_names_not_in_order\{state="foreign"\} 1$/m));
      await rig.until('the metric of records', () => shows(/^external_dns_registry_skipped_records_owner_mismatch_per_sync\{record_type="A",owner="me",foreign_owner="you",domain="example\.org"\} 1$/m));
    }));
});
