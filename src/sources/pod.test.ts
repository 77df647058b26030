import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { pod } from './pod.ts';

const prefix = 'external-dns.kubernetes.io/';
const relay = (annotations: RawObject, fields: { spec?: RawObject; status?: RawObject } = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'relay', namespace: 'media', annotations },
  spec: fields.spec ?? { nodeName: 'n1', hostNetwork: false },
  status: fields.status ?? { podIP: '10.1.2.3', podIPs: [{ ip: '10.1.2.3' }, { ip: '2001:db8:1::3' }] },
});
const n1: RawObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1' },
  status: { addresses: [['ExternalIP', '198.51.100.1'], ['InternalIP', '10.0.0.1'], ['InternalIP', '2001:db8::a']].map(([type, address]) => ({ type, address })) },
};

describe('pod', () => {
  const hostname = { [`${prefix}hostname`]: 'out.example.org' };
  const internal = { [`${prefix}internal-hostname`]: 'in.example.org' };
  const cases: readonly (readonly [what: string, annotations: RawObject, flags: readonly string[], lines: readonly string[]])[] = [
    ['hostname: the external addresses of its node, and the internal IPv6 ones', hostname, [], ['out.example.org A 198.51.100.1', 'out.example.org AAAA 2001:db8::a']],
    ['internal-hostname: its primary address', internal, [], ['in.example.org A 10.1.2.3']],
    ['target: for both names', { ...hostname, ...internal, [`${prefix}target`]: '203.0.113.1' }, [], ['in.example.org A 203.0.113.1', 'out.example.org A 203.0.113.1']],
    ['pod-source-domain: its own name', {}, ['--pod-source-domain=pods.example.org'], ['relay.pods.example.org A 10.1.2.3']],
    ['pod-source-domain and target', { [`${prefix}target`]: 'edge.example.net' }, ['--pod-source-domain=pods.example.org'], ['relay.pods.example.org CNAME edge.example.net']],
    ['kOps names, which know no target', { 'dns.alpha.kubernetes.io/internal': 'kin.example.org', 'dns.alpha.kubernetes.io/external': 'kout.example.org', [`${prefix}target`]: '203.0.113.1' }, ['--compatibility=kops-dns-controller'], ['kin.example.org A 10.1.2.3', 'kout.example.org A 198.51.100.1', 'kout.example.org AAAA 2001:db8::a']],
    ['kOps names without compatibility', { 'dns.alpha.kubernetes.io/internal': 'kin.example.org' }, [], []],
    ['only pods of the host network, where asked', { ...hostname, ...internal }, ['--ignore-non-host-network-pods'], []],
    ['nothing without annotations', {}, [], []],
  ];
  for (const [what, annotations, flags, lines] of cases) it(what, async () => assert.deepEqual((await probe(pod, flags, [relay(annotations), n1], 'media/relay')).lines, lines));

  it('reads its node only for an external name, and only that node', async () => {
    assert.deepEqual((await probe(pod, [], [relay(internal), n1], 'media/relay')).reads, []);
    assert.deepEqual((await probe(pod, [], [relay(hostname), n1], 'media/relay')).reads, ['nodes get /n1']);
  });
  it('waits for addresses', async () => {
    const { lines, pending } = await probe(pod, [], [relay({ ...hostname, ...internal }, { spec: {}, status: { phase: 'Pending' } })], 'media/relay');
    assert.deepEqual(lines, []);
    assert.deepEqual(pending, ['in.example.org: the Pod has no address yet', 'out.example.org: the Pod is on no node with an external address']);
  });
  it('templated names get all addresses, whatever target says; none for pods that are left out', async () => {
    const templates = { configured: true, hasNames: true, names: () => ['x.example.org'], combine: (_: never, make: () => never) => make() };
    const object = relay({ [`${prefix}target`]: '203.0.113.1', [`${prefix}ttl`]: '5' });
    const { lines, endpoints } = await probe(pod, [], [object], 'media/relay', templates);
    assert.deepEqual(lines, ['x.example.org A 10.1.2.3', 'x.example.org AAAA 2001:db8:1::3']);
    assert.equal(endpoints[0]?.ttlSeconds, 5);
    assert.deepEqual((await probe(pod, ['--ignore-non-host-network-pods'], [object], 'media/relay', templates)).lines, []);
  });
  it('joins pods of one name, whatever their TTLs', async () => {
    const source = await pod.create({ options: { namespace: '' } } as never);
    const merged = source.merge?.([endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: ['10.0.0.2'], ttlSeconds: 5 }), endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: ['10.0.0.1'] })]);
    assert.deepEqual(merged?.map((e) => [e.targets, e.ttlSeconds]), [[['10.0.0.1', '10.0.0.2'], 5]]);
  });
});
