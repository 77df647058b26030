import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { type Endpoint, endpoint, ownedRecordLabel } from '../../endpoint/endpoint.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { RequestError, StatusError, statusError } from '../../http/client/index.ts';
import { silentLogger, type Logger } from '../../log/logger.ts';
import { type Metrics, noMetrics } from '../../metrics/metrics.ts';
import type { ProviderSetup } from '../provider.ts';
import { type EngineOptions, zoneEngine } from './zone-engine.ts';
import type { Limits, Zone, ZoneProvider } from './zone-provider.ts';

const never = new AbortController().signal;

interface FakeOptions {
  readonly granularity?: ZoneProvider['granularity'];
  readonly zones?: readonly string[];
  readonly limits?: Limits;
  readonly recordTypes?: readonly string[];
  readonly idempotent?: boolean;
  readonly records?: Readonly<Record<string, readonly Endpoint[]>>;
  /** Throws to make a call fail. */
  readonly fault?: (zone: string, changes: readonly Change[], call: number) => void;
  readonly finish?: (zone: string, complete: boolean) => void;
}

/** A provider that notes its calls. */
function fake(options: FakeOptions = {}): { calls: { zone: string; changes: string[] }[]; provider: ZoneProvider } {
  const calls: { zone: string; changes: string[] }[] = [];
  const { granularity = 'zone', zones = ['example.org'], fault, finish } = options;
  const write = async (zone: Zone, changes: readonly Change[]): Promise<void> => {
    calls.push({ zone: zone.name, changes: changes.map(short) });
    fault?.(zone.name, changes, calls.length);
  };
  const base = {
    name: 'fake',
    ...(options.limits && { limits: options.limits }),
    ...(options.recordTypes && { recordTypes: options.recordTypes }),
    ...(options.idempotent && { idempotent: true }),
    zones: async () => zones.map((name, i) => ({ id: `/zones/${i}`, name })),
    records: async (zone: Zone) => options.records?.[zone.name] ?? [],
    ...(finish && { finish: async (zone: Zone, complete: boolean) => finish(zone.name, complete) }),
  };
  return {
    calls,
    provider: granularity === 'zone' ? { ...base, granularity, apply: write } : { ...base, granularity, apply: (zone: Zone, change: Change) => write(zone, [change]) },
  };
}

const short = (c: Change): string => {
  const e = c.after ?? c.before;
  const side = (x: Endpoint): string => `${x.targets.join(',')}${x.ttlSeconds ? `/${x.ttlSeconds}` : ''}`;
  return `${c.action} ${e.dnsName} ${e.recordType} ${c.action === 'update' ? `${side(c.before)} > ` : ''}${side(e)}`;
};

async function setup(filters: { domains?: readonly string[]; zoneIds?: readonly string[] } = {}, log: Logger = silentLogger): Promise<ProviderSetup> {
  const options = { zoneIdFilter: filters.zoneIds ?? [], batchChangeSize: 200, batchChangeIntervalMs: 0 };
  return { options: options as unknown as ProviderSetup['options'], env: {}, domainFilter: await createDomainFilter({ include: filters.domains ?? [] }), log, metrics: noMetrics, signal: never };
}

const engineOptions: EngineOptions<Zone> = { sleep: async () => {} };
const a = (name: string, ...targets: string[]): Endpoint => makeEndpoint(name, 'A', targets.length ? targets : ['192.0.2.1']);

const ownership = (name: string, owned: string): Endpoint => endpoint({ ...makeEndpoint(name, 'TXT', ['"heritage=external-dns"']), labels: { [ownedRecordLabel]: owned } });
const create = (e: Endpoint): Change => ({ action: 'create', after: e });
const group = (name: string, ...changes: Change[]): ChangeGroup => ({ name, setIdentifier: '', changes: changes.length ? changes : [create(a(name))], reason: 'test' });
const results = (outcomes: readonly Outcome[]): string[] => outcomes.map((o) => `${o.group.name} ${o.result}${o.result === 'failed' ? ` ${o.state}` : ''}`);

