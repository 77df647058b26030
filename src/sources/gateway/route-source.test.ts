import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../../test/support/source-probe.ts';
import { ConfigurationError } from '../../errors.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import type { ParentRef } from '../../kubernetes/resources/gateway-api.ts';
import { gatewayHTTPRoute } from './gateway-httproute.ts';
import { gatewayTCPRoute } from './gateway-tcproute.ts';
import { isMeant, isOf } from './route-source.ts';

const apiVersion = 'gateway.networking.k8s.io/v1';
const accepted = [{ type: 'Accepted', status: 'True' }];

const gatewayOf = (fields: { name?: string; namespace?: string; labels?: object; annotations?: object; listeners?: readonly object[]; addresses?: readonly string[]; sets?: string } = {}): RawObject => ({
  apiVersion,
  kind: 'Gateway',
  metadata: { name: fields.name ?? 'edge', namespace: fields.namespace ?? 'infra', labels: fields.labels, annotations: fields.annotations },
  spec: {
    listeners: fields.listeners ?? [{ name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } }],
    ...(fields.sets && { allowedListeners: { namespaces: { from: fields.sets } } }),
  },
  status: { addresses: (fields.addresses ?? ['192.0.2.1']).map((value) => ({ value })) },
});

const edge = { name: 'edge', namespace: 'infra' };

const routeOf = (fields: { parents?: readonly object[]; reported?: readonly object[]; conditions?: readonly object[]; hostnames?: readonly string[]; annotations?: object; kind?: string } = {}): RawObject => {
  const parents = fields.parents ?? [edge];
  return {
    apiVersion,
    kind: fields.kind ?? 'HTTPRoute',
    metadata: { name: 'web', namespace: 'shop', annotations: fields.annotations },
    spec: { hostnames: fields.hostnames ?? ['web.example.org'], parentRefs: parents },
    status: { parents: (fields.reported ?? parents).map((parentRef) => ({ parentRef, conditions: fields.conditions ?? accepted })) },
  };
};

const compute = (objects: readonly RawObject[], ...flags: string[]) => probe(gatewayHTTPRoute, flags, objects, 'shop/web');

describe('a route of the Gateway API', () => {
  it('reads its Gateways and nothing else', async () => {
    const { lines, reads } = await compute([gatewayOf(), gatewayOf({ name: 'other' }), routeOf()]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
    assert.deepEqual(reads, ['gateway.networking.k8s.io/gateways get infra/edge']);
  });

  it('reads its Namespace only where a listener asks for labels of it', async () => {
    const chosen = { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'blue' } } } } };
    const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'blue' } } };
    const { lines, reads } = await compute([gatewayOf({ listeners: [chosen] }), routeOf(), shop]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
    assert.deepEqual(reads, ['gateway.networking.k8s.io/gateways get infra/edge', 'namespaces get /shop']);
  });

  it('does not look up Gateways that the flags leave out, nor wait for them', async () => {
    for (const flag of ['--gateway-name=front', '--gateway-namespace=dmz']) {
      const { lines, reads, pending } = await compute([gatewayOf(), routeOf()], flag);
      assert.deepEqual([lines, reads, pending], [[], [], []]);
    }
  });

  it('passes over Gateways without the labels of --gateway-label-filter', async () => {
    const objects = [gatewayOf({ labels: { tier: 'public' } }), routeOf()];
    assert.deepEqual((await compute(objects, '--gateway-label-filter=tier in (public, dmz)')).lines, ['web.example.org A 192.0.2.1']);
    const { lines, pending } = await compute(objects, '--gateway-label-filter=tier!=public');
    assert.deepEqual([lines, pending], [[], []]);
  });

  it('passes over Gateways of another controller, also by the older prefix', async () => {
    const { lines } = await compute([gatewayOf({ annotations: { 'external-dns.alpha.kubernetes.io/controller': 'other' } }), routeOf()]);
    assert.deepEqual(lines, []);
  });

  it('refuses a --gateway-label-filter that is no selector, and names it', async () => {
    await assert.rejects(compute([gatewayOf(), routeOf()], '--gateway-label-filter=a=b=c'), (error) => error instanceof ConfigurationError && error.message.includes('--gateway-label-filter'));
  });

  it('joins the addresses of all its Gateways, each once and sorted', async () => {
    const inner = gatewayOf({ name: 'inner', addresses: ['192.0.2.9', '192.0.2.1'] });
    const { lines } = await compute([gatewayOf(), inner, routeOf({ parents: [edge, { name: 'inner', namespace: 'infra' }] })]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1,192.0.2.9']);
  });

  it('warns of hostnames that are no DNS names, and publishes the others', async () => {
    const { lines, warnings } = await compute([gatewayOf(), routeOf({ hostnames: ['web.example.org', 'a_b.example.org'] })]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
    assert.match(warnings.join(), /"a_b\.example\.org" is no DNS name/);
  });

  it('warns where a parent accepted it, but no listener takes any of its hostnames', async () => {
    const { lines, pending, warnings } = await compute([gatewayOf({ listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: '*.example.net', allowedRoutes: { namespaces: { from: 'All' } } }] }), routeOf()]);
    assert.deepEqual([lines, pending], [[], []]);
    assert.match(warnings.join(), /no listener of Gateway infra\/edge/);
  });

  it('warns of a gateway-hostname-source that it does not know, and does as if it were not there', async () => {
    const { lines, warnings } = await compute([gatewayOf(), routeOf({ annotations: { 'external-dns.kubernetes.io/gateway-hostname-source': 'spec' } })]);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
    assert.match(warnings.join(), /gateway-hostname-source: "spec"/);
  });

  it('takes templated names, where it has none or they are combined', async () => {
    const names = { hasNames: true, names: () => ['templated.example.org'] };
    const lines = async (hostnames: readonly string[], combining: boolean) =>
      (await probe(gatewayHTTPRoute, [], [gatewayOf(), routeOf({ hostnames })], 'shop/web', { ...names, combining })).lines;
    assert.deepEqual(await lines(['web.example.org'], false), ['web.example.org A 192.0.2.1']);
    assert.deepEqual(await lines([], false), ['templated.example.org A 192.0.2.1']);
    assert.deepEqual(await lines(['web.example.org'], true), ['web.example.org A 192.0.2.1', 'templated.example.org A 192.0.2.1']);
  });

  it('leaves out a section that its spec no longer names, though the status still does', async () => {
    const listeners = ['old', 'new'].map((name) => ({ name, port: 80, protocol: 'HTTP', hostname: `${name}.example.org`, allowedRoutes: { namespaces: { from: 'All' } } }));
    const { lines } = await compute([gatewayOf({ listeners }), routeOf({ hostnames: [], parents: [{ ...edge, sectionName: 'new' }], reported: [{ ...edge, sectionName: 'old' }] })]);
    assert.deepEqual(lines, []);
  });
});

