import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../../test/support/source-probe.ts';
import { endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError } from '../../errors.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { service } from './index.ts';

const prefix = 'external-dns.kubernetes.io/';
const host = { [`${prefix}hostname`]: 'web.example.org' };
const inner = { [`${prefix}internal-hostname`]: 'in.example.org' };

function svc(spec: RawObject, annotations: RawObject = host, more: { ingress?: readonly RawObject[]; labels?: RawObject } = {}): RawObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', annotations, labels: more.labels ?? {} }, spec, status: { loadBalancer: { ingress: more.ingress ?? [] } } };
}

type Address = readonly [type: string, address: string];
const node = (name: string, addresses: readonly Address[], more: { spec?: RawObject; labels?: RawObject } = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: more.labels ?? {} },
  spec: more.spec ?? {},
  status: { addresses: addresses.map(([type, address]) => ({ type, address })) },
});
const podOn = (name: string, nodeName: string, more: { labels?: RawObject; spec?: RawObject; status?: RawObject; metadata?: RawObject } = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: more.labels ?? { app: 'web' }, ...more.metadata },
  spec: { nodeName, ...more.spec },
  status: { phase: 'Running', hostIP: '172.16.0.1', conditions: [{ type: 'Ready', status: 'True' }], ...more.status },
});
const slice = (endpoints: readonly RawObject[], more: { addressType?: string; name?: string } = {}): RawObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: more.name ?? 'web-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  addressType: more.addressType ?? 'IPv4',
  endpoints,
});
const member = (address: string, pod: string, more: RawObject = {}): RawObject => ({ addresses: [address], targetRef: { kind: 'Pod', name: pod, namespace: 'shop' }, ...more });

const probed = (flags: readonly string[], ...objects: RawObject[]) => probe(service, flags, objects, 'shop/web');

