// Secrets are read once, so that a rotated one is not used before a restart; and they stand in logs. Ours are read again when their file changes, and shown nowhere.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { flags } from '../../src/config/flags.ts';
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from '../kubernetes/certificates.ts';
import { FakeDns } from '../support/fake-dns.ts';
import { Rig, service } from '../support/process.ts';
import { testKey } from '../support/rfc2136.ts';

const secretFlags = [...flags].flatMap(([name, flag]) => ('secret' in flag ? [name] : []));
/** Of the length of an AES key, and base64. */
const secret = 'GeheimGeheimGeheimGeheimGeheim12';
const another = 'AnderesGeheimAnderesGeheim123456';

async function withFolder(test: (at: (name: string) => string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
  try {
    await test((name) => path.join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts a new text into a file as a mounted Secret does: by another link. */
function mount(file: string, text: string): void {
  const target = `${file}.${Math.random()}`;
  writeFileSync(target, text);
  symlinkSync(target, `${file}.new`);
  renameSync(`${file}.new`, file);
}

/** An API, and whatever credential its requests came with. */
class Api {
  /** The one that is good now. */
  good = secret;
  readonly seen = new Set<string>();
  /** Requests for which the session is open. */
  left = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async with(answer: (request: IncomingMessage, body: string, api: Api) => { readonly credential?: string | undefined; readonly status: number; readonly json: unknown }, test: (api: Api) => Promise<void>, tls?: object): Promise<void> {
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.on('data', (data) => (body += data)).on('end', () => {
        const { credential, status, json } = answer(request, body, api);
        if (credential !== undefined) api.seen.add(credential);
        response.writeHead(status).end(JSON.stringify(json));
      });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const api = new Api(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await test(api);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
}

const warnings = (log: string): number => log.split('changed file cannot be used').length - 1;

describe('secrets', () => {
  it('are in no log, metric or answer of a process that has them all', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.start('--log-level=debug', ...secretFlags.map((name) => `--${name}=${secret}`));
      await rig.untilRecords('web.example.org A 192.0.2.1');
      const port = /metrics and health are served.* port=(\d+)/.exec(rig.log)?.[1];
      const paths = ['metrics', 'readyz', 'healthz', 'livez', 'debug', 'debug/config', 'debug/vars', 'debug/pprof/', 'nothing'];
      const answers = await Promise.all(paths.map(async (name) => (await fetch(`http://127.0.0.1:${port}/${name}`)).text()));
      for (const text of [rig.log, ...answers]) assert.ok(!text.includes(secret), 'a secret is shown');
      assert.match(rig.log, /pdns-api-key="?\*\*\*\*\*\*/);
    }));

  for (const provider of ['aws', 'exoscale', 'godaddy', 'pdns', 'pihole', 'rfc2136'])
    it(`are in no message of ${provider}, when it cannot do its work`, () =>
      Rig.with((rig) =>
        withFolder(async (at) => {
          writeFileSync(at('secret'), `${secret}\n`);
          rig.api.put('services', service('web', '192.0.2.1'));
          rig.start(
            '--once', '--log-level=debug', `--provider=${provider}`, '--pdns-server=http://127.0.0.1:9', '--pihole-server=http://127.0.0.1:9', '--rfc2136-host=127.0.0.1', '--rfc2136-port=9', '--rfc2136-zone=example.org', '--rfc2136-tsig-keyname=key',
            '--rfc2136-tsig-secret-alg=hmac-sha256', '--rfc2136-axfr', ...secretFlags.map((name) => `--${name}-file=${at('secret')}`),
          );
          await rig.until('it ends', () => !rig.running, 20);
          assert.equal(await rig.ended(), 1);
          assert.match(rig.log, /level=error/);
          assert.ok(!rig.log.includes(secret), `a secret is shown:\n${rig.log}`);
        }),
      ));
});

describe('a secret that is exchanged in its file', () => {
  const apis: readonly { readonly title: string; readonly start: (rig: Rig, address: string, file: string) => void; readonly answer: Parameters<typeof Api.with>[0] }[] = [
    {
      title: '--pdns-api-key-file',
      start: (rig, address, file) => rig.start('--provider=pdns', `--pdns-server=http://${address}`, `--pdns-api-key-file=${file}`, '--interval=1s'),
      answer: ({ headers }, _body, { good }) => {
        const credential = String(headers['x-api-key']);
        return credential === good ? { credential, status: 200, json: [] } : { credential, status: 401, json: {} };
      },
    },
    {
      title: '--pihole-password=file:PATH',
      start: (rig, address, file) => rig.start('--provider=pihole', `--pihole-server=http://${address}`, `--pihole-password=file:${file}`, '--registry=noop', '--interval=1s'),
      answer: ({ url, headers }, body, api) => {
        // sessions are short here: of two requests
        if (url !== '/api/auth') return headers['x-ftl-sid'] === 'open' && api.left-- > 0 ? { status: 200, json: { config: { dns: { hosts: [], cnameRecords: [] } } } } : { status: 401, json: {} };
        const credential = (JSON.parse(body || '{}') as { password?: string }).password ?? '';
        if (credential !== api.good) return { credential, status: 401, json: {} };
        api.left = 2;
        return { credential, status: 200, json: { session: { valid: true, sid: 'open' } } };
      },
    },
    {
      title: 'CF_API_TOKEN=file:PATH',
      start: (rig, address, file) => {
        rig.env = { CF_API_TOKEN: `file:${file}`, CLOUDFLARE_BASE_URL: `http://${address}` };
        rig.start('--provider=cloudflare', '--interval=1s');
      },
      answer: ({ headers }, _body, { good }) => {
        const credential = String(headers.authorization).replace(/^Bearer /, '');
        return credential === good ? { credential, status: 200, json: { success: true, result: [], result_info: { total_pages: 1 } } } : { credential, status: 403, json: { success: false, errors: [{ code: 9109, message: 'Invalid access token' }] } };
      },
    },
  ];
  for (const { title, start, answer } of apis)
    it(`is used from the next request on; an empty file or none changes nothing, and is told of once (${title})`, () =>
      Rig.with((rig) =>
        withFolder((at) =>
          Api.with(answer, async (api) => {
            const file = at('secret');
            mount(file, `${secret}\n`);
            start(rig, api.address, file);
            await rig.until('the first secret comes', () => api.seen.has(secret));
            mount(file, '\n');
            await rig.until('a warning', () => warnings(rig.log) === 1);
            rmSync(file);
            api.seen.clear();
            await rig.until('requests go on with the first', () => api.seen.has(secret));
            assert.ok(rig.running);
            api.good = another;
            mount(file, `${another}\n`);
            api.seen.clear();
            await rig.until('the new secret comes', () => api.seen.has(another));
            assert.equal(warnings(rig.log), 1);
            assert.ok(!rig.log.includes(secret) && !rig.log.includes(another), 'a secret is shown');
          }),
        ),
      ));

  it('signs the next transfer, where it is a TSIG key', () =>
    Rig.with((rig) =>
      withFolder(async (at) => {
        const dns = await new FakeDns('example.org', testKey).start();
        try {
          const file = at('secret');
          mount(file, testKey.secret.toString('base64'));
          rig.api.put('services', service('web', '192.0.2.1'));
          rig.start(
            '--provider=rfc2136', '--rfc2136-host=127.0.0.1', `--rfc2136-port=${dns.port}`, '--rfc2136-zone=example.org', `--rfc2136-tsig-keyname=${testKey.name}`, `--rfc2136-tsig-secret-alg=${testKey.algorithm}`, `--rfc2136-tsig-secret-file=${file}`,
            '--rfc2136-axfr', '--interval=1s',
          );
          const holds = (name: string): boolean => dns.lines().some((line) => line.startsWith(`${name}.example.org `));
          await rig.until('a record', () => holds('web'));
          dns.key = { ...testKey, secret: Buffer.from(another) };
          mount(file, 'no base64!');
          await rig.until('a warning', () => warnings(rig.log) === 1);
          mount(file, Buffer.from(another).toString('base64'));
          rig.api.put('services', service('api', '192.0.2.2'));
          await rig.until('a record under the new key', () => holds('api'), 20);
        } finally {
          await dns.stop();
        }
      }),
    ));

  it('is a client certificate with its key: both are used together, once they fit each other', () => {
    const tls = { cert: serverCertificate, key: serverKey, ca: authority, requestCert: true, rejectUnauthorized: true };
    const answer = (request: IncomingMessage) => ({ credential: String((request.socket as TLSSocket).getPeerCertificate().subject.CN), status: 200, json: [] });
    return Rig.with((rig) =>
      withFolder((at) =>
        Api.with(answer, async (api) => {
          for (const [name, text] of [['ca', authority], ['cert', clientCertificate], ['key', clientKey]] as const) mount(at(name), text);
          rig.start('--provider=pdns', `--pdns-server=https://${api.address}`, '--pdns-api-key=key', '--pdns-skip-tls-verify', `--tls-ca=${at('ca')}`, `--tls-client-cert=${at('cert')}`, `--tls-client-cert-key=${at('key')}`, '--interval=1s');
          await rig.until('the first certificate comes', () => api.seen.has('client.example.org'));
          mount(at('cert'), serverCertificate);
          await rig.until('a warning', () => warnings(rig.log) === 1);
          api.seen.clear();
          await rig.until('requests go on with the first', () => api.seen.has('client.example.org'));
          mount(at('key'), serverKey);
          await rig.until('the new certificate comes', () => api.seen.has('server.example.org'));
        }, tls),
      ),
    );
  });
});
