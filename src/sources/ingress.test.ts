import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import { ConfigurationError } from '../errors.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { ingress } from './ingress.ts';

const prefix = 'external-dns.kubernetes.io/';

function web(fields: { annotations?: RawObject; labels?: RawObject; spec?: unknown; addresses?: unknown } = {}): RawObject {
  const { annotations = {}, labels = {}, spec = { rules: [{ host: 'web.example.org' }] }, addresses = [{ ip: '192.0.2.1' }] } = fields;
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop', annotations, labels }, spec, status: { loadBalancer: { ingress: addresses } } };
}

const probed = (object: RawObject, ...flags: string[]) => probe(ingress, flags, [object], 'shop/web');

describe('ingress', () => {
  const both = { rules: [{ host: 'rule.example.org' }, {}], tls: [{ hosts: ['tls.example.org', 'rule.example.org', ''] }] };
  const noted = { [`${prefix}hostname`]: 'noted.example.org' };
  const names: readonly (readonly [what: string, object: RawObject, flags: readonly string[], names: readonly string[]])[] = [
    ['rules and TLS hosts give names, each once', web({ spec: both }), [], ['rule.example.org', 'tls.example.org']],
    ['rules can be left out', web({ spec: both }), ['--ignore-ingress-rules-spec'], ['tls.example.org', 'rule.example.org']],
    ['TLS hosts can be left out', web({ spec: both }), ['--ignore-ingress-tls-spec'], ['rule.example.org']],
    ['the annotation adds names', web({ spec: both, annotations: noted }), [], ['rule.example.org', 'tls.example.org', 'noted.example.org']],
    ['the annotation can be left out', web({ spec: both, annotations: noted }), ['--ignore-hostname-annotation', '--fqdn-template=x'], ['rule.example.org', 'tls.example.org']],
    ['hostname-source defined-hosts-only leaves the annotation out', web({ annotations: { ...noted, [`${prefix}ingress-hostname-source`]: 'Defined-Hosts-Only' } }), [], ['web.example.org']],
    ['hostname-source annotation-only leaves the rules out', web({ annotations: { ...noted, [`${prefix}ingress-hostname-source`]: 'annotation-only' } }), [], ['noted.example.org']],
    ['an unknown hostname-source leaves no names', web({ annotations: { ...noted, [`${prefix}ingress-hostname-source`]: 'both' } }), [], []],
    ['a class is compared with the spec', web({ spec: { ...both, ingressClassName: 'public' } }), ['--ingress-class=public'], ['rule.example.org', 'tls.example.org']],
    ['another class is left out, whatever the annotation says', web({ spec: { ingressClassName: 'lan' }, annotations: { ...noted, 'kubernetes.io/ingress.class': 'public' } }), ['--ingress-class=public'], []],
    ['without a class in the spec the annotation counts', web({ annotations: { 'kubernetes.io/ingress.class': 'public' } }), ['--ingress-class=other', '--ingress-class=public'], ['web.example.org']],
    ['without any class it is left out', web(), ['--ingress-class=public'], []],
    ['filters hold', web({ labels: { tier: 'back' } }), ['--label-filter=tier=front'], []],
  ];
  for (const [what, object, flags, expected] of names)
    it(what, async () => assert.deepEqual((await probed(object, ...flags)).endpoints.map((e) => e.dnsName), expected));

  it('points to all addresses of the status, by type', async () =>
    assert.deepEqual((await probed(web({ addresses: [{ ip: '192.0.2.1', hostname: 'lb.example.net' }, { ip: '2001:db8::1' }] }))).lines, [
      'web.example.org A 192.0.2.1',
      'web.example.org AAAA 2001:db8::1',
      'web.example.org CNAME lb.example.net',
    ]));
  it('points to the target annotation instead, and needs no status then', async () =>
    assert.deepEqual((await probed(web({ annotations: { [`${prefix}target`]: 'edge.example.net.' }, addresses: undefined }))).lines, ['web.example.org CNAME edge.example.net']));
  it('waits for an address', async () => {
    const { lines, pending } = await probed(web({ addresses: [] }));
    assert.deepEqual([lines, pending], [[], ['web.example.org: the load balancer has no address yet']]);
  });
  it('carries what annotations say, and its resource', async () => {
    const { endpoints } = await probed(web({ annotations: { [`${prefix}ttl`]: '1m', [`${prefix}set-identifier`]: 's', [`${prefix}webhook-x`]: 'y' } }));
    const [e] = endpoints;
    assert.deepEqual([e?.ttlSeconds, e?.setIdentifier, e?.labels, e?.providerSpecific], [60, 's', { resource: 'ingress/shop/web' }, [{ name: 'webhook/x', value: 'y' }]]);
  });
  it('survives fields of any type', async () => {
    for (const spec of [null, 7, [], { rules: { host: 1 }, tls: 'x' }, { rules: [null, { host: 5 }], tls: [{ hosts: [1, null] }] }]) assert.deepEqual((await probed(web({ spec, addresses: 'none' }))).lines, []);
  });
  it('refuses several classes in one value', () => assert.rejects(probed(web(), '--ingress-class=public,lan'), /^ConfigurationError: --ingress-class=public,lan is no name of a class/));
  it('refuses a class together with a filter on the class annotation', () =>
    assert.rejects(probed(web(), '--ingress-class=a', '--annotation-filter=kubernetes.io/ingress.class=a'), ConfigurationError));
});
