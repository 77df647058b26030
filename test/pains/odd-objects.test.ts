// What is odd in an object becomes an odd record, or stops the run for all. Ours publishes what is good, says once what is not, and gives the same result every time.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';

const prefix = 'external-dns.kubernetes.io/';

interface Fields {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly status?: object;
}

const object = (apiVersion: string, kind: string, name: string, { annotations = {}, spec = {}, status = {} }: Fields): RawObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(kind !== 'Node' && { namespace: 'shop' }), uid: `${kind}-${name}`, generation: 1, annotations },
  spec,
  status,
});
const balanced = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
const target = { [`${prefix}target`]: '192.0.2.1' };

const host = (name: string, hostname: string): RawObject => object('getambassador.io/v3alpha1', 'Host', name, { annotations: { ...target, 'external-dns.ambassador-service': 'edge' }, spec: { hostname } });
const proxy = (name: string, ...domains: string[]): RawObject => object('gloo.solo.io/v1', 'Proxy', name, { annotations: target, spec: { listeners: [{ httpListener: { virtualHosts: [{ name, domains }] } }] } });
const gateway = (name: string, hosts: readonly string[], annotations: Readonly<Record<string, string>> = target): RawObject => object('networking.istio.io/v1', 'Gateway', name, { annotations, spec: { selector: { istio: 'edge' }, servers: [{ hosts }] } });
const virtualService = (name: string, ...hosts: string[]): RawObject => object('networking.istio.io/v1', 'VirtualService', name, { annotations: target, spec: { hosts } });
const transportServer = (name: string, spec: object): RawObject => object('cis.f5.com/v1', 'TransportServer', name, { spec, status: { vsAddress: '192.0.2.1' } });
const node = (name: string): RawObject => object('v1', 'Node', name, { status: { addresses: [{ type: 'ExternalIP', address: '192.0.2.1' }] } });
const service = (name: string, annotations: Readonly<Record<string, string>>): RawObject => object('v1', 'Service', name, { annotations, spec: { type: 'LoadBalancer' }, status: balanced });
const pod = (name: string, status: object = { podIP: '192.0.2.1', podIPs: [{ ip: '192.0.2.1' }] }): RawObject => object('v1', 'Pod', name, { annotations: { [`${prefix}internal-hostname`]: `own-${name}.example.org` }, status });
const dnsEndpoint = (name: string, annotations: Readonly<Record<string, string>> = {}): RawObject =>
  object('externaldns.k8s.io/v1alpha1', 'DNSEndpoint', name, { annotations, spec: { endpoints: [{ dnsName: `${name}.example.org`, recordType: 'A', targets: ['192.0.2.1'] }] } });

describe('an object with what is no DNS name, or no target', () => {
  const named = (template: string): string[] => ['--source=node', `--fqdn-template=${template}`];
  const cases: readonly [about: string, flags: readonly string[], bad: RawObject, good: RawObject, records: readonly string[], warnings: number][] = [
    ['the host of all names of Emissary-ingress', ['--source=ambassador-host'], host('bad', '*'), host('good', 'good.example.org'), ['good.example.org A 192.0.2.1'], 1],
    ['the domain of all names of Gloo', ['--source=gloo-proxy', '--gloo-namespace=shop'], proxy('bad', '*'), proxy('good', 'good.example.org'), ['good.example.org A 192.0.2.1'], 1],
    ['a domain of Gloo with a port', ['--source=gloo-proxy', '--gloo-namespace=shop'], proxy('bad', 'a.example.org:8080', 'b.example.org'), proxy('good', 'good.example.org'), ['b.example.org A 192.0.2.1', 'good.example.org A 192.0.2.1'], 1],
    ['a host of an Istio Gateway with two slashes', ['--source=istio-gateway'], gateway('bad', ['x/y/z.example.org']), gateway('good', ['good.example.org']), ['good.example.org A 192.0.2.1'], 1],
    ['a host of an Istio VirtualService with two slashes', ['--source=istio-virtualservice'], virtualService('bad', 'x/y/z.example.org'), virtualService('good', 'good.example.org'), ['good.example.org A 192.0.2.1'], 1],
    ['an F5 TransportServer without host', ['--source=f5-transportserver'], transportServer('bad', {}), transportServer('good', { host: 'good.example.org' }), ['good.example.org A 192.0.2.1'], 0],
    ['an annotation of blanks', ['--source=service'], service('bad', { [`${prefix}hostname`]: '' }), service('good', { [`${prefix}hostname`]: 'good.example.org,', [`${prefix}target`]: '192.0.2.1,,' }), ['good.example.org A 192.0.2.1'], 0],
    ['a template that gives an empty label', named('{{.Name}}{{if eq .Name "bad"}}.{{end}}.example.org'), node('bad'), node('good'), ['good.example.org A 192.0.2.1'], 1],
    ['a template that gives too long a label', named('{{.Name}}.example.org'), node('b'.repeat(64)), node('good'), ['good.example.org A 192.0.2.1'], 1],
    ['a template that asks for a label that is not there', named('{{if eq .Name "bad"}}{{.Labels.nope}}{{else}}{{.Name}}{{end}}.example.org'), node('bad'), node('good'), ['good.example.org A 192.0.2.1'], 1],
    ['a template of targets that asks for a label that is not there', ['--source=service', '--fqdn-target-template={{.Name}}.example.org:{{if eq .Name "bad"}}{{.Labels.nope}}{{else}}192.0.2.1{{end}}'], service('bad', {}), service('good', {}), ['good.example.org A 192.0.2.1'], 1],
    ['a node without an address', named('{{.Name}}.example.org'), object('v1', 'Node', 'bad', {}), node('good'), ['good.example.org A 192.0.2.1'], 0],
    ['a Pod that is not yet placed', ['--source=pod', '--pod-source-domain=pods.example.org', '--fqdn-template={{.Name}}.example.org', '--combine-fqdn-annotation'], pod('bad', { phase: 'Pending' }), pod('good'), ['good.example.org A 192.0.2.1', 'good.pods.example.org A 192.0.2.1', 'own-good.example.org A 192.0.2.1'], 0],
  ];
  for (const [about, flags, bad, good, records, warnings] of cases)
    it(`holds up no other: ${about}`, async () => {
      const world = await startWorld(flags);
      for (const each of [bad, good]) world.cluster.put(each);
      for (let i = 0; i < 3; i++) {
        assert.equal((await world.sweep()).failed, 0);
        world.wait(60);
      }
      assert.deepEqual(world.records(), records);
      assert.deepEqual([...world.desired.troubles()], []);
      const told = world.log.filter((line) => line.level === 'warning');
      assert.equal(told.length, warnings, JSON.stringify(told));
    });
});

