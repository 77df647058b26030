import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { everyDomain } from '../../endpoint/domain-filter.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { inmemory } from './index.ts';
import { MemoryZone } from './memory-zone.ts';

const never = new AbortController().signal;
const a = (name: string, ...targets: string[]): Endpoint => makeEndpoint(name, 'A', targets.length ? targets : ['192.0.2.1']);
const create = (after: Endpoint): Change => ({ action: 'create', after });
const remove = (before: Endpoint): Change => ({ action: 'delete', before });
const group = (name: string, ...changes: Change[]): ChangeGroup => ({ name, setIdentifier: '', changes, reason: 'test' });
const results = (outcomes: readonly Outcome[]): string[] => outcomes.map((o) => o.result);

function open(zones: readonly string[], dnsAddress = ''): Promise<Provider> {
  const options = { inmemoryZone: zones, inmemoryDnsAddress: dnsAddress, zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 1000 };
  return inmemory.create({ options: options as unknown as ProviderSetup['options'], env: {}, domainFilter: everyDomain, log: silentLogger, metrics: noMetrics, signal: never });
}

describe('the in-memory provider', () => {
  it('holds what it is given, without labels, in the zone with the longest name', async () => {
    const provider = await open(['example.org', 'sub.example.org', 'example.org.']);
    const record = endpoint({ ...a('web.sub.example.org'), labels: { owner: 'me' } });
    const outcomes = await provider.apply([group('web.sub.example.org', create(record))], never);
    assert.deepEqual(outcomes.map((o) => [o.result, o.zone]), [['applied', 'sub.example.org']]);
    assert.deepEqual((await provider.snapshot(never)).records, [a('web.sub.example.org')]);
    assert.deepEqual(await provider.recordsOf?.(['web.sub.example.org', 'none.example.org'], never), [a('web.sub.example.org')]);
  });

  it('refuses what does not fit to what is there, and applies the rest', async () => {
    const provider = await open(['example.org']);
    await provider.apply([group('web.example.org', create(a('web.example.org')))], never);
    const outcomes = await provider.apply(
      [
        group('web.example.org', create(a('web.example.org'))),
        group('none.example.org', remove(a('none.example.org'))),
        group('new.example.org', create(a('new.example.org'))),
        group('notexample.org', create(a('notexample.org'))),
      ],
      never,
    );
    assert.deepEqual(results(outcomes), ['failed', 'failed', 'applied', 'skipped']);
  });

  it('replaces a record of one type by one of another in one go', async () => {
    const provider = await open(['example.org']);
    await provider.apply([group('web.example.org', create(a('web.example.org')))], never);
    const cname = makeEndpoint('web.example.org', 'CNAME', ['a.example.net']);
    assert.deepEqual(results(await provider.apply([group('web.example.org', remove(a('web.example.org')), create(cname))], never)), ['applied']);
    assert.deepEqual((await provider.snapshot(never)).records, [cname]);
  });

  it('says where its DNS server cannot listen', async () => {
    const first = await open(['example.org'], '127.0.0.1:0');
    await first.close?.();
    for (const address of ['5353', '192.0.2.1:5353', '127.0.0.1:99999']) await assert.rejects(open(['example.org'], address), ConfigurationError);
  });
});

describe('a zone in memory', () => {
  it('makes all changes or none', () => {
    const zone = new MemoryZone('Example.org.', 5);
    assert.throws(() => zone.apply([create(a('a.example.org')), create(a('b.example.org')), create(a('A.example.org'))]), /A record A\.example\.org is there already/);
    assert.deepEqual([zone.name, zone.all(), zone.serial], ['example.org', [], 5]);
    zone.apply([create(a('a.example.org'))]);
    assert.equal(zone.serial, 6);
    assert.throws(() => zone.apply([remove(a('a.example.org', '192.0.2.9'))]), /has other targets: 192\.0\.2\.1/);
  });

  it('knows which names exist', () => {
    const names = ['a', 'b.a', 'c.b.a', 'x.y', '*.w'].map((n) => `${n}.example.org`);
    fc.assert(
      fc.property(fc.array(fc.nat(names.length - 1)), (toggles) => {
        const zone = new MemoryZone('example.org', 0);
        const present = new Set<string>();
        for (const i of toggles) {
          const name = names[i] ?? '';
          zone.apply([present.has(name) ? remove(a(name)) : create(a(name))]);
          if (!present.delete(name)) present.add(name);
        }
        for (const name of [...names, 'y.example.org', 'w.example.org', 'none.example.org']) assert.equal(zone.exists(name), [...present].some((p) => p === name || p.endsWith(`.${name}`)), name);
      }),
    );
  });
});
