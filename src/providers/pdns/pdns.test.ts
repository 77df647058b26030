import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Config } from '../../config/config.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { ChangeGroup } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { ConfigurationError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider } from '../provider.ts';
import { pdns, managesZone } from './index.ts';

const never = new AbortController().signal;

interface FakeOptions {
  /** Servers before 4.6 pass over rrset_name. */
  readonly old?: boolean;
  readonly soaEditApi?: string;
  readonly apiRectify?: boolean;
  readonly domains?: readonly string[];
  readonly settings?: Partial<Config>;
  readonly fail?: (call: string, count: number) => number | undefined;
}

/** A PowerDNS API in memory with the zone example.org, behind a path. */
async function withServer(options: FakeOptions, work: (provider: Provider, calls: string[], state: { serial: number }) => Promise<void>): Promise<void> {
  const calls: string[] = [];
  const state = { serial: 1 };
  const rrset = (name: string, type: string, ...contents: string[]): object => ({ name, type, ttl: 300, records: contents.map((content) => ({ content, disabled: false })) });
  const sets = [rrset('example.org.', 'SOA', 'x'), rrset('web.example.org.', 'A', '192.0.2.1'), rrset('api.example.org.', 'A', '192.0.2.2')];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const call = `${request.method} ${url.pathname.replace('/dns/api/v1/servers/localhost', '')}${url.search}`;
    calls.push(call);
    const status = options.fail?.(call, calls.length);
    let body = '';
    request.on('data', (data) => (body += data)).on('end', () => {
      const zone = { id: 'example.org.', name: 'Example.org.', kind: 'Native', dnssec: true, serial: state.serial, edited_serial: state.serial };
      const name = url.searchParams.get('rrset_name');
      const answer = (code: number, json?: unknown): void => void response.writeHead(code).end(json === undefined ? undefined : JSON.stringify(json));
      if (status) answer(status, { error: 'as the test wants it' });
      else if (request.headers['x-api-key'] !== 'key') answer(401, { error: 'Unauthorized' });
      else if (request.method === 'PATCH') {
        calls.push(body);
        state.serial++;
        answer(204);
      } else if (request.method === 'PUT') answer(200, {});
      else if (call === 'GET /zones') answer(200, [zone]);
      else answer(200, { ...zone, soa_edit_api: options.soaEditApi ?? 'DEFAULT', api_rectify: options.apiRectify ?? true, rrsets: sets.filter((s) => options.old || name === null || (s as { name: string }).name === name) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const settings = { pdnsServer: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dns/`, pdnsServerId: 'localhost', pdnsApiKey: 'key', pdnsSkipTlsVerify: false, tlsCa: '', tlsClientCert: '', tlsClientCertKey: '', zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0, ...options.settings };
  try {
    const provider = await pdns.create({ options: settings as unknown as Config, env: {}, domainFilter: await createDomainFilter({ include: options.domains ?? [] }), log: silentLogger, metrics: noMetrics, signal: never });
    await work(provider, calls, state);
    await provider.close?.();
  } finally {
    server.closeAllConnections();
    server.close();
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
    withServer({}, async (provider, calls, state) => {
      const first = await provider.snapshot(never);
      const second = await provider.snapshot(never, first.fingerprint);
      assert.deepEqual([first.records?.length, second.records, calls.length], [2, undefined, 3]);
      state.serial++;
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