describe('service: LoadBalancer, ClusterIP and ExternalName', () => {
  const lb = { type: 'LoadBalancer', clusterIP: '10.96.0.1' };
  const cip = { type: 'ClusterIP', clusterIP: '10.96.0.1' };
  const ext = { type: 'ExternalName', externalName: 'api.example.net.' };
  const balanced = { ingress: [{ ip: '192.0.2.1' }, { hostname: 'lb.example.net' }] };
  const cases: readonly (readonly [what: string, object: RawObject, flags: readonly string[], lines: readonly string[]])[] = [
    ['a load balancer: all its addresses', svc(lb, host, balanced), [], ['web.example.org A 192.0.2.1', 'web.example.org CNAME lb.example.net']],
    ['external IPs go first', svc({ ...lb, externalIPs: ['203.0.113.1'] }, host, balanced), [], ['web.example.org A 203.0.113.1']],
    ['the target annotation goes before all', svc({ ...lb, externalIPs: ['203.0.113.1'] }, { ...host, [`${prefix}target`]: '198.51.100.1' }, balanced), [], ['web.example.org A 198.51.100.1']],
    ['the internal name of a load balancer: its cluster IP', svc(lb, inner, balanced), [], ['in.example.org A 10.96.0.1']],
    ['a host name of a load balancer that cannot be resolved is no target', svc(lb, host, balanced), ['--resolve-service-load-balancer-hostname'], ['web.example.org A 192.0.2.1']],
    ['a cluster IP is not published', svc(cip), [], []],
    ['but with the flag', svc(cip), ['--publish-internal-services'], ['web.example.org A 10.96.0.1']],
    ['or under an internal name', svc(cip, { ...host, ...inner }), [], ['in.example.org A 10.96.0.1']],
    ['or with a target annotation', svc(cip, { ...host, [`${prefix}target`]: 'edge.example.net' }), [], ['web.example.org CNAME edge.example.net']],
    ['an external name', svc(ext), [], ['web.example.org CNAME api.example.net']],
    ['external IPs replace an external name', svc({ ...ext, externalIPs: ['203.0.113.1'] }), [], ['web.example.org A 203.0.113.1']],
    ['several names', svc(lb, { [`${prefix}hostname`]: 'a.example.org, b.example.org,' }, { ingress: [{ ip: '192.0.2.1' }] }), [], ['a.example.org A 192.0.2.1', 'b.example.org A 192.0.2.1']],
    ['no name, no record', svc(lb, {}, balanced), [], []],
    ['annotated names can be left out', svc(lb, { ...host, ...inner }, balanced), ['--ignore-hostname-annotation', '--fqdn-template=x'], []],
    ['other types can be left out', svc(lb, host, balanced), ['--service-type-filter=ClusterIP', '--service-type-filter=NodePort'], []],
    ['an empty filter of types lets all through', svc(ext), ['--service-type-filter='], ['web.example.org CNAME api.example.net']],
  ];
  for (const [what, object, flags, lines] of cases) it(what, async () => assert.deepEqual((await probed(flags, object)).lines, lines));

  const pending: readonly (readonly [object: RawObject, reason: RegExp])[] = [
    [svc(lb), /load balancer has no address/],
    [svc(cip), /--publish-internal-services/],
    [svc({ type: 'ClusterIP' }, inner), /no cluster IP/],
    [svc({ type: 'ClusterIP', clusterIP: 'None' }), /no ready endpoint/],
    [svc({ type: 'NodePort' }), /no node/],
    [svc({ type: 'ExternalName' }), /no external name/],
    [svc({ type: 'Mystery' }), /Mystery is not known/],
  ];
  for (const [object, reason] of pending)
    it(`a name waits: ${reason.source}`, async () => {
      const probe = await probed([], object);
      assert.deepEqual(probe.lines, []);
      assert.match(probe.pending.join(), reason);
    });

  it('names of a template for Services that are not published do not wait', async () => {
    const templates = { configured: true, hasNames: true, names: () => ['x.example.org'], combine: (_: never, make: () => never) => make() };
    assert.deepEqual((await probe(service, [], [svc(cip, {})], 'shop/web', templates)).pending, []);
    assert.deepEqual((await probe(service, [], [svc(ext, {})], 'shop/web', templates)).lines, ['x.example.org CNAME api.example.net']);
  });
  it('carries TTL, set identifier, properties and resource', async () => {
    const [e] = (await probed([], svc(ext, { ...host, [`${prefix}ttl`]: '60', [`${prefix}set-identifier`]: 's', [`${prefix}alias`]: 'true' }))).endpoints;
    assert.deepEqual([e?.ttlSeconds, e?.setIdentifier, e?.providerSpecific, e?.labels], [60, 's', [{ name: 'alias', value: 'true' }], { resource: 'service/shop/web' }]);
  });
  it('survives fields of any type', async () => {
    for (const spec of [{ type: 7 }, { type: 'LoadBalancer', externalIPs: 'x' }, { type: 'NodePort', ports: [null, 5, { nodePort: 'x' }] }]) assert.deepEqual((await probed([], svc(spec))).lines, []);
  });
  it('refuses an unknown type', () => assert.rejects(probed(['--service-type-filter=Headless'], svc(lb)), ConfigurationError));
});

