import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeCloudMap, type GivenService } from '../../../test/support/fake-cloud-map.ts';
import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { everyDomain } from '../../endpoint/domain-filter.ts';
import { type Endpoint, endpoint, type EndpointFields } from '../../endpoint/endpoint.ts';
import { descriptionLabel, parseLabels, serializeLabels } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { AwsRefusal } from '../../http/aws/errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { planName } from '../../plan/plan-name.ts';
import type { PlanRules } from '../../plan/plan.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import type { Instance, Namespace } from './client.ts';
import { CloudMapProvider, type CloudMapSettings } from './provider.ts';

const never = new AbortController().signal;
const alb = 'my-alb-1.eu-central-1.elb.amazonaws.com';
const of = (owner: string): string => serializeLabels({ owner, resource: 'crd/default/wanted' });

function open(fake: FakeCloudMap, settings: Partial<CloudMapSettings> = {}): Provider {
  const provider = new CloudMapProvider({ client: fake, type: '', tags: {}, keepsOwners: true, oldOwnerId: '', cleansUpFor: undefined, log: silentLogger, sleep: async () => {}, ...settings });
  const setup = { options: { zoneIdFilter: [], batchChangeSize: 0, batchChangeIntervalMs: 0 }, env: {}, domainFilter: everyDomain, log: silentLogger, metrics: noMetrics, signal: never } as unknown as ProviderSetup;
  return zoneEngine(provider, setup, { tries: 1 });
}

const make = (fields: Partial<EndpointFields> = {}): Endpoint => endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], ...fields });
const address = (...targets: string[]): readonly Instance[] => targets.map((t) => ({ Id: t, Attributes: { [t.includes(':') ? 'AWS_INSTANCE_IPV6' : 'AWS_INSTANCE_IPV4']: t } }));

/** One run for owner `me`, with the ownership that the registry adds; gives the outcomes. */
async function run(provider: Provider, wanted: readonly Endpoint[], more: Partial<PlanRules> = {}): Promise<readonly Outcome[]> {
  const rules: PlanRules = { policy: 'sync', manages: () => true, matches: () => true, ownerId: 'me', oldOwnerId: '', ...more };
  const { records = [] } = await provider.snapshot(never);
  const held = records.map((e) => ({ ...e, labels: parseLabels(e.labels[descriptionLabel] ?? '') ?? {} }));
  const adjusted = await provider.adjust(wanted, never);
  const ofName = (list: readonly Endpoint[], name: string): Endpoint[] => list.filter((e) => normalizeName(e.dnsName) === name);
  const names = new Set([...held, ...adjusted].map((e) => normalizeName(e.dnsName)));
  const groups = [...names].flatMap((name) => planName(name, ofName(adjusted, name), ofName(held, name), rules)).flatMap((row) => row.group ?? []);
  return provider.apply(groups.map(rules.ownerId === undefined ? (g) => g : described), never);
}

const withOwner = (e: Endpoint): Endpoint => ({ ...e, labels: { ...e.labels, [descriptionLabel]: of('me') } });
const described = (group: ChangeGroup): ChangeGroup => ({
  ...group,
  changes: group.changes.map((c) => (c.action === 'create' ? { ...c, after: withOwner(c.after) } : c.action === 'delete' ? { ...c, before: withOwner(c.before) } : { ...c, before: withOwner(c.before), after: withOwner(c.after) })),
});
const results = (outcomes: readonly Outcome[]): string[] => outcomes.map((o) => o.result);

