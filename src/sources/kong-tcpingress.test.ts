import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { kongTCPIngress } from './kong-tcpingress.ts';

const ingress = (annotations: object, addresses: readonly object[]): RawObject => ({
  apiVersion: 'configuration.konghq.com/v1beta1',
  kind: 'TCPIngress',
  metadata: { name: 'db', namespace: 'data', annotations },
  spec: { rules: [{ host: 'db.example.org', port: 5432 }, { port: 5433 }] },
  status: { loadBalancer: { ingress: addresses } },
});

const hostname = { 'external-dns.kubernetes.io/hostname': 'named.example.org' };
const compute = (object: RawObject, ...flags: string[]) => probe(kongTCPIngress, flags, [object], 'data/db');

describe('a Kong TCPIngress', () => {
  it('gives the names of its annotation and its rules, with all addresses of its status', async () => {
    const { lines, reads, endpoints } = await compute(ingress(hostname, [{ ip: '192.0.2.1', hostname: 'lb.example.com' }]));
    assert.deepEqual(lines, ['named.example.org A 192.0.2.1', 'named.example.org CNAME lb.example.com', 'db.example.org A 192.0.2.1', 'db.example.org CNAME lb.example.com']);
    assert.deepEqual(reads, []);
    assert.deepEqual(endpoints[0]?.labels, { resource: 'tcpingress/data/db' });
  });

  it('leaves out annotated names with --ignore-hostname-annotation', async () => {
    assert.deepEqual((await compute(ingress(hostname, [{ ip: '192.0.2.1' }]), '--ignore-hostname-annotation', '--fqdn-template={{.Name}}')).lines, ['db.example.org A 192.0.2.1']);
  });

  it('prefers the target annotation', async () => {
    const { lines } = await compute(ingress({ 'external-dns.kubernetes.io/target': '203.0.113.1' }, [{ ip: '192.0.2.1' }]));
    assert.deepEqual(lines, ['db.example.org A 203.0.113.1']);
  });

  it('waits for an address', async () => {
    const { lines, pending } = await compute(ingress({}, []));
    assert.deepEqual([lines, pending], [[], ['db.example.org: the load balancer in its status has no address']]);
  });

  it('is passed over where its controller is another', async () => {
    const { lines, pending } = await compute(ingress({ 'external-dns.kubernetes.io/controller': 'other' }, []));
    assert.deepEqual([lines, pending], [[], []]);
  });
});
