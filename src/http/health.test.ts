import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ConfigurationError } from '../errors.ts';
import { silentLogger } from '../log/logger.ts';
import { serveHealth, type Health } from './health.ts';
import { openHttpServer, parseListenAddress, readBody, send, type HttpServer, type HttpServerOptions } from './server.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
const keep = (server: HttpServer): HttpServer => {
  open.push(server);
  return server;
};
const urlOf = ({ address }: HttpServer, path: string): string => `http://127.0.0.1:${address.port}${path}`;
const well: Health = { ok: true, reasons: [] };

async function health(parts: { alive?: () => Health; ready?: () => Health; text?: () => Promise<string> } = {}): Promise<HttpServer> {
  const { alive = () => well, ready = () => well, text = async () => 'a 1\n' } = parts;
  return keep(await serveHealth({ address: '127.0.0.1:0', metrics: { text, contentType: 'text/plain; version=0.0.4' }, alive, ready, log: silentLogger }));
}

const http = (handle: HttpServerOptions['handle'], address = '127.0.0.1:0') => openHttpServer({ address, setting: '--metrics-address', handle }).then(keep);

describe('health', () => {
  it('is 200 while all is well', async () => {
    const server = await health();
    for (const path of ['/healthz', '/livez', '/readyz', '/healthz?verbose=1']) {
      const response = await fetch(urlOf(server, path));
      assert.deepEqual([response.status, await response.text()], [200, 'OK'], path);
    }
  });
  it('is 503 with the reasons where it is not', async () => {
    const server = await health({ ready: () => ({ ok: false, reasons: ['zone example.org cannot be read'] }) });
    const ready = await fetch(urlOf(server, '/readyz'));
    assert.deepEqual([ready.status, await ready.text()], [503, 'not well\nzone example.org cannot be read\n']);
    assert.equal((await fetch(urlOf(server, '/healthz'))).status, 200);
  });
  it('is asked anew each time', async () => {
    let ok = false;
    const server = await health({ alive: () => ({ ok, reasons: [] }) });
    assert.equal((await fetch(urlOf(server, '/livez'))).status, 503);
    ok = true;
    assert.equal((await fetch(urlOf(server, '/livez'))).status, 200);
  });
});

describe('metrics', () => {
  it('are served with their content type', async () => {
    const response = await fetch(urlOf(await health(), '/metrics'));
    assert.deepEqual([response.status, response.headers.get('content-type'), await response.text()], [200, 'text/plain; version=0.0.4', 'a 1\n']);
  });
  it('answer HEAD without a body', async () => {
    const response = await fetch(urlOf(await health(), '/metrics'), { method: 'HEAD' });
    assert.deepEqual([response.status, response.headers.get('content-length'), await response.text()], [200, '4', '']);
  });
  it('only by reading', async () => assert.equal((await fetch(urlOf(await health(), '/metrics'), { method: 'POST', body: 'x' })).status, 405));
  it('nothing else is there', async () => assert.equal((await fetch(urlOf(await health(), '/debug'))).status, 404));
  it('an error is a 500 that does not tell', async () => {
    const response = await fetch(
      urlOf(
        await health({
          text: async () => {
            throw new Error('geheim');
          },
        }),
        '/metrics',
      ),
    );
    assert.deepEqual([response.status, await response.text()], [500, 'internal error']);
  });
});

describe('addresses to listen at', () => {
  for (const [text, host, port] of [[':7979', '', 7979], ['127.0.0.1:0', '127.0.0.1', 0], ['[::]:80', '::', 80], ['[2001:db8::1]:8080', '2001:db8::1', 8080], ['0.0.0.0:7979', '0.0.0.0', 7979], ['localhost:65535', 'localhost', 65_535]] as const)
    it(`${text} is one`, () => assert.deepEqual(parseListenAddress(text, '--x'), { host, port }));
  for (const text of ['', '7979', 'localhost', ':', ':65536', ':-1', '::1:80', '[::1]', '[localhost]:80', ':http', 'http://x:80', ' :80'])
    it(`"${text}" is none`, () => assert.throws(() => parseListenAddress(text, '--metrics-address'), (error) => error instanceof ConfigurationError && error.message.startsWith('--metrics-address: ')));
  it('a taken port is told', async () => {
    const { address } = await http((_, response) => send(response, 200, ''));
    await assert.rejects(http(() => {}, `127.0.0.1:${address.port}`), (error) => error instanceof ConfigurationError && /--metrics-address: 127\.0\.0\.1:\d+ is taken by another process/.test(error.message));
  });
  it('an address of another machine is told', async () => assert.rejects(http(() => {}, '192.0.2.1:0'), /is no address of this machine/));
});

describe('a server', () => {
  it('reads a body up to its limit', async () => {
    const server = await http(async (request, response) => send(response, 200, String((await readBody(request, 5)).length)));
    assert.equal(await (await fetch(urlOf(server, '/'), { method: 'POST', body: '12345' })).text(), '5');
    assert.equal((await fetch(urlOf(server, '/'), { method: 'POST', body: '123456' })).status, 413);
  });
  it('reads any body where there is no limit', async () => {
    const server = await http(async (request, response) => send(response, 200, String((await readBody(request, 0)).length)));
    assert.equal(await (await fetch(urlOf(server, '/'), { method: 'POST', body: 'x'.repeat(100_000) })).text(), '100000');
  });
  it('refuses headers that are too large', async () => {
    const server = await http((_, response) => send(response, 200, ''));
    assert.equal((await fetch(urlOf(server, '/'), { headers: { 'x-large': 'x'.repeat(20_000) } })).status, 431);
  });
  it('closes at once when nobody waits, though a connection is open', async () => {
    const server = await http((_, response) => send(response, 200, ''));
    const socket = connect(server.address.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    await fetch(urlOf(server, '/'));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await server.close();
    await ended;
  });
});
