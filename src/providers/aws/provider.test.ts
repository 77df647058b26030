import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeRoute53 } from '../../../test/support/fake-route53.ts';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { everyDomain } from '../../endpoint/domain-filter.ts';
import { type Endpoint, endpoint, type EndpointFields } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { DeniedError } from '../../http/aws/errors.ts';
import { StatusError } from '../../http/client/index.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { planName } from '../../plan/plan-name.ts';
import type { PlanRules } from '../../plan/plan.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { LostAnswerError } from './client.ts';
import { toRecordSet } from './convert.ts';
import type { RecordSet } from './record-set.ts';
import { Route53 } from './provider.ts';
import { type Account, Accounts, type ZoneFilter } from './zones.ts';

const never = new AbortController().signal;
const alb = 'web-1.eu-central-1.elb.amazonaws.com';

interface Options {
  readonly filter?: Partial<ZoneFilter>;
  readonly batch?: number;
  readonly log?: Logger;
}

function open(fakes: readonly FakeRoute53[], { filter = {}, batch = 1000, log = silentLogger }: Options = {}): Provider {
  const accounts = fakes.map((client, i): Account => ({ profile: `p${i}`, client }));
  const provider = new Route53(new Accounts(accounts, { domainFilter: everyDomain, matchParent: false, type: '', ids: [], tags: [], ...filter }, log), { preferCNAME: false, evaluateTargetHealth: true, log });
  const setup = { options: { zoneIdFilter: [], batchChangeSize: 0, batchChangeIntervalMs: 0 }, env: {}, domainFilter: everyDomain, log, metrics: noMetrics, signal: never } as unknown as ProviderSetup;
  return zoneEngine(provider, setup, { managesZone: () => true, batch: { changes: batch }, batchIntervalMs: 0, tries: 1 });
}

const rules: PlanRules = { policy: 'sync', manages: () => true, matches: () => true, ownerId: undefined, oldOwnerId: '' };

/** One run of the program without a registry; gives the groups that were due. */
async function run(provider: Provider, wanted: readonly Endpoint[]): Promise<readonly ChangeGroup[]> {
  const { records = [] } = await provider.snapshot(never);
  const adjusted = await provider.adjust(wanted, never);
  const names = new Set([...records, ...adjusted].map((e) => normalizeName(e.dnsName)));
  const of = (list: readonly Endpoint[], name: string): Endpoint[] => list.filter((e) => normalizeName(e.dnsName) === name);
  const groups = [...names].flatMap((name) => planName(name, of(adjusted, name), of(records, name), rules)).flatMap((row) => row.group ?? []);
  for (const outcome of await provider.apply(groups, never)) assert.equal(outcome.result, 'applied', outcome.result === 'failed' ? outcome.error.message : outcome.group.name);
  return groups;
}

const make = (fields: Partial<EndpointFields> = {}, values: Readonly<Record<string, string>> = {}): Endpoint =>
  endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], providerSpecific: Object.entries(values).map(([name, value]) => ({ name, value })), ...fields });
const a = (name: string, ...values: string[]): RecordSet => ({ name, type: 'A', values, ttlSeconds: 300 });
const split = (publicSets: readonly RecordSet[] = [], privateSets: readonly RecordSet[] = []): FakeRoute53 => new FakeRoute53([{ id: 'ZPUB', sets: publicSets }, { id: 'ZPRIV', private: true, sets: privateSets }]);