describe('an object with several names', () => {
  it('gives each of them all the properties that its provider knows', async () => {
    const world = await startWorld(['--source=service', '--provider=webhook']);
    const names = ['a', 'b', 'c'].map((name) => `${name}.example.org`);
    world.cluster.put(service('web', { [`${prefix}hostname`]: names.join(), [`${prefix}aws-weight`]: '1', [`${prefix}webhook-a`]: 'x', [`${prefix}webhook-z`]: 'y', [`${prefix}scw-priority`]: '2' }));
    await world.sweep();
    const records = [...world.provider.records.values()].filter((r) => r.recordType === 'A');
    const properties = [{ name: 'webhook/a', value: 'x' }, { name: 'webhook/z', value: 'y' }];
    assert.deepEqual(records.map((r) => [r.dnsName, r.providerSpecific]).sort(), names.map((name) => [name, properties]));
  });
});

describe('the fields that templates read', () => {
  for (const [source, make] of [['pod', pod], ['node', node], ['service', (name: string) => service(name, {})]] as const)
    it(`have the conditions of a ${source}`, async () => {
      const world = await startWorld([`--source=${source}`, '--fqdn-template={{$name := .Name}}{{range .Status.Conditions}}{{$name}}.{{toLower (print .Type)}}-{{toLower (print .Status)}}.example.org,{{end}}']);
      const made = make('web');
      world.cluster.put({ ...made, metadata: { ...(made['metadata'] as object), annotations: {} }, status: { ...(made['status'] as object), conditions: [{ type: 'Ready', status: 'True' }] } });
      await world.sweep();
      assert.deepEqual(world.records(), ['web.ready-true.example.org A 192.0.2.1']);
    });
});

describe('an annotation filter', () => {
  it('leaves out the objects that do not match, and no others', async () => {
    const world = await startWorld(['--source=crd', '--annotation-filter=publish=yes']);
    for (const each of [dnsEndpoint('a', { publish: 'yes' }), dnsEndpoint('b'), dnsEndpoint('c', { publish: 'no' }), dnsEndpoint('d', { publish: 'yes' })]) world.cluster.put(each);
    await world.sweep();
    assert.deepEqual(world.records(), ['a.example.org A 192.0.2.1', 'd.example.org A 192.0.2.1']);
  });
});

