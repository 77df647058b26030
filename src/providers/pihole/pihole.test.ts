import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Config } from '../../config/config.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { ConfigurationError } from '../../errors.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider } from '../provider.ts';
import { pihole } from './index.ts';

const never = new AbortController().signal;
const password = 'geheim';

interface Fake {
  readonly hosts: string[];
  readonly cnames: string[];
  readonly sessions: Set<string>;
  readonly calls: string[];
}
type Handler = (fake: Fake, request: IncomingMessage, body: string, response: ServerResponse) => void;

/** Pi-hole v6. */
const v6: Handler = (fake, request, body, response) => {
  const [, , section = '', , list = '', item = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
  const answer = (status: number, json?: unknown): void => void response.writeHead(status).end(json === undefined ? undefined : JSON.stringify(json));
  const header = request.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'x-ftl-sid');
  if (section === 'auth' && request.method === 'POST') {
    if ((JSON.parse(body) as { password: string }).password !== password) return answer(401, { session: { valid: false, sid: null } });
    const sid = `sid${fake.calls.length}`;
    fake.sessions.add(sid);
    return answer(200, { session: { valid: true, sid } });
  }
  if (header.length !== 1 || !fake.sessions.has(header[0] ?? '')) return answer(401, { error: { key: 'unauthorized', message: 'Unauthorized' } });
  if (section === 'auth') return void (fake.sessions.delete(header[0] ?? ''), answer(204));
  const lines = list === 'hosts' ? fake.hosts : fake.cnames;
  if (request.method === 'GET') return answer(200, { config: { dns: { [list]: lines } } });
  if (request.method === 'PUT') {
    if (lines.includes(item)) return answer(400, { error: { message: 'Item already present' } });
    if (list === 'cnameRecords' && lines.some((l) => l.split(',')[0] === item.split(',')[0])) return answer(400, { error: { message: 'Config item validation failed' } });
    lines.push(item);
    return answer(201, {});
  }
  const at = lines.indexOf(item);
  if (at < 0) return answer(404, { error: { message: 'Item not found' } });
  lines.splice(at, 1);
  return answer(204);
};

/** The forms of Pi-hole v5: a cookie of the session, and the token of its pages. */
const v5: Handler = (fake, request, body, response) => {
  const fields = Object.fromEntries(new URLSearchParams(body));
  const sid = /PHPSESSID=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
  const url = request.url ?? '';
  if (url === '/admin/index.php?login') {
    if (fields['pw'] !== password) return void response.end('<html>wrong password</html>');
    const made = `s${fake.calls.length}`;
    fake.sessions.add(made);
    return void response.writeHead(302, { location: 'index.php', 'set-cookie': `PHPSESSID=${made}; path=/` }).end();
  }
  if (url === '/admin/index.php' && fake.sessions.has(sid ?? '')) return void response.end(`<html><div id="token" hidden>tok+${sid}=</div></html>`);
  if (!url.endsWith('.php') || !url.includes('/custom')) return void response.writeHead(404).end();
  if (!fake.sessions.has(sid ?? '') || fields['token'] !== `tok+${sid}=`) return void response.end('Session expired! Please re-login on the Pi-hole dashboard.');
  const hosts = url.endsWith('/customdns.php');
  const lines = hosts ? fake.hosts : fake.cnames;
  const domain = fields['domain'] ?? '';
  const line = hosts ? `${fields['ip']} ${domain}` : `${domain},${fields['target']}`;
  if (fields['action'] === 'get') return void response.end(JSON.stringify({ data: lines.map((l) => (hosts ? l.split(' ').reverse() : l.split(','))) }));
  if (fields['action'] === 'add') {
    if (lines.some((l) => (hosts ? l.split(' ')[1] : l.split(',')[0]) === domain)) return void response.end('{"success":false,"message":"This domain already has a custom entry"}');
    lines.push(line);
  } else {
    const at = lines.indexOf(line);
    if (at < 0) return void response.end('{"success":false,"message":"This domain/ip association does not exist"}');
    lines.splice(at, 1);
  }
  response.end('{"success":true,"message":""}');
};