describe('a second run has nothing to do', () => {
  const cases: readonly { title: string; wanted: readonly Endpoint[] }[] = [
    { title: 'for a load balancer', wanted: [make({ recordType: 'CNAME', targets: [alb], ttlSeconds: 60 })] },
    { title: 'for a record that is pinned to one zone', wanted: [make({}, { 'aws/hosted-zone-id': '/hostedzone/ZPRIV' })] },
    { title: 'for an alias that is pinned to one zone', wanted: [make({ recordType: 'CNAME', targets: [alb] }, { 'aws/hosted-zone-id': 'ZPRIV' })] },
    { title: 'where the zone of a target is named', wanted: [make({ targets: [alb] }, { alias: 'true', 'aws/target-hosted-zone': 'Z215JYRZR1TBD5' })] },
    { title: 'where the zone of a target does not follow from it', wanted: [make({ targets: ['lb.example.net'] }, { alias: 'true', 'aws/target-hosted-zone': 'ZELSE' })] },
    { title: 'for a continent and a country', wanted: [make({ setIdentifier: 'x' }, { 'aws/geolocation-continent-code': 'EU', 'aws/geolocation-country-code': 'DE' })] },
    { title: 'for an alias in its own zone', wanted: [make({ targets: ['example.org'] }, { alias: 'true' })] },
    { title: 'for multivalue', wanted: [make({ setIdentifier: 'x' }, { 'aws/multi-value-answer': 'true' })] },
  ];
  for (const { title, wanted } of cases)
    it(title, async () => {
      const fake = split();
      assert.ok((await run(open([fake]), wanted)).length > 0);
      const again = open([fake]);
      for (let i = 0; i < 3; i++) assert.deepEqual(await run(again, wanted), []);
      // and all goes again
      await run(open([fake]), []);
      assert.deepEqual([fake.names('ZPUB'), fake.names('ZPRIV')], [[], []]);
    });
});

describe('a name in a public and a private zone', () => {
  it('stands in both', async () => {
    const fake = split();
    await run(open([fake]), [make()]);
    assert.deepEqual([fake.names('ZPUB'), fake.names('ZPRIV')], [['web.example.org A 192.0.2.1'], ['web.example.org A 192.0.2.1']]);
  });

  it('has an alias to its own zone in each', async () => {
    const fake = split();
    await run(open([fake]), [make({ targets: ['lb.example.org'] }, { alias: 'true' })]);
    assert.deepEqual([fake.names('ZPUB'), fake.names('ZPRIV')], [['web.example.org A -> ZPUB'], ['web.example.org A -> ZPRIV']]);
  });

  it('is made where it is missing once it changes', async () => {
    const fake = split([a('web.example.org', '192.0.2.9')]);
    await run(open([fake]), [make()]);
    assert.deepEqual([fake.names('ZPUB'), fake.names('ZPRIV')], [['web.example.org A 192.0.2.1'], ['web.example.org A 192.0.2.1']]);
  });

  it('is not moved as long as nothing of it changes', async () => {
    const fake = split([a('web.example.org', '192.0.2.1')]);
    assert.deepEqual(await run(open([fake]), [make()]), []);
  });

  it('becomes an alias where it is missing, too', async () => {
    const fake = split([a('web.example.org', '192.0.2.9')]);
    await run(open([fake]), [make({ targets: [alb] }, { alias: 'true' })]);
    assert.deepEqual([fake.names('ZPUB'), fake.names('ZPRIV')], [['web.example.org A -> Z215JYRZR1TBD5'], ['web.example.org A -> Z215JYRZR1TBD5']]);
  });

  it('goes only where it stands as it was', async () => {
    const fake = split([a('web.example.org', '192.0.2.1')], [a('web.example.org', '10.0.0.1')]);
    const warnings: string[] = [];
    await run(open([fake], { log: { ...silentLogger, warning: (message) => void warnings.push(message) } }), []);
    assert.deepEqual([fake.names('ZPUB'), fake.names('ZPRIV')], [[], ['web.example.org A 10.0.0.1']]);
    assert.equal(warnings.length, 1);
  });

  it('can be moved to another zone by its pin', async () => {
    const fake = split([a('web.example.org', '192.0.2.1')]);
    await run(open([fake]), [make({}, { 'aws/hosted-zone-id': 'ZPRIV' })]);
    assert.deepEqual(fake.names('ZPRIV'), ['web.example.org A 192.0.2.1']);
  });

  it('is left alone where its pin leads nowhere', async () => {
    const fake = split([a('web.example.org', '192.0.2.1')]);
    const provider = open([fake]);
    await provider.snapshot(never);
    assert.deepEqual(await provider.adjust([make({}, { 'aws/hosted-zone-id': 'ZELSE' })], never), []);
    const gone: Change = { action: 'delete', before: make({ ttlSeconds: 300 }) };
    const [outcome] = await provider.apply([{ name: 'web.example.org', setIdentifier: '', changes: [gone], reason: '' }], never);
    assert.equal(outcome?.result, 'skipped');
    assert.deepEqual(fake.names('ZPUB'), ['web.example.org A 192.0.2.1']);
  });

  it('lies in the public zone with the longest name, and in all private ones', async () => {
    const fake = new FakeRoute53([{ id: 'ZTOP' }, { id: 'ZSUB', name: 'sub.example.org' }, { id: 'ZPTOP', private: true }, { id: 'ZPSUB', name: 'sub.example.org', private: true }, { id: 'ZOTHER', name: 'b.example.org', private: true }]);
    await run(open([fake]), [make({ dnsName: 'web.sub.example.org' })]);
    assert.deepEqual(['ZTOP', 'ZSUB', 'ZPTOP', 'ZPSUB', 'ZOTHER'].map((id) => fake.names(id).length), [0, 1, 1, 1, 0]);
  });
});

