import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakePdns, type FakePdnsOptions } from '../../../test/support/fake-pdns.ts';
import type { Config } from '../../config/config.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { ChangeGroup } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { ConfigurationError } from '../../errors.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider } from '../provider.ts';
import type { PdnsRecordSet } from './client.ts';
import { pdns, managesZone } from './index.ts';

const never = new AbortController().signal;

interface Setting extends FakePdnsOptions {
  readonly log?: Logger;
  readonly domains?: readonly string[];
  readonly settings?: Partial<Config>;
  readonly fail?: FakePdns['fail'];
}

/** The provider before a server with the zone example.org. */
async function withServer({ domains = [], settings = {}, log = silentLogger, fail, ...fakeOptions }: Setting, work: (provider: Provider, calls: string[], fake: FakePdns) => Promise<void>): Promise<void> {
  const rrset = (name: string, type: string, content: string): PdnsRecordSet => ({ name, type, ttl: 300, records: [{ content, disabled: false }] });
  const fake = await FakePdns.start({ 'Example.org.': [rrset('example.org.', 'SOA', 'x'), rrset('web.example.org.', 'A', '192.0.2.1'), rrset('api.example.org.', 'A', '192.0.2.2')] }, fakeOptions);
  if (fail) fake.fail = fail;
  const options = { pdnsServer: fake.url, pdnsServerId: 'localhost', pdnsApiKey: 'geheim-key', pdnsSkipTlsVerify: false, tlsCa: '', tlsClientCert: '', tlsClientCertKey: '', zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0, ...settings };
  try {
    const provider = await pdns.create({ options: options as unknown as Config, env: {}, domainFilter: await createDomainFilter({ include: domains }), log, metrics: noMetrics, signal: never });
    await work(provider, fake.calls, fake);
    await provider.close?.();
  } finally {
    await fake.close();
  }
}

const group = (name: string): ChangeGroup => ({ name, setIdentifier: '', changes: [{ action: 'create', after: makeEndpoint(name, 'A', ['192.0.2.9']) }], reason: 'test' });

