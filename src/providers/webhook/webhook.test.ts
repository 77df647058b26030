import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { createDomainFilter, everyDomain } from '../../endpoint/domain-filter.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { type Metrics, noMetrics } from '../../metrics/metrics.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { decodeEndpoints, encodeChanges, encodeEndpoints } from './convert.ts';
import { groupsFromJSON } from './groups.ts';
import { webhook } from './index.ts';
import { openWebhookServer, type WebhookServerOptions } from './server.ts';

const never = new AbortController().signal;
const mediaType = 'application/external.dns.webhook+json;version=1';
const a = (name: string, ...targets: string[]): Endpoint => makeEndpoint(name, 'A', targets.length ? targets : ['192.0.2.1']);
const group = (name: string, ...changes: Change[]): ChangeGroup => ({ name, setIdentifier: '', changes: changes.length ? changes : [{ action: 'create', after: a(name) }], reason: 'test' });
const settings = { dryRun: false, webhookProviderReadTimeoutMs: 1000, webhookProviderWriteTimeoutMs: 1000, webhookProviderReadHeaderTimeoutMs: 1000, webhookProviderIdleTimeoutMs: 1000, webhookProviderMaxBodySize: 1_000_000 };

function setup(url: string, options: Partial<typeof settings> = {}, metrics: Metrics = noMetrics): ProviderSetup {
  return { options: { ...settings, ...options, webhookProviderUrl: url } as unknown as ProviderSetup['options'], env: {}, domainFilter: everyDomain, log: silentLogger, metrics, signal: never };
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A webhook provider that answers with `handler`, but for the negotiation. */
async function withRemote(handler: Handler, work: (provider: Provider, calls: string[]) => Promise<void>, options: Partial<typeof settings> = {}, metrics?: Metrics): Promise<void> {
  const calls: string[] = [];
  await listening(
    (request, response, body) => {
      calls.push(`${request.method} ${request.url}`);
      if (request.url === '/base/' || request.url === '/base') response.writeHead(200, { 'content-type': mediaType }).end('{"include":["example.org"]}');
      else handler(request, response, body);
    },
    async (url) => {
      const provider = await webhook.create(setup(`${url}/base/`, options, metrics));
      await work(provider, calls).finally(() => provider.close?.());
    },
  );
}

async function listening(handler: Handler, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (d) => (body += d)).on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('endpoints on the wire', () => {
  const endpoints = fc.array(
    fc.record({ dnsName: fc.string({ unit: 'grapheme' }).map((s) => `x${s.replaceAll('.', '')}`), recordType: fc.constantFrom('A', 'TXT'), targets: fc.array(fc.string({ unit: 'binary' })), ttlSeconds: fc.nat(), setIdentifier: fc.string() }).map(endpoint),
    { maxLength: 40 },
  );

  it('come back as they were, however the body is cut into chunks', () =>
    fc.assert(
      fc.property(endpoints, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (list, sizes) => {
        const bytes = encodeEndpoints(list);
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(decodeEndpoints(chunks), list);
        assert.equal(chunks.length, 0);
      }),
    ));

  it('come back where they are many, with quotes and brackets in them', () => {
    const list = Array.from({ length: 3000 }, (_, i) => makeEndpoint(`n${i}.example.org`, 'TXT', [`"[{\\"${i}\\\\,]}"`, ',{}'], { providerSpecific: [{ name: 'a', value: '},{' }] }));
    assert.deepEqual(decodeEndpoints([encodeEndpoints(list)]), list);
  });

  for (const [text, want] of [['null', 0], [' null ', 0], ['[]', 0], [' [ ] ', 0], ['[{}]', 1]] as const) it(`${JSON.stringify(text)} holds ${want}`, () => assert.equal(decodeEndpoints([Buffer.from(text)]).length, want));
  for (const text of ['', '[', '[{"dnsName":', '{}', '"x"', '[1]', '[{}] x', '[{},]', 'nul'])
    it(`${JSON.stringify(text)} is refused`, () => assert.throws(() => decodeEndpoints([Buffer.from(text)])));

  const web = { dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'] };
  it('have names of fields in any case, null for what is not given, and more than we know', () =>
    assert.deepEqual(decodeEndpoints([Buffer.from(JSON.stringify([{ DNSName: 'web.example.org', RecordType: 'A', Targets: ['192.0.2.1'], recordTTL: null, labels: null, comment: 'x' }]))]), [a('web.example.org', '192.0.2.1')]));
  const illTyped: readonly Readonly<Record<string, unknown>>[] = [
    { dnsName: 1 }, { targets: '192.0.2.1' }, { targets: [1] }, { recordType: {} }, { setIdentifier: 1 }, { recordTTL: '60' }, { recordTTL: 60.5 }, { labels: [] }, { labels: { a: 1 } }, { providerSpecific: {} }, { providerSpecific: [{ name: 1 }] },
  ];
  for (const field of illTyped)
    it(`are refused with ${JSON.stringify(field)}`, () => assert.throws(() => decodeEndpoints([Buffer.from(JSON.stringify([{ ...web, ...field }]))]), new RegExp(`^Error: ${Object.keys(field).join()} of endpoint`)));

  it('are told as four lists of changes, both sides of updates in the same order', () => {
    const changes: Change[] = [
      { action: 'delete', before: a('old.example.org') },
      { action: 'update', before: a('web.example.org', '192.0.2.1'), after: a('web.example.org', '192.0.2.2') },
      { action: 'create', after: a('new.example.org') },
    ];
    const json = JSON.parse(encodeChanges([group('x', ...changes), group('y.example.org')]).toString()) as Record<string, { dnsName: string }[]>;
    assert.deepEqual(Object.entries(json).map(([k, v]) => [k, v.map((e) => e.dnsName)]), [
      ['create', ['new.example.org', 'y.example.org']],
      ['updateOld', ['web.example.org']],
      ['updateNew', ['web.example.org']],
      ['delete', ['old.example.org']],
    ]);
    assert.equal(encodeChanges([]).toString(), '{}');
  });

  it('become groups again, with ownership before its record, whatever the order in which they came', () => {
    const changes: Change[] = [
      { action: 'delete', before: makeEndpoint('web.example.org', 'CNAME', ['a.example.net']) },
      { action: 'create', after: a('web.example.org') },
      { action: 'create', after: endpoint({ ...makeEndpoint('a-web.example.org', 'TXT', ['x']), labels: { ownedRecord: 'web.example.org' } }) },
    ];
    const update: Change = { action: 'update', before: a('b.example.org', '192.0.2.1'), after: a('b.example.org', '192.0.2.2') };
    const groups = groupsFromJSON(JSON.parse(encodeChanges([group('web.example.org', ...changes), group('b.example.org', update)]).toString()));
    assert.deepEqual(groups.map((g) => [g.name, g.changes]), [['web.example.org', [changes[0], changes[2], changes[1]]], ['b.example.org', [update]]]);
    assert.deepEqual(groupsFromJSON(null), []);
    assert.equal(groupsFromJSON({ Create: [{ dnsName: 'a.example.org' }], UPDATEOLD: null }).length, 1);
    for (const wrong of [[], 'x', { create: {} }, { create: [1] }]) assert.throws(() => groupsFromJSON(wrong));
  });
});

describe('the negotiation', () => {
  const negotiating = (handler: Handler): Promise<Provider> => {
    let provider: Provider | undefined;
    return listening(handler, async (url) => void (provider = await webhook.create(setup(url)))).then(() => provider ?? assert.fail());
  };

  it('gives the domain filter, also with another spelling of the media type', async () => {
    const provider = await negotiating((_q, s) => void s.writeHead(200, { 'content-type': 'application/external.dns.webhook+json; version=1' }).end('{"include":["example.org"]}'));
    assert.deepEqual([provider.domainFilter.matches('web.example.org'), provider.domainFilter.matches('web.example.net')], [true, false]);
  });

  const refusals: readonly { readonly title: string; readonly handler: Handler; readonly message: RegExp }[] = [
    { title: 'another media type', handler: (_q, s) => void s.writeHead(200, { 'content-type': 'application/json' }).end('{}'), message: /does not speak version 1/ },
    { title: 'another version', handler: (_q, s) => void s.writeHead(200, { 'content-type': mediaType.replace('=1', '=2') }).end('{}'), message: /does not speak version 1/ },
    { title: 'a status of 404, without a second try', handler: (_q, s) => void s.writeHead(404).end(), message: /status 404/ },
    { title: 'lists and expressions at once', handler: (_q, s) => void s.writeHead(200, { 'content-type': mediaType }).end('{"include":["a"],"regexInclude":"b"}'), message: /one or the other/ },
  ];
  for (const { title, handler, message } of refusals)
    it(`fails for ${title}`, async () => {
      let calls = 0;
      await assert.rejects(negotiating((q, s, b) => (calls++, handler(q, s, b))), (error: unknown) => message.test(messageOf(error)));
      assert.equal(calls, 1);
    });

  it('needs a URL', async () => {
    for (const url of ['', 'localhost:8888', 'ftp://example.org', 'http://']) await assert.rejects(webhook.create(setup(url)), ConfigurationError);
  });
});

describe('reading records', () => {
  it('leaves them out where the bytes are the same', () => {
    let records = '[{"dnsName":"web.example.org","recordType":"A","targets":["192.0.2.1"],"recordTTL":60}]';
    return withRemote(
      (_q, s) => void s.writeHead(200).end(records),
      async (provider, calls) => {
        const first = await provider.snapshot(never);
        assert.deepEqual(first.records, [makeEndpoint('web.example.org', 'A', ['192.0.2.1'], { ttlSeconds: 60 })]);
        assert.deepEqual(await provider.snapshot(never, first.fingerprint), { fingerprint: first.fingerprint, unreadable: [] });
        records = 'null';
        assert.deepEqual((await provider.snapshot(never, first.fingerprint)).records, []);
        // what has changed is asked for again, to be kept this time
        assert.deepEqual(calls, ['GET /base/', ...Array<string>(4).fill('GET /base/records')]);
      },
    );
  });

  const failures: readonly { readonly title: string; readonly handler: Handler; readonly options?: Partial<typeof settings> }[] = [
    { title: 'a 500', handler: (_q, s) => void s.writeHead(500).end() },
    { title: 'a 404', handler: (_q, s) => void s.writeHead(404).end() },
    { title: 'a 204', handler: (_q, s) => void s.writeHead(204).end() },
    { title: 'no JSON', handler: (_q, s) => void s.writeHead(200).end('[{"dnsName":') },
    { title: 'no list', handler: (_q, s) => void s.writeHead(200).end('{}') },
    { title: 'too large a body', handler: (_q, s) => void s.writeHead(200).end(`["${'x'.repeat(200)}"]`), options: { webhookProviderMaxBodySize: 100 } },
    { title: 'no answer in time', handler: () => {}, options: { webhookProviderReadTimeoutMs: 10, webhookProviderWriteTimeoutMs: 10 } },
    { title: 'a connection that is always cut', handler: (_q, s) => void s.destroy() },
  ];
  for (const { title, handler, options } of failures)
    it(`fails softly for ${title}, and counts that`, () => {
      const counted: Record<string, number> = {};
      const observed: unknown[] = [];
      const metrics: Metrics = {
        ...noMetrics,
        add: (name) => void (counted[name] = (counted[name] ?? 0) + 1),
        observe: (name, _seconds, labels) => void (name === 'provider_call_duration_seconds' && observed.push({ ...labels, status: labels?.['status'] === 'ok' })),
      };
      return withRemote(
        handler,
        async (provider) => {
          await assert.rejects(provider.snapshot(never), SoftError);
          assert.deepEqual(counted, { webhook_provider_records_requests_total: 1, webhook_provider_records_errors_total: 1, provider_calls_total: 1 });
          assert.deepEqual(observed, [{ provider: 'webhook', call: 'records', zone: '', status: false }]);
        },
        options,
        metrics,
      );
    });

  it('is tried once more where a connection that was kept open is closed', () => {
    let cuts = 1;
    return withRemote(
      (_q, s) => void (cuts-- > 0 ? s.destroy() : s.writeHead(200).end('[]')),
      async (provider) => assert.deepEqual((await provider.snapshot(never)).records, []),
    );
  });
});

describe('adjusting endpoints', () => {
  const ref = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web', uid: '1', source: 'service' };
  const wish = endpoint({ ...a('web.example.org'), labels: { resource: 'service/default/web' }, refs: [ref] });

  it('keeps the objects that an endpoint comes from, and takes what the provider makes of it', () =>
    withRemote(
      (_q, s, body) => void s.writeHead(200).end(body.replace('"A"', '"A","recordTTL":300')),
      async (provider) => assert.deepEqual(await provider.adjust([wish], never), [endpoint({ ...wish, ttlSeconds: 300 })]),
    ));

  it('takes the labels as the provider gives them', () =>
    withRemote(
      (_q, s) => void s.writeHead(200).end(JSON.stringify([{ dnsName: 'web.example.org', recordType: 'A', targets: wish.targets }])),
      async (provider) => assert.deepEqual(await provider.adjust([wish], never), [endpoint({ ...wish, labels: {} })]),
    ));

  it('takes an alias of the record\'s own type for a plain one, as it is read back', () => {
    const asked = (value: string) => endpoint({ ...wish, providerSpecific: [{ name: 'alias', value }] });
    return withRemote(
      (_q, s, body) => void s.writeHead(200).end(body),
      async (provider) => assert.deepEqual(await provider.adjust([asked('A'), asked('AAAA')], never), [asked('true'), asked('AAAA')]),
    );
  });

  it('makes no call for nothing', () =>
    withRemote(
      (_q, s) => void s.writeHead(500).end(),
      async (provider, calls) => {
        assert.deepEqual(await provider.adjust([], never), []);
        assert.equal(calls.length, 1);
      },
    ));

  it('leaves out what the provider leaves out', () => withRemote((_q, s) => void s.writeHead(200).end('null'), async (provider) => assert.deepEqual(await provider.adjust([wish], never), [])));
});

describe('applying changes', () => {
  it('makes one call for all groups', () =>
    withRemote(
      (_q, s) => void s.writeHead(204).end(),
      async (provider, calls) => {
        assert.deepEqual((await provider.apply([group('a.example.org'), group('b.example.org')], never)).map((o) => o.result), ['applied', 'applied']);
        assert.deepEqual(calls, ['GET /base/', 'POST /base/records']);
      },
    ));

  const failures: readonly { readonly title: string; readonly handler: Handler; readonly state: string; readonly options?: Partial<typeof settings> }[] = [
    { title: 'after a 500', handler: (_q, s) => void s.writeHead(500).end(), state: 'unknown' },
    { title: 'after a 200', handler: (_q, s) => void s.writeHead(200).end(), state: 'unknown' },
    { title: 'after a 400', handler: (_q, s) => void s.writeHead(400).end(), state: 'unchanged' },
    { title: 'after a cut', handler: (_q, s) => void s.destroy(), state: 'unknown' },
    { title: 'after a time-out', handler: () => {}, state: 'unknown', options: { webhookProviderReadTimeoutMs: 20, webhookProviderWriteTimeoutMs: 20 } },
  ];
  for (const { title, handler, state, options } of failures)
    it(`says that records are ${state} ${title}, and sends nothing again`, () =>
      withRemote(
        handler,
        async (provider, calls) => {
          const outcomes = await provider.apply([group('a.example.org'), group('b.example.org')], never);
          assert.deepEqual(outcomes.map((o) => o.result === 'failed' && o.state), [state, state]);
          assert.equal(calls.length, 2);
        },
        options,
      ));

  it('sends parts where the whole is too large', () =>
    withRemote(
      (_q, s, body) => void s.writeHead(body.length > 200 ? 413 : 204).end(),
      async (provider) => assert.ok((await provider.apply(['a', 'b', 'c', 'd'].map((n) => group(`${n}.example.org`)), never)).every((o) => o.result === 'applied')),
    ));

  it('finds the bad record when the changes come again', () =>
    withRemote(
      (_q, s, body) => void s.writeHead(body.includes('bad') ? 500 : 204).end(),
      async (provider) => {
        const groups = ['a', 'bad', 'c'].map((n) => group(`${n}.example.org`));
        await provider.apply(groups, never);
        assert.deepEqual((await provider.apply(groups, never)).map((o) => o.result), ['applied', 'failed', 'applied']);
      },
    ));
});

describe('the webhook server', () => {
  /** A provider with one record that notes what it is asked. */
  function local(overrides: Partial<Provider> = {}): { provider: Provider; applied: ChangeGroup[] } {
    const applied: ChangeGroup[] = [];
    return {
      applied,
      provider: {
        name: 'local',
        domainFilter: everyDomain,
        snapshot: async () => ({ records: [a('web.example.org')], unreadable: [] }),
        adjust: async (endpoints) => endpoints.map((e) => endpoint({ ...e, ttlSeconds: 300 })),
        apply: async (groups) => {
          applied.push(...groups);
          return groups.map((g) => (g.name.startsWith('bad') ? { group: g, result: 'failed', error: new Error('no'), state: 'unchanged' } : { group: g, result: 'applied' }));
        },
        ...overrides,
      },
    };
  }

  async function serving(options: Partial<WebhookServerOptions['options']>, provider: Provider, work: (url: string) => Promise<void>): Promise<void> {
    const server = await openWebhookServer({ provider, options: { ...settings, ...options }, log: silentLogger, address: '127.0.0.1:0' });
    await work(`http://127.0.0.1:${server.address.port}`).finally(() => server.close());
  }

  it('and the client understand each other', async () => {
    const { provider, applied } = local({ domainFilter: await createDomainFilter({ include: ['example.org'], exclude: ['x.example.org'] }) });
    await serving({}, provider, async (url) => {
      const client = await webhook.create(setup(url));
      assert.deepEqual(client.domainFilter.toJSON(), { include: ['example.org'], exclude: ['x.example.org'] });
      assert.deepEqual((await client.snapshot(never)).records, [a('web.example.org')]);
      assert.deepEqual((await client.adjust([a('b.example.org')], never)).map((e) => e.ttlSeconds), [300]);
      const update: Change = { action: 'update', before: a('b.example.org', '192.0.2.1'), after: a('b.example.org', '192.0.2.2') };
      assert.deepEqual((await client.apply([group('b.example.org', update)], never)).map((o) => o.result), ['applied']);
      assert.deepEqual(applied.map((g) => g.changes), [[update]]);
      assert.deepEqual((await client.apply([group('bad.example.org')], never)).map((o) => o.result), ['failed']);
      await client.close?.();
    });
  });

  const cases: readonly { readonly title: string; readonly method: string; readonly path: string; readonly body?: string; readonly status: number; readonly provider?: Partial<Provider>; readonly text?: string }[] = [
    { title: 'negotiates', method: 'GET', path: '/', status: 200, text: '{}' },
    { title: 'is healthy', method: 'GET', path: '/healthz', status: 200, text: 'ok' },
    { title: 'gives records', method: 'GET', path: '/records', status: 200, text: '[{"dnsName":"web.example.org","targets":["192.0.2.1"],"recordType":"A"}]' },
    { title: 'takes changes', method: 'POST', path: '/records', body: '{}', status: 204, text: '' },
    { title: 'takes no changes at all', method: 'POST', path: '/records', body: 'null', status: 204 },
    { title: 'adjusts nothing', method: 'POST', path: '/adjustendpoints', body: 'null', status: 200, text: '[]' },
    { title: 'refuses other methods for records', method: 'PUT', path: '/records', body: '{}', status: 400 },
    { title: 'refuses other methods for adjusting', method: 'GET', path: '/adjustendpoints', status: 400 },
    { title: 'refuses changes that are no JSON', method: 'POST', path: '/records', body: '{', status: 400 },
    { title: 'refuses endpoints that are none', method: 'POST', path: '/adjustendpoints', body: '{}', status: 400 },
    { title: 'refuses a body that is too large', method: 'POST', path: '/adjustendpoints', body: `[${' '.repeat(2000)}]`, status: 413 },
    { title: 'says 500 where records cannot be read', method: 'GET', path: '/records', status: 500, provider: { snapshot: () => Promise.reject(new Error('no')) } },
    { title: 'says 500 where a zone cannot be read', method: 'GET', path: '/records', status: 500, provider: { snapshot: async () => ({ records: [], unreadable: [{ zone: 'example.org', error: new Error('no') }] }) } },
    { title: 'says 500 where endpoints cannot be adjusted', method: 'POST', path: '/adjustendpoints', body: '[]', status: 500, provider: { adjust: () => Promise.reject(new Error('no')) } },
    { title: 'says 500 where a change fails', method: 'POST', path: '/records', body: '{"create":[{"dnsName":"bad.example.org","recordType":"A","targets":["192.0.2.1"]}]}', status: 500 },
  ];
  for (const { title, method, path, body, status, provider, text } of cases)
    it(title, () =>
      serving({ webhookProviderMaxBodySize: 1000 }, local(provider).provider, async (url) => {
        const response = await fetch(url + path, { method, ...(body !== undefined && { body }) });
        const answer = await response.text();
        assert.equal(response.status, status);
        if (text !== undefined) assert.equal(answer, text);
        if (status === 200 && path !== '/healthz') assert.equal(response.headers.get('content-type'), mediaType);
      }),
    );

  it('changes nothing in a dry run', async () => {
    const { provider, applied } = local();
    await serving({ dryRun: true }, provider, async (url) => {
      const response = await fetch(`${url}/records`, { method: 'POST', body: '{"create":[{"dnsName":"a.example.org","recordType":"A","targets":["192.0.2.1"]}]}' });
      assert.deepEqual([response.status, applied.length], [204, 0]);
    });
  });

  it('applies one call after the other, and ends them before it closes', async () => {
    let [running, most, done] = [0, 0, 0];
    const { provider } = local({
      apply: async (groups) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 15));
        running--;
        done++;
        return groups.map((g) => ({ group: g, result: 'applied' }));
      },
    });
    const calls: Promise<Response>[] = [];
    await serving({}, provider, async (url) => {
      for (let i = 0; i < 3; i++) calls.push(fetch(`${url}/records`, { method: 'POST', body: '{"delete":[{"dnsName":"a.example.org","recordType":"A","targets":["192.0.2.1"]}]}' }));
      await calls[0];
    });
    assert.deepEqual((await Promise.all(calls)).map((r) => r.status), [204, 204, 204]);
    assert.deepEqual([most, done], [1, 3]);
  });
});
