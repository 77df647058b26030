import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../endpoint/build.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { ConfigurationError } from '../errors.ts';
import { silentLogger } from '../log/logger.ts';
import { answerQuestion, type ServedZone } from './answer.ts';
import { respondTo, startDnsServer } from './server.ts';
import { rcodeName, rcodes } from './types.ts';
import { decodeMessage, encodeMessage, type Message } from './wire.ts';

function zone(name: string, records: readonly Endpoint[]): ServedZone {
  const below = (n: string): boolean => records.some((r) => r.dnsName === n || r.dnsName.endsWith(`.${n}`));
  return { name, serial: 7, records: (n) => records.filter((r) => r.dnsName === n), exists: below };
}

const zones = [
  zone('example.org', [
    makeEndpoint('example.org', 'MX', ['10 mail.example.org']),
    makeEndpoint('web.example.org', 'A', ['192.0.2.1', '192.0.2.2'], { ttlSeconds: 60 }),
    makeEndpoint('web.example.org', 'A', ['192.0.2.2', '192.0.2.3'], { setIdentifier: 'second' }),
    makeEndpoint('shop.example.org', 'CNAME', ['web.example.org']),
    makeEndpoint('away.example.org', 'CNAME', ['www.example.com']),
    makeEndpoint('other.example.org', 'CNAME', ['web.example.net']),
    makeEndpoint('round.example.org', 'CNAME', ['round.example.org']),
    makeEndpoint('*.wild.example.org', 'A', ['192.0.2.9']),
    makeEndpoint('a.b.wild.example.org', 'A', ['192.0.2.8']),
    makeEndpoint('text.example.org', 'TXT', ['heritage=external-dns,x']),
    makeEndpoint('quoted.example.org', 'TXT', ['"a" "b"']),
    makeEndpoint('moved.example.org', 'DNAME', ['example.net']),
    makeEndpoint('child.example.org', 'NS', ['ns.example.com']),
    makeEndpoint('broken.example.org', 'MX', ['nonsense']),
    makeEndpoint('big.example.org', 'TXT', Array.from({ length: 40 }, (_, i) => `${i} ${'x'.repeat(60)}`)),
  ]),
  zone('example.net', [makeEndpoint('web.example.net', 'A', ['198.51.100.1'])]),
];

const ask = (name: string, type: string): string[] => {
  const { rcode, answers, authorities } = answerQuestion({ name, type, class: 1 }, zones);
  return [...(rcode ? [rcodeName(rcode)] : []), ...answers.map((r) => `${r.name} ${r.ttlSeconds} ${r.type} ${r.data}`), ...authorities.map((r) => `auth ${r.name} ${r.type}`)];
};

describe('answers', () => {
  const soa = 'auth example.org SOA';
  const cases: readonly { readonly title: string; readonly ask: readonly [string, string]; readonly want: readonly string[] }[] = [
    { title: 'a record, values of several sets once', ask: ['web.example.org', 'A'], want: ['web.example.org 60 A 192.0.2.1', 'web.example.org 60 A 192.0.2.2', 'web.example.org 300 A 192.0.2.3'] },
    { title: 'the spelling of the question', ask: ['WEB.example.ORG', 'AAAA'], want: [soa] },
    { title: 'no data', ask: ['web.example.org', 'AAAA'], want: [soa] },
    { title: 'no such name', ask: ['none.example.org', 'A'], want: ['NXDOMAIN', soa] },
    { title: 'a name that only stands above others', ask: ['wild.example.org', 'A'], want: [soa] },
    { title: 'another zone', ask: ['www.example.com', 'A'], want: ['REFUSED'] },
    { title: 'no zone across the border of a label', ask: ['notexample.org', 'A'], want: ['REFUSED'] },
    { title: 'a CNAME and what it leads to', ask: ['shop.example.org', 'A'], want: ['shop.example.org 300 CNAME web.example.org', 'web.example.org 60 A 192.0.2.1', 'web.example.org 60 A 192.0.2.2', 'web.example.org 300 A 192.0.2.3'] },
    { title: 'a CNAME itself', ask: ['shop.example.org', 'CNAME'], want: ['shop.example.org 300 CNAME web.example.org'] },
    { title: 'a CNAME that leads out', ask: ['away.example.org', 'A'], want: ['away.example.org 300 CNAME www.example.com'] },
    { title: 'a CNAME into another zone', ask: ['other.example.org', 'A'], want: ['other.example.org 300 CNAME web.example.net', 'web.example.net 300 A 198.51.100.1'] },
    { title: 'a wildcard', ask: ['x.wild.example.org', 'A'], want: ['x.wild.example.org 300 A 192.0.2.9'] },
    { title: 'a wildcard some labels above', ask: ['x.y.wild.example.org', 'A'], want: ['x.y.wild.example.org 300 A 192.0.2.9'] },
    { title: 'no wildcard above a name that exists', ask: ['x.b.wild.example.org', 'A'], want: ['NXDOMAIN', soa] },
    { title: 'a text without quotes', ask: ['text.example.org', 'TXT'], want: ['text.example.org 300 TXT "heritage=external-dns,x"'] },
    { title: 'texts with quotes', ask: ['quoted.example.org', 'TXT'], want: ['quoted.example.org 300 TXT "a" "b"'] },
    { title: 'a SOA that nobody made', ask: ['example.org', 'SOA'], want: ['example.org 60 SOA ns.example.org hostmaster.example.org 7 3600 600 86400 60'] },
    { title: 'NS that nobody made', ask: ['example.org', 'NS'], want: ['example.org 300 NS ns.example.org'] },
    { title: 'a DNAME', ask: ['web.moved.example.org', 'A'], want: ['moved.example.org 300 DNAME example.net', 'web.moved.example.org 300 CNAME web.example.net', 'web.example.net 300 A 198.51.100.1'] },
    { title: 'a delegation', ask: ['x.child.example.org', 'A'], want: ['auth child.example.org NS'] },
    { title: 'no transfer', ask: ['example.org', 'AXFR'], want: ['REFUSED'] },
  ];
  for (const { title, ask: question, want } of cases) it(`to ${question.join(' ')}: ${title}`, () => assert.deepEqual(ask(...question), want));

  it('come to an end where aliases go round', () => assert.ok(ask('round.example.org', 'A').length < 30));
  it('keep the spelling of the question', () => assert.equal(ask('Web.Example.org', 'A')[0], 'Web.Example.org 60 A 192.0.2.1'));
});