describe('PowerDNS', () => {
  it('reads below the path of its URL', () =>
    withServer({}, async (provider, calls) => {
      const { records = [] } = await provider.snapshot(never);
      assert.deepEqual([calls, records.map((r) => r.dnsName)], [['GET /zones', 'GET /zones/example.org.'], ['web.example.org', 'api.example.org']]);
    }));

  it('writes names in capitals into their zone, with a TTL of 300', () =>
    withServer({}, async (provider, calls) => {
      const [outcome] = await provider.apply([group('New.EXAMPLE.org')], never);
      assert.equal(outcome?.result, 'applied');
      assert.deepEqual(JSON.parse(calls.at(-1) ?? ''), { rrsets: [{ name: 'new.example.org.', type: 'A', changetype: 'REPLACE', ttl: 300, records: [{ content: '192.0.2.9', disabled: false }] }] });
    }));

  it('leaves the NS records of a zone out, and says so once', async () => {
    const warned: string[] = [];
    const log: Logger = { ...silentLogger, warning: (message) => void warned.push(message) };
    await withServer({ log }, async (provider) => {
      await provider.snapshot(never);
      const wishes = ['Example.org', 'sub.example.org'].map((name) => makeEndpoint(name, 'NS', ['ns1.example.net']));
      for (let i = 0; i < 2; i++) assert.deepEqual((await provider.adjust(wishes, never)).map((e) => e.dnsName), ['sub.example.org']);
    });
    assert.deepEqual(warned, ['record is left out: the NS records of a zone are not changed']);
  });

  it('makes a call again after trouble, three times in all', () =>
    withServer({ fail: (call, count) => (call.startsWith('GET /zones/') && count < 4 ? 502 : undefined) }, async (provider, calls) => {
      assert.equal((await provider.snapshot(never)).records?.length, 2);
      assert.equal(calls.length, 4);
    }));

  it('sends a refused batch in parts', () =>
    withServer({ fail: (call, count) => (call.startsWith('PATCH') && count === 2 ? 422 : undefined) }, async (provider, calls) => {
      const outcomes = await provider.apply([group('a.example.org'), group('b.example.org')], never);
      assert.deepEqual([outcomes.map((o) => o.result), calls.filter((c) => c.startsWith('PATCH')).length], [['applied', 'applied'], 3]);
    }));

  it('does not read a zone again whose serial is the same', () =>
    withServer({}, async (provider, calls, fake) => {
      const first = await provider.snapshot(never);
      const second = await provider.snapshot(never, first.fingerprint);
      assert.deepEqual([first.records?.length, second.records, calls.length], [2, undefined, 3]);
      fake.moveSerial('example.org.');
      assert.equal((await provider.snapshot(never, second.fingerprint)).records?.length, 2);
    }));

  for (const soaEditApi of ['', 'EPOCH'])
    it(`reads it again where SOA-EDIT-API is "${soaEditApi}": then the serial says nothing`, () =>
      withServer({ soaEditApi }, async (provider) => {
        const first = await provider.snapshot(never);
        assert.equal(first.fingerprint, undefined);
        assert.equal((await provider.snapshot(never, first.fingerprint)).records?.length, 2);
      }));

  it('asks for single names', () =>
    withServer({}, async (provider, calls) => {
      const records = await provider.recordsOf?.(['web.example.org', 'a-web.example.org'], never);
      assert.deepEqual(records?.map((r) => r.dnsName), ['web.example.org']);
      assert.deepEqual(calls.slice(1), ['GET /zones/example.org.?rrset_name=web.example.org.', 'GET /zones/example.org.?rrset_name=a-web.example.org.']);
    }));

  it('reads the zone once where the server cannot be asked for names', () =>
    withServer({ old: true }, async (provider, calls) => {
      for (let i = 0; i < 2; i++) assert.deepEqual((await provider.recordsOf?.(['web.example.org', 'a-web.example.org'], never))?.map((r) => r.dnsName), ['web.example.org']);
      assert.deepEqual(calls.slice(1), ['GET /zones/example.org.?rrset_name=web.example.org.', 'GET /zones/example.org.', 'GET /zones/example.org.']);
    }));

  for (const apiRectify of [true, false])
    it(apiRectify ? 'leaves rectifying to the server' : 'rectifies a signed zone where the server does not', () =>
      withServer({ apiRectify }, async (provider, calls) => {
        await provider.snapshot(never);
        await provider.apply([group('a.example.org')], never);
        assert.equal(calls.includes('PUT /zones/example.org./rectify'), !apiRectify);
      }));

  it('manages a zone above the domain of the filter', () => withServer({ domains: ['apps.example.org'] }, async (provider) => assert.equal((await provider.snapshot(never)).records?.length, 2)));

  for (const [settings, want] of [
    [{ pdnsApiKey: '' }, /--pdns-api-key/],
    [{ pdnsServer: 'localhost:8081' }, /--pdns-server/],
    [{ tlsClientCert: '/client.pem' }, /--tls-client-cert-key/],
    [{ tlsCa: '/nonexistent/ca.pem' }, /--tls-ca/],
  ] as const)
    it(`refuses ${JSON.stringify(settings)}`, () => assert.rejects(withServer({ settings }, async () => {}), (error: Error) => error instanceof ConfigurationError && want.test(error.message)));
});

describe('which zones of PowerDNS are managed', () => {
  const cases: readonly (readonly [title: string, filter: { include?: string[]; exclude?: string[]; regexInclude?: string }, zone: string, want: boolean])[] = [
    ['all without a filter', {}, 'example.org.', true],
    ['the zone of the filter', { include: ['example.org'] }, 'example.org.', true],
    ['a zone below it', { include: ['example.org'] }, 'sub.example.org.', true],
    ['a zone above it', { include: ['apps.example.org'] }, 'Example.org.', true],
    ['no other zone', { include: ['example.org'] }, 'example.net.', false],
    ['none that only ends alike', { include: ['example.org'] }, 'notexample.org.', false],
    ['with a dot not the zone itself', { include: ['.example.org'] }, 'example.org.', false],
    ['with a dot what is below', { include: ['.example.org'] }, 'sub.example.org.', true],
    ['no excluded zone', { include: ['example.org'], exclude: ['sub.example.org'] }, 'sub.example.org.', false],
    ['any with an expression', { regexInclude: '^web' }, 'example.org.', true],
  ];
  for (const [title, filter, zone, want] of cases) it(title, async () => assert.equal(managesZone(await createDomainFilter(filter), zone), want));
});