describe('batches', () => {
  const groupOf = (name: string): ChangeGroup => ({ name, setIdentifier: '', reason: '', changes: Object.entries({ A: '192.0.2.1', AAAA: '2001:db8::1', TXT: '"x"', MX: '10 mx.example.net' }).map(([recordType, target]) => ({ action: 'create', after: make({ dnsName: name, recordType, targets: [target] }) })) });

  it('hold a name that is larger than the limit by itself, and it is never dropped', async () => {
    const fake = new FakeRoute53([{ id: 'Z' }]);
    const warnings: string[] = [];
    const provider = open([fake], { batch: 2, log: { ...silentLogger, warning: (message) => void warnings.push(message) } });
    const outcomes = await provider.apply([groupOf('a.example.org'), groupOf('b.example.org')], never);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'applied']);
    assert.equal(fake.calls.filter((c) => c.startsWith('change')).length, 2);
    assert.equal(warnings.length, 2);
  });

  it('count the values of updates twice', async () => {
    const fake = new FakeRoute53([{ id: 'Z', sets: Array.from({ length: 600 }, (_, i) => a(`h${i}.example.org`, '192.0.2.1')) }]);
    await run(open([fake]), Array.from({ length: 600 }, (_, i) => make({ dnsName: `h${i}.example.org`, targets: ['192.0.2.2'] })));
    assert.deepEqual(fake.calls.filter((c) => c.startsWith('change')).map((c) => c.split(' ').length - 2), [500, 100]);
  });

  it('leave out the bad name alone', async () => {
    const fake = new FakeRoute53([{ id: 'Z', sets: [a('h3.example.org', '192.0.2.9')] }]);
    const groups = Array.from({ length: 8 }, (_, i): ChangeGroup => ({ name: `h${i}.example.org`, setIdentifier: '', reason: '', changes: [{ action: 'create', after: make({ dnsName: `h${i}.example.org` }) }] }));
    const outcomes = await open([fake]).apply(groups, never);
    assert.deepEqual(outcomes.flatMap((o) => (o.result === 'applied' ? [] : [o.group.name])), ['h3.example.org']);
    assert.equal(fake.names('Z').length, 8);
  });

  const troubles: readonly { title: string; error: Error }[] = [
    { title: 'Route 53 is in trouble', error: new SoftError('status 500') },
    { title: 'they come too soon for long', error: new StatusError('Throttling', 429, {}) },
    { title: 'one of their names is not allowed', error: new DeniedError('allow the action route53:ChangeResourceRecordSets') },
  ];
  for (const { title, error } of troubles)
    it(`are tried name by name where ${title}`, async () => {
      const fake = new FakeRoute53([{ id: 'Z' }]);
      fake.fault = (call) => {
        if (/(?:CREATE ?){5}/.test(call)) throw error;
      };
      const outcomes = await open([fake]).apply(['a', 'b', 'c'].map((name) => groupOf(`${name}.example.org`)), never);
      assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'applied', 'applied']);
    });

  for (const made of [true, false])
    it(`whose answer was lost count as ${made ? 'made where they stand' : 'refused where they do not stand'}`, async () => {
      const fake = new FakeRoute53([{ id: 'Z' }]);
      const [group] = [groupOf('a.example.org')];
      fake.fault = (call) => {
        if (!call.startsWith('change')) return;
        if (made) fake.put('Z', group.changes.flatMap((c) => (c.after ? [toRecordSet({ ...c.after, ttlSeconds: 300 }, 'Z')] : [])));
        throw new LostAnswerError('an earlier try may have made them');
      };
      assert.deepEqual((await open([fake]).apply([group], never)).map((o) => o.result), [made ? 'applied' : 'failed']);
    });

  it('stop where credentials are wrong', async () => {
    const fake = new FakeRoute53([{ id: 'Z' }]);
    fake.fault = (call) => {
      if (call.startsWith('change')) throw new ConfigurationError('check the credentials');
    };
    const outcomes = await open([fake]).apply([groupOf('a.example.org'), groupOf('b.example.org')], never);
    assert.deepEqual(outcomes.map((o) => o.result === 'failed' && o.state), ['unchanged', 'unchanged']);
    assert.equal(fake.calls.filter((c) => c.startsWith('change')).length, 1);
  });
});

