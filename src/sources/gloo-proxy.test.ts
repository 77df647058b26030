import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { glooProxy } from './gloo-proxy.ts';

const prefix = 'external-dns.kubernetes.io/';
const ref = (kind: string, name: string): object => ({ resourceKind: `*v1.${kind}`, resourceRef: { name, namespace: 'gloo-system' } });
const http = (...virtualHosts: readonly object[]): object => ({ httpListener: { virtualHosts } });
const shop = { name: 'shop', domains: ['shop.example.org'] };

const object = (apiVersion: string, kind: string, name: string, fields: object = {}, annotations: object = {}): RawObject => ({
  apiVersion,
  kind,
  metadata: { name, namespace: 'gloo-system', annotations },
  ...fields,
});
const proxy = (listeners: readonly object[], annotations: object = {}): RawObject => object('gloo.solo.io/v1', 'Proxy', 'edge', { spec: { listeners } }, annotations);
const service = (spec: object, ...ingress: readonly object[]): RawObject => object('v1', 'Service', 'edge', { spec: { type: 'LoadBalancer', ...spec }, status: { loadBalancer: { ingress } } });
const virtualService = (name: string, annotations: object): RawObject => object('gateway.solo.io/v1', 'VirtualService', name, {}, annotations);
const gateway = (annotations: object = {}): RawObject => object('gateway.solo.io/v1', 'Gateway', 'edge', {}, annotations);
const ingress = (...addresses: readonly object[]): RawObject => object('networking.k8s.io/v1', 'Ingress', 'front', { status: { loadBalancer: { ingress: addresses } } });

const compute = (objects: readonly RawObject[], ...flags: string[]) => probe(glooProxy, flags, objects, 'gloo-system/edge');
const behindGateway = { ...http(shop), metadataStatic: { sources: [ref('Gateway', 'edge')] } };