describe('zones of names', () => {
  const cases: readonly { readonly title: string; readonly zones: readonly string[]; readonly name: string; readonly zone: string | undefined }[] = [
    { title: 'a name below the zone', zones: ['example.org'], name: 'web.example.org', zone: 'example.org' },
    { title: 'the apex', zones: ['example.org'], name: 'example.org', zone: 'example.org' },
    { title: 'the longest match', zones: ['example.org', 'sub.example.org'], name: 'a.sub.example.org', zone: 'sub.example.org' },
    { title: 'never across the border of a label', zones: ['example.org'], name: 'notexample.org', zone: undefined },
    { title: 'a zone with a final dot', zones: ['example.org.'], name: 'web.example.org', zone: 'example.org' },
    { title: 'a zone in Unicode and a name in xn--', zones: ['bücher.example'], name: 'web.xn--bcher-kva.example', zone: 'xn--bcher-kva.example' },
    { title: 'capitals', zones: ['Example.ORG'], name: 'web.example.org', zone: 'example.org' },
  ];
  for (const { title, zones, name, zone } of cases)
    it(title, async () => {
      const engine = zoneEngine(fake({ zones }).provider, await setup(), engineOptions);
      await engine.snapshot(never);
      assert.equal(engine.zoneOf?.(name), zone);
      assert.equal(engine.domainFilter.matches(name), zone !== undefined);
    });

  it('are limited by domain filter and zone ids', async () => {
    const { provider, calls } = fake({ zones: ['example.org', 'example.net'] });
    const engine = zoneEngine(provider, await setup({ domains: ['example.org', 'example.net'], zoneIds: ['1'] }), engineOptions);
    const outcomes = await engine.apply([group('web.example.org'), group('web.example.net')], never);
    assert.deepEqual(results(outcomes), ['web.example.org skipped', 'web.example.net applied']);
    assert.equal(calls.length, 1);
  });

  it('are listed once while the cache holds', async () => {
    const { provider } = fake();
    let listed = 0;
    const counting: ZoneProvider = { ...provider, zones: (signal) => (listed++, provider.zones(signal)) };
    let now = 0;
    const engine = zoneEngine(counting, await setup(), { ...engineOptions, zonesCacheMs: 1000, now: () => now });
    await engine.snapshot(never);
    now = 999;
    await engine.snapshot(never);
    assert.equal(listed, 1);
    now = 1000;
    await engine.snapshot(never);
    assert.equal(listed, 2);
  });

  it('of several that match can be chosen by the provider', async () => {
    const { provider, calls } = fake({ zones: ['example.org', 'sub.example.org'] });
    const engine = zoneEngine({ ...provider, choose: (_name, matching) => matching }, await setup(), engineOptions);
    assert.deepEqual(await engine.apply([group('a.sub.example.org')], never).then(results), ['a.sub.example.org applied']);
    assert.deepEqual(calls.map((c) => c.zone).toSorted(), ['example.org', 'sub.example.org']);
  });
});