describe('service: headless', () => {
  const spec = { type: 'ClusterIP', clusterIP: 'None', selector: { app: 'web' } };
  const n1 = node('n1', [['ExternalIP', '198.51.100.1'], ['InternalIP', '2001:db8::a']]);
  const members = slice([member('10.1.0.1', 'w-0'), member('10.1.0.2', 'w-1')]);
  const pods = [podOn('w-0', 'n1', { spec: { hostname: 'w-0' } }), podOn('w-1', 'n2')];
  const kind = (type: string) => svc(spec, { ...host, [`${prefix}endpoints-type`]: type });
  const notReady = slice([member('10.1.0.1', 'w-0', { conditions: { ready: false } })]);
  const cases: readonly (readonly [what: string, flags: readonly string[], objects: readonly RawObject[], lines: readonly string[]])[] = [
    ['its Pods, and the host names of those that have one', [], [svc(spec), members, ...pods], ['web.example.org A 10.1.0.1,10.1.0.2', 'w-0.web.example.org A 10.1.0.1']],
    ['only the first address of each', [], [svc(spec), slice([{ ...member('', 'w-1'), addresses: ['10.1.0.2', '10.1.0.9'] }]), ...pods], ['web.example.org A 10.1.0.2']],
    ['both families, of two slices', [], [svc(spec), slice([member('10.1.0.2', 'w-1')]), slice([member('2001:db8:1::2', 'w-1')], { addressType: 'IPv6', name: 'web-6' }), ...pods], ['web.example.org A 10.1.0.2', 'web.example.org AAAA 2001:db8:1::2']],
    ['not slices of host names', [], [svc(spec), slice([member('w.example.net', 'w-1')], { addressType: 'FQDN' }), ...pods], []],
    ['not what is not ready', [], [svc(spec), notReady, ...pods], []],
    ['but where all are to be published', ['--always-publish-not-ready-addresses'], [svc(spec), notReady, podOn('w-0', 'n1')], ['web.example.org A 10.1.0.1']],
    ['or where the Service says so', [], [svc({ ...spec, publishNotReadyAddresses: true }), notReady, podOn('w-0', 'n1')], ['web.example.org A 10.1.0.1']],
    ['only Pods that the Service selects', [], [svc(spec), members, podOn('w-0', 'n1', { labels: { app: 'other' } }), podOn('w-1', 'n2')], ['web.example.org A 10.1.0.2']],
    ['only what refers to a Pod', [], [svc(spec), slice([{ addresses: ['10.1.0.3'] }, { addresses: ['10.1.0.4'], targetRef: { kind: 'VM', name: 'w-1' } }]), ...pods], []],
    ['the target annotation of a Pod replaces that Pod', [], [svc(spec), members, podOn('w-0', 'n1', { metadata: { annotations: { [`${prefix}target`]: '203.0.113.1' } } }), podOn('w-1', 'n2')], ['web.example.org A 203.0.113.1,10.1.0.2']],
    ['hosts, by annotation', [], [kind('HostIP'), members, podOn('w-0', 'n1'), podOn('w-1', 'n1')], ['web.example.org A 172.16.0.1']],
    ['hosts, by flag', ['--publish-host-ip'], [svc(spec), members, podOn('w-0', 'n1')], ['web.example.org A 172.16.0.1']],
    ['not hosts without address', ['--publish-host-ip'], [svc(spec), members, podOn('w-0', 'n1', { status: { hostIP: '' } })], []],
    ['nodes, by annotation, also against the flag', ['--publish-host-ip'], [kind('NodeExternalIP'), members, podOn('w-0', 'n1'), podOn('w-1', 'gone'), n1], ['web.example.org A 198.51.100.1']],
    ['nodes with their internal IPv6 addresses', ['--expose-internal-ipv6'], [kind('NodeExternalIP'), members, podOn('w-0', 'n1'), n1], ['web.example.org A 198.51.100.1', 'web.example.org AAAA 2001:db8::a']],
  ];
  for (const [what, flags, objects, lines] of cases) it(what, async () => assert.deepEqual((await probed(flags, ...objects)).lines, lines));

  it('reads its slices by an index, and the Pods that these name', async () =>
    assert.deepEqual((await probed([], svc(spec), members, ...pods)).reads, ['discovery.k8s.io/endpointslices lookup shop/web', 'pods get shop/w-0', 'pods get shop/w-1']));
  it('says why nodes give nothing where they are not read', async () => {
    const { lines, warnings } = await probed(['--service-type-filter=ClusterIP'], kind('NodeExternalIP'), members, podOn('w-0', 'n1'), n1);
    assert.deepEqual(lines, []);
    assert.match(warnings.join(), /NodePort/);
  });
});