describe('the reason why a route waits', () => {
  for (const [name, objects, expected] of [
    ['its Gateway is not there', [routeOf()], ['web.example.org: Gateway infra/edge does not exist']],
    ['its Gateway has no address', [gatewayOf({ addresses: [] }), routeOf()], ['web.example.org: Gateway infra/edge has no address']],
    ['no controller has spoken', [gatewayOf(), routeOf({ reported: [] })], ['web.example.org: Gateway infra/edge has not accepted the route']],
    ['it was refused', [gatewayOf(), routeOf({ conditions: [{ type: 'Accepted', status: 'False' }] })], ['web.example.org: Gateway infra/edge has not accepted the route']],
    [
      'it takes the hostname of a listener',
      [gatewayOf({ addresses: [], listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: 'own.example.org', allowedRoutes: { namespaces: { from: 'All' } } }] }), routeOf({ hostnames: [] })],
      ['own.example.org: Gateway infra/edge has no address'],
    ],
    ['another parent is ready', [gatewayOf(), routeOf({ parents: [{ name: 'gone', namespace: 'infra' }, edge] })], []],
    ['the parent is no Gateway', [routeOf({ parents: [{ group: '', kind: 'Service', name: 'web' }] })], []],
  ] as const)
    it(`is ${expected.length ? 'given' : 'not given'} where ${name}`, async () => assert.deepEqual((await compute(objects)).pending, expected));
});

