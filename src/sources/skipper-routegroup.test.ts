import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import { ConfigurationError } from '../errors.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { resourceOf, skipperRouteGroup } from './skipper-routegroup.ts';

const group = (hosts: readonly string[], addresses: readonly object[], annotations: object = {}, apiVersion = 'zalando.org/v1'): RawObject => ({
  apiVersion,
  kind: 'RouteGroup',
  metadata: { name: 'shop', namespace: 'web', annotations },
  spec: { hosts },
  status: { loadBalancer: { routeGroup: addresses } },
});

const compute = (object: RawObject, ...flags: string[]) => probe(skipperRouteGroup, flags, [object], 'web/shop');

describe('a Skipper RouteGroup', () => {
  it('gives its hosts and annotated names, with all addresses of its status', async () => {
    const annotations = { 'external-dns.kubernetes.io/hostname': 'named.example.org', 'external-dns.kubernetes.io/ttl': '1m' };
    const { lines, reads, endpoints } = await compute(group(['shop.example.org', ''], [{ ip: '192.0.2.1' }, { hostname: 'lb.example.com' }], annotations));
    assert.deepEqual(lines, ['shop.example.org A 192.0.2.1', 'shop.example.org CNAME lb.example.com', 'named.example.org A 192.0.2.1', 'named.example.org CNAME lb.example.com']);
    assert.deepEqual(reads, []);
    assert.deepEqual([endpoints[0]?.labels, endpoints[0]?.ttlSeconds], [{ resource: 'routegroup/web/shop' }, 60]);
  });

  it('gives names by template its own targets', async () => {
    const templates = { names: () => ['tpl.example.org'], combine: (existing: readonly never[], make: () => readonly never[]) => [...existing, ...make()] };
    const { lines } = await probe(skipperRouteGroup, [], [group([], [{ ip: '192.0.2.1' }])], 'web/shop', templates as object);
    assert.deepEqual(lines, ['tpl.example.org A 192.0.2.1']);
  });

  it('waits for an address', async () => {
    const { lines, pending } = await compute(group(['shop.example.org'], []));
    assert.deepEqual([lines, pending], [[], ['shop.example.org: the load balancer in its status has no address']]);
  });

  it('is read in the group and version of the flag', async () => {
    const { lines } = await compute(group(['shop.example.org'], [{ ip: '192.0.2.1' }], {}, 'example.com/v2'), '--skipper-routegroup-groupversion=example.com/v2');
    assert.deepEqual(lines, ['shop.example.org A 192.0.2.1']);
  });
});

describe('resourceOf', () => {
  it('reads group and version', () => {
    const { group: name, versions } = resourceOf('example.com/v2');
    assert.deepEqual([name, versions], ['example.com', ['v2']]);
    assert.equal(resourceOf('').group, 'zalando.org');
  });

  for (const text of ['v1', 'zalando.org/', '/v1', 'a/b/c']) it(`refuses ${text}`, () => assert.throws(() => resourceOf(text), ConfigurationError));
});
