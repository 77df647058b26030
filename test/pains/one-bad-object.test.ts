// One object with a missing reference, or one resource that is not there, stops all sources. Ours freezes just what it does not know.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { Ingress } from '../../src/kubernetes/resources/core.ts';
import { onlyLine, service, startWorld } from '../support/pains.ts';
import { Rig, service as liveService } from '../support/process.ts';
import { statusOf } from '../kubernetes/fake-api.ts';

const ingress = (name: string): RawObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, namespace: 'shop', uid: name },
  spec: { rules: [{ host: `${name}.example.org` }] },
  status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } },
});
const sources = ['--source=service', '--source=ingress'];

describe('one bad object', () => {
  it('leaves the others alone', async () => {
    // the template takes five letters of a name that may have fewer
    const world = await startWorld(['--fqdn-template={{slice .Name 0 5}}.example.org']);
    const plain = (name: string): RawObject => ({ ...service(name, ['192.0.2.1']), metadata: { name, namespace: 'shop', uid: name } });
    for (const name of ['shop1', 'shop2', 'bad', 'shop3']) world.cluster.put(plain(name));
    await world.sweep();
    assert.deepEqual(world.records(), ['shop1', 'shop2', 'shop3'].map((n) => `${n}.example.org A 192.0.2.1`));
    assert.match(String(onlyLine(world.log, /object cannot be computed/).fields['object']), /Service\/shop\/bad/);
    assert.equal([...world.desired.troubles()].length, 1);
  });
});

describe('a resource that cannot be read', () => {
  it('freezes its own records, while the other sources go on', async () => {
    let world = await startWorld(sources);
    world.cluster.put(ingress('shop'));
    world.cluster.put(service('web', ['192.0.2.1']));
    await world.sweep();
    // from the start of the next run
    world.cluster.failFromStart(Ingress, 'ingresses may not be listed');
    world = await world.restart();
    world.cluster.fail('ingresses', 'ingresses may not be listed');
    world.cluster.put(service('api', ['192.0.2.2']));
    world.cluster.remove(service('web', ['192.0.2.1']));
    await world.sweep();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.2', 'shop.example.org A 192.0.2.7']);
    assert.deepEqual(world.states(), { 'shop.example.org': 'frozen' });
    // read again, and its object has gone in the meantime
    world.cluster.remove(ingress('shop'));
    world.cluster.recover('ingresses');
    await world.event();
    assert.deepEqual(world.records(), ['api.example.org A 192.0.2.2']);
  });

  it('while it runs keeps what was known', async () => {
    const world = await startWorld(sources);
    world.cluster.put(ingress('shop'));
    await world.sweep();
    world.cluster.fail('ingresses', 'the API cannot be reached');
    world.wait(60);
    await world.sweep();
    assert.deepEqual(world.records(), ['shop.example.org A 192.0.2.7']);
    assert.deepEqual([...world.desired.troubles()], ['source ingress: the API cannot be reached']);
  });
});

describe('a resource that may not be read in the running program', () => {
  it('stays as it is: the other sources go on, and the log says which right is missing', () =>
    Rig.with(async (rig) => {
      rig.webhook.put(
        { dnsName: 'shop.example.org', recordType: 'A', targets: ['192.0.2.7'] },
        { dnsName: 'a-shop.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/shop"'] },
      );
      rig.api.fault = ({ path }) => (path.includes('ingresses') ? { status: 403, body: statusOf(403, 'Forbidden') } : undefined);
      rig.api.put('services', liveService('web', '192.0.2.1'));
      rig.start('--source=service', '--source=ingress');
      await rig.untilRecords('shop.example.org A 192.0.2.7', 'web.example.org A 192.0.2.1');
      await rig.until('a message that names the verb and the resource', () => /list/.test(rig.log) && /ingresses/.test(rig.log));
      assert.ok(rig.running);
      // allowed now, and the Ingress is not there: only then its record goes
      rig.api.fault = () => undefined;
      await rig.until('the record goes', () => rig.records().length === 1, 40);
    }));
});

describe('bad objects in the running program', () => {
  it('give a warning each that names them, and hold nothing up', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', liveService('good', '192.0.2.1'));
      rig.api.put('services', liveService('long', '192.0.2.2', { 'external-dns.kubernetes.io/hostname': `${'x'.repeat(64)}.example.org` }));
      rig.api.put('services', liveService('empty-label', '192.0.2.3', { 'external-dns.kubernetes.io/hostname': 'a..example.org' }));
      rig.api.put('services', liveService('ttl', '192.0.2.4', { 'external-dns.kubernetes.io/ttl': 'soon' }));
      rig.api.put('services', { metadata: { name: 'hostile', namespace: 'default', annotations: 'none' as never }, spec: [] as never, status: 7 as never });
      rig.start();
      await rig.untilRecords('good.example.org A 192.0.2.1', 'ttl.example.org A 192.0.2.4');
      for (const name of ['long', 'empty-label', 'ttl']) assert.match(rig.log, new RegExp(`level=warning .*Service/default/${name}\\b`));
      rig.api.put('services', liveService('later', '192.0.2.5'));
      await rig.untilRecords('good.example.org A 192.0.2.1', 'later.example.org A 192.0.2.5', 'ttl.example.org A 192.0.2.4');
    }));

  it('a template that fails on one object leaves the others alone', () =>
    Rig.with(async (rig) => {
      const plain = (name: string, labels: Record<string, string>): void => rig.api.put('services', { ...liveService(name, '192.0.2.1'), metadata: { name, namespace: 'default', labels } });
      plain('one', { host: 'first' });
      plain('two', { host: 'x' });
      rig.start('--fqdn-template={{ slice .Labels.host 0 5 }}.example.org');
      await rig.untilRecords('first.example.org A 192.0.2.1');
      await rig.until('a warning that names the object', () => /level=warning .*Service\/default\/two\b/.test(rig.log));
      assert.ok(rig.running);
    }));
});
