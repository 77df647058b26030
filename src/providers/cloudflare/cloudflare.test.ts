import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type FakeCloudflare, type FakeZoneFields, startFakeCloudflare } from '../../../test/support/fake-cloudflare.ts';
import { configOf } from '../../../test/support/harness.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { SoftError } from '../../errors.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { planName } from '../../plan/plan-name.ts';
import type { PlanRules } from '../../plan/plan.ts';
import type { Provider } from '../provider.ts';
import { cloudflare } from './index.ts';
import { names } from './properties.ts';
import { queriesFor } from './provider.ts';

const never = new AbortController().signal;
const rules: PlanRules = { policy: 'sync', manages: () => true, matches: () => true, ownerId: undefined, oldOwnerId: '' };
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

interface Setup {
  readonly api: FakeCloudflare;
  readonly provider: Provider;
  readonly warnings: string[];
  /** One synchronisation: reads everything, and makes what differs. */
  sync(wishes: readonly Endpoint[]): Promise<{ readonly changes: number; readonly failures: readonly string[] }>;
}

async function start(zones: readonly FakeZoneFields[], flags: readonly string[] = [], env: Record<string, string> = { CF_API_TOKEN: 'secret' }): Promise<Setup> {
  const api = await startFakeCloudflare(zones);
  opened.push(() => api.close());
  const options = configOf('--source=crd', '--provider=cloudflare', '--batch-change-interval=0s', ...flags);
  const warnings: string[] = [];
  const log: Logger = { ...silentLogger, warning: (message, fields) => void warnings.push(`${message}: ${String(fields?.['name'])}`) };
  const provider = await cloudflare.create({ options, env: { ...env, CLOUDFLARE_BASE_URL: api.url }, domainFilter: await createDomainFilter({ include: options.domainFilter }), log, metrics: noMetrics, signal: never });
  opened.unshift(async () => provider.close?.());
  const sync: Setup['sync'] = async (wishes) => {
    const { records = [] } = await provider.snapshot(never);
    const wanted = await provider.adjust(wishes, never);
    const all = new Set([...wanted, ...records].map((e) => normalizeName(e.dnsName)));
    const ofName = (list: readonly Endpoint[], name: string): readonly Endpoint[] => list.filter((e) => normalizeName(e.dnsName) === name);
    const groups = [...all].flatMap((name) => planName(name, ofName(wanted, name), ofName(records, name), rules)).flatMap((row) => row.group ?? []);
    const outcomes = groups.length > 0 ? await provider.apply(groups, never) : [];
    return { changes: groups.flatMap((g) => g.changes).length, failures: failuresOf(outcomes) };
  };
  return { api, provider, warnings, sync };
}

const failuresOf = (outcomes: readonly Outcome[]): readonly string[] => outcomes.flatMap((o) => (o.result === 'failed' ? [`${o.group.name}: ${o.error.message}`] : []));
const wish = (name: string, type: string, targets: readonly string[], properties: Partial<Record<keyof typeof names, string>> = {}, ttlSeconds = 0): Endpoint =>
  makeEndpoint(name, type, targets, { ttlSeconds, providerSpecific: Object.entries(properties).map(([key, value]) => ({ name: names[key as keyof typeof names], value: value ?? '' })) });
const a = (name: string, ...targets: string[]): Endpoint => wish(name, 'A', targets.length > 0 ? targets : ['192.0.2.1']);
const group = (name: string, ...changes: Change[]): ChangeGroup => ({ name, setIdentifier: '', changes, reason: 'test' });
const contents = (api: FakeCloudflare): string[] => (api.zones[0]?.records ?? []).map((r) => `${r.name} ${r.type} ${r.type === 'MX' ? `${r.priority} ` : ''}${r.content}`).sort();

