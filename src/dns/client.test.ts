import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type DnsFault, FakeDns } from '../../test/support/fake-dns.ts';
import { SoftError } from '../errors.ts';
import { RequestError } from '../http/client/errors.ts';
import { DnsClient, RcodeError } from './client.ts';
import { splitTsig, type TsigKey } from './tsig.ts';
import { rcodes } from './types.ts';
import { updateRequest } from './update.ts';
import { decodeMessage, encodeMessage, type ResourceRecord } from './wire.ts';

const never = new AbortController().signal;
const key: TsigKey = { name: 'key', algorithm: 'hmac-sha512', secret: Buffer.from('secret') };
const record = (i: number): ResourceRecord => ({ name: `h${i}.example.org`, type: 'TXT', class: 1, ttlSeconds: 60, data: `"${i} ${'x'.repeat(i % 50)}"` });
const add = (i: number) => ({ step: 'add', ...record(i) }) as const;

const withAnswers = (bytes: Buffer, added: readonly ResourceRecord[]): Buffer => {
  const message = decodeMessage(bytes);
  return encodeMessage({ ...message, answers: [...added, ...message.answers] });
};

describe('the client of a DNS server', () => {
  const open: (FakeDns | DnsClient)[] = [];
  after(() => Promise.all(open.map((o) => (o instanceof FakeDns ? o.stop() : o.close()))));
  async function start(signed = true, answerTimeoutMs = 5_000): Promise<{ server: FakeDns; client: DnsClient }> {
    const server = await new FakeDns('example.org', signed ? key : undefined).start();
    const client = new DnsClient({ address: { host: '127.0.0.1', port: server.port }, ...(signed && { key: () => key }), answerTimeoutMs });
    open.push(server, client);
    return { server, client };
  }

  for (const signed of [true, false])
    it(`changes a zone and reads it, ${signed ? 'signed' : 'not signed'}, over one connection`, async () => {
      const { server, client } = await start(signed);
      await client.exchange(updateRequest('example.org', [], [add(1), add(2)]), never);
      await client.exchange(updateRequest('example.org', [], [{ step: 'remove', ...record(1) }]), never);
      const whole = await client.transfer('example.org', undefined, never);
      assert.deepEqual(whole.kind === 'whole' && whole.records, [record(2)]);
      assert.equal(server.connections, 1);
    });

  it('reads a zone of many messages, of which some are signed', async () => {
    const { server, client } = await start();
    server.records = Array.from({ length: 2000 }, (_, i) => record(i));
    server.perMessage = 7;
    server.signEach = 90;
    const whole = await client.transfer('example.org', undefined, never);
    assert.equal(whole.kind === 'whole' && whole.records.length, 2000);
  });

  it('reads what has changed since a version', async () => {
    const { server, client } = await start();
    server.records = [record(1)];
    const whole = await client.transfer('example.org', undefined, never);
    assert.ok(whole.kind === 'whole');
    assert.deepEqual(await client.transfer('example.org', whole.soa, never), { kind: 'same' });
    server.change([record(1)], [record(2)]);
    const changes = await client.transfer('example.org', whole.soa, never);
    assert.deepEqual(changes.kind === 'changes' && changes.steps, [{ deleted: [record(1)], added: [record(2)] }]);
  });

  it('connects again where the server has closed a connection that was kept', async () => {
    const { server, client } = await start();
    await client.exchange(updateRequest('example.org', [], [add(1)]), never);
    let dropped = false;
    server.fault = () => (dropped ? undefined : ((dropped = true), 'close'));
    await client.exchange(updateRequest('example.org', [], [add(2)]), never);
    assert.equal(server.records.length, 2);
    assert.equal(server.connections, 2);
  });

  const bad: readonly (readonly [string, DnsFault, (error: unknown) => boolean])[] = [
    ['no answer', 'hang', (e) => e instanceof RequestError && e.kind === 'timeout' && e.mayHaveArrived],
    ['a closed connection', 'close', (e) => e instanceof RequestError && e.kind === 'closed' && e.mayHaveArrived],
    ['a refusal', rcodes.REFUSED, (e) => e instanceof RcodeError && e.rcode === rcodes.REFUSED],
    ['a wrong signature', ([m = Buffer.alloc(0)]) => [Buffer.concat([m.subarray(0, -7), Buffer.from([(m.at(-7) ?? 0) ^ 1]), m.subarray(-6)])], (e) => e instanceof SoftError && /signature of the response is wrong/.test(e.message)],
    ['no signature', ([m = Buffer.alloc(0)]) => [splitTsig(m).bytes], (e) => e instanceof SoftError && /is not signed/.test(e.message)],
    ['another id', ([m = Buffer.alloc(0)]) => [Buffer.concat([Buffer.from([(m[0] ?? 0) ^ 1]), m.subarray(1)])], (e) => e instanceof SoftError && /another request/.test(e.message)],
    ['a message that is cut off', ([m = Buffer.alloc(0)]) => [m.subarray(0, 20)], (e) => e instanceof SoftError && /cannot be used/.test(e.message)],
    ['an empty message', () => [Buffer.alloc(0)], (e) => e instanceof SoftError],
  ];
  for (const [what, fault, is] of bad)
    it(`does not take ${what} for an answer`, async () => {
      const { server, client } = await start(true, fault === 'hang' ? 30 : 5_000);
      server.records = [record(1)];
      server.fault = () => fault;
      await assert.rejects(client.exchange(updateRequest('example.org', [], [add(2)]), never), is);
      await assert.rejects(client.transfer('example.org', undefined, never), is);
    });

  it('gives no transfer of which the end, or the beginning, is not signed', async () => {
    const { server, client } = await start();
    server.records = Array.from({ length: 50 }, (_, i) => record(i));
    server.perMessage = 10;
    for (const at of [0, 5])
      for (const added of [[], [record(51)]]) {
        server.fault = () => (messages) => messages.map((m, i) => (i === at ? withAnswers(splitTsig(m).bytes, added) : m));
        await assert.rejects(client.transfer('example.org', undefined, never), (e) => e instanceof SoftError && /not signed|signature/.test(e.message), `message ${at} with ${added.length} records more`);
      }
  });

  it('gives no part of a transfer that breaks off', async () => {
    const { server, client } = await start(true, 30);
    server.records = Array.from({ length: 50 }, (_, i) => record(i));
    server.perMessage = 10;
    for (const kept of [1, 3, 5]) {
      server.fault = () => (messages) => messages.slice(0, kept);
      await assert.rejects(client.transfer('example.org', undefined, never), (e) => e instanceof RequestError && e.kind === 'timeout');
    }
  });

  it('says of a server that is not there that nothing was done', async () => {
    const { server, client } = await start();
    await server.stop();
    await assert.rejects(client.exchange(updateRequest('example.org', [], [add(1)]), never), (e) => e instanceof RequestError && e.kind === 'unreachable' && !e.mayHaveArrived);
  });

  it('says what is wrong with the key', async () => {
    const { server, client } = await start();
    server.key = { ...key, secret: Buffer.from('other') };
    await assert.rejects(client.exchange(updateRequest('example.org', [], [add(1)]), never), (e) => e instanceof RcodeError && e.rcode === rcodes.NOTAUTH);
  });

  it('ends when the program ends', async () => {
    const { server, client } = await start();
    server.fault = () => 'hang';
    const stop = new AbortController();
    const reading = client.transfer('example.org', undefined, stop.signal);
    setTimeout(() => stop.abort(), 5);
    await assert.rejects(reading, /the program is ending/);
  });

  it('does not send what is too large for a message', async () => {
    const { server, client } = await start();
    const steps = Array.from({ length: 2000 }, (_, i) => add(i));
    await assert.rejects(client.exchange(updateRequest('example.org', [], steps), never), /65535/);
    assert.deepEqual(server.requests, []);
  });
});
