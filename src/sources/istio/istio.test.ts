import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../../test/support/source-probe.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { istioGateway } from './istio-gateway.ts';
import { istioVirtualService } from './istio-virtualservice.ts';

const apiVersion = 'networking.istio.io/v1';

const gatewayOf = (fields: { hosts?: readonly string[]; selector?: object; annotations?: object; name?: string } = {}): RawObject => ({
  apiVersion,
  kind: 'Gateway',
  metadata: { name: fields.name ?? 'gw', namespace: 'infra', annotations: fields.annotations },
  spec: { selector: fields.selector ?? { istio: 'edge' }, servers: [{ hosts: fields.hosts ?? ['*.example.org'] }] },
});

const serviceOf = (name: string, selector: object, ip: string): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'infra' },
  spec: { type: 'LoadBalancer', selector },
  status: { loadBalancer: { ingress: ip === '' ? [] : [{ ip }] } },
});

const ingress: RawObject = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'front', namespace: 'infra' }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.8', hostname: 'lb.example.net' }] } } };

const virtualServiceOf = (fields: { hosts?: readonly string[]; gateways?: readonly string[]; annotations?: object } = {}): RawObject => ({
  apiVersion,
  kind: 'VirtualService',
  metadata: { name: 'web', namespace: 'shop', annotations: fields.annotations },
  spec: { hosts: fields.hosts ?? ['web.example.org'], gateways: fields.gateways ?? ['infra/gw'] },
});

const gateway = (objects: readonly RawObject[], ...flags: string[]) => probe(istioGateway, flags, objects, 'infra/gw');
const virtualService = (objects: readonly RawObject[], ...flags: string[]) => probe(istioVirtualService, flags, objects, 'shop/web');

describe('an Istio Gateway', () => {
  const named = gatewayOf({ hosts: ['web.example.org'] });

  it('reads only Services that have a label of its selector in theirs', async () => {
    const { lines, reads } = await gateway([named, serviceOf('edge', { istio: 'edge', app: 'gw' }, '192.0.2.2'), serviceOf('edge2', { istio: 'edge' }, '192.0.2.1'), serviceOf('web', { app: 'web' }, '192.0.2.9')]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1,192.0.2.2']);
    assert.deepEqual(reads, ['services lookup istio=edge']);
  });

  it('reads all Services where it has no selector', async () => {
    const { lines, reads } = await gateway([gatewayOf({ hosts: ['web.example.org'], selector: {} }), serviceOf('web', { app: 'web' }, '192.0.2.9')]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.9']);
    assert.deepEqual(reads, ['services list ']);
  });

  it('reads only the Ingress that its annotation names', async () => {
    const objects = (prefix: string) => [gatewayOf({ hosts: ['web.example.org'], annotations: { [`${prefix}/ingress`]: 'front' } }), ingress, serviceOf('edge', { istio: 'edge' }, '192.0.2.1')];
    for (const prefix of ['external-dns.kubernetes.io', 'external-dns.alpha.kubernetes.io']) {
      const { lines, reads } = await gateway(objects(prefix));
      assert.deepEqual(lines, ['web.example.org A 192.0.2.8']);
      assert.deepEqual(reads, ['networking.k8s.io/ingresses get infra/front']);
    }
    assert.deepEqual((await gateway(objects('dns.example.com'), '--annotation-prefix=dns.example.com/')).lines, ['web.example.org A 192.0.2.8']);
  });

  it('reads nothing where it has a target annotation', async () => {
    const { lines, reads } = await gateway([gatewayOf({ hosts: ['web.example.org'], annotations: { 'external-dns.kubernetes.io/target': 'lb.example.com', 'external-dns.kubernetes.io/ingress': 'none' } })]);
    assert.deepEqual(lines, ['web.example.org CNAME lb.example.com']);
    assert.deepEqual(reads, []);
  });

  it('cannot be computed without the Ingress that it names', async () => {
    const annotated = (value: string) => gateway([gatewayOf({ annotations: { 'external-dns.kubernetes.io/ingress': value } })]);
    await assert.rejects(annotated('front'), /annotation ingress of Gateway infra\/gw: Ingress infra\/front does not exist/);
    await assert.rejects(annotated('a/b/c'), /"a\/b\/c" is neither NAME nor NAMESPACE\/NAME/);
  });

  for (const [name, objects, reason] of [
    ['no Service fits', [named], 'no Service has the selector istio=edge'],
    ['its Service has no address', [named, serviceOf('edge', { istio: 'edge' }, '')], 'Service infra/edge has no address'],
    ['none of its Services has an address', [named, serviceOf('a', { istio: 'edge' }, ''), serviceOf('b', { istio: 'edge' }, '')], 'none of the 2 Services with the selector istio=edge has an address'],
    ['there are no Services', [gatewayOf({ hosts: ['web.example.org'], selector: {} })], 'there is no Service'],
  ] as const)
    it(`waits where ${name}`, async () => assert.deepEqual((await gateway(objects)).pending, [`web.example.org: ${reason}`]));
});

describe('an Istio VirtualService', () => {
  const edge = serviceOf('edge', { istio: 'edge' }, '192.0.2.1');

  it('reads its Gateways, and the Services of those that serve its names', async () => {
    const other = gatewayOf({ name: 'other', hosts: ['*.example.net'], selector: { istio: 'other' } });
    const { lines, reads } = await virtualService([virtualServiceOf({ gateways: ['mesh', 'infra/gw', 'infra/other'] }), gatewayOf(), other, edge]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
    assert.deepEqual(reads, ['networking.istio.io/gateways get infra/gw', 'networking.istio.io/gateways get infra/other', 'services lookup istio=edge']);
  });

  it('reads nothing where it has a target annotation, which holds for templated names, too', async () => {
    const annotated = virtualServiceOf({ annotations: { 'external-dns.kubernetes.io/target': '203.0.113.1' } });
    const templates = { names: () => ['templated.example.org'], combine: <T>(existing: readonly T[], make: () => readonly T[]) => [...existing, ...make()] };
    const { lines, reads } = await probe(istioVirtualService, [], [annotated, gatewayOf()], 'shop/web', templates);
    assert.deepEqual(lines, ['web.example.org A 203.0.113.1', 'templated.example.org A 203.0.113.1']);
    assert.deepEqual(reads, []);
  });

  it('makes no record for names that no Gateway serves, and does not wait for one', async () => {
    const { lines, pending } = await virtualService([virtualServiceOf({ hosts: ['web.example.net'] }), gatewayOf(), edge]);
    assert.deepEqual([lines, pending], [[], []]);
  });

  it('cannot be computed with a reference that is none', async () => {
    await assert.rejects(virtualService([virtualServiceOf({ gateways: ['a/b/c'] })]), /gateway "a\/b\/c" is neither NAME nor NAMESPACE\/NAME/);
  });

  it('does not look for Gateways outside of --namespace', async () => {
    const { lines, reads, pending } = await virtualService([virtualServiceOf(), gatewayOf(), edge], '--namespace=shop');
    assert.deepEqual([lines, reads, pending], [[], [], []]);
  });

  for (const [name, objects, reason] of [
    ['its Gateway is not there', [virtualServiceOf()], 'Gateway infra/gw does not exist'],
    ['its Gateway has no address', [virtualServiceOf(), gatewayOf()], 'no Service has the selector istio=edge'],
  ] as const)
    it(`waits where ${name}`, async () => assert.deepEqual((await virtualService(objects)).pending, [`web.example.org: ${reason}`]));
});