describe('what ExternalDNS v0.22 gets wrong', () => {
  it('MX and SRV are read back whole: a second run changes nothing', async () => {
    const { sync, api } = await start([{ name: 'example.org' }]);
    const wishes = [wish('example.org', 'MX', ['10 m1.example.org', '20 m2.example.org.']), wish('_sip._tcp.example.org', 'SRV', ['10 5 5060 sip.example.org.'])];
    assert.deepEqual(await sync(wishes), { changes: 2, failures: [] });
    assert.deepEqual(contents(api), ['_sip._tcp.example.org SRV 5 5060 sip.example.org', 'example.org MX 10 m1.example.org', 'example.org MX 20 m2.example.org']);
    assert.deepEqual(await sync(wishes), { changes: 0, failures: [] });
    assert.deepEqual(await sync([]), { changes: 2, failures: [] });
    assert.deepEqual(contents(api), []);
  });

  it('blanks around custom hostnames do not count', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--cloudflare-custom-hostnames']);
    const wishes = [wish('shop.example.org', 'A', ['192.0.2.1'], { customHostname: 'b.customer.example, a.customer.example' })];
    assert.deepEqual(await sync(wishes), { changes: 1, failures: [] });
    assert.deepEqual(api.zones[0]?.customHostnames.map((c) => `${c.hostname} ${c.custom_origin_server}`), ['a.customer.example shop.example.org', 'b.customer.example shop.example.org']);
    assert.deepEqual(await sync(wishes), { changes: 0, failures: [] });
  });

  it('a name with a final dot is a name', async () => {
    const { sync, api } = await start([{ name: 'example.org' }]);
    const dotted = [endpoint({ ...a('web.example.org'), dnsName: 'web.example.org.' })];
    assert.deepEqual(await sync(dotted), { changes: 1, failures: [] });
    assert.deepEqual(contents(api), ['web.example.org A 192.0.2.1']);
    assert.deepEqual(await sync(dotted), { changes: 0, failures: [] });
  });

  it('a comment that is too long is cut once, and not updated in every run', async () => {
    const { sync, api, warnings } = await start([{ name: 'example.org' }, { name: 'example.net', paid: true }], [`--cloudflare-record-comment=${'x'.repeat(300)}`]);
    const wishes = [a('web.example.org'), a('web.example.net')];
    assert.deepEqual(await sync(wishes), { changes: 2, failures: [] });
    assert.deepEqual(api.zones.map((z) => z.records[0]?.comment.length), [100, 300]);
    assert.deepEqual(await sync(wishes), { changes: 0, failures: [] });
    assert.equal(warnings.length, 1);
  });

  it('regions that contradict each other do not hold up those of other names', async () => {
    const { sync, api, warnings } = await start([{ name: 'example.org' }], ['--cloudflare-regional-services']);
    const wishes = [wish('a.example.org', 'A', ['192.0.2.1'], { regionKey: 'us' }), wish('a.example.org', 'AAAA', ['2001:db8::1'], { regionKey: 'eu' }), wish('b.example.org', 'A', ['192.0.2.1'], { regionKey: 'eu' })];
    assert.deepEqual(await sync(wishes), { changes: 3, failures: [] });
    assert.deepEqual(api.zones[0]?.regionalHostnames.map((r) => `${r.hostname} ${r.region_key}`).sort(), ['a.example.org us', 'b.example.org eu']);
    assert.deepEqual(await sync(wishes), { changes: 0, failures: [] });
    assert.equal(warnings.length, 1);
    // the name keeps its region as long as it has a record that leads to an address
    assert.deepEqual(await sync(wishes.filter((e) => e.recordType === 'A')), { changes: 1, failures: [] });
    assert.equal(api.zones[0]?.regionalHostnames.length, 2);
    assert.deepEqual(await sync([]), { changes: 2, failures: [] });
    assert.equal(api.zones[0]?.regionalHostnames.length, 0);
  });

  it('CLOUDFLARE_API_TOKEN is read', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], [], { CLOUDFLARE_API_TOKEN: 'other' });
    assert.deepEqual(await sync([]), { changes: 0, failures: [] });
    assert.ok(api.calls.every((c) => c.headers.authorization === 'Bearer other'));
  });
});