describe('Cloud Map', () => {
  it('makes, changes and empties a service, and then has nothing to do', async () => {
    const fake = new FakeCloudMap();
    const provider = open(fake);
    await run(provider, [make({ targets: ['192.0.2.1', '192.0.2.2'] })]);
    assert.deepEqual(fake.state(), ['web A 300 me: 192.0.2.1 192.0.2.2']);
    assert.deepEqual(await run(provider, [make({ targets: ['192.0.2.1', '192.0.2.2'] })]), []);
    fake.calls.length = 0;
    await run(provider, [make({ targets: ['192.0.2.2', '192.0.2.3'], ttlSeconds: 60 })]);
    assert.deepEqual(fake.state(), ['web A 60 me: 192.0.2.2 192.0.2.3']);
    assert.deepEqual(fake.calls.slice(2), ['update web', 'read web', 'register 192.0.2.3', 'deregister 192.0.2.1']);
    await run(provider, []);
    assert.deepEqual(fake.state(), ['web A 60 me:']);
  });

  it('is not disturbed by services without DNS and by namespaces of type HTTP', async () => {
    const namespaces: readonly Namespace[] = [{ Id: 'ns-1', Name: 'example.org', Type: 'DNS_PUBLIC' }, { Id: 'ns-2', Name: 'example.org', Type: 'HTTP' }];
    const fake = new FakeCloudMap(
      [
        { name: 'shop', type: '', description: 'for the shop', instances: address('192.0.2.9') },
        { name: 'bare', type: '', description: of('me'), namespace: 'ns-2', instances: address('192.0.2.9') },
      ],
      namespaces,
    );
    assert.deepEqual(results(await run(open(fake), [make()])), ['applied']);
    assert.deepEqual(fake.state(), ['bare no DNS me: 192.0.2.9', 'shop no DNS for the shop: 192.0.2.9', 'web A 300 me: 192.0.2.1']);
  });

  it('publishes A of a name that has both families, and is at rest then', async () => {
    const fake = new FakeCloudMap();
    const provider = open(fake);
    const wishes = [make(), make({ recordType: 'AAAA', targets: ['2001:db8::1'] })];
    assert.deepEqual(results(await run(provider, wishes)), ['applied']);
    assert.deepEqual(fake.state(), ['web A 300 me: 192.0.2.1']);
    assert.deepEqual(await run(provider, wishes), []);
  });

  it('takes the type of a service from its DNS settings, whatever its instances carry', async () => {
    const { records = [] } = await open(new FakeCloudMap([{ type: 'A', instances: [...address('192.0.2.1'), ...address('2001:db8::1')] }, { name: 'six', type: 'AAAA', instances: address('2001:db8::2') }])).snapshot(never);
    assert.deepEqual(records.map((e) => `${e.dnsName} ${e.recordType} ${e.targets.join()}`), ['web.example.org A 192.0.2.1', 'six.example.org AAAA 2001:db8::2']);
  });

  const kinds: readonly [title: string, wish: Partial<EndpointFields>, state: string][] = [
    ['a CNAME', { recordType: 'CNAME', targets: ['lb.example.net'] }, 'web CNAME 300 me: lb.example.net'],
    ['an AAAA record', { recordType: 'AAAA', targets: ['2001:db8::1'] }, 'web AAAA 300 me: 2001:db8::1'],
    ['an alias', { recordType: 'CNAME', targets: [alb] }, `web A 300 me: ${alb}`],
  ];
  for (const [title, wish, state] of kinds)
    it(`makes the service anew where addresses become ${title}`, async () => {
      const fake = new FakeCloudMap([{ description: of('me'), instances: address('192.0.2.1') }]);
      const provider = open(fake);
      assert.deepEqual(results(await run(provider, [make(wish)])), ['applied']);
      assert.deepEqual(fake.state(), [state]);
      assert.deepEqual(await run(provider, [make(wish)]), []);
    });

  it('makes the service anew where a CNAME becomes an alias', async () => {
    const fake = new FakeCloudMap([{ type: 'CNAME', description: of('me'), instances: [{ Id: 'lb.example.net', Attributes: { AWS_INSTANCE_CNAME: 'lb.example.net' } }] }]);
    assert.deepEqual(results(await run(open(fake), [make({ recordType: 'CNAME', targets: [alb] })])), ['applied']);
    assert.deepEqual(fake.state(), [`web A 300 me: ${alb}`]);
  });

  it('puts the instances back where a service cannot be made anew', async () => {
    const fake = new FakeCloudMap([{ description: of('me'), instances: address('192.0.2.1', '192.0.2.2') }]);
    fake.fault = (call) => {
      if (call === 'delete web') throw new AwsRefusal('no', 'InvalidInput');
    };
    assert.deepEqual(results(await run(open(fake), [make({ recordType: 'CNAME', targets: ['lb.example.net'] })])), ['failed']);
    assert.deepEqual(fake.state(), ['web A 300 me: 192.0.2.1 192.0.2.2']);
  });

  it('waits for the instances to go before it makes a service anew', async () => {
    const fake = new FakeCloudMap([{ description: of('me'), instances: address('192.0.2.1') }]);
    let tries = 0;
    fake.fault = (call) => {
      if (call === 'delete web' && ++tries < 4) throw new AwsRefusal('it has instances', 'ResourceInUse');
    };
    const waits: number[] = [];
    assert.deepEqual(results(await run(open(fake, { sleep: async (ms) => waits.push(ms) }), [make({ recordType: 'CNAME', targets: ['lb.example.net'] })])), ['applied']);
    assert.deepEqual(waits, [500, 1000, 2000]);
  });

  const foreign: readonly [title: string, given: GivenService, result: string[]][] = [
    ['of another owner', { description: of('metoo'), instances: address('192.0.2.9') }, []],
    ['without a description', { instances: address('192.0.2.9') }, []],
    ['with a description of somebody else', { description: 'for the shop', instances: address('192.0.2.9') }, []],
    ['without description and instances', {}, ['failed']],
    ['without DNS', { type: '', instances: address('192.0.2.9') }, ['failed']],
  ];
  for (const [title, given, expected] of foreign)
    it(`leaves a service ${title} alone`, async () => {
      const fake = new FakeCloudMap([given]);
      const before = fake.state();
      assert.deepEqual(results(await run(open(fake), [make()])), expected);
      assert.deepEqual(results(await run(open(fake), [])), []);
      assert.deepEqual(fake.state(), before);
    });

  it('takes a service that another owner has emptied', async () => {
    const fake = new FakeCloudMap([{ description: of('you') }]);
    await run(open(fake), [make()]);
    assert.deepEqual(fake.state(), ['web A 300 me: 192.0.2.1']);
  });

  it('moves services from one owner to another', async () => {
    const fake = new FakeCloudMap([{ ttlSeconds: 60, description: of('old'), instances: address('192.0.2.1') }]);
    await run(open(fake, { oldOwnerId: 'old' }), [make()], { oldOwnerId: 'old' });
    assert.deepEqual(fake.state(), ['web A 60 me: 192.0.2.1']);
  });

  it('cleans up services of its own owner only, and only where they are empty', async () => {
    const services = [{ name: 'a', description: of('me') }, { name: 'b', description: of('metoo') }, { name: 'c' }, { name: 'd', description: of('me'), instances: address('192.0.2.1') }, { name: 'e', description: 'heritage=external-dns,external-dns/owner=me' }];
    const fake = new FakeCloudMap(services);
    await open(fake, { cleansUpFor: 'me' }).snapshot(never);
    assert.deepEqual(fake.state(), ['b A 300 metoo:', 'c A 300 -:', 'd A 300 me: 192.0.2.1']);
    const untouched = new FakeCloudMap(services);
    await open(untouched).snapshot(never);
    assert.equal(untouched.state().length, 5);
    await open(untouched, { cleansUpFor: 'me' }).recordsOf?.(['a.example.org'], never);
    assert.equal(untouched.state().length, 5);
  });

  it('makes a service again that was cleaned up and is wanted once more', async () => {
    const fake = new FakeCloudMap([{ description: of('me') }]);
    await run(open(fake, { cleansUpFor: 'me' }), [make()]);
    assert.deepEqual(fake.state(), ['web A 300 me: 192.0.2.1']);
  });

  it('without a registry takes every service that has a description for its own', async () => {
    const fake = new FakeCloudMap([{ name: 'a', description: 'x', instances: address('192.0.2.1') }, { name: 'b', instances: address('192.0.2.2') }]);
    await run(open(fake, { keepsOwners: false }), [make()], { ownerId: undefined });
    assert.deepEqual(fake.state(), ['a A 300 x:', 'b A 300 -: 192.0.2.2', 'web A 300 : 192.0.2.1']);
  });

  it('goes on where somebody else makes the service first', async () => {
    const fake = new FakeCloudMap();
    const provider = open(fake);
    await run(provider, []);
    await run(open(fake), [make()]);
    const created = withOwner(make({ targets: ['192.0.2.2'] }));
    assert.deepEqual(results(await provider.apply([{ name: 'web.example.org', setIdentifier: '', reason: '', changes: [{ action: 'create', after: created }] }], never)), ['applied']);
    assert.deepEqual(fake.state(), ['web A 300 me: 192.0.2.1 192.0.2.2']);
  });

  it('has no service for the name of the namespace itself', async () => {
    const fake = new FakeCloudMap();
    assert.deepEqual(results(await run(open(fake), [make({ dnsName: 'example.org' })])), ['skipped']);
    assert.deepEqual(fake.state(), []);
  });

  it('reads single names without the instances of others', async () => {
    const fake = new FakeCloudMap(['a', 'b', 'c'].map((name) => ({ name, description: of('me'), instances: address('192.0.2.1') })));
    const provider = open(fake);
    const records = (await provider.recordsOf?.(['b.example.org', 'none.example.org'], never)) ?? [];
    assert.deepEqual(records.map((e) => e.dnsName), ['b.example.org']);
    assert.deepEqual(fake.calls, ['list example.org', 'read b']);
  });
});