async function withPihole(setting: { handler: Handler; settings?: Partial<Config>; log?: Logger; fake?: Partial<Fake> }, work: (provider: Provider, fake: Fake) => Promise<void>): Promise<void> {
  const fake: Fake = { hosts: [], cnames: [], sessions: new Set(), calls: [], ...setting.fake };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data)).on('end', () => {
      fake.calls.push(`${request.method} ${decodeURIComponent(request.url ?? '').replace(/^\/(api\/(config\/dns\/)?|admin\/(scripts\/pi-hole\/php\/)?)/, '')}`);
      setting.handler(fake, request, body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const options = { piholeServer: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, piholePassword: password, piholeApiVersion: setting.handler === v5 ? '5' : '6', piholeTlsSkipVerify: false, tlsCa: '', registry: 'noop', zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0, ...setting.settings };
  try {
    const provider = await pihole.create({ options: options as unknown as Config, env: {}, domainFilter: await createDomainFilter({}), log: setting.log ?? silentLogger, metrics: noMetrics, signal: never });
    await work(provider, fake);
    await provider.close?.();
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const e = (name: string, type: string, targets: readonly string[], ttlSeconds = 0): ReturnType<typeof makeEndpoint> => makeEndpoint(name, type, targets, { ttlSeconds });
const apply = (provider: Provider, change: Change): Promise<readonly Outcome[]> => {
  const group: ChangeGroup = { name: 'web.example.org', setIdentifier: '', changes: [change], reason: 'test' };
  return provider.apply([group], never);
};
const before = e('web.example.org', 'CNAME', ['lb.example.org'], 300);

for (const [title, handler] of [['v6', v6], ['v5', v5]] as const)
  describe(`Pi-hole ${title}`, () => {
    it('reads addresses and CNAMEs', () =>
      withPihole({ handler, fake: { hosts: ['192.0.2.1 web.example.org', '2001:db8::1 web.example.org'], cnames: ['www.example.org,web.example.org'] } }, async (provider) => {
        const { records = [] } = await provider.snapshot(never);
        assert.deepEqual(records.map((r) => `${r.dnsName} ${r.recordType} ${r.targets.join()}`), ['web.example.org A 192.0.2.1', 'web.example.org AAAA 2001:db8::1', 'www.example.org CNAME web.example.org']);
      }));

    it('signs in once, and again when the session has ended', () =>
      withPihole({ handler }, async (provider, fake) => {
        await provider.snapshot(never);
        const signedIn = (): number => fake.calls.filter((c) => c === 'POST auth' || c.endsWith('?login')).length;
        assert.equal(signedIn(), 1);
        fake.sessions.clear();
        assert.equal((await apply(provider, { action: 'create', after: e('web.example.org', 'A', ['192.0.2.1']) }))[0]?.result, 'applied');
        assert.deepEqual([signedIn(), fake.hosts], [2, ['192.0.2.1 web.example.org']]);
      }));

    it('takes what is there already, and what is gone already, as done', () =>
      withPihole({ handler, fake: { hosts: ['192.0.2.1 web.example.org'] } }, async (provider, fake) => {
        const [made] = await apply(provider, { action: 'create', after: e('web.example.org', 'A', ['192.0.2.1']) });
        const [gone] = await apply(provider, { action: 'delete', before: e('web.example.org', 'A', ['192.0.2.9']) });
        assert.deepEqual([made?.result, gone?.result, fake.hosts], ['applied', 'applied', ['192.0.2.1 web.example.org']]);
      }));

    it('replaces an address', () =>
      withPihole({ handler, fake: { hosts: ['192.0.2.1 web.example.org'] } }, async (provider, fake) => {
        await apply(provider, { action: 'update', before: e('web.example.org', 'A', ['192.0.2.1']), after: e('web.example.org', 'A', ['192.0.2.2']) });
        assert.deepEqual(fake.hosts, ['192.0.2.2 web.example.org']);
      }));

    it('says that the password is wrong, without it', () =>
      withPihole({ handler, settings: { piholePassword: 'other' } }, async (provider) => {
        await assert.rejects(provider.snapshot(never), (error: Error) => /--pihole-password/.test(error.message) && !/other\b/.test(error.message.replace('another one', '')));
      }));

    it('skips the ownership records of the registry', () =>
      withPihole({ handler }, async (provider, fake) => {
        assert.equal((await apply(provider, { action: 'create', after: e('a-web.example.org', 'TXT', ['"heritage=external-dns"']) }))[0]?.result, 'applied');
        assert.deepEqual(fake.calls, []);
      }));
  });

describe('Pi-hole', () => {
  it('changes only the TTL of a CNAME', () =>
    withPihole({ handler: v6, fake: { cnames: ['web.example.org,lb.example.org,300'] } }, async (provider, fake) => {
      const [outcome] = await apply(provider, { action: 'update', before, after: e('web.example.org', 'CNAME', ['lb.example.org'], 600) });
      assert.deepEqual([outcome?.result, fake.cnames], ['applied', ['web.example.org,lb.example.org,600']]);
    }));

  it('removes lines as they are spelled', () =>
    withPihole({ handler: v6, fake: { cnames: ['web.example.org, lb.example.org, 300'] } }, async (provider, fake) => {
      await provider.snapshot(never);
      await apply(provider, { action: 'delete', before });
      assert.deepEqual(fake.cnames, []);
    }));

  it('puts a CNAME back where the new one is refused', () =>
    withPihole({ handler: (fake, request, body, response) => (request.url?.includes('bad') ? void response.writeHead(400).end('{}') : v6(fake, request, body, response)), fake: { cnames: ['web.example.org,lb.example.org,300'] } }, async (provider, fake) => {
      const [outcome] = await apply(provider, { action: 'update', before, after: e('web.example.org', 'CNAME', ['bad.example.org'], 300) });
      assert.deepEqual([outcome?.result, fake.cnames], ['failed', ['web.example.org,lb.example.org,300']]);
    }));

  it('leaves wildcards out, and says so once', async () => {
    const warnings: unknown[] = [];
    const log: Logger = { ...silentLogger, warning: (message) => void warnings.push(message) };
    await withPihole({ handler: v6, log }, async (provider) => {
      for (let i = 0; i < 2; i++) assert.deepEqual(await provider.adjust([e('*.example.org', 'A', ['192.0.2.1'])], never), []);
    });
    assert.equal(warnings.length, 1);
  });

  it('has several addresses of a name in v6 alone', async () => {
    for (const [handler, want] of [[v6, 2], [v5, 1]] as const)
      await withPihole({ handler }, async (provider) => assert.equal((await provider.adjust([e('web.example.org', 'A', ['192.0.2.2', '192.0.2.1'])], never))[0]?.targets.length, want));
  });

  it('ends its session', async () => {
    let left: Fake | undefined;
    await withPihole({ handler: v6 }, async (provider, fake) => {
      left = fake;
      await provider.snapshot(never);
    });
    assert.equal(left?.sessions.size, 0);
  });

  for (const [settings, want] of [
    [{ piholeServer: '' }, /--pihole-server: the URL/],
    [{ piholeServer: 'pihole.example.org' }, /http:\/\//],
  ] as const)
    it(`refuses ${JSON.stringify(settings)}`, () => assert.rejects(withPihole({ handler: v6, settings }, async () => {}), (error: Error) => error instanceof ConfigurationError && want.test(error.message)));
});