const query = (name: string, type: string, more: Partial<Message> = {}): Buffer =>
  encodeMessage({ id: 99, isResponse: false, opcode: 0, authoritative: false, truncated: false, recursionDesired: true, rcode: 0, questions: [{ name, type, class: 1 }], answers: [], authorities: [], additionals: [], ...more });
const respond = (bytes: Buffer, overUdp = true): Message => decodeMessage(respondTo(bytes, zones, overUdp) ?? assert.fail('no response'));

describe('responses', () => {
  const cases: readonly { readonly title: string; readonly query: Buffer; readonly rcode: number }[] = [
    { title: 'refuse updates', query: query('example.org', 'SOA', { opcode: 5 }), rcode: rcodes.NOTIMP },
    { title: 'refuse notifications', query: query('example.org', 'SOA', { opcode: 4 }), rcode: rcodes.NOTIMP },
    { title: 'refuse two questions', query: query('', 'A', { questions: [1, 2].map(() => ({ name: 'web.example.org', type: 'A', class: 1 })) }), rcode: rcodes.FORMERR },
    { title: 'refuse none', query: query('', 'A', { questions: [] }), rcode: rcodes.FORMERR },
    { title: 'refuse garbage', query: Buffer.concat([query('web.example.org', 'A').subarray(0, 20)]), rcode: rcodes.FORMERR },
    { title: 'refuse later versions of EDNS', query: query('web.example.org', 'A', { edns: { udpBytes: 1232, version: 1, dnssecOk: false } }), rcode: rcodes.BADVERS },
    { title: 'say that the server fails where a record is broken', query: query('broken.example.org', 'MX'), rcode: rcodes.SERVFAIL },
  ];
  for (const { title, query: bytes, rcode } of cases) it(title, () => assert.deepEqual([respond(bytes).rcode, respond(bytes).id], [rcode, 99]));

  it('are not given to responses', () => assert.equal(respondTo(query('web.example.org', 'A', { isResponse: true }), zones, true), undefined));
  it('are cut where they do not fit into a packet', () => {
    const edns = { udpBytes: 4096, version: 0, dnssecOk: false };
    assert.deepEqual([respond(query('big.example.org', 'TXT')).truncated, respond(query('big.example.org', 'TXT', { edns })).truncated, respond(query('big.example.org', 'TXT'), false).truncated], [true, true, false]);
    assert.equal(respond(query('big.example.org', 'TXT'), false).answers.length, 40);
  });
  it('have EDNS where the question has', () => {
    assert.equal(respond(query('web.example.org', 'A')).edns, undefined);
    assert.deepEqual(respond(query('web.example.org', 'A', { edns: { udpBytes: 512, version: 0, dnssecOk: true } })).edns, { udpBytes: 1232, version: 0, dnssecOk: false });
  });
});

describe('the DNS server', () => {
  const options = { setting: '--inmemory-dns-address', zones: () => zones, log: silentLogger };

  it('answers by UDP and by TCP, several questions on one connection', async () => {
    const server = await startDnsServer({ ...options, address: { host: '127.0.0.1', port: 0 } });
    const { port } = server.address;
    const udp = createSocket('udp4');
    const byUdp = await new Promise<Buffer>((resolve) => {
      udp.on('message', resolve);
      udp.send(query('web.example.org', 'A'), port, '127.0.0.1');
    });
    udp.close();
    assert.equal(decodeMessage(byUdp).answers.length, 3);
    const framed = [query('big.example.org', 'TXT'), query('web.example.org', 'A')].map((q) => Buffer.concat([Buffer.from([q.length >> 8, q.length & 0xff]), q]));
    const byTcp = await new Promise<Buffer>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      let received = Buffer.alloc(0);
      socket.on('error', reject);
      socket.on('data', (data) => {
        received = Buffer.concat([received, data]);
        const first = received.length > 2 ? received.readUInt16BE(0) + 2 : Number.POSITIVE_INFINITY;
        if (received.length > first + 2 && received.length >= first + 2 + received.readUInt16BE(first)) {
          socket.destroy();
          resolve(received.subarray(first + 2));
        }
      });
      // cut in the middle of a message
      socket.write(Buffer.concat(framed).subarray(0, 10));
      setTimeout(() => socket.write(Buffer.concat(framed).subarray(10)), 5);
    });
    assert.equal(decodeMessage(byTcp).answers.length, 3);
    await server.close();
  });

  it('says who has its port, and where it may listen', async () => {
    const server = await startDnsServer({ ...options, address: { host: '127.0.0.1', port: 0 } });
    await assert.rejects(startDnsServer({ ...options, address: server.address }), (error: unknown) => error instanceof ConfigurationError && /is taken by another process/.test(error.message));
    await server.close();
    await assert.rejects(startDnsServer({ ...options, address: { host: '0.0.0.0', port: 0 } }), ConfigurationError);
  });
});
