import assert from 'node:assert/strict';
import { request } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import { type Approvals, heldPath, serveHeld } from '../held.ts';
import { ConfigurationError } from '../../errors.ts';
import { type HttpServer, openHttpServer } from '../../http/server.ts';
import type { HeldPlan } from '../../plan/brake.ts';
import { approve } from './approve.ts';

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

const held: HeldPlan = { checksum: '0123456789ab', zones: [{ zone: 'example.org', deletions: 2, recent: 0, owned: 2 }], records: ['a.example.org A', 'b.example.org A'] };

/** A process that holds this plan; gives its address. */
async function processThatHolds(plan: HeldPlan | undefined, approved: string[] = []): Promise<string> {
  const approvals: Approvals = { held: plan, approve: (checksum) => plan?.checksum === checksum && approved.push(checksum) > 0 };
  const server = await openHttpServer({ address: '127.0.0.1:0', setting: '--metrics-address', handle: (req, res) => serveHeld(req, res, approvals) });
  open.push(server);
  return `127.0.0.1:${server.address.port}`;
}

async function run(argv: readonly string[], env: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  let text = '';
  const status = await approve(argv, env, (part) => (text += part), AbortSignal.timeout(5000));
  return { status, text };
}

describe('the command approve', () => {
  it('shows what is held', async () => {
    const { status, text } = await run(['--metrics-address', await processThatHolds(held)]);
    assert.equal(status, 3);
    assert.equal(text, 'held: 2 of 2 records in zone example.org would be deleted\n- a.example.org A\n- b.example.org A\nto let them go: external-dns approve 0123456789ab\n');
  });
  it('tells that nothing is held', async () => assert.deepEqual(await run([], { EXTERNAL_DNS_METRICS_ADDRESS: await processThatHolds(undefined) }), { status: 0, text: 'nothing is held\n' }));
  it('lets go what its checksum stands for', async () => {
    const approved: string[] = [];
    const { status, text } = await run(['0123456789ab', `--metrics-address=${await processThatHolds(held, approved)}`]);
    assert.deepEqual([status, text, approved], [0, 'approved; 2 records will be deleted\n', ['0123456789ab']]);
  });
  it('lets go nothing else', async () => {
    const approved: string[] = [];
    const { status, text } = await run(['ffffffffffff', `--metrics-address=${await processThatHolds(held, approved)}`]);
    assert.deepEqual([status, approved], [1, []]);
    assert.match(text, /^this is not what is held now\n/);
  });
  it('says where to run it where no process answers', async () => {
    const address = await processThatHolds(undefined);
    await Promise.all(open.splice(0).map((server) => server.close()));
    await assert.rejects(run([`--metrics-address=${address}`]), (error) => error instanceof ConfigurationError && /no process answers at 127\.0\.0\.1:\d+/.test(error.message));
  });
  it('refuses what it does not know', async () => assert.rejects(run(['--force']), /unexpected argument "--force"/));
});

describe('the held plan over HTTP', () => {
  const cases: readonly [about: string, method: string, headers: Record<string, string>, body: string, status: number][] = [
    ['is approved by JSON', 'POST', { 'content-type': 'application/json' }, '{"checksum":"0123456789ab"}', 202],
    ['is not approved by a form of a page', 'POST', { 'content-type': 'text/plain' }, '{"checksum":"0123456789ab"}', 415],
    ['is not given to a page of another name', 'GET', { host: 'evil.example.net' }, '', 403],
    ['is not approved by something else', 'POST', { 'content-type': 'application/json' }, '[]', 400],
    ['is not approved by a body that is no JSON', 'POST', { 'content-type': 'application/json' }, '{', 400],
    ['is not approved by a huge body', 'POST', { 'content-type': 'application/json' }, `{"checksum":"${'0'.repeat(5000)}"}`, 413],
    ['is not replaced', 'PUT', {}, '', 405],
  ];
  for (const [about, method, headers, body, status] of cases)
    it(about, async () => {
      const address = await processThatHolds(held);
      const found = await new Promise((resolve, reject) => {
        const sent = request(`http://${address}${heldPath}`, { method, headers }, (response) => resolve(response.resume().statusCode)).on('error', reject);
        sent.end(body);
      });
      assert.equal(found, status);
    });
});