describe('reading', () => {
  it('puts single records of one name and type together', async () => {
    const engine = zoneEngine(fake({ records: { 'example.org': [a('web.example.org', '192.0.2.1'), makeEndpoint('web.example.org', 'TXT', ['x']), a('Web.example.org', '192.0.2.2')] } }).provider, await setup(), engineOptions);
    const { records = [] } = await engine.snapshot(never);
    assert.deepEqual(records.map((r) => [r.recordType, r.targets]), [['A', ['192.0.2.1', '192.0.2.2']], ['TXT', ['x']]]);
  });

  it('leaves a zone alone that cannot be read', async () => {
    const { provider } = fake({ zones: ['example.org', 'example.net'], records: { 'example.org': [a('web.example.org')] } });
    const broken: ZoneProvider = { ...provider, records: async (zone, signal) => (zone.name === 'example.net' ? Promise.reject(new SoftError('status 500')) : provider.records(zone, signal)) };
    const { records = [], unreadable } = await zoneEngine(broken, await setup(), engineOptions).snapshot(never);
    assert.deepEqual(records.map((r) => r.dnsName), ['web.example.org']);
    assert.deepEqual(unreadable.map((u) => [u.zone, u.error.message]), [['example.net', 'status 500']]);
  });

  it('fails where no zone can be read, or the zones cannot be listed', async () => {
    const { provider } = fake();
    for (const broken of [
      { ...provider, records: () => Promise.reject(new Error('forbidden')) },
      { ...provider, zones: () => Promise.reject(new ConfigurationError('no credentials')) },
    ] as ZoneProvider[])
      await assert.rejects(zoneEngine(broken, await setup(), engineOptions).snapshot(never), SoftError);
  });

  it('asks each zone for its names only', async () => {
    const asked: unknown[] = [];
    const { provider } = fake({ zones: ['example.org', 'example.net'] });
    const engine = zoneEngine({ ...provider, recordsOf: async (zone, names) => (asked.push([zone.name, names]), names.map((n) => a(n))) }, await setup(), engineOptions);
    const records = await engine.recordsOf?.(['b.example.net', 'a.example.org', 'c.example.net', 'x.example.com'], never);
    assert.deepEqual(asked, [['example.net', ['b.example.net', 'c.example.net']], ['example.org', ['a.example.org']]]);
    assert.equal(records?.length, 3);
  });

  it('of names in several zones is united by the provider', async () => {
    const { provider } = fake({ zones: ['example.org', 'sub.example.org'], records: { 'example.org': [a('web.sub.example.org', '192.0.2.1')], 'sub.example.org': [a('web.sub.example.org', '192.0.2.2')] } });
    const engine = zoneEngine({ ...provider, unite: (read) => read.flatMap(({ zone, records }) => (zone.name === 'sub.example.org' ? records : [])) }, await setup(), engineOptions);
    assert.deepEqual((await engine.snapshot(never)).records?.map((r) => r.targets), [['192.0.2.2']]);
  });

  it('has no reading of names where the provider has none', async () => assert.equal(zoneEngine(fake().provider, await setup(), engineOptions).recordsOf, undefined));
});

describe('the normal form of wishes', () => {
  const limits: Limits = { ttlSeconds: { default: 300, min: 60, max: 86_400 } };
  const cases: readonly { readonly title: string; readonly wish: Endpoint; readonly want: readonly unknown[] | undefined }[] = [
    { title: 'raises a TTL to the floor', wish: makeEndpoint('web.example.org', 'A', ['192.0.2.1'], { ttlSeconds: 5 }), want: [60, ['192.0.2.1']] },
    { title: 'lowers a TTL to the ceiling', wish: makeEndpoint('web.example.org', 'A', ['192.0.2.1'], { ttlSeconds: 100_000 }), want: [86_400, ['192.0.2.1']] },
    { title: 'leaves an unset TTL unset', wish: a('web.example.org'), want: [0, ['192.0.2.1']] },
    { title: 'takes one target of a CNAME, always the same', wish: makeEndpoint('web.example.org', 'CNAME', ['b.example.net', 'a.example.net']), want: [0, ['a.example.net']] },
    { title: 'leaves out a type that the provider cannot hold', wish: makeEndpoint('web.example.org', 'SRV', ['0 0 1 a.example.org.']), want: undefined },
  ];
  for (const { title, wish, want } of cases)
    it(title, async () => {
      const engine = zoneEngine(fake({ limits, recordTypes: ['A', 'CNAME'] }).provider, await setup(), engineOptions);
      const [adjusted] = await engine.adjust([wish], never);
      assert.deepEqual(adjusted && [adjusted.ttlSeconds, adjusted.targets], want);
    });

  for (const setIdentifiers of [true, false])
    it(setIdentifiers ? 'keeps set identifiers where a name may have several sets' : 'takes set identifiers off, which would never be read back', async () => {
      const engine = zoneEngine({ ...fake().provider, setIdentifiers }, await setup(), engineOptions);
      const [adjusted] = await engine.adjust([makeEndpoint('web.example.org', 'A', ['192.0.2.1'], { setIdentifier: 'blue' })], never);
      assert.equal(adjusted?.setIdentifier, setIdentifiers ? 'blue' : '');
    });

  it('warns once of each', async () => {
    const warned: string[] = [];
    const log: Logger = { ...silentLogger, warning: (message) => void warned.push(message) };
    const engine = zoneEngine(fake({ recordTypes: ['A'] }).provider, await setup({}, log), engineOptions);
    for (let i = 0; i < 3; i++) await engine.adjust([makeEndpoint('web.example.org', 'SRV', ['0 0 1 a.example.org.'])], never);
    assert.equal(warned.length, 1);
  });
});