describe('service: NodePort', () => {
  const spec = { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP', nodePort: 30080 }, { port: 81, nodePort: 30081 }, { port: 82, protocol: 'UDP' }] };
  const plain = { type: 'NodePort', selector: { app: 'web' } };
  const access = (kind: string, of: RawObject = plain) => svc(of, { ...host, [`${prefix}access`]: kind });
  const both = node('n1', [['ExternalIP', '198.51.100.1'], ['InternalIP', '10.0.0.1'], ['InternalIP', '2001:db8::a'], ['Hostname', 'n1']]);
  const bare = node('n2', [['InternalIP', '10.0.0.2']]);
  const local = { ...plain, externalTrafficPolicy: 'Local' };
  const outer = [node('n1', [['ExternalIP', '198.51.100.1']]), node('n2', [['ExternalIP', '198.51.100.2']])];
  const unready = { status: { conditions: [{ type: 'Ready', status: 'False' }] } };
  const going = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } };
  const cases: readonly (readonly [what: string, flags: readonly string[], objects: readonly RawObject[], lines: readonly string[]])[] = [
    ['one external address hides all internal ones', [], [svc(plain), both, bare], ['web.example.org A 198.51.100.1']],
    ['internal ones count where there are no others', [], [svc(plain), bare], ['web.example.org A 10.0.0.2']],
    ['internal IPv6 ones can be asked for', ['--expose-internal-ipv6'], [svc(plain), both], ['web.example.org A 198.51.100.1', 'web.example.org AAAA 2001:db8::a']],
    ['access private', [], [access('private'), both, bare], ['web.example.org A 10.0.0.1,10.0.0.2', 'web.example.org AAAA 2001:db8::a']],
    ['access public', [], [access('public'), bare], []],
    ['access public with internal IPv6', ['--expose-internal-ipv6'], [access('public'), both], ['web.example.org A 198.51.100.1', 'web.example.org AAAA 2001:db8::a']],
    ['another access counts as none', [], [access('Private'), both], ['web.example.org A 198.51.100.1']],
    ['cordoned nodes are left out', [], [svc(plain), node('n1', [['ExternalIP', '198.51.100.1']], { spec: { unschedulable: true } }), outer[1] ?? {}], ['web.example.org A 198.51.100.2']],
    ['SRV for each node port', [], [svc(spec), bare], ['_web._tcp.web.example.org SRV 0 50 30080 web.example.org.', '_web._tcp.web.example.org SRV 0 50 30081 web.example.org.', 'web.example.org A 10.0.0.2']],
    ['no SRV for a wildcard', [], [svc(spec, { [`${prefix}hostname`]: '*.example.org' }), bare], ['*.example.org A 10.0.0.2']],
    ['no SRV beside a target annotation', [], [svc(spec, { ...host, [`${prefix}target`]: '203.0.113.1' }), bare], ['web.example.org A 203.0.113.1']],
    ['Local: nodes with ready Pods', [], [svc(local), ...outer, podOn('a', 'n1'), podOn('b', 'n2', { labels: { app: 'other' } })], ['web.example.org A 198.51.100.1']],
    ['Local: ready Pods hide those that are not', [], [svc(local), ...outer, podOn('a', 'n1', unready), podOn('b', 'n2')], ['web.example.org A 198.51.100.2']],
    ['Local: Pods that go count where no other is ready', [], [svc(local), ...outer, podOn('a', 'n1', going), podOn('b', 'n2', unready)], ['web.example.org A 198.51.100.1']],
    ['Local: running Pods count where none is ready', [], [svc(local), ...outer, podOn('a', 'n1', unready), podOn('b', 'n2', unready)], ['web.example.org A 198.51.100.1,198.51.100.2']],
    ['Local: other Pods do not count', [], [svc(local), ...outer, podOn('a', 'n1', { status: { phase: 'Pending' } })], []],
  ];
  for (const [what, flags, objects, lines] of cases) it(what, async () => assert.deepEqual((await probed(flags, ...objects)).lines, lines));
});