describe('a route at a ListenerSet', () => {
  const set = (fields: { apiVersion?: string; kind?: string; accepted?: string; annotations?: object } = {}): RawObject => ({
    apiVersion: fields.apiVersion ?? apiVersion,
    kind: fields.kind ?? 'ListenerSet',
    metadata: { name: 'extra', namespace: 'shop', annotations: fields.annotations },
    spec: { parentRef: edge, listeners: [{ name: 'one', port: 8080, protocol: 'HTTP' }] },
    status: { conditions: [{ type: 'Accepted', status: fields.accepted ?? 'True' }], listeners: [{ name: 'one', conditions: accepted }] },
  });
  const route = routeOf({ parents: [{ kind: 'ListenerSet', name: 'extra' }] });
  const flag = '--gateway-listener-sets';

  it('reads the set and its Gateway', async () => {
    const { lines, reads } = await compute([gatewayOf({ sets: 'All' }), set(), route], flag);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
    assert.deepEqual(reads, ['gateway.networking.k8s.io/listenersets get shop/extra', 'gateway.networking.k8s.io/gateways get infra/edge']);
  });

  it('may name the experimental kind', async () => {
    const experimental = { apiVersion: 'gateway.networking.x-k8s.io/v1alpha1', kind: 'XListenerSet' };
    const parent = { group: 'gateway.networking.x-k8s.io', kind: 'XListenerSet', name: 'extra' };
    const { lines } = await compute([gatewayOf({ sets: 'All' }), set(experimental), routeOf({ parents: [parent] })], flag);
    assert.deepEqual(lines, ['web.example.org A 192.0.2.1']);
  });

  it('takes the targets of the set before those of the Gateway', async () => {
    const annotations = { 'external-dns.kubernetes.io/target': '203.0.113.2' };
    const { lines } = await compute([gatewayOf({ sets: 'All', addresses: [] }), set({ annotations }), route], flag);
    assert.deepEqual(lines, ['web.example.org A 203.0.113.2']);
  });

  it('gives nothing without --gateway-listener-sets, and reads nothing', async () => {
    const { lines, reads, pending } = await compute([gatewayOf({ sets: 'All' }), set(), route]);
    assert.deepEqual([lines, reads, pending], [[], [], []]);
  });

  for (const [name, objects, expected] of [
    ['the set is not there', [gatewayOf({ sets: 'All' }), route], 'ListenerSet shop/extra does not exist'],
    ['its Gateway is not there', [set(), route], 'Gateway infra/edge of ListenerSet shop/extra does not exist'],
    ['its Gateway allows no sets', [gatewayOf(), set(), route], 'Gateway infra/edge does not allow ListenerSet shop/extra'],
    ['its Gateway has not accepted the set', [gatewayOf({ sets: 'All' }), set({ accepted: 'False' }), route], 'ListenerSet shop/extra has not been accepted by Gateway infra/edge'],
    ['its Gateway has no address', [gatewayOf({ sets: 'All', addresses: [] }), set(), route], 'Gateway infra/edge of ListenerSet shop/extra has no address'],
  ] as const)
    it(`waits where ${name}`, async () => assert.deepEqual((await compute(objects, flag)).pending, [`web.example.org: ${expected}`]));
});

describe('protocols and kinds of listeners', () => {
  const listener = (protocol: string, ...kinds: string[]) => ({
    name: 'l',
    port: 1,
    protocol,
    hostname: 'db.example.org',
    allowedRoutes: { namespaces: { from: 'All' }, kinds: kinds.map((kind) => ({ kind })) },
  });
  for (const [protocol, kinds, takes] of [
    ['TCP', [], true],
    ['TLS', [], true],
    ['HTTP', [], false],
    ['UDP', [], false],
    ['TCP', ['TCPRoute'], true],
    ['TLS', ['TLSRoute'], false],
  ] as const)
    it(`a ${protocol} listener for ${kinds.join() || 'all kinds'} ${takes ? 'takes' : 'does not take'} a TCPRoute`, async () => {
      const objects = [gatewayOf({ listeners: [listener(protocol, ...kinds)] }), routeOf({ kind: 'TCPRoute', hostnames: [] })];
      const { lines } = await probe(gatewayTCPRoute, [], objects, 'shop/web');
      assert.deepEqual(lines, takes ? ['db.example.org A 192.0.2.1'] : []);
    });
});

describe('references to parents', () => {
  const ref: ParentRef = { group: 'g', kind: 'Gateway', namespace: 'infra', name: 'edge', sectionName: '', port: 0 };
  for (const [name, reported, wanted, same] of [
    ['equal ones', {}, {}, true],
    ['another name', { name: 'other' }, {}, false],
    ['another namespace', { namespace: 'shop' }, {}, false],
    ['another kind', { kind: 'ListenerSet' }, {}, false],
    ['another group', { group: 'h' }, {}, false],
    ['another section', { sectionName: 'a' }, { sectionName: 'b' }, false],
    ['a section that only the status names', { sectionName: 'a' }, {}, true],
    ['another port', { port: 1 }, { port: 2 }, false],
  ] as const)
    it(`${same ? 'are' : 'are not'} the same with ${name}`, () => assert.equal(isOf({ ...ref, ...reported }, { ...ref, ...wanted }), same));

  for (const [name, wanted, meant] of [
    ['no section and port', {}, true],
    ['its section', { sectionName: 'http' }, true],
    ['its section and another port', { sectionName: 'http', port: 81 }, false],
    ['another section and its port', { sectionName: 'https', port: 80 }, false],
    ['its port', { port: 80 }, true],
  ] as const)
    it(`${meant ? 'mean' : 'do not mean'} a listener by ${name}`, () => assert.equal(isMeant({ name: 'http', port: 80, host: '', routes: 'all' }, { ...ref, ...wanted }), meant));
});