describe('reading', () => {
  it('leaves out nothing of a large zone, and takes larger pages where they would be many', async () => {
    const records = Array.from({ length: 20_000 }, (_, i) => ({ name: `h${i}.example.org`, type: 'A', content: '192.0.2.1' }));
    const { provider, api } = await start([{ name: 'example.org', records }]);
    assert.equal((await provider.snapshot(never)).records?.length, 20_000);
    assert.deepEqual(api.taken(), ['GET zones', ...Array.from({ length: 21 }, () => 'GET zones/zone1/dns_records')]);
    await provider.snapshot(never);
    assert.equal(api.taken().length, 21);
    // one change: the name and its ownership records are one question, the batch another
    const ownership = ['a-new.example.org', 'aaaa-new.example.org', 'cname-new.example.org'];
    assert.deepEqual(await provider.recordsOf?.(['new.example.org', ...ownership], never), []);
    assert.deepEqual(failuresOf(await provider.apply([group('new.example.org', { action: 'create', after: a('new.example.org') }, { action: 'create', after: wish('a-new.example.org', 'TXT', ['"heritage=external-dns"']) })], never)), []);
    assert.deepEqual(api.taken(), ['GET zones/zone1/dns_records', 'POST zones/zone1/dns_records/batch']);
    // an update of what is known needs no question
    const changed: Change = { action: 'update', before: a('h7.example.org', '192.0.2.1'), after: a('h7.example.org', '192.0.2.7') };
    assert.deepEqual(failuresOf(await provider.apply([group('h7.example.org', changed)], never)), []);
    assert.deepEqual(api.taken(), ['POST zones/zone1/dns_records/batch']);
  });

  it('takes pages of the size that was asked for', async () => {
    const records = Array.from({ length: 30 }, (_, i) => ({ name: `h${i}.example.org`, type: 'A', content: '192.0.2.1' }));
    const { provider, api } = await start([{ name: 'example.org', records }], ['--cloudflare-dns-records-per-page=7']);
    assert.equal((await provider.snapshot(never)).records?.length, 30);
    assert.equal(api.taken().length, 1 + 5);
  });

  it('asks for few names by themselves, and for many by all', async () => {
    const records = Array.from({ length: 250 }, (_, i) => ({ name: `h${i}.example.org`, type: 'A', content: '192.0.2.1' }));
    const { provider, api } = await start([{ name: 'example.org', records }]);
    await provider.snapshot(never);
    api.taken();
    const read = await provider.recordsOf?.(['h1.example.org', 'h22.example.org'], never);
    assert.deepEqual(read?.map((e) => e.dnsName), ['h1.example.org', 'h22.example.org']);
    assert.equal(api.taken().length, 2);
    const many = await provider.recordsOf?.(Array.from({ length: 50 }, (_, i) => `h${100 + i}.example.org`), never);
    assert.equal(many?.length, 50);
    assert.equal(api.taken().length, 3);
  });

  it('is done zone by zone: one that cannot be read does not stop the other', async () => {
    const { provider, api } = await start([{ name: 'example.org', records: [{ name: 'web.example.org', type: 'A', content: '192.0.2.1' }] }, { name: 'example.net' }]);
    api.fault = (call) => (call.path.startsWith('zones/zone2/') ? { status: 403, code: 10_000, message: 'Authentication error' } : undefined);
    const { records, unreadable } = await provider.snapshot(never);
    assert.equal(records?.length, 1);
    assert.deepEqual(unreadable.map((u) => u.zone), ['example.net']);
    assert.match(unreadable[0]?.error.message ?? '', /DNS:Edit/);
  });

  it('does without the list of zones where ids are given, as a token for one zone wants it', async () => {
    const { provider, api } = await start([{ name: 'example.org' }, { name: 'example.net' }], ['--zone-id-filter=zone2']);
    api.fault = (call) => (call.path === 'zones' ? { status: 403, code: 9109, message: 'Unauthorized' } : undefined);
    await provider.snapshot(never);
    assert.equal(provider.zoneOf?.('web.example.net'), 'example.net');
    assert.equal(provider.zoneOf?.('web.example.org'), undefined);
  });

  const filters: readonly { readonly title: string; readonly flags: readonly string[]; readonly zones: readonly string[] }[] = [
    { title: 'a domain chooses the zone of that name, and those below it', flags: ['--domain-filter=example.org'], zones: ['example.org', 'sub.example.org'] },
    { title: 'a domain below a zone does not choose it', flags: ['--domain-filter=sub.example.org'], zones: ['sub.example.org'] },
    { title: 'an id chooses a zone whatever the domains', flags: ['--domain-filter=apps.example.org', '--zone-id-filter=zone1'], zones: ['example.org'] },
    { title: 'ids are whole ids', flags: ['--zone-id-filter=zone1'], zones: ['example.org'] },
  ];
  for (const { title, flags, zones } of filters)
    it(title, async () => {
      const { provider, api } = await start([{ name: 'example.org' }, { name: 'sub.example.org' }, { name: 'example.net' }], flags);
      await provider.snapshot(never);
      const read = api.calls.filter((c) => c.path.endsWith('dns_records')).map((c) => api.zones.find((z) => z.id === c.path.split('/')[1])?.name);
      assert.deepEqual(read.sort(), zones);
    });

  it('ends with an error where a zone id is unknown', async () => {
    const { provider } = await start([{ name: 'example.org' }], ['--zone-id-filter=zone9']);
    await assert.rejects(provider.snapshot(never), (error: unknown) => error instanceof SoftError && /--zone-id-filter=zone9: this zone cannot be read/.test(error.message));
  });

  it('sends nothing while the limit of calls is used up', async () => {
    const { provider, api } = await start([{ name: 'example.org' }]);
    api.fault = () => ({ status: 429, code: 10_429, message: 'Rate limited', headers: { 'retry-after': '120' } });
    await assert.rejects(provider.snapshot(never), (error: unknown) => error instanceof SoftError && error.retryAfterMs === 120_000);
    api.fault = () => undefined;
    await assert.rejects(provider.snapshot(never), (error: unknown) => error instanceof SoftError && (error.retryAfterMs ?? 0) > 110_000);
    assert.equal(api.taken().length, 1);
  });
});