describe('the metric of calls', () => {
  it('has the zone of each, and what came of it', async () => {
    const seen: string[] = [];
    const observe: Metrics['observe'] = (_name, _seconds, labels = {}) => void seen.push(`${labels['call']} ${labels['zone']} ${labels['status']}`);
    const { provider } = fake({
      zones: ['example.org', 'example.net.'],
      fault: (zone) => {
        if (zone === 'example.net.') throw statusError('changes', { status: 422, header: () => undefined });
      },
    });
    const engine = zoneEngine(provider, { ...(await setup()), metrics: { ...noMetrics, observe } }, engineOptions);
    await engine.snapshot(never);
    await engine.apply([group('a.example.org'), group('a.example.net')], never);
    assert.deepEqual(seen.sort(), ['apply example.net 422', 'apply example.org ok', 'records example.net ok', 'records example.org ok', 'zones  ok']);
  });
});

describe('a provider that changes zones in batches', () => {
  it('gets all changes of a zone in one call, with the default TTL', async () => {
    const { provider, calls } = fake({ zones: ['example.org', 'example.net'], limits: { ttlSeconds: { default: 300 } } });
    const outcomes = await zoneEngine(provider, await setup(), engineOptions).apply([group('a.example.org'), group('b.example.net'), group('c.example.org')], never);
    assert.deepEqual(outcomes.map((o) => [o.result, o.zone]), [['applied', 'example.org'], ['applied', 'example.net'], ['applied', 'example.org']]);
    assert.deepEqual(calls, [
      { zone: 'example.org', changes: ['create a.example.org A 192.0.2.1/300', 'create c.example.org A 192.0.2.1/300'] },
      { zone: 'example.net', changes: ['create b.example.net A 192.0.2.1/300'] },
    ]);
  });

  it('gets batches within its limits, the changes of a name never cut', async () => {
    const { provider, calls } = fake({ limits: { batch: { changes: 3 } } });
    const two = (name: string): ChangeGroup => group(name, create(a(name)), create(ownership(`a-${name}`, name)));
    await zoneEngine(provider, await setup(), engineOptions).apply([two('a.example.org'), group('b.example.org'), two('c.example.org'), two('d.example.org')], never);
    assert.deepEqual(calls.map((c) => c.changes.length), [3, 2, 2]);
  });

  it('gets what is too large alone in a batch of its own', async () => {
    const { provider, calls } = fake({ limits: { batch: { values: 2 } } });
    const outcomes = await zoneEngine(provider, await setup(), engineOptions).apply([group('a.example.org'), group('big.example.org', create(a('big.example.org', '192.0.2.1', '192.0.2.2', '192.0.2.3'))), group('c.example.org')], never);
    assert.deepEqual(calls.map((c) => c.changes.length), [1, 1, 1]);
    assert.ok(outcomes.every((o) => o.result === 'applied'));
  });

  it('applies all but the bad record', async () => {
    const { provider } = fake({ fault: (_zone, changes) => changes.some((c) => short(c).includes('bad')) && fail(new Error('status 400')) });
    const outcomes = await zoneEngine(provider, await setup(), engineOptions).apply(['a', 'bad', 'c', 'd'].map((n) => group(`${n}.example.org`)), never);
    assert.deepEqual(results(outcomes), ['a.example.org applied', 'bad.example.org failed unchanged', 'c.example.org applied', 'd.example.org applied']);
  });

  it('waits out a 429', async () => {
    const waited: number[] = [];
    const { provider, calls } = fake({ fault: (_zone, _changes, call) => call < 3 && fail(new StatusError('status 429', 429, { retryAfterMs: 2000 })) });
    const outcomes = await zoneEngine(provider, await setup(), { sleep: async (ms) => void waited.push(ms) }).apply([group('a.example.org')], never);
    assert.deepEqual(results(outcomes), ['a.example.org applied']);
    assert.equal(calls.length, 3);
    assert.deepEqual(waited, [2000, 2000]);
  });

  it('does not repeat what may have been done', async () => {
    const { provider, calls } = fake({ fault: () => fail(new RequestError('the connection was cut', 'closed')) });
    const outcomes = await zoneEngine(provider, await setup(), engineOptions).apply([group('a.example.org'), group('b.example.org')], never);
    assert.deepEqual(results(outcomes), ['a.example.org failed unknown', 'b.example.org failed unknown']);
    assert.equal(calls.length, 1);
  });

  it('repeats what may be repeated', async () => {
    const { provider } = fake({ idempotent: true, fault: (_zone, _changes, call) => call === 1 && fail(new RequestError('the connection was cut', 'closed')) });
    assert.deepEqual(results(await zoneEngine(provider, await setup(), engineOptions).apply([group('a.example.org')], never)), ['a.example.org applied']);
  });

  it('keeps the trouble of one zone from the others', async () => {
    const { provider } = fake({ zones: ['example.org', 'example.net'], fault: (zone) => zone === 'example.org' && fail(new ConfigurationError('no permission')) });
    const outcomes = await zoneEngine(provider, await setup(), engineOptions).apply([group('a.example.org'), group('b.example.net')], never);
    assert.deepEqual(results(outcomes), ['a.example.org failed unchanged', 'b.example.net applied']);
  });

  it('makes ownership in the zone above before the record, and not the record without', async () => {
    const apex = group('sub.example.org', create(a('sub.example.org')), create(ownership('a-sub.example.org', 'sub.example.org')));
    const good = fake({ zones: ['example.org', 'sub.example.org'] });
    assert.deepEqual(results(await zoneEngine(good.provider, await setup(), engineOptions).apply([apex], never)), ['sub.example.org applied']);
    assert.deepEqual(good.calls.map((c) => c.zone), ['example.org', 'sub.example.org']);
    const bad = fake({ zones: ['example.org', 'sub.example.org'], fault: (zone) => zone === 'example.org' && fail(new Error('status 400')) });
    assert.deepEqual(results(await zoneEngine(bad.provider, await setup(), engineOptions).apply([apex], never)), ['sub.example.org failed unchanged']);
    assert.equal(bad.calls.length, 1);
    const homeless = group('example.org', create(a('example.org')), create(ownership('a-example.org', 'example.org')));
    assert.deepEqual(results(await zoneEngine(fake().provider, await setup(), engineOptions).apply([homeless], never)), ['example.org skipped']);
  });

  it('is told when its changes are complete', async () => {
    const told: unknown[] = [];
    const { provider } = fake({ zones: ['example.org', 'example.net', 'example.com'], finish: (zone, complete) => void told.push([zone, complete]), fault: (_z, changes) => changes.some((c) => short(c).includes('bad')) && fail(new Error('status 400')) });
    await zoneEngine(provider, await setup(), engineOptions).apply([group('a.example.org'), group('bad.example.org'), group('b.example.net')], never);
    assert.deepEqual(told, [['example.org', false], ['example.net', true]]);
  });

  it('makes the groups of a batch in trouble by single calls, where the provider has such', async () => {
    const { provider } = fake({ limits: { ttlSeconds: { default: 300 } } });
    const single: string[] = [];
    const both: ZoneProvider = {
      ...provider,
      granularity: 'zone',
      apply: async () => fail(new StatusError('status 503', 503, {})),
      async applySingly(_zone, changes) {
        single.push(changes.map(short).join(' + '));
        if (single.at(-1)?.includes('bad')) fail(new Error('status 400'));
      },
    };
    const outcomes = await zoneEngine(both, await setup(), engineOptions).apply(['a', 'bad', 'c'].map((n) => group(`${n}.example.org`)), never);
    assert.deepEqual(results(outcomes), ['a.example.org applied', 'bad.example.org failed unknown', 'c.example.org applied']);
    assert.deepEqual(single, ['create a.example.org A 192.0.2.1/300', 'create bad.example.org A 192.0.2.1/300', 'create c.example.org A 192.0.2.1/300']);
  });

  it('says of a change that was made but not entirely that its group has failed, and of no other', async () => {
    const { provider } = fake();
    const partly: ZoneProvider = { ...provider, granularity: 'zone', apply: async (_zone, changes) => changes.slice(0, 1).map((change) => ({ change, error: new Error('the region is not known') })) };
    const outcomes = await zoneEngine(partly, await setup(), engineOptions).apply([group('a.example.org'), group('b.example.org')], never);
    assert.deepEqual(results(outcomes), ['a.example.org failed unknown', 'b.example.org applied']);
  });

  it('can choose the zone of an ownership record by the group that it is part of', async () => {
    const { provider, calls } = fake({ zones: ['example.org', 'sub.example.org'] });
    const name = 'web.sub.example.org';
    const asked: unknown[] = [];
    const choosing: ZoneProvider = {
      ...provider,
      recordsOf: async () => [],
      choose(of, matching, changed) {
        asked.push([of, changed?.name]);
        return matching.slice(-1);
      },
    };
    const engine = zoneEngine(choosing, await setup(), engineOptions);
    await engine.apply([group(name, create(a(name)), create(ownership(`a-${name}`, name)))], never);
    assert.deepEqual(calls.map((c) => c.zone), ['example.org']);
    await engine.recordsOf?.([name], never);
    assert.deepEqual(asked, [[`a-${name}`, name], [name, name], [name, undefined]]);
  });

  it('pauses between batches', async () => {
    const waited: number[] = [];
    const { provider } = fake({ limits: { batch: { changes: 1 } } });
    await zoneEngine(provider, await setup(), { batchIntervalMs: 1000, sleep: async (ms) => void waited.push(ms) }).apply([group('a.example.org'), group('b.example.org'), group('c.example.org')], never);
    assert.deepEqual(waited, [1000, 1000]);
  });
});