describe('service: annotations of older controllers', () => {
  const lb = { type: 'LoadBalancer' };
  const ip = { ingress: [{ ip: '192.0.2.1', hostname: 'lb.example.net' }] };
  const kops = (annotations: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`dns.alpha.kubernetes.io/${key}`, value]));
  const worker = node('n1', [['ExternalIP', '198.51.100.1'], ['InternalIP', '10.0.0.1'], ['InternalIP', '2001:db8::a']], { labels: { 'node-role.kubernetes.io/node': '' } });
  const master = node('m1', [['ExternalIP', '198.51.100.9']], { labels: { 'node-role.kubernetes.io/control-plane': '' } });
  const cases: readonly (readonly [what: string, mode: string, objects: readonly RawObject[], lines: readonly string[], flags?: readonly string[]])[] = [
    ['mate: one name', 'mate', [svc(lb, { 'zalando.org/dnsname': 'old.example.org.' }, ip)], ['old.example.org A 192.0.2.1', 'old.example.org CNAME lb.example.net']],
    ['mate: of several host names each is an endpoint of its own', 'mate', [svc(lb, { 'zalando.org/dnsname': 'old.example.org' }, { ingress: [{ hostname: 'b.example.net' }, { hostname: 'a.example.net' }] })], ['old.example.org CNAME b.example.net', 'old.example.org CNAME a.example.net']],
    ['mate: not beside a usual annotation', 'mate', [svc(lb, { ...host, 'zalando.org/dnsname': 'old.example.org' }, { ingress: [{ ip: '192.0.2.1' }] })], ['web.example.org A 192.0.2.1']],
    ['molecule: with its label', 'molecule', [svc(lb, { domainName: 'a.example.org, b.example.org.' }, { ingress: [{ ip: '192.0.2.1' }], labels: { dns: 'route53' } })], ['a.example.org A 192.0.2.1', 'b.example.org A 192.0.2.1']],
    ['molecule: without its label', 'molecule', [svc(lb, { domainName: 'a.example.org' }, ip)], []],
    ['kOps: both names of a load balancer', 'kops-dns-controller', [svc(lb, kops({ external: 'out.example.org', internal: 'in.example.org' }), { ingress: [{ ip: '192.0.2.1' }] })], ['out.example.org A 192.0.2.1', 'in.example.org A 192.0.2.1']],
    ['kOps: external addresses of the worker nodes', 'kops-dns-controller', [svc({ type: 'NodePort' }, kops({ external: 'out.example.org' })), worker, master], ['out.example.org A 198.51.100.1']],
    ['kOps: with internal IPv6 ones', 'kops-dns-controller', [svc({ type: 'NodePort' }, kops({ external: 'out.example.org' })), worker, master], ['out.example.org A 198.51.100.1', 'out.example.org AAAA 2001:db8::a'], ['--expose-internal-ipv6']],
    ['kOps: internal addresses', 'kops-dns-controller', [svc({ type: 'NodePort' }, kops({ internal: 'in.example.org' })), worker, master], ['in.example.org A 10.0.0.1', 'in.example.org AAAA 2001:db8::a']],
    ['kOps: not both names of a NodePort Service', 'kops-dns-controller', [svc({ type: 'NodePort' }, kops({ external: 'out.example.org', internal: 'in.example.org' })), worker], []],
  ];
  for (const [what, mode, objects, lines, flags = []] of cases)
    it(what, async () => assert.deepEqual((await probed([`--compatibility=${mode}`, ...flags], ...objects)).lines, lines));
  it('have no resource label', async () => assert.deepEqual((await probed(['--compatibility=mate'], svc(lb, { 'zalando.org/dnsname': 'old.example.org' }, ip))).endpoints[0]?.labels, {}));
});

describe('service: several Services behind one name', () => {
  const of = (resource: string, targets: readonly string[], ttlSeconds: number, recordType = 'A') => endpoint({ dnsName: 'web.example.org', recordType, targets, ttlSeconds, labels: { resource } });
  it('are joined whatever their TTLs, led by the first in order of the resource', async () => {
    const { merge } = await service.create({ options: { namespace: '', serviceTypeFilter: [] } } as never);
    const merged = merge?.([of('service/b/a', ['192.0.2.1'], 30), of('service/a/z', ['192.0.2.2'], 900), of('service/a/z', ['b.example.net'], 0, 'CNAME'), of('service/b/a', ['a.example.net'], 0, 'CNAME')]);
    assert.deepEqual(
      merged?.map((e) => [e.recordType, e.targets, e.ttlSeconds, e.labels['resource']]),
      [
        ['A', ['192.0.2.1', '192.0.2.2'], 900, 'service/a/z'],
        ['CNAME', ['b.example.net'], 0, 'service/a/z'],
        ['CNAME', ['a.example.net'], 0, 'service/b/a'],
      ],
    );
  });
  it('watches only what the types need', async () => {
    const reads = async (...serviceTypeFilter: string[]) => (await service.create({ options: { namespace: 'shop', serviceTypeFilter } } as never)).reads.map((r) => `${r.resource.plural}/${r.namespace}`);
    assert.deepEqual(await reads(), ['endpointslices/shop', 'pods/shop', 'nodes/']);
    assert.deepEqual(await reads('LoadBalancer', 'ExternalName'), []);
    assert.deepEqual(await reads('NodePort'), ['pods/shop', 'nodes/']);
    assert.deepEqual(await reads('ClusterIP'), ['endpointslices/shop', 'pods/shop']);
  });
});