describe('objects that give the same name', () => {
  const ingress = (name: string, ip: string, ttl: string): RawObject =>
    object('networking.k8s.io/v1', 'Ingress', name, { annotations: { [`${prefix}ttl`]: ttl }, spec: { rules: [{ host: 'web.example.org' }] }, status: { loadBalancer: { ingress: [{ ip }] } } });
  const cases: readonly [about: string, objects: readonly RawObject[], records: readonly string[]][] = [
    ['with one TTL', [ingress('c', '192.0.2.1', '60'), ingress('a', '192.0.2.2', '60'), ingress('b', '192.0.2.3', '60')], ['192.0.2.1,192.0.2.2,192.0.2.3 60 ingress/shop/a']],
    ['with the same target and different TTLs', [ingress('c', '192.0.2.1', '60'), ingress('a', '192.0.2.1', '300'), ingress('b', '192.0.2.1', '30')], ['192.0.2.1 300 ingress/shop/a']],
  ];
  for (const [about, objects, expected] of cases)
    it(`${about} become the same record in whatever order they come`, async () => {
      const [first, second, third] = objects;
      assert.ok(first && second && third);
      for (const order of [[first, second, third], [third, second, first], [second, third, first]]) {
        const world = await startWorld(['--source=ingress']);
        for (const each of order) world.cluster.put(each);
        await world.sweep();
        const records = [...world.provider.records.values()];
        const owner = records.find((r) => r.recordType === 'TXT')?.targets.join().match(/resource=([^",]+)/)?.[1];
        assert.deepEqual(records.filter((r) => r.recordType === 'A').map((r) => `${r.targets.join()} ${r.ttlSeconds} ${owner}`), expected);
      }
    });
});

describe('an object that names what is not there', () => {
  const at = (name: string) => ({ resourceRef: { name, namespace: 'shop' } });
  const ref = (kind: string, name: string): object => ({ resourceKind: `*v1.${kind}`, ...at(name) });
  const listener = (from: object) => ({ listeners: [{ httpListener: { virtualHosts: [{ domains: ['bad.example.org'] }] }, metadataStatic: { sources: [from] } }] });
  const glooGateway = (annotations = {}): RawObject => object('gateway.solo.io/v1', 'Gateway', 'edge', { annotations });
  const front = object('networking.k8s.io/v1', 'Ingress', 'front', { status: balanced });
  const back = (name: string): RawObject => object('v1', 'Service', name, { spec: { type: 'LoadBalancer', selector: { istio: 'edge' } }, status: balanced });
  const throughIngress = { [`${prefix}ingress`]: 'front' };
  const glooThrough = (from: object): RawObject => object('gloo.solo.io/v1', 'Proxy', 'bad', { spec: listener(from) });
  const annotatedBy = object('gloo.solo.io/v1', 'Proxy', 'bad', { annotations: target, spec: { listeners: [{ httpListener: { virtualHosts: [{ domains: ['bad.example.org'], metadataStatic: { sources: [ref('VirtualService', 'vs')] } }] } }] } });
  const cases: readonly [about: string, source: string, bad: RawObject, there: readonly RawObject[], missing: RawObject, good: RawObject][] = [
    ['the Ingress of an Istio Gateway', 'istio-gateway', gateway('bad', ['bad.example.org'], throughIngress), [], front, gateway('good', ['good.example.org'])],
    ['the Service of a Gloo Proxy', 'gloo-proxy', object('gloo.solo.io/v1', 'Proxy', 'bad', { spec: { listeners: [{ httpListener: { virtualHosts: [{ domains: ['bad.example.org'] }] } }] } }), [], back('bad'), proxy('good', 'good.example.org')],
    ['the Gateway of a Gloo Proxy', 'gloo-proxy', glooThrough(ref('Gateway', 'edge')), [back('bad')], glooGateway(), proxy('good', 'good.example.org')],
    ['the Ingress of a Gloo Gateway', 'gloo-proxy', glooThrough(ref('Gateway', 'edge')), [glooGateway(throughIngress)], front, proxy('good', 'good.example.org')],
    ['the VirtualService of a Gloo Proxy', 'gloo-proxy', annotatedBy, [], object('gateway.solo.io/v1', 'VirtualService', 'vs', {}), proxy('good', 'good.example.org')],
  ];
  for (const [about, source, bad, there, missing, good] of cases)
    it(`keeps its records, the others go on, and a single run says so by its status: ${about}`, async () => {
      let world = await startWorld([`--source=${source}`, '--gloo-namespace=shop']);
      for (const each of [bad, ...there, missing]) world.cluster.put(each);
      await world.sweep();
      assert.deepEqual(world.records(), ['bad.example.org A 192.0.2.1']);
      const changes = world.provider.applied.length;
      for (const flags of [[], ['--once']]) {
        // also where it was missing before the process began
        world.cluster.remove(missing);
        world.cluster.put(good);
        world = await world.restart(`--source=${source}`, '--gloo-namespace=shop', ...flags);
        await world.sweep();
        assert.deepEqual(world.records(), ['bad.example.org A 192.0.2.1', 'good.example.org A 192.0.2.1']);
      }
      assert.equal(world.provider.applied.length, changes + 1);
      await running(world, async ({ controller }) => {
        const { ok, reasons } = await controller.once(new AbortController().signal);
        assert.equal(ok, false);
        assert.match(reasons.join(), /bad/);
      });
      world.cluster.put(missing);
      await world.sweep();
      assert.deepEqual([...world.desired.troubles()], []);
    });
});