describe('a provider that changes record sets', () => {
  it('gets one call for each, what goes before what comes, ownership before its record', async () => {
    const { provider, calls } = fake({ granularity: 'record-set' });
    const name = 'web.example.org';
    const replaced = group(name, { action: 'delete', before: ownership(`cname-${name}`, name) }, { action: 'delete', before: makeEndpoint(name, 'CNAME', ['a.example.net']) }, create(a(name)), create(ownership(`a-${name}`, name)));
    await zoneEngine(provider, await setup(), engineOptions).apply([replaced], never);
    assert.deepEqual(calls.flatMap((c) => c.changes.map((x) => x.split(' ').slice(0, 3).join(' '))), [`delete ${name} CNAME`, `delete cname-${name} TXT`, `create a-${name} TXT`, `create ${name} A`]);
  });

  it('says that it is not known how a group stands that is half done', async () => {
    const { provider } = fake({ granularity: 'record-set', fault: (_zone, _changes, call) => call === 2 && fail(new Error('status 400')) });
    const two = group('web.example.org', create(ownership('a-web.example.org', 'web.example.org')), create(a('web.example.org')));
    assert.deepEqual(results(await zoneEngine(provider, await setup(), engineOptions).apply([two, group('b.example.org')], never)), ['web.example.org failed unknown', 'b.example.org applied']);
  });

  it('is left alone after three groups in trouble', async () => {
    const { provider, calls } = fake({ granularity: 'record-set', fault: () => fail(new StatusError('status 503', 503, {})) });
    const outcomes = await zoneEngine(provider, await setup(), engineOptions).apply(Array.from({ length: 10 }, (_, i) => group(`n${i}.example.org`)), never);
    assert.equal(calls.length, 3);
    assert.ok(outcomes.every((o) => o.result === 'failed'));
  });
});