describe('calls', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => a(`h${i}.example.org`, '192.0.2.1'));

  it('to read 20,000 records are 67 and one for the zones', async () => {
    const fake = new FakeRoute53([{ id: 'Z', sets: many }]);
    const { records } = await open([fake]).snapshot(never);
    assert.deepEqual([records?.length, fake.calls.length], [20_000, 68]);
  });

  it('for one name of them are one to read it and one to change it', async () => {
    const fake = new FakeRoute53([{ id: 'Z', sets: many }]);
    const provider = open([fake]);
    await provider.snapshot(never);
    fake.calls.length = 0;
    const records = await provider.recordsOf?.(['h7.example.org'], never);
    assert.deepEqual(records?.map((e) => e.dnsName), ['h7.example.org']);
    const [before] = records ?? [];
    assert.ok(before);
    await provider.apply([{ name: 'h7.example.org', setIdentifier: '', reason: '', changes: [{ action: 'update', before, after: make({ dnsName: 'h7.example.org', targets: ['192.0.2.2'] }) }] }], never);
    assert.deepEqual(fake.calls, ['read Z', 'change Z UPSERT']);
  });

  it('for names of a small zone are one to read all of it', async () => {
    const fake = new FakeRoute53([{ id: 'Z', sets: many.slice(0, 250) }]);
    const provider = open([fake]);
    await provider.snapshot(never);
    fake.calls.length = 0;
    const names = ['h7.example.org', 'h8.example.org', 'h9.example.org', 'nothing.example.org'];
    assert.deepEqual((await provider.recordsOf?.(names, never))?.map((e) => e.dnsName).sort(), names.slice(0, 3));
    assert.deepEqual(fake.calls, ['read Z']);
  });

  it('for a name with many sets go on over pages', async () => {
    const sets = Array.from({ length: 60 }, (_, i): RecordSet => ({ ...a('w.example.org', '192.0.2.1'), setIdentifier: `s${i}`, weight: '1' }));
    const fake = new FakeRoute53([{ id: 'Z', sets: [...many.slice(0, 600), ...sets, a('x.example.org', '192.0.2.1')] }]);
    const provider = open([fake]);
    await provider.snapshot(never);
    assert.equal((await provider.recordsOf?.(['w.example.org'], never))?.length, 60);
  });
});

