import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { type Metrics, noMetrics } from '../../metrics/metrics.ts';
import { createHttpClient, type HttpClientOptions, isCertainlyUndone, RequestError, statusError } from './index.ts';
import { retry } from './retry.ts';
import { retryAfterMs } from './retry-after.ts';
import { TokenBucket } from './token-bucket.ts';
import { responseOf } from './transport.ts';
import type { HttpResponse, PreparedRequest } from './types.ts';

const never = new AbortController().signal;

/** Runs `work` with a client of a server on the loopback. */
async function withServer(handle: (request: IncomingMessage, response: ServerResponse) => void, work: (client: ReturnType<typeof createHttpClient>, url: string) => Promise<void>, options: Partial<HttpClientOptions> = {}): Promise<void> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createHttpClient({ name: 'test', baseUrl: `${url}/v1/`, timeoutMs: 2000, env: {}, metrics: noMetrics, log: silentLogger, ...options });
  try {
    await work(client, url);
  } finally {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => assert.fail('did not reject'), (error: unknown) => error);

describe('the HTTP client', () => {
  it('sends JSON below the base URL, and gives any answer', async () => {
    let seen: unknown;
    await withServer(
      (request, response) => {
        let body = '';
        request.on('data', (d) => (body += d)).on('end', () => {
          seen = [request.method, request.url, request.headers['content-type'], request.headers['x-token'], body];
          response.writeHead(404, { 'x-reason': 'none' }).end('{"message":"no"}');
        });
      },
      async (client) => {
        const response = await client.request({ method: 'POST', url: '/zones', query: { page: 2, empty: undefined }, json: { a: 1 }, headers: { 'x-token': 't' } }, never);
        assert.deepEqual(seen, ['POST', '/v1/zones?page=2', 'application/json', 't', '{"a":1}']);
        assert.deepEqual([response.status, response.header('X-Reason'), response.json()], [404, 'none', { message: 'no' }]);
      },
    );
  });

  it('observes each try with the labels of v0.22', async () => {
    const seen: unknown[] = [];
    const metrics: Metrics = { ...noMetrics, observe: (name, seconds, labels) => void seen.push([name, seconds >= 0, labels]) };
    await withServer(
      (_request, response) => void response.end('{}'),
      async (client, url) => {
        await client.request({ method: 'GET', url: 'zones/z1' }, never);
        assert.deepEqual(seen, [['http_request_duration_seconds', true, { handler: 'instrumented_http', scheme: 'http', host: new URL(url).host, path: 'z1', method: 'GET', status: '200' }]]);
      },
      { metrics },
    );
  });

  it('takes user and password from the URL', async () => {
    let authorization: string | undefined;
    await withServer(
      (request, response) => {
        ({ authorization } = request.headers);
        response.end();
      },
      async (client, url) => void (await client.request({ method: 'GET', url: url.replace('//', '//me:p%40ss@') }, never)),
    );
    assert.equal(authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  const faults: readonly { readonly title: string; readonly handle: (request: IncomingMessage, response: ServerResponse) => void; readonly kind: string; readonly options?: Partial<HttpClientOptions> }[] = [
    { title: 'a cut connection', handle: (_q, s) => void s.destroy(), kind: 'closed' },
    { title: 'an answer that breaks off', handle: (_q, s) => void (s.writeHead(200, { 'content-length': 100 }), s.write('half'), setTimeout(() => s.destroy(), 10)), kind: 'closed' },
    { title: 'no answer in time', handle: () => {}, kind: 'timeout', options: { timeoutMs: 40 } },
    { title: 'an answer that never ends', handle: (_q, s) => void (s.writeHead(200), s.write('x')), kind: 'timeout', options: { timeoutMs: 40 } },
    { title: 'an announced body that is too large', handle: (_q, s) => void s.end('x'.repeat(100)), kind: 'too-large', options: { maxBodyBytes: 99 } },
    { title: 'a body that turns out too large', handle: (_q, s) => void (s.write('x'.repeat(60)), s.end('x'.repeat(60))), kind: 'too-large', options: { maxBodyBytes: 100 } },
  ];
  for (const { title, handle, kind, options } of faults)
    it(`says what is wrong with ${title}, without secrets`, () =>
      withServer(
        handle,
        async (client, url) => {
          const error = await rejection(client.request({ method: 'GET', url: `${url.replace('//', '//me:secret@')}/zones`, query: { token: 'secret' } }, never));
          assert.ok(error instanceof RequestError && error instanceof SoftError);
          assert.equal(error.kind, kind);
          assert.equal(error.mayHaveArrived, true);
          assert.doesNotMatch(messageOf(error), /secret/);
        },
        options,
      ));

  it('knows that a request did not arrive where nobody listens', async () => {
    let address = '';
    await withServer(() => {}, async (_client, url) => void (address = url));
    const client = createHttpClient({ name: 'test', timeoutMs: 2000, env: {}, metrics: noMetrics, log: silentLogger });
    const error = await rejection(client.request({ method: 'POST', url: address }, never));
    assert.ok(error instanceof RequestError && error.kind === 'unreachable' && isCertainlyUndone(error));
    await client.close();
  });

  it('ends with the reason of its signal', () =>
    withServer(
      () => {},
      async (client) => {
        const stop = new AbortController();
        const sent = rejection(client.request({ method: 'GET', url: 'x' }, stop.signal));
        setTimeout(() => stop.abort(new Error('ending')), 20);
        assert.equal(messageOf(await sent), 'ending');
      },
    ));

  it('hands over a body as it comes', () =>
    withServer(
      (_request, response) => void response.end('abc'),
      async (client) => {
        const seen: unknown[] = [];
        const response = await client.request({ method: 'GET', url: 'x', onBody: { start: (status) => void seen.push(status), chunk: (data) => void seen.push(String(data)) } }, never);
        assert.deepEqual([seen, response.body.length], [[200, 'abc'], 0]);
      },
    ));

  it('goes through a proxy, plain for http', async () => {
    let asked: string | undefined;
    await withServer(
      (request, response) => {
        asked = request.url;
        response.end('from the proxy');
      },
      async (_client, url) => {
        const client = createHttpClient({ name: 'test', timeoutMs: 2000, env: { HTTP_PROXY: url }, metrics: noMetrics, log: silentLogger });
        const response = await client.request({ method: 'GET', url: 'http://api.example.org/zones?x=1' }, never);
        assert.deepEqual([asked, response.text()], ['http://api.example.org/zones?x=1', 'from the proxy']);
        await client.close();
      },
    );
  });

  it('says that a proxy refuses to connect', async () => {
    const server = createServer().on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = createHttpClient({ name: 'test', timeoutMs: 2000, env: { HTTPS_PROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }, metrics: noMetrics, log: silentLogger });
    const error = await rejection(client.request({ method: 'POST', url: 'https://api.example.org/' }, never));
    assert.ok(error instanceof RequestError && error.kind === 'unreachable' && /status 403/.test(error.message));
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('tells a setting that is wrong from trouble', async () => {
    for (const env of [{ HTTPS_PROXY: 'ftp://proxy.example.org' }, { SSL_CERT_FILE: '/none/such.pem' }]) {
      const client = createHttpClient({ name: 'test', timeoutMs: 2000, env, metrics: noMetrics, log: silentLogger });
      assert.ok((await rejection(client.request({ method: 'GET', url: 'https://192.0.2.1/' }, never))) instanceof ConfigurationError);
      await client.close();
    }
  });
});

describe('retries', () => {
  type Step = number | 'closed' | 'unreachable';
  const cases: readonly { readonly title: string; readonly method?: PreparedRequest['method']; readonly idempotent?: boolean; readonly steps: readonly Step[]; readonly calls: number; readonly end: Step }[] = [
    { title: 'repeats a GET after a 503', steps: [503, 200], calls: 2, end: 200 },
    { title: 'repeats a GET after a cut connection', steps: ['closed', 200], calls: 2, end: 200 },
    { title: 'gives the last answer after all tries', steps: [503, 503, 503, 503], calls: 3, end: 503 },
    { title: 'gives the last error after all tries', steps: ['closed', 'closed', 'closed'], calls: 3, end: 'closed' },
    { title: 'does not repeat after a 400', steps: [400, 200], calls: 1, end: 400 },
    { title: 'does not repeat a POST after a 503', method: 'POST', steps: [503, 200], calls: 1, end: 503 },
    { title: 'does not repeat a POST after a cut connection', method: 'POST', steps: ['closed', 200], calls: 1, end: 'closed' },
    { title: 'repeats a POST after a 429', method: 'POST', steps: [429, 200], calls: 2, end: 200 },
    { title: 'repeats a POST that did not arrive', method: 'POST', steps: ['unreachable', 200], calls: 2, end: 200 },
    { title: 'repeats a POST that may be repeated', method: 'POST', idempotent: true, steps: [503, 200], calls: 2, end: 200 },
    { title: 'does not repeat a PUT that may not be repeated', method: 'PUT', idempotent: false, steps: [503, 200], calls: 1, end: 503 },
  ];
  const request = (method: PreparedRequest['method'] = 'GET', idempotent?: boolean): PreparedRequest => ({ method, url: new URL('http://api.example.org/'), ...(idempotent !== undefined && { idempotent }) });
  for (const { title, method, idempotent, steps, calls, end } of cases)
    it(title, async () => {
      let made = 0;
      const send = async (): Promise<HttpResponse> => {
        const step = steps[made++];
        if (typeof step === 'number') return responseOf(step, {}, Buffer.alloc(0));
        throw new RequestError(String(step), step ?? 'other');
      };
      const got = await retry({ tries: 3, sleep: async () => {} })(send)(request(method, idempotent), never).then(
        (response) => response.status,
        (error: unknown) => error instanceof RequestError && error.kind,
      );
      assert.deepEqual([got, made], [end, calls]);
    });

  it('waits as long as it is asked, or ever longer', async () => {
    const waited: number[] = [];
    const answers = [responseOf(429, { 'retry-after': '3' }, Buffer.alloc(0)), responseOf(503, {}, Buffer.alloc(0)), responseOf(503, {}, Buffer.alloc(0)), responseOf(200, {}, Buffer.alloc(0))];
    const send = async (): Promise<HttpResponse> => answers.shift() ?? assert.fail();
    await retry({ tries: 4, firstWaitMs: 100, random: () => 0.5, sleep: async (ms) => void waited.push(ms) })(send)(request(), never);
    assert.deepEqual(waited, [3000, 200, 400]);
  });

  it('leaves a long Retry-After to the caller', async () => {
    const send = async (): Promise<HttpResponse> => responseOf(429, { 'retry-after': '3600' }, Buffer.alloc(0));
    const response = await retry({ tries: 4, sleep: async () => assert.fail() })(send)(request(), never);
    const error = statusError('reading zones', response);
    assert.ok(error instanceof SoftError && error.retryAfterMs === 3_600_000);
  });
});

describe('what an answer says', () => {
  const now = Date.parse('2026-01-02T03:04:05Z');
  const cases: readonly (readonly [value: string | undefined, want: number | undefined])[] = [
    ['120', 120_000], ['0', 0], ['0.5', 500], [' 7 ', 7000], ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000], ['Fri, 02 Jan 2026 03:00:00 GMT', 0], [undefined, undefined], ['soon', undefined], ['-1', undefined], ['', undefined],
  ];
  for (const [value, want] of cases) it(`Retry-After: ${value} is ${want} ms`, () => assert.equal(retryAfterMs(value, now), want));

  it('by its status: trouble that may pass, wrong credentials, or a refusal', () => {
    const of = (status: number): Error => statusError('reading zones', responseOf(status, {}, Buffer.alloc(0)), 'busy');
    for (const status of [408, 429, 500, 503]) assert.ok(of(status) instanceof SoftError);
    assert.ok(of(401) instanceof ConfigurationError);
    for (const status of [400, 403, 404, 409, 422]) assert.equal(of(status).constructor, Error);
    assert.equal(of(503).message, 'reading zones: status 503: busy');
  });

  it('is not quoted where it is no JSON', () => {
    assert.throws(() => responseOf(200, {}, Buffer.from('{"token":"secret"')).json(), (error: unknown) => error instanceof SoftError && !messageOf(error).includes('secret'));
  });
});

describe('the token bucket', () => {
  it('never lets more through than rate and burst allow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 60 }), (perSecond, burst, gaps) => {
        let now = 0;
        const bucket = new TokenBucket(perSecond, burst, () => now);
        const times = gaps.map((gap) => ((now += gap), now + bucket.reserve()));
        for (const [i, from] of times.entries())
          for (const [j, to] of times.entries()) {
            if (j <= i) continue;
            assert.ok(j - i + 1 <= burst + ((to - from) * perSecond) / 1000 + 1e-6 + (to === from ? 0 : 1e-6));
          }
      }),
    );
  });

  it('lets a burst through at once', () => {
    const bucket = new TokenBucket(10, 3, () => 0);
    assert.deepEqual([bucket.reserve(), bucket.reserve(), bucket.reserve(), bucket.reserve(), bucket.reserve()], [0, 0, 0, 100, 200]);
  });

  it('refuses a rate that lets nothing through', () => assert.throws(() => new TokenBucket(0)));
});
