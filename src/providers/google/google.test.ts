import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeGoogleDns } from '../../../test/support/fake-google-dns.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { ConfigurationError } from '../../errors.ts';
import { TokenCache } from '../../http/auth/access-token.ts';
import type { HttpClient } from '../../http/client/index.ts';
import { isCertainlyUndone, StatusError } from '../../http/client/index.ts';
import { responseOf } from '../../http/client/transport.ts';
import { silentLogger, type Logger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { apiError, GoogleDns, type ManagedZone, type RecordSet } from './client.ts';
import { google, googleProvider } from './index.ts';

const never = new AbortController().signal;
const zone = (id: string, name: string, more: Partial<ManagedZone> = {}): ManagedZone => ({ id, name, number: `1${id.length}`, visibility: 'public', peering: false, ...more });
const set = (name: string, type: string, rrdatas: readonly string[], ttl = 300): RecordSet => ({ name, type, ttl, rrdatas });

interface Options {
  readonly zones: readonly ManagedZone[];
  readonly records?: Readonly<Record<string, readonly RecordSet[]>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly domains?: readonly string[];
  readonly log?: Logger;
}

/** The provider on the engine, with an API that notes its calls. */
async function open({ zones, records = {}, flags = {}, domains = [], log = silentLogger }: Options): Promise<{ provider: Provider; changes: FakeGoogleDns['changes']; reads: string[] }> {
  const options = { zoneIdFilter: [], googleZoneVisibility: '', googleBatchChangeSize: 1000, googleBatchChangeIntervalMs: 0, ...flags };
  const setup: ProviderSetup = { options: options as unknown as ProviderSetup['options'], env: {}, domainFilter: await createDomainFilter({ include: domains }), log, metrics: noMetrics, signal: never };
  const dns = new FakeGoogleDns(zones, records);
  const provider = googleProvider(dns, setup, { sleep: async () => {} });
  return { provider, changes: dns.changes, reads: dns.reads };
}

const group = (name: string, ...changes: readonly Change[]): ChangeGroup => ({ name, setIdentifier: '', changes, reason: 'test' });
const create = (name: string, ...targets: readonly string[]): Change => ({ action: 'create', after: makeEndpoint(name, 'A', targets.length ? targets : ['192.0.2.1']) });

describe('Google Cloud DNS', () => {
  it('manages names in zones that are spelled xn--', async () => {
    const { provider, changes } = await open({ zones: [zone('idn', 'xn--bcher-kva.example.')] });
    await provider.snapshot(never);
    for (const name of ['www.xn--bcher-kva.example', 'www.bücher.example']) assert.equal(provider.domainFilter.matches(name), true);
    await provider.apply([group('www.xn--bcher-kva.example', create('www.bücher.example'))], never);
    assert.deepEqual(changes, [{ zone: 'idn', change: { deletions: [], additions: [set('www.xn--bcher-kva.example.', 'A', ['192.0.2.1'])] } }]);
  });

  it('leaves record sets with a routing policy alone, with one warning where an object wants their name', async () => {
    const warnings: string[] = [];
    const log: Logger = { ...silentLogger, warning: (message, fields) => void warnings.push(`${String(fields?.['name'])}: ${message}`) };
    const routed: RecordSet = { name: 'geo.example.org.', type: 'A', ttl: 300, rrdatas: [], routingPolicy: { wrr: {} } };
    const { provider } = await open({ zones: [zone('org', 'example.org.')], records: { org: [routed, set('web.example.org.', 'A', ['192.0.2.1'])] }, log });
    const { records = [] } = await provider.snapshot(never);
    assert.deepEqual(records.map((r) => r.dnsName), ['web.example.org']);
    const wishes = [makeEndpoint('geo.example.org', 'A', ['192.0.2.1']), makeEndpoint('geo.example.org', 'TXT', ['"x"']), makeEndpoint('web.example.org', 'A', ['192.0.2.1'])];
    for (let i = 0; i < 2; i++) assert.deepEqual((await provider.adjust(wishes, never)).map((e) => `${e.dnsName} ${e.recordType}`), ['geo.example.org TXT', 'web.example.org A']);
    assert.deepEqual(warnings, ['geo.example.org: record is left out: its name has a record set with a routing policy, which is left alone']);
  });

  it('does not read the name servers of the zone itself, so that they are never deleted', async () => {
    const { provider } = await open({ zones: [zone('org', 'example.org.')], records: { org: [set('example.org.', 'NS', ['ns1.example.net.']), set('sub.example.org.', 'NS', ['ns1.example.net.'])] } });
    assert.deepEqual((await provider.snapshot(never)).records?.map((r) => r.dnsName), ['sub.example.org']);
  });

  it('sends a name with more changes than a batch may have in a batch of its own', async () => {
    const { provider, changes } = await open({ zones: [zone('org', 'example.org.')], records: { org: [set('a.example.org.', 'A', ['192.0.2.1'], 60)] }, flags: { googleBatchChangeSize: 1 } });
    const before = makeEndpoint('a.example.org', 'A', ['192.0.2.1'], { ttlSeconds: 60 });
    const outcomes = await provider.apply([group('a.example.org', { action: 'update', before, after: makeEndpoint('a.example.org', 'A', ['192.0.2.2']) }), group('b.example.org', create('b.example.org'))], never);
    assert.deepEqual(outcomes.map((o) => o.result), ['applied', 'applied']);
    assert.deepEqual(changes.map(({ change }) => [change.deletions.length, change.additions.length]), [[1, 1], [0, 1]]);
  });

  it('counts an update as two changes of a batch', async () => {
    const { provider, changes } = await open({ zones: [zone('org', 'example.org.')], records: { org: ['a.example.org.', 'b.example.org.'].map((name) => set(name, 'A', ['192.0.2.1'], 60)) }, flags: { googleBatchChangeSize: 3 } });
    const update = (name: string): ChangeGroup => group(name, { action: 'update', before: makeEndpoint(name, 'A', ['192.0.2.1'], { ttlSeconds: 60 }), after: makeEndpoint(name, 'A', ['192.0.2.2']) });
    await provider.apply([update('a.example.org'), update('b.example.org')], never);
    assert.equal(changes.length, 2);
  });

  const filters: readonly { readonly title: string; readonly options: Partial<Options>; readonly want: readonly string[] }[] = [
    { title: 'without filters all', options: {}, want: ['net', 'org', 'org-private'] },
    { title: 'by visibility', options: { flags: { googleZoneVisibility: 'private' } }, want: ['org-private'] },
    { title: 'by the end of a number', options: { flags: { zoneIdFilter: ['77'] } }, want: ['net'] },
    { title: 'by resource name', options: { flags: { zoneIdFilter: ['org'] } }, want: ['org'] },
    { title: 'by domain', options: { domains: ['example.org'] }, want: ['org', 'org-private'] },
    { title: 'a domain below a zone does not select the zone', options: { domains: ['app.example.org'] }, want: [] },
  ];
  for (const { title, options, want } of filters)
    it(`reads zones ${title}, and never peering zones`, async () => {
      const zones = [zone('org', 'example.org.'), zone('org-private', 'example.org.', { visibility: 'private' }), zone('net', 'example.net.', { number: '177' }), zone('peer', 'peer.example.', { peering: true })];
      const definition = googleZonesOf(zones, options);
      assert.deepEqual((await definition).toSorted(), want);
    });

  it('writes to each of several zones of one name what it needs there', async () => {
    const old = set('web.example.org.', 'A', ['192.0.2.1'], 60);
    const { provider, changes } = await open({ zones: [zone('pub', 'example.org.'), zone('priv', 'example.org.', { visibility: 'private' })], records: { pub: [old] } });
    const { records = [] } = await provider.snapshot(never);
    const [before] = records;
    assert.ok(before);
    const after = makeEndpoint('web.example.org', 'A', ['192.0.2.2']);
    assert.deepEqual((await provider.apply([group('web.example.org', { action: 'update', before, after })], never)).map((o) => o.result), ['applied']);
    const fresh = set('web.example.org.', 'A', ['192.0.2.2']);
    assert.deepEqual(changes.toSorted((x, y) => (x.zone < y.zone ? 1 : -1)), [{ zone: 'pub', change: { deletions: [old], additions: [fresh] } }, { zone: 'priv', change: { deletions: [], additions: [fresh] } }]);
  });

  it('reads single names where only these are needed', async () => {
    const { provider, reads } = await open({ zones: [zone('org', 'example.org.')], records: { org: [set('web.example.org.', 'A', ['192.0.2.1']), set('x.example.org.', 'A', ['192.0.2.1'])] } });
    const records = await provider.recordsOf?.(['web.example.org', 'new.example.org'], never);
    assert.deepEqual([records?.map((r) => r.dnsName), reads], [['web.example.org'], ['org web.example.org.', 'org new.example.org.']]);
  });

  it('names its own flags', () => assert.deepEqual(google.flags, ['google-project', 'google-batch-change-size', 'google-batch-change-interval', 'google-zone-visibility']));
});

/** The ids of the zones that are read. */
async function googleZonesOf(zones: readonly ManagedZone[], options: Partial<Options>): Promise<readonly string[]> {
  const { provider, reads } = await open({ zones, ...options });
  await provider.snapshot(never);
  return reads.map((read) => read.split(' ')[0] ?? '');
}

describe('the API of Cloud DNS', () => {
  const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => responseOf(status, headers, Buffer.from(JSON.stringify(body)));
  const refusal = (status: number, reason: string, message: string) => answer(status, { error: { code: status, message, errors: [{ reason, message }] } });

  const errors: readonly { readonly title: string; readonly response: ReturnType<typeof refusal>; readonly check: (error: Error) => boolean }[] = [
    { title: 'a rate limit (403) may pass, and nothing was done', response: refusal(403, 'rateLimitExceeded', 'too often'), check: (e) => e instanceof StatusError && isCertainlyUndone(e) },
    { title: 'missing rights end the work on a zone', response: refusal(403, 'forbidden', 'Forbidden'), check: (e) => e instanceof ConfigurationError && /roles\/dns\.admin/.test(e.message) },
    { title: 'a used up quota ends the work on a zone', response: refusal(403, 'quotaExceeded', 'The zone is full.'), check: (e) => e instanceof ConfigurationError },
    { title: 'too many values of a record concern this record alone', response: refusal(403, 'quotaExceeded', "The 'entity.change.additions[0].rrdata' quota of 100 was exceeded."), check: (e) => !(e instanceof ConfigurationError) && !(e instanceof StatusError) },
    { title: 'a refused record concerns this record alone', response: refusal(400, 'invalid', 'Invalid value'), check: (e) => !(e instanceof ConfigurationError) && !(e instanceof StatusError) },
    { title: 'a server in trouble may recover', response: answer(503, 'no JSON as expected'), check: (e) => e instanceof StatusError && !isCertainlyUndone(e) },
  ];
  for (const { title, response, check } of errors) it(title, () => assert.ok(check(apiError('POST x', response))));

  function api(answers: readonly ReturnType<typeof answer>[]): { dns: GoogleDns; calls: string[] } {
    const calls: string[] = [];
    const left = [...answers];
    const http: HttpClient = {
      request: async ({ method, url, query, headers }) => {
        calls.push(`${method} ${new URL(url).pathname} ${query?.['pageToken'] ?? ''} ${headers?.['authorization'] ?? ''}`);
        return left.shift() ?? answer(500, {});
      },
      close: async () => {},
    };
    let issued = 0;
    const tokens = new TokenCache(async () => ({ value: `t${++issued}`, expiresAtMs: Date.now() + 3_600_000 }));
    return { dns: new GoogleDns({ http, tokens, baseUrl: 'https://dns.googleapis.com/dns/v1/', project: async () => 'p', sleep: async () => {} }), calls };
  }

  it('gives all pages, over rate limits', async () => {
    const { dns, calls } = api([answer(200, { managedZones: [{ name: 'a', dnsName: 'a.example.', id: '1' }], nextPageToken: 'n' }), refusal(403, 'rateLimitExceeded', 'too often'), answer(200, { managedZones: [{ name: 'b', dnsName: 'b.example.', id: 2, peeringConfig: {}, visibility: 'private' }] })]);
    assert.deepEqual(await dns.zones(never), [
      { id: 'a', name: 'a.example.', number: '1', visibility: '', peering: false },
      { id: 'b', name: 'b.example.', number: '2', visibility: 'private', peering: true },
    ]);
    assert.deepEqual(calls, ['GET /dns/v1/projects/p/managedZones  Bearer t1', 'GET /dns/v1/projects/p/managedZones n Bearer t1', 'GET /dns/v1/projects/p/managedZones n Bearer t1']);
  });

  it('asks for another token once where one is refused', async () => {
    const { dns, calls } = api([answer(401, {}), answer(200, {})]);
    await dns.change('z', { additions: [], deletions: [] }, never);
    assert.deepEqual(calls, ['POST /dns/v1/projects/p/managedZones/z/changes  Bearer t1', 'POST /dns/v1/projects/p/managedZones/z/changes  Bearer t2']);
    await assert.rejects(api([answer(401, {}), answer(401, {})]).dns.zones(never), ConfigurationError);
  });
});