describe('writing', () => {
  it('puts at most 200 operations into a batch', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--batch-change-size=1000']);
    assert.deepEqual(await sync(Array.from({ length: 230 }, (_, i) => a(`h${i}.example.org`))), { changes: 230, failures: [] });
    assert.equal(api.taken().filter((c) => c.startsWith('POST')).length, 2);
    assert.deepEqual(await sync([a('many.example.org', ...Array.from({ length: 250 }, (_, i) => `10.0.0.${i}`))]), { changes: 231, failures: [] });
    assert.equal(api.zones[0]?.records.length, 250);
  });

  it('obeys --batch-change-size', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--batch-change-size=10']);
    assert.deepEqual(await sync(Array.from({ length: 25 }, (_, i) => a(`h${i}.example.org`))), { changes: 25, failures: [] });
    assert.equal(api.taken().filter((c) => c.startsWith('POST')).length, 3);
  });

  it('leaves out only the record that is refused, and says why', async () => {
    const { sync, api } = await start([{ name: 'example.org' }]);
    const { failures } = await sync([...Array.from({ length: 20 }, (_, i) => a(`h${i}.example.org`)), wish('bad.example.org', 'A', ['192.0.2.1'], {}, 5)]);
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? '', /^bad\.example\.org: .*9021.*least TTL is 60 s/);
    assert.equal(api.zones[0]?.records.length, 20);
  });

  it('changes a type in one call', async () => {
    const { sync, api } = await start([{ name: 'example.org', records: [{ name: 'app.example.org', type: 'A', content: '192.0.2.1' }] }]);
    assert.deepEqual(await sync([wish('app.example.org', 'CNAME', ['lb.example.net.'])]), { changes: 2, failures: [] });
    assert.deepEqual(contents(api), ['app.example.org CNAME lb.example.net']);
    assert.equal(api.taken().filter((c) => !c.startsWith('GET')).length, 1);
  });

  it('makes single calls where batches are in trouble', async () => {
    const { sync, api } = await start([{ name: 'example.org', records: [{ name: 'old.example.org', type: 'A', content: '192.0.2.1' }, { name: 'web.example.org', type: 'A', content: '192.0.2.1' }] }]);
    api.fault = (call) => (call.path.endsWith('/batch') ? { status: 500 } : undefined);
    assert.deepEqual(await sync([a('web.example.org', '192.0.2.2'), a('new.example.org')]), { changes: 3, failures: [] });
    assert.deepEqual(contents(api), ['new.example.org A 192.0.2.1', 'web.example.org A 192.0.2.2']);
  });

  it('gives up after a few single calls where all are in trouble', async () => {
    const { sync, api } = await start([{ name: 'example.org' }]);
    api.fault = (call) => (call.method === 'POST' ? { status: 500 } : undefined);
    const { failures } = await sync(Array.from({ length: 50 }, (_, i) => a(`h${i}.example.org`)));
    assert.equal(failures.length, 50);
    assert.ok(api.taken().filter((c) => c.startsWith('POST')).length <= 4);
  });

  it('makes nothing twice where the answer to a batch was lost', async () => {
    const { sync, api } = await start([{ name: 'example.org', records: [{ name: 'app.example.org', type: 'A', content: '192.0.2.1' }, { name: 'old.example.org', type: 'A', content: '192.0.2.1' }] }]);
    api.fault = (call) => (call.path.endsWith('/batch') ? { status: 0, cut: true } : undefined);
    assert.deepEqual(await sync([wish('app.example.org', 'CNAME', ['lb.example.net']), a('new.example.org')]), { changes: 4, failures: [] });
    assert.deepEqual(contents(api), ['app.example.org CNAME lb.example.net', 'new.example.org A 192.0.2.1']);
  });

  it('reads anew where somebody else was quicker', async () => {
    const { provider, api } = await start([{ name: 'example.org', records: [{ name: 'web.example.org', type: 'A', content: '192.0.2.1' }] }]);
    await provider.snapshot(never);
    const change = group('web.example.org', { action: 'update', before: a('web.example.org', '192.0.2.1'), after: a('web.example.org', '192.0.2.2') });
    api.zones[0]?.records.splice(0);
    api.taken();
    assert.deepEqual(failuresOf(await provider.apply([change], never)), []);
    assert.deepEqual(contents(api), ['web.example.org A 192.0.2.2']);
    assert.deepEqual(api.taken(), ['POST zones/zone1/dns_records/batch', 'GET zones/zone1/dns_records', 'POST zones/zone1/dns_records/batch']);
  });

  it('tries what stays refused by a single call, and no more', async () => {
    const { provider, api } = await start([{ name: 'example.org', records: [{ name: 'web.example.org', type: 'CNAME', content: 'lb.example.net' }] }]);
    await provider.snapshot(never);
    api.taken();
    assert.match(failuresOf(await provider.apply([group('web.example.org', { action: 'create', after: a('web.example.org') })], never)).join(), /A CNAME record with that host already exists/);
    assert.deepEqual(api.taken(), ['POST zones/zone1/dns_records/batch', 'GET zones/zone1/dns_records', 'POST zones/zone1/dns_records']);
  });

  it('makes single calls where no batches are taken', async () => {
    const { sync, api } = await start([{ name: 'example.org' }]);
    api.fault = (call) => (call.path.endsWith('/batch') ? { status: 404, code: 7003, message: 'Could not route' } : undefined);
    assert.deepEqual((await sync([a('one.example.org'), a('two.example.org')])).failures, []);
    assert.deepEqual(contents(api), ['one.example.org A 192.0.2.1', 'two.example.org A 192.0.2.1']);
  });

  it('stops at once where the token may not write', async () => {
    const { sync, api } = await start([{ name: 'example.org' }]);
    api.fault = (call) => (call.method === 'POST' ? { status: 403, code: 10_000, message: 'Authentication error' } : undefined);
    const { failures } = await sync(Array.from({ length: 30 }, (_, i) => a(`h${i}.example.org`)));
    assert.equal(failures.length, 30);
    assert.match(failures[0] ?? '', /lacks a permission/);
    assert.equal(api.taken().filter((c) => c.startsWith('POST')).length, 1);
  });
});