describe('a process that leads no more', () => {
  it('begins no further call, not even in the middle of a group', async () => {
    let leads = true;
    const { provider, calls } = fake({ granularity: 'record-set', fault: (_zone, _changes, call) => void (leads = call < 3) });
    const engine = zoneEngine(provider, { ...(await setup()), mayWrite: () => leads }, engineOptions);
    const pair = (name: string): ChangeGroup => group(name, create(ownership(`a-${name}`, name)), create(a(name)));
    const outcomes = await engine.apply([pair('a.example.org'), pair('b.example.org'), pair('c.example.org')], never);
    assert.equal(calls.length, 3);
    assert.deepEqual(results(outcomes), ['a.example.org applied', 'b.example.org failed unknown', 'c.example.org failed unchanged']);
  });
});

describe('a provider that changes single records', () => {
  const cases: readonly { readonly title: string; readonly change: Change; readonly calls: readonly string[] }[] = [
    { title: 'creates one for each target', change: create(a('web.example.org', '192.0.2.1', '192.0.2.2')), calls: ['create web.example.org A 192.0.2.1', 'create web.example.org A 192.0.2.2'] },
    { title: 'replaces a target', change: { action: 'update', before: a('web.example.org', '192.0.2.1', '192.0.2.2'), after: a('web.example.org', '192.0.2.1', '192.0.2.3') }, calls: ['update web.example.org A 192.0.2.2 > 192.0.2.3'] },
    { title: 'adds a target', change: { action: 'update', before: a('web.example.org', '192.0.2.1'), after: a('web.example.org', '192.0.2.1', '192.0.2.3') }, calls: ['create web.example.org A 192.0.2.3'] },
    { title: 'takes a target away', change: { action: 'update', before: a('web.example.org', '192.0.2.1', '192.0.2.3'), after: a('web.example.org', '192.0.2.3') }, calls: ['delete web.example.org A 192.0.2.1'] },
    {
      title: 'changes the TTL of all',
      change: { action: 'update', before: a('web.example.org', '192.0.2.1', '192.0.2.2'), after: endpoint({ ...a('web.example.org', '192.0.2.1', '192.0.2.2'), ttlSeconds: 60 }) },
      calls: ['update web.example.org A 192.0.2.1 > 192.0.2.1/60', 'update web.example.org A 192.0.2.2 > 192.0.2.2/60'],
    },
    { title: 'deletes each', change: { action: 'delete', before: a('web.example.org', '192.0.2.1', '192.0.2.2') }, calls: ['delete web.example.org A 192.0.2.1', 'delete web.example.org A 192.0.2.2'] },
  ];
  for (const { title, change, calls: want } of cases)
    it(title, async () => {
      const { provider, calls } = fake({ granularity: 'record' });
      await zoneEngine(provider, await setup(), engineOptions).apply([group('web.example.org', change)], never);
      assert.deepEqual(calls.flatMap((c) => c.changes), want);
    });
});

function fail(error: Error): never {
  throw error;
}
