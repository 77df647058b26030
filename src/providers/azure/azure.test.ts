import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeAzureDns } from '../../../test/support/fake-azure-dns.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { TokenCache } from '../../http/auth/access-token.ts';
import type { HttpClient, HttpRequest } from '../../http/client/index.ts';
import { responseOf } from '../../http/client/transport.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { AzureDns, type AzureRecordSet, type AzureZone, ConditionError, publicZones } from './client.ts';
import { publicShape } from './convert.ts';
import { azureProvider, triesOf } from './index.ts';

const never = new AbortController().signal;
const zone = (name: string, recordSets = 1): AzureZone => ({ id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnszones/${name}`, name, recordSets });
const addresses = (name: string, etag: string, ...targets: readonly string[]): AzureRecordSet => ({ name, type: 'A', etag, properties: { TTL: 300, ARecords: targets.map((ipv4Address) => ({ ipv4Address })) } });

interface Options {
  readonly zones?: readonly AzureZone[];
  readonly sets?: readonly AzureRecordSet[];
  readonly domains?: readonly string[];
  readonly zoneNames?: readonly string[];
  readonly zoneIds?: readonly string[];
  /** Throws to make a write fail. */
  readonly fault?: (call: string) => void;
}

/** The provider on the engine, with an API that notes its calls; all zones hold the same. */
async function open({ zones = [zone('example.org')], sets = [], domains = [], zoneNames = [], zoneIds = [], fault }: Options = {}): Promise<{ provider: Provider; calls: string[] }> {
  const options = { zoneIdFilter: zoneIds, batchChangeSize: 200, batchChangeIntervalMs: 0, azureZonesCacheDurationMs: 0 };
  const setup: ProviderSetup = { options: options as unknown as ProviderSetup['options'], env: {}, domainFilter: await createDomainFilter({ include: domains }), log: silentLogger, metrics: noMetrics, signal: never };
  const dns = new FakeAzureDns(zones, sets);
  dns.fault = fault;
  return { provider: azureProvider({ name: 'azure', shape: publicShape, dns, setup, zoneNameFilter: await createDomainFilter({ include: zoneNames }) }), calls: dns.calls };
}

const a = (name: string, ...targets: readonly string[]): Endpoint => makeEndpoint(name, 'A', targets.length ? targets : ['192.0.2.1'], { ttlSeconds: 300 });
const group = (name: string, ...changes: readonly Change[]): ChangeGroup => ({ name, setIdentifier: '', changes, reason: 'test' });
const results = async (provider: Provider, ...groups: readonly ChangeGroup[]): Promise<readonly string[]> => (await provider.apply(groups, never)).map((o) => `${o.group.name} ${o.result}`);

describe('Azure DNS', () => {
  it('writes names in Unicode in their xn-- form', async () => {
    const { provider, calls } = await open();
    assert.deepEqual(await results(provider, group('xn--bcher-kva.example.org', { action: 'create', after: a('bücher.example.org') })), ['xn--bcher-kva.example.org applied']);
    assert.deepEqual(calls, ['put A xn--bcher-kva if absent']);
  });

  it('says of each record whether it was written, and goes on after one that was refused', async () => {
    const { provider } = await open({ fault: (call) => { if (call.startsWith('put A bad')) throw new Error('status 400'); } });
    assert.deepEqual(await results(provider, ...['a', 'bad', 'z'].map((n) => group(`${n}.example.org`, { action: 'create', after: a(`${n}.example.org`) }))), ['a.example.org applied', 'bad.example.org failed', 'z.example.org applied']);
  });

  it('writes only over what it has read', async () => {
    const { provider, calls } = await open({ sets: [addresses('web', 'v1', '192.0.2.1'), addresses('old', 'v2', '192.0.2.1')] });
    const { records = [] } = await provider.snapshot(never);
    const [web, old] = records;
    assert.ok(web && old);
    await provider.apply([group('web.example.org', { action: 'update', before: web, after: a('web.example.org', '192.0.2.2') }), group('old.example.org', { action: 'delete', before: old })], never);
    await provider.apply([group('web.example.org', { action: 'update', before: web, after: a('web.example.org', '192.0.2.3') })], never);
    assert.deepEqual(calls, ['list example.org', 'put A web if v1', 'delete A old if v2', 'put A web if new']);
  });

  const standing = [addresses('web', 'v2', '192.0.2.2')];
  const [before, after] = [a('web.example.org'), a('web.example.org', '192.0.2.2')];
  const unmet: readonly { readonly title: string; readonly change: Change; readonly sets: readonly AzureRecordSet[]; readonly want: string }[] = [
    { title: 'a creation whose answer was lost is done', change: { action: 'create', after }, sets: standing, want: 'applied' },
    { title: 'an update whose answer was lost is done', change: { action: 'update', before, after }, sets: standing, want: 'applied' },
    { title: 'a creation where something else stands is refused', change: { action: 'create', after: a('web.example.org', '192.0.2.77') }, sets: standing, want: 'failed' },
    { title: 'a creation where an alias stands is refused', change: { action: 'create', after }, sets: [{ ...addresses('web', 'v1'), properties: { targetResource: { id: '/x' } } }], want: 'failed' },
    { title: 'an update of what somebody else has changed is refused', change: { action: 'update', before, after: a('web.example.org', '192.0.2.77') }, sets: standing, want: 'failed' },
    { title: 'a deletion of what somebody else has changed is refused', change: { action: 'delete', before }, sets: standing, want: 'failed' },
    { title: 'a deletion of what is gone is done', change: { action: 'delete', before }, sets: [], want: 'applied' },
  ];
  for (const { title, change, sets, want } of unmet)
    it(`where a condition is not met: ${title}`, async () => {
      const { provider } = await open({ sets, fault: (call) => { if (/^(put|delete)/.test(call)) throw new ConditionError('status 412'); } });
      assert.deepEqual(await results(provider, group('web.example.org', change)), [`web.example.org ${want}`]);
    });

  it('reads single record sets in a large zone, and a small zone whole', async () => {
    const sets = [addresses('web', 'v1', '192.0.2.1'), addresses('x', 'v1', '192.0.2.1')];
    const large = await open({ zones: [zone('example.org', 20_000)], sets });
    assert.deepEqual((await large.provider.recordsOf?.(['web.example.org'], never))?.map((r) => r.dnsName), ['web.example.org']);
    assert.deepEqual(large.calls.toSorted(), publicShape.recordTypes.map((type) => `get ${type} web`));
    const small = await open({ zones: [zone('example.org', 50)], sets });
    assert.deepEqual((await small.provider.recordsOf?.(['web.example.org'], never))?.map((r) => r.dnsName), ['web.example.org']);
    assert.deepEqual(small.calls, ['list example.org']);
  });

  const filters: readonly { readonly title: string; readonly options: Options; readonly want: readonly string[] }[] = [
    { title: 'without filters all', options: {}, want: ['list example.net', 'list example.org'] },
    { title: 'by domain', options: { domains: ['example.net'] }, want: ['list example.net'] },
    { title: 'a domain below a zone does not select the zone', options: { domains: ['app.example.org'] }, want: [] },
    { title: 'by zone name', options: { domains: ['app.example.org'], zoneNames: ['example.org'] }, want: ['list example.org'] },
    { title: 'by the end of an id', options: { zoneIds: ['dnszones/example.net'] }, want: ['list example.net'] },
  ];
  for (const { title, options, want } of filters)
    it(`reads zones ${title}`, async () => {
      const { provider, calls } = await open({ zones: [zone('example.org'), zone('example.net')], ...options });
      await provider.snapshot(never);
      assert.deepEqual(calls.toSorted(), want);
    });

  it('tries as often as --azure-maxretries-count says', () => assert.deepEqual([3, 1, 0, -1].map(triesOf), [4, 2, 4, 1]));
});

describe('the Resource Manager', () => {
  function api(answers: readonly (readonly [status: number, body: unknown])[]): { dns: AzureDns; requests: HttpRequest[] } {
    const requests: HttpRequest[] = [];
    const left = [...answers];
    const http: HttpClient = {
      request: async (request) => {
        requests.push(request);
        const [status, body] = left.shift() ?? [500, {}];
        return responseOf(status, {}, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
      },
      close: async () => {},
    };
    let issued = 0;
    const tokens = new TokenCache(async () => ({ value: `t${++issued}`, expiresAtMs: Date.now() + 3_600_000 }));
    return { dns: new AzureDns({ kind: publicZones, http, tokens, resourceManager: 'https://management.azure.com', subscriptionId: 's', resourceGroup: 'g' }), requests };
  }
  const org = zone('example.org');

  it('gives all pages, by whole links', async () => {
    const next = 'https://management.azure.com/subscriptions/s/x?api-version=2018-05-01&$skipToken=n';
    const { dns, requests } = api([[200, { value: [{ id: '/a', name: 'a.example', properties: { numberOfRecordSets: 7 } }], nextLink: next }], [200, { value: [{ id: '/b', name: 'b.example' }] }]]);
    assert.deepEqual(await dns.zones(never), [{ id: '/a', name: 'a.example', recordSets: 7 }, { id: '/b', name: 'b.example', recordSets: 0 }]);
    assert.deepEqual(requests.map((r) => String(r.url)), ['https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnsZones?api-version=2018-05-01', next]);
  });

  it('never sends the token to another host', async () => {
    const { dns, requests } = api([[200, { value: [], nextLink: 'https://attacker.example/' }]]);
    await assert.rejects(dns.zones(never), SoftError);
    assert.equal(requests.length, 1);
  });

  it('reads the type without the path before it', async () => {
    const { dns } = api([[200, { value: [{ name: 'web', type: 'Microsoft.Network/dnszones/A', etag: 'e', properties: {} }] }]]);
    assert.deepEqual(await dns.recordSets(org, never), [{ name: 'web', type: 'A', etag: 'e', properties: {} }]);
  });

  it('sends conditions with a write', async () => {
    const { dns, requests } = api([[201, {}], [200, {}], [204, '']]);
    await dns.put(org, 'A', '*', { TTL: 1 }, 'absent', never);
    await dns.put(org, 'A', '@', { TTL: 1 }, { etag: 'v1' }, never);
    await dns.delete(org, 'A', 'web', undefined, never);
    assert.deepEqual(requests.map((r) => [r.method, new URL(r.url).pathname.split('/').slice(-2).join('/'), r.headers?.['if-none-match'], r.headers?.['if-match']]), [['PUT', 'A/*', '*', undefined], ['PUT', 'A/%40', undefined, 'v1'], ['DELETE', 'A/web', undefined, undefined]]);
  });

  const errors: readonly { readonly title: string; readonly status: number; readonly body: unknown; readonly check: (error: unknown) => boolean }[] = [
    { title: 'missing rights name the role, and concern this record alone', status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } }, check: (e) => e instanceof Error && !(e instanceof ConfigurationError) && /AuthorizationFailed: no.*DNS Zone Contributor/.test(e.message) },
    { title: 'a refused record concerns this record alone', status: 400, body: { code: 'BadRequest', message: 'bad' }, check: (e) => e instanceof Error && !(e instanceof SoftError) && /BadRequest: bad/.test(e.message) },
    { title: 'a gateway in trouble may recover', status: 502, body: '<html>', check: (e) => e instanceof SoftError },
    { title: 'an unmet condition', status: 412, body: {}, check: (e) => e instanceof ConditionError },
  ];
  for (const { title, status, body, check } of errors)
    it(title, async () => {
      const error = await api([[status, body]]).dns.put(org, 'A', 'web', {}, undefined, never).catch((e: unknown) => e);
      assert.ok(check(error), String(error));
    });

  it('asks for another token once where one is refused', async () => {
    const { dns, requests } = api([[401, {}], [200, { value: [] }]]);
    await dns.zones(never);
    assert.deepEqual(requests.map((r) => r.headers?.['authorization']), ['Bearer t1', 'Bearer t2']);
    await assert.rejects(api([[401, {}], [401, {}]]).dns.zones(never), ConfigurationError);
  });
});
