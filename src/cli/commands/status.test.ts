import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type NameStatus, Statuses } from '../../controller/status.ts';
import { ConfigurationError } from '../../errors.ts';
import { type HttpServer, openHttpServer } from '../../http/server.ts';
import { namesPath, serveNames } from '../names.ts';
import { status } from './status.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function processWith(names: Readonly<Record<string, readonly [state: NameStatus['state'], reason: string, retry?: NameStatus['retry']]>>): Promise<string> {
  const statuses = new Statuses();
  for (const [name, [state, reason, retry]] of Object.entries(names)) statuses.set(name, state, reason, new Date('2026-01-02T03:04:05.678Z'), { retry });
  const server = await openHttpServer({ address: '127.0.0.1:0', setting: '--metrics-address', handle: (req, res) => serveNames(req, res, statuses.entries()) });
  open.push(server);
  return `127.0.0.1:${server.address.port}`;
}

async function run(argv: readonly string[], env: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  let text = '';
  return { status: await status(argv, env, (part) => (text += part), AbortSignal.timeout(5000)), text };
}

const retry = { setIdentifier: '', tries: 4, at: new Date('2026-01-02T03:04:21Z') };
const two = { 'web.example.org': ['foreign', 'it is held by owner "other"'], 'api.example.org': ['quarantined', 'the weight 256 is too large', retry] } as const;

describe('the command status', () => {
  it('shows what is not in order, since when and why', async () =>
    assert.deepEqual(await run(['--metrics-address', await processWith(two)]), {
      status: 3,
      text: 'api.example.org  quarantined since 2026-01-02T03:04:05Z: the weight 256 is too large (tried 4 times, next 2026-01-02T03:04:21Z)\nweb.example.org  foreign since 2026-01-02T03:04:05Z: it is held by owner "other"\n',
    }));
  it('shows the names that are asked for, however they are spelled', async () => {
    const address = `--metrics-address=${await processWith(two)}`;
    assert.match((await run(['Web.Example.org.', address])).text, /^web\.example\.org  foreign [^\n]*\n$/);
    assert.deepEqual(await run(['other.example.org', address]), { status: 0, text: 'all is in order\n' });
  });
  it('gives JSON where that is asked for', async () => {
    const { text } = await run(['--json'], { EXTERNAL_DNS_METRICS_ADDRESS: await processWith(two) });
    assert.deepEqual(JSON.parse(text)[0], { name: 'api.example.org', state: 'quarantined', reason: 'the weight 256 is too large', since: '2026-01-02T03:04:05.678Z', tries: 4, nextTry: '2026-01-02T03:04:21.000Z' });
  });
  it('lets nothing of what it shows steer the terminal', async () => {
    const { text } = await run(['--metrics-address', await processWith({ 'a\u001b[2J.example.org': ['invalid', 'one\nall is in order\u202e'] })]);
    assert.equal(text, 'a [2J.example.org  invalid since 2026-01-02T03:04:05Z: one all is in order \n');
  });
  it('refuses what it does not know', async () => assert.rejects(run(['--force']), (error) => error instanceof ConfigurationError && /unexpected argument "--force"/.test(error.message)));
});

describe('the names over HTTP', () => {
  it('are not given to a page of another name, and are only read', async () => {
    const address = await processWith(two);
    assert.equal((await fetch(`http://${address}${namesPath}`, { method: 'POST' })).status, 405);
    assert.equal((await fetch(`http://${address}${namesPath}`)).status, 200);
  });
});
