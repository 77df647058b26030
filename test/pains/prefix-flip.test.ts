// v0.22 reads annotations only under its new prefix: a cluster full of the old one loses its records. Ours reads both.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { onlyLine, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';

const annotated = (name: string, annotations: Readonly<Record<string, string>>): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', uid: name, annotations },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
});
const old = (name: string): RawObject => annotated(name, { 'external-dns.alpha.kubernetes.io/hostname': `${name}.example.org` });

describe('the flip of the annotation prefix', () => {
  it('takes no record away', async () => {
    let world = await startWorld(['--annotation-prefix=external-dns.alpha.kubernetes.io/']);
    for (const name of ['a', 'b', 'c']) world.cluster.put(old(name));
    await world.sweep();
    const records = world.records();
    assert.equal(records.length, 3);
    world = await world.restart('--policy=sync');
    await world.sweep();
    assert.deepEqual(world.records(), records);
    assert.equal(world.provider.applied.length, 3);
  });

  it('lets the new prefix win, with a warning where both differ', async () => {
    const world = await startWorld();
    world.cluster.put(annotated('web', { 'external-dns.alpha.kubernetes.io/hostname': 'old.example.org', 'external-dns.kubernetes.io/hostname': 'new.example.org' }));
    await world.sweep();
    assert.deepEqual(world.records(), ['new.example.org A 192.0.2.1']);
    assert.match(String(onlyLine(world.log, /not published as it is written/).fields['reason']), /hostname.*differ/);
  });

  it('does not reach who names a prefix of his own', async () => {
    const world = await startWorld(['--annotation-prefix=dns.example.org/']);
    world.cluster.put(old('a'));
    world.cluster.put(annotated('b', { 'dns.example.org/hostname': 'b.example.org' }));
    await world.sweep();
    assert.deepEqual(world.records(), ['b.example.org A 192.0.2.1']);
  });
});

describe('the flip of the annotation prefix in the running program', () => {
  it('takes no record away from a cluster that is full of the old one', () =>
    Rig.with(async (rig) => {
      const names = Array.from({ length: 40 }, (_, i) => `web${i}`);
      for (const name of names) {
        rig.api.put('services', { ...liveService(name, '192.0.2.1'), metadata: { name, namespace: 'default', annotations: { 'external-dns.alpha.kubernetes.io/hostname': `${name}.example.org` } } });
        rig.webhook.put(
          { dnsName: `${name}.example.org`, recordType: 'A', targets: ['192.0.2.1'] },
          { dnsName: `a-${name}.example.org`, recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=me,external-dns/resource=service/default/${name}"`] },
        );
      }
      rig.start();
      rig.api.put('services', liveService('new', '192.0.2.2'));
      await rig.untilRecords('new.example.org A 192.0.2.2', ...names.map((name) => `${name}.example.org A 192.0.2.1`));
      assert.deepEqual(rig.webhook.applied.filter((line) => !line.includes('new.example.org')), []);
    }));
});
