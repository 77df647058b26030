import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { openShiftRoute, routerOf } from './openshift-route.ts';

const reportOf = (routerName: string, admitted: boolean, routerCanonicalHostname = `${routerName}.example.net`) => ({ host: 'web.example.org', routerName, routerCanonicalHostname, admitted });

describe('routerOf', () => {
  for (const [name, reports, wanted, expected] of [
    ['the first that admitted the Route', [reportOf('a', false), reportOf('b', true), reportOf('c', true)], '', 'b'],
    ['one with a canonical hostname', [reportOf('a', true, ''), reportOf('b', true)], '', 'b'],
    ['the one that is named', [reportOf('a', true), reportOf('b', true)], 'b', 'b'],
    ['none where the named one refused', [reportOf('a', true), reportOf('b', false)], 'b', undefined],
    ['none without reports', [], '', undefined],
  ] as const)
    it(`takes ${name}`, () => assert.equal(routerOf(reports, wanted)?.routerName, expected));
});

describe('an OpenShift Route', () => {
  const routeOf = (status: string, annotations?: object): RawObject => ({
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: 'web', namespace: 'shop', annotations },
    spec: { host: 'spec.example.org' },
    status: { ingress: [{ host: 'web.example.org', routerName: 'default', routerCanonicalHostname: 'apps.example.net', conditions: [{ type: 'Admitted', status }] }] },
  });

  it('takes its name from the router, and reads nothing else', async () => {
    const { lines, reads, pending } = await probe(openShiftRoute, [], [routeOf('True')], 'shop/web');
    assert.deepEqual([lines, reads, pending], [['web.example.org CNAME apps.example.net'], [], []]);
  });

  it('waits for a router', async () => {
    const { lines, pending } = await probe(openShiftRoute, ['--openshift-router-name=inner'], [routeOf('True')], 'shop/web');
    assert.deepEqual([lines, pending], [[], ['spec.example.org: router inner has not admitted the route under a canonical hostname']]);
  });

  it('gives annotated names without a router where a target is annotated', async () => {
    const { lines } = await probe(openShiftRoute, [], [routeOf('False', { 'external-dns.kubernetes.io/hostname': 'a.example.org', 'external-dns.kubernetes.io/target': '192.0.2.1' })], 'shop/web');
    assert.deepEqual(lines, ['a.example.org A 192.0.2.1']);
  });
});