describe('a Gloo Proxy', () => {
  it('reads the Service of its name', async () => {
    const { lines, reads, endpoints } = await compute([proxy([http(shop)]), service({}, { ip: '192.0.2.1', hostname: 'lb.example.com' })]);
    assert.deepEqual(lines, ['shop.example.org A 192.0.2.1', 'shop.example.org CNAME lb.example.com']);
    assert.deepEqual(reads, ['services get gloo-system/edge']);
    assert.deepEqual(endpoints[0]?.labels, {});
  });

  it('reads nothing where its target annotation is set', async () => {
    const { lines, reads } = await compute([proxy([behindGateway], { [`${prefix}target`]: '203.0.113.1' })]);
    assert.deepEqual([lines, reads], [['shop.example.org A 203.0.113.1'], []]);
  });

  it('reads the VirtualServices behind its virtual hosts for TTL, set identifier and properties, each for its own domains', async () => {
    const hosts = [
      { domains: ['a.example.org'], metadataStatic: { sources: [ref('VirtualService', 'a'), ref('RouteTable', 'r')] } },
      { domains: ['b.example.org'], metadata: { sources: [{ kind: '*v1.VirtualService', name: 'a', namespace: 'gloo-system' }, { kind: '*v1.VirtualService', name: 'b', namespace: 'gloo-system' }] } },
      { domains: ['c.example.org'] },
    ];
    const a = virtualService('a', { [`${prefix}ttl`]: '60', [`${prefix}set-identifier`]: 'a', [`${prefix}target`]: '203.0.113.9' });
    const b = virtualService('b', { [`${prefix}ttl`]: '90', [`${prefix}webhook-k`]: 'v' });
    const { endpoints, reads } = await compute([proxy([http(...hosts)], { [`${prefix}ttl`]: '5' }), service({}, { ip: '192.0.2.1' }), a, b]);
    assert.deepEqual(
      endpoints.map((e) => [e.dnsName, e.ttlSeconds, e.setIdentifier, e.providerSpecific, e.targets]),
      [
        ['a.example.org', 60, 'a', [], ['192.0.2.1']],
        ['b.example.org', 90, 'a', [{ name: 'webhook/k', value: 'v' }], ['192.0.2.1']],
        ['c.example.org', 0, '', [], ['192.0.2.1']],
      ],
    );
    assert.deepEqual(reads, ['services get gloo-system/edge', 'gateway.solo.io/virtualservices get gloo-system/a', 'gateway.solo.io/virtualservices get gloo-system/b']);
  });

  it('takes of an aggregate listener the virtual hosts that its filter chains name', async () => {
    const aggregateListener = {
      httpFilterChains: [{ virtualHostRefs: ['b', 'gone'] }, { virtualHostRefs: ['a'] }],
      httpResources: { virtualHosts: { a: { domains: ['a.example.org'] }, b: { domains: ['b.example.org'] }, c: { domains: ['c.example.org'] } } },
    };
    const { lines } = await compute([proxy([{ aggregateListener }]), service({}, { ip: '192.0.2.1' })]);
    assert.deepEqual(lines, ['b.example.org A 192.0.2.1', 'a.example.org A 192.0.2.1']);
  });

  it('reads the Ingress that its Gateway names, and of each address the IP alone', async () => {
    const objects = [proxy([behindGateway]), gateway({ [`${prefix}ingress`]: 'front' }), ingress({ ip: '192.0.2.1', hostname: 'lb.example.com' }, { hostname: 'alb.example.com' })];
    const { lines, reads } = await compute(objects);
    assert.deepEqual(lines, ['shop.example.org A 192.0.2.1', 'shop.example.org CNAME alb.example.com']);
    assert.deepEqual(reads, ['gateway.solo.io/gateways get gloo-system/edge', 'networking.k8s.io/ingresses get gloo-system/front']);
  });

  it('falls back to the Service where the Ingress has no address, or the Gateway names none', async () => {
    for (const annotations of [{}, { [`${prefix}ingress`]: 'front' }])
      assert.deepEqual((await compute([proxy([behindGateway]), gateway(annotations), ingress(), service({}, { ip: '192.0.2.2' })])).lines, ['shop.example.org A 192.0.2.2']);
  });

  const missing: readonly [about: string, objects: readonly RawObject[], reason: RegExp][] = [
    ['Service', [proxy([http(shop)])], /Service gloo-system\/edge/],
    ['Gateway', [proxy([behindGateway])], /Gateway gloo-system\/edge/],
    ['Ingress', [proxy([behindGateway]), gateway({ [`${prefix}ingress`]: 'other/front' })], /Ingress other\/front/],
    ['VirtualService', [proxy([http({ ...shop, metadataStatic: { sources: [ref('VirtualService', 'a')] } })], { [`${prefix}target`]: '192.0.2.1' })], /VirtualService gloo-system\/a/],
    ['readable reference to an Ingress', [proxy([behindGateway]), gateway({ [`${prefix}ingress`]: 'a/b/c' })], /neither NAME nor NAMESPACE\/NAME/],
  ];
  for (const [about, objects, reason] of missing) it(`cannot be computed without its ${about}`, () => assert.rejects(compute(objects), reason));

  it('waits for an address, and warns of a Service that never has one', async () => {
    assert.deepEqual((await compute([proxy([http(shop)]), service({})])).pending, ['shop.example.org: Service gloo-system/edge has no address']);
    const { lines, pending, warnings } = await compute([proxy([http(shop)]), service({ type: 'ClusterIP', externalIPs: ['203.0.113.1'] })]);
    assert.deepEqual([lines, pending], [[], ['shop.example.org: Service gloo-system/edge is no load balancer']]);
    assert.match(warnings.join(), /of type ClusterIP/);
  });

  it('counts only in the namespaces of --gloo-namespace', async () => {
    const objects = [proxy([http(shop)]), service({}, { ip: '192.0.2.1' })];
    assert.equal((await compute(objects, '--gloo-namespace=other', '--gloo-namespace=gloo-system')).lines.length, 1);
    assert.equal((await compute(objects, '--gloo-namespace=other', '--gloo-namespace=third')).lines.length, 0);
  });
});
