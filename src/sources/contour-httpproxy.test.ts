import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { contourHTTPProxy } from './contour-httpproxy.ts';

const proxyOf = (fields: { fqdn?: string; annotations?: object; addresses?: readonly object[] } = {}): RawObject => ({
  apiVersion: 'projectcontour.io/v1',
  kind: 'HTTPProxy',
  metadata: { name: 'web', namespace: 'shop', annotations: fields.annotations },
  spec: fields.fqdn === undefined ? {} : { virtualhost: { fqdn: fields.fqdn } },
  status: { loadBalancer: { ingress: fields.addresses ?? [{ ip: '192.0.2.1' }] } },
});

describe('a Contour HTTPProxy', () => {
  for (const [name, proxy, lines] of [
    ['an address for its virtual host', proxyOf({ fqdn: 'web.example.org' }), ['web.example.org A 192.0.2.1']],
    ['both IP and hostname of an entry', proxyOf({ fqdn: 'web.example.org', addresses: [{ ip: '192.0.2.1', hostname: 'lb.example.net' }] }), ['web.example.org A 192.0.2.1', 'web.example.org CNAME lb.example.net']],
    ['nothing without a virtual host', proxyOf(), []],
    ['annotated names without a virtual host', proxyOf({ annotations: { 'external-dns.kubernetes.io/hostname': 'a.example.org' } }), ['a.example.org A 192.0.2.1']],
    ['the annotated target', proxyOf({ fqdn: 'web.example.org', annotations: { 'external-dns.kubernetes.io/target': 'x.example.com' } }), ['web.example.org CNAME x.example.com']],
  ] as const)
    it(`gives ${name}, and reads nothing else`, async () => {
      const found = await probe(contourHTTPProxy, [], [proxy], 'shop/web');
      assert.deepEqual([found.lines, found.reads], [lines, []]);
    });

  it('carries a resource label with the kind as it is written', async () => {
    const { endpoints } = await probe(contourHTTPProxy, [], [proxyOf({ fqdn: 'web.example.org' })], 'shop/web');
    assert.deepEqual(endpoints.map((e) => e.labels), [{ resource: 'HTTPProxy/shop/web' }]);
  });

  it('waits for an address', async () => {
    const { pending } = await probe(contourHTTPProxy, [], [proxyOf({ fqdn: 'web.example.org', addresses: [] })], 'shop/web');
    assert.deepEqual(pending, ['web.example.org: the load balancer in its status has no address']);
  });
});
