import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { node } from './node.ts';

type Address = readonly [type: string, address: string];

const worker = (addresses: readonly Address[], fields: { annotations?: RawObject; spec?: RawObject } = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', annotations: fields.annotations ?? {} },
  spec: fields.spec ?? {},
  status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
});

const external: Address = ['ExternalIP', '198.51.100.1'];
const internal: Address = ['InternalIP', '10.0.0.1'];
const internal6: Address = ['InternalIP', '2001:db8::a'];

describe('node', () => {
  const cases: readonly (readonly [what: string, object: RawObject, flags: readonly string[], lines: readonly string[]])[] = [
    ['external addresses hide internal ones', worker([['Hostname', 'n1'], internal, internal6, external]), [], ['n1 A 198.51.100.1']],
    ['but internal IPv6 ones can be asked for', worker([internal, internal6, external]), ['--expose-internal-ipv6'], ['n1 A 198.51.100.1', 'n1 AAAA 2001:db8::a']],
    ['internal ones count where there are no others', worker([internal, internal6]), [], ['n1 A 10.0.0.1', 'n1 AAAA 2001:db8::a']],
    ['the target annotation replaces all', worker([external], { annotations: { 'external-dns.kubernetes.io/target': 'edge.example.net' } }), [], ['n1 CNAME edge.example.net']],
    ['of several host names each is an endpoint of its own', worker([external], { annotations: { 'external-dns.kubernetes.io/target': 'b.example.net,a.example.net,192.0.2.1' } }), [], ['n1 A 192.0.2.1', 'n1 CNAME b.example.net', 'n1 CNAME a.example.net']],
    ['a cordoned node is left out', worker([external], { spec: { unschedulable: true } }), [], []],
    ['unless it is asked for', worker([external], { spec: { unschedulable: true } }), ['--no-exclude-unschedulable'], ['n1 A 198.51.100.1']],
  ];
  for (const [what, object, flags, lines] of cases) it(what, async () => assert.deepEqual((await probe(node, flags, [object], '/n1')).lines, lines));

  it('waits for an address, and fails nobody else', async () => {
    const { lines, pending } = await probe(node, [], [worker([['Hostname', 'n1']])], '/n1');
    assert.deepEqual([lines, pending], [[], ['n1: the node has no address']]);
  });
  it('gives TTL and resource, but neither set identifier nor properties', async () => {
    const annotations = { 'external-dns.kubernetes.io/ttl': '1m', 'external-dns.kubernetes.io/set-identifier': 's', 'external-dns.kubernetes.io/webhook-x': 'y' };
    const [e] = (await probe(node, [], [worker([external], { annotations })], '/n1')).endpoints;
    assert.deepEqual([e?.ttlSeconds, e?.setIdentifier, e?.providerSpecific, e?.labels], [60, '', [], { resource: 'node/n1' }]);
  });
  it('has names by templates instead of its own', async () => {
    const templates = { configured: true, hasNames: true, names: () => ['x.example.org'], combine: (existing: never, make: () => never) => (existing as unknown[]).length ? existing : make() };
    assert.deepEqual((await probe(node, [], [worker([external])], '/n1', templates)).lines, ['x.example.org A 198.51.100.1']);
  });
});
