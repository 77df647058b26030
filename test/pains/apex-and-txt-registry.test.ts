// The record at the apex of a zone is made without its ownership, since that would lie outside of the zone, and is never changed again.
// Ours keeps the ownership inside of the zone.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { service, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';
import { FakeDns } from '../support/fake-dns.ts';

describe('a record at the apex', () => {
  it('is made with its ownership, changed, and deleted', async () => {
    const world = await startWorld();
    const names = (): string[] => [...world.provider.records.values()].map((r) => `${r.dnsName} ${r.recordType}`).sort();
    world.cluster.put(service('web', ['192.0.2.1'], ['example.org']));
    await world.sweep();
    assert.deepEqual(world.records(), ['example.org A 192.0.2.1']);
    assert.equal(names().length, 2);
    assert.ok(names().every((n) => n.startsWith('example.org ') || n.includes('.example.org ')), `outside of the zone: ${names()}`);

    world.cluster.put(service('web', ['192.0.2.2'], ['example.org']));
    const again = await world.restart();
    await again.sweep();
    assert.deepEqual(world.records(), ['example.org A 192.0.2.2']);
    world.cluster.remove(service('web', ['192.0.2.2'], ['example.org']));
    await again.event();
    assert.deepEqual(names(), []);
  });

  it('leaves the texts of the apex alone', async () => {
    const world = await startWorld();
    const spf = { dnsName: 'example.org', recordType: 'TXT', targets: ['"v=spf1 -all"'], setIdentifier: '', ttlSeconds: 0, labels: {}, providerSpecific: [], refs: [] };
    world.provider.put(spf);
    world.cluster.put(service('web', ['192.0.2.1', '2001:db8::1'], ['example.org']));
    await world.sweep();
    world.cluster.remove(service('web', [], ['example.org']));
    await world.event();
    assert.deepEqual([...world.provider.records.values()], [spf]);
  });
});

describe('a record at the apex in the running program', () => {
  it('is made with its ownership inside of the zone, and changed after a restart', async () => {
    const dns = await new FakeDns('example.org').start();
    try {
      await Rig.with(async (rig) => {
        const apex = (address: string): void => rig.api.put('services', liveService('apex', address, { 'external-dns.kubernetes.io/hostname': 'example.org' }));
        const records = (): string[] => dns.lines().map((line) => line.replace(/ \d+ /, ' ').replace(/ "?heritage.*/, ''));
        apex('192.0.2.1');
        rig.start('--provider=rfc2136', '--rfc2136-host=127.0.0.1', `--rfc2136-port=${dns.port}`, '--rfc2136-zone=example.org', '--rfc2136-insecure', '--rfc2136-axfr');
        await rig.until('the record with its ownership', () => records().join() === '_external-dns-a.example.org TXT,example.org A 192.0.2.1');
        await rig.kill('SIGKILL');
        apex('192.0.2.2');
        rig.start();
        await rig.until('the record is changed', () => records().join() === '_external-dns-a.example.org TXT,example.org A 192.0.2.2');
      });
    } finally {
      await dns.stop();
    }
  });
});