describe('what is not ours to manage', () => {
  it('are the name servers of the zone, and types that are not known', async () => {
    const sets: RecordSet[] = [{ name: 'example.org', type: 'NS', values: ['ns-1.example.net'], ttlSeconds: 60 }, { name: 'example.org', type: 'SOA', values: ['x'], ttlSeconds: 60 }, { name: 'example.org', type: 'CAA', values: ['0 issue "x"'], ttlSeconds: 60 }, { name: 'sub.example.org', type: 'NS', values: ['ns-1.example.net'], ttlSeconds: 60 }];
    const { records } = await open([new FakeRoute53([{ id: 'Z', sets }])]).snapshot(never);
    assert.deepEqual(records?.map((e) => e.dnsName), ['sub.example.org']);
  });
});

describe('accounts', () => {
  it('give their zones together, each once', async () => {
    const [one, two] = [new FakeRoute53([{ id: 'Z1' }, { id: 'ZBOTH', name: 'example.com' }]), new FakeRoute53([{ id: 'Z2', name: 'example.net' }, { id: 'ZBOTH', name: 'example.com' }])];
    await run(open([one, two]), [make(), make({ dnsName: 'web.example.net' })]);
    assert.deepEqual([one.names('Z1').length, two.names('Z2').length], [1, 1]);
  });

  it('that cannot be listed keep the zones that they had, so that their names go to no other zone', async () => {
    const [one, two] = [new FakeRoute53([{ id: 'Z1' }]), new FakeRoute53([{ id: 'ZSUB', name: 'sub.example.org' }])];
    const provider = open([one, two]);
    await provider.snapshot(never);
    two.fault = (call) => {
      if (call === 'zones') throw new SoftError('too many requests');
    };
    await run(provider, [make({ dnsName: 'web.sub.example.org' })]);
    assert.deepEqual([one.names('Z1').length, two.names('ZSUB').length], [0, 1]);
  });

  it('that could never be listed stop the reading', async () => {
    const [one, two] = [new FakeRoute53([{ id: 'Z1' }]), new FakeRoute53([{ id: 'Z2' }])];
    two.fault = () => {
      throw new SoftError('too many requests');
    };
    await assert.rejects(open([one, two]).snapshot(never), /too many requests/);
  });
});

describe('zones are chosen', () => {
  const only = (name: string) => ({ ...everyDomain, configured: true, matches: (n: string) => n === name || n.endsWith(`.${name}`), matchesZone: (z: string) => name === z || name.endsWith(`.${z}`) });
  const cases: readonly { title: string; filter: Partial<ZoneFilter>; ids: readonly string[] }[] = [
    { title: 'all by default', filter: {}, ids: ['ZPUB', 'ZPRIV', 'ZNET'] },
    { title: 'by type', filter: { type: 'private' }, ids: ['ZPRIV'] },
    { title: 'by the end of their ids', filter: { ids: ['PUB', ''] }, ids: ['ZPUB'] },
    { title: 'by their ids with the path', filter: { ids: ['/hostedzone/ZNET'] }, ids: ['ZNET'] },
    { title: 'by a tag with its value', filter: { tags: ['team=ZNET'] }, ids: ['ZNET'] },
    { title: 'by a tag with any value', filter: { tags: [' team '] }, ids: ['ZPUB', 'ZPRIV', 'ZNET'] },
    { title: 'by all tags', filter: { tags: ['team=ZNET', 'stage'] }, ids: [] },
    { title: 'by domain', filter: { domainFilter: only('example.net') }, ids: ['ZNET'] },
    { title: 'not above a domain', filter: { domainFilter: only('x.example.net') }, ids: [] },
    { title: 'or above it where that is asked for', filter: { domainFilter: only('x.example.net'), matchParent: true }, ids: ['ZNET'] },
  ];
  for (const { title, filter, ids } of cases)
    it(title, async () => {
      const fake = new FakeRoute53([{ id: 'ZPUB' }, { id: 'ZPRIV', private: true }, { id: 'ZNET', name: 'example.net' }]);
      const accounts = new Accounts([{ profile: '', client: fake }], { domainFilter: everyDomain, matchParent: false, type: '', ids: [], tags: [], ...filter }, silentLogger);
      assert.deepEqual((await accounts.zones(never)).map((z) => z.id), ids);
    });
});