describe('custom and regional hostnames', () => {
  const shop = (hostnames: string): Endpoint => wish('shop.example.org', 'A', ['192.0.2.1'], { customHostname: hostnames });
  const hostnames = (api: FakeCloudflare): string[] => (api.zones[0]?.customHostnames ?? []).map((c) => c.hostname).sort();

  it('come, change and go with the name', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--cloudflare-custom-hostnames']);
    await sync([shop('a.example,b.example')]);
    assert.deepEqual(hostnames(api), ['a.example', 'b.example']);
    await sync([shop('b.example,c.example')]);
    assert.deepEqual(hostnames(api), ['b.example', 'c.example']);
    await sync([]);
    assert.deepEqual(hostnames(api), []);
  });

  it('of another origin are left alone, which is told, and holds up nothing', async () => {
    const { sync, api } = await start([{ name: 'example.org', customHostnames: [{ hostname: 'a.example', custom_origin_server: 'other.example.org' }] }], ['--cloudflare-custom-hostnames']);
    const { failures } = await sync([shop('a.example'), a('web.example.org')]);
    assert.deepEqual(failures, ['shop.example.org: the record is written, but not its custom hostname a.example: it leads to other.example.org already; remove it there first']);
    assert.deepEqual(contents(api), ['shop.example.org A 192.0.2.1', 'web.example.org A 192.0.2.1']);
    assert.deepEqual(hostnames(api), ['a.example']);
  });

  it('that are refused hold up nothing', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--cloudflare-custom-hostnames', '--cloudflare-region-key=eu']);
    const { failures } = await sync([shop('not_valid!'), wish('moon.example.org', 'A', ['192.0.2.1'], { regionKey: 'moon' }), a('web.example.org')]);
    assert.deepEqual(failures.map((f) => f.split(':')[0]), ['shop.example.org', 'moon.example.org']);
    assert.equal(contents(api).length, 3);
    assert.deepEqual(api.zones[0]?.regionalHostnames.map((r) => r.hostname).sort(), ['shop.example.org', 'web.example.org']);
  });

  it('are tried again after trouble', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--cloudflare-regional-services', '--cloudflare-custom-hostnames']);
    const failed = new Set<string>();
    api.fault = (call) => {
      if (call.method !== 'POST' || !call.path.endsWith('hostnames') || failed.has(call.path)) return undefined;
      failed.add(call.path);
      return { status: 500, message: 'oops', headers: { 'retry-after': '0' } };
    };
    assert.deepEqual((await sync([wish('shop.example.org', 'A', ['192.0.2.1'], { customHostname: 'a.example', regionKey: 'eu' })])).failures, []);
    assert.deepEqual([failed.size, hostnames(api), api.zones[0]?.regionalHostnames.length], [2, ['a.example'], 1]);
  });

  it('a zone whose regions cannot be read gets its records, and a failure for each region', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--cloudflare-regional-services']);
    api.fault = (call) => (call.path.includes('regional_hostnames') ? { status: 403, code: 1003, message: 'not entitled' } : undefined);
    const { failures } = await sync([wish('eu.example.org', 'A', ['192.0.2.1'], { regionKey: 'eu' }), a('web.example.org')]);
    assert.equal(contents(api).length, 2);
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? '', /^eu\.example\.org: .*region eu: .*not entitled/);
  });

  it('have the flags for TLS and the authority in them', async () => {
    const { sync, api } = await start([{ name: 'example.org' }], ['--cloudflare-custom-hostnames', '--cloudflare-custom-hostnames-min-tls-version=1.2', '--cloudflare-custom-hostnames-certificate-authority=google']);
    await sync([shop('a.example')]);
    assert.deepEqual(api.calls.find((c) => c.path.endsWith('custom_hostnames') && c.method === 'POST')?.body['ssl'], {
      type: 'dv',
      method: 'http',
      bundle_method: 'ubiquitous',
      certificate_authority: 'google',
      settings: { min_tls_version: '1.2' },
    });
  });
});

describe('questions for names', () => {
  const cases: readonly { readonly title: string; readonly names: readonly string[]; readonly queries: readonly string[] }[] = [
    { title: 'a name', names: ['web.example.org'], queries: ['exact web.example.org'] },
    { title: 'a name and its ownership are one', names: ['a-web.example.org', 'web.example.org', 'cname-web.example.org'], queries: ['endswith web.example.org'] },
    { title: 'other names are others', names: ['web.example.org', 'app.example.org'], queries: ['exact app.example.org', 'exact web.example.org'] },
    { title: 'the apex does not stand for the zone', names: ['example.org', '_external-dns-a.example.org'], queries: ['exact example.org', 'exact _external-dns-a.example.org'] },
  ];
  for (const { title, names: asked, queries } of cases)
    it(title, () => assert.deepEqual(queriesFor(asked, 'example.org').flatMap((q) => Object.entries(q).map(([key, value]) => `${key.split('.')[1]} ${value}`)), queries));
});
