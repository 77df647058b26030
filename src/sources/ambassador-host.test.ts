import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { ambassadorHost, parseService } from './ambassador-host.ts';

const host = (service: string | undefined, annotations: object = {}, hostname = 'shop.example.org'): RawObject => ({
  apiVersion: 'getambassador.io/v3alpha1',
  kind: 'Host',
  metadata: { name: 'shop', namespace: 'web', annotations: { ...(service !== undefined && { 'external-dns.ambassador-service': service }), ...annotations } },
  spec: { hostname },
});

const service = (namespace: string, spec: object, ...ingress: readonly object[]): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'emissary', namespace },
  spec: { type: 'LoadBalancer', ...spec },
  status: { loadBalancer: { ingress } },
});

const compute = (objects: readonly RawObject[], ...flags: string[]) => probe(ambassadorHost, flags, objects, 'web/shop');

describe('an Emissary-ingress Host', () => {
  it('reads the Service that its annotation names, and nothing else', async () => {
    const { lines, reads, endpoints } = await compute([host('infra/emissary'), service('infra', {}, { ip: '192.0.2.1', hostname: 'lb.example.com' })]);
    assert.deepEqual(lines, ['shop.example.org A 192.0.2.1', 'shop.example.org CNAME lb.example.com']);
    assert.deepEqual(reads, ['services get infra/emissary']);
    assert.deepEqual(endpoints[0]?.labels, { resource: 'host/web/shop' });
  });

  it('finds a Service without a namespace in its own namespace', async () => {
    const { lines } = await compute([host('emissary'), service('web', {}, { ip: '192.0.2.1' }), service('default', {}, { ip: '192.0.2.2' })]);
    assert.deepEqual(lines, ['shop.example.org A 192.0.2.1']);
  });

  it('prefers the external IPs of the Service', async () => {
    const { lines } = await compute([host('emissary'), service('web', { externalIPs: ['203.0.113.1'] }, { ip: '192.0.2.1' })]);
    assert.deepEqual(lines, ['shop.example.org A 203.0.113.1']);
  });

  it('reads no Service where the target annotation is set', async () => {
    const { lines, reads } = await compute([host('emissary', { 'external-dns.kubernetes.io/target': '203.0.113.1' })]);
    assert.deepEqual([lines, reads], [['shop.example.org A 203.0.113.1'], []]);
  });

  const waiting: readonly [about: string, objects: readonly RawObject[], reason: RegExp][] = [
    ['its Service does not exist', [host('infra/gone')], /Service infra\/gone does not exist/],
    ['its Service has no address', [host('emissary'), service('web', {})], /Service web\/emissary has no address/],
    ['its Service cannot be understood', [host('a/b/c')], /neither NAME, NAMESPACE\/NAME nor NAME\.NAMESPACE/],
  ];
  for (const [about, objects, reason] of waiting)
    it(`waits while ${about}`, async () => {
      const { lines, pending } = await compute(objects);
      assert.deepEqual(lines, []);
      assert.match(pending.join(), reason);
    });

  it('does not count without the Service annotation, or without a hostname', async () => {
    for (const object of [host(undefined, { 'external-dns.kubernetes.io/target': '203.0.113.1' }), host('emissary', {}, '')]) {
      const { lines, reads, pending } = await compute([object]);
      assert.deepEqual([lines, reads, pending], [[], [], []]);
    }
  });

  it('is chosen by filters, but not by the controller annotation', async () => {
    const objects = [host('emissary', { 'external-dns.kubernetes.io/controller': 'someone-else' }), service('web', {}, { ip: '192.0.2.1' })];
    assert.equal((await compute(objects)).lines.length, 1);
    assert.equal((await compute(objects, '--label-filter=app=shop')).lines.length, 0);
  });
});

describe('parseService', () => {
  const cases: readonly [text: string, expected: string | undefined][] = [
    ['emissary', 'own/emissary'],
    ['infra/emissary', 'infra/emissary'],
    ['infra/emissary.x', 'infra/emissary.x'],
    ['emissary.infra', 'infra/emissary'],
    ['emissary.infra.svc', 'infra.svc/emissary'],
    [' emissary ', 'own/emissary'],
    ['a/b/c', undefined],
    ['', undefined],
    ['/emissary', undefined],
    ['infra/', undefined],
    ['.infra', undefined],
  ];
  for (const [text, expected] of cases)
    it(`reads ${JSON.stringify(text)} as ${expected}`, () => {
      const found = parseService(text, 'own');
      assert.equal(found && `${found.namespace}/${found.name}`, expected);
    });
});
