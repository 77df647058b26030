import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { endpoint } from '../../endpoint/endpoint.ts';
import { SoftError } from '../../errors.ts';
import { parseServer, readGob } from './client.ts';
import { toEndpoints } from './convert.ts';
import * as fixtures from './gob-fixtures.ts';
import { GobError, GobStream, type GobValue } from './gob.ts';

const decode = (hex: string): GobValue => new GobStream().push(Buffer.from(hex, 'hex'))?.value;

describe('toEndpoints', () => {
  it('takes all fields', () => {
    assert.deepEqual(toEndpoints(decode(fixtures.full)), [
      endpoint({
        dnsName: 'bücher.example.org',
        recordType: 'AAAA',
        targets: ['2001:db8::1'],
        setIdentifier: 'eu',
        ttlSeconds: 86_400,
        labels: { owner: 'me' },
        providerSpecific: [
          { name: 'aws/weight', value: '10' },
          { name: 'alias', value: '' },
        ],
      }),
    ]);
  });

  it('takes a list without endpoints', () => assert.deepEqual(toEndpoints(decode(fixtures.none)), []));

  it('takes a negative TTL as none', () => assert.deepEqual(toEndpoints(decode(fixtures.negativeTTL)).map((e) => e.ttlSeconds), [0]));

  it('passes over fields that it does not know', () => {
    assert.deepEqual(toEndpoints(decode(fixtures.otherFields)), [endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: ['192.0.2.1', '192.0.2.2'], ttlSeconds: 60 })]);
    assert.deepEqual(toEndpoints(decode(fixtures.olderStruct)), [endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: [] })]);
  });

  it('drops final dots, and endpoints without a name or a type', () => {
    const named = (name: string, type: string): GobValue => new Map<string, GobValue>([['DNSName', name], ['RecordType', type], ['Targets', ['b.example.org.']]]);
    assert.deepEqual(toEndpoints([named('a.example.org.', 'CNAME'), named(' ', 'A'), named('c.example.org', '')]), [
      endpoint({ dnsName: 'a.example.org', recordType: 'CNAME', targets: ['b.example.org'] }),
    ]);
  });

  for (const name of ['text', 'single', 'wrongType'] as const) it(`refuses ${name}`, () => assert.throws(() => toEndpoints(decode(fixtures[name])), GobError));
});

describe('parseServer', () => {
  const cases: readonly [text: string, expected: ReturnType<typeof parseServer>][] = [
    ['localhost:8080', { host: 'localhost', port: 8080 }],
    ['192.0.2.1:1', { host: '192.0.2.1', port: 1 }],
    ['[2001:db8::1]:65535', { host: '2001:db8::1', port: 65_535 }],
    [':8080', { host: 'localhost', port: 8080 }],
    ['localhost', undefined],
    ['2001:db8::1:80', undefined],
    ['localhost:0', undefined],
    ['localhost:65536', undefined],
    ['http://localhost:80', undefined],
  ];
  for (const [text, expected] of cases) it(`reads ${text}`, () => assert.deepEqual(parseServer(text), expected));
});

describe('readGob', () => {
  let server: Server;
  let serve: (socket: Socket) => void = (socket) => socket.end();
  const open = new Set<Socket>();
  const address = (): { host: string; port: number } => {
    const at = server.address();
    return { host: '127.0.0.1', port: typeof at === 'object' && at ? at.port : 0 };
  };
  const limits = { silenceMs: 5_000, totalMs: 5_000 };
  const never = new AbortController().signal;

  before(async () => {
    server = createServer((socket) => {
      open.add(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });

  it('reads a list from a server that keeps the connection open', async () => {
    serve = (socket) => void socket.write(Buffer.from(fixtures.two, 'hex'));
    assert.equal(toEndpoints(await readGob(address(), never, limits)).length, 2);
  });

  it('says that a connection ended too early', async () => {
    serve = (socket) => void socket.end(Buffer.from(fixtures.two, 'hex').subarray(0, 100));
    await assert.rejects(readGob(address(), never, limits), (error) => error instanceof SoftError && error.message.includes('ended before'));
  });

  it('says what is wrong with the bytes', async () => {
    serve = (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    await assert.rejects(readGob(address(), never, limits), SoftError);
  });

  it('gives up on a silent server', async () => {
    serve = () => {};
    await assert.rejects(readGob(address(), never, { ...limits, silenceMs: 20 }), /no answer for 0.02 s/);
  });

  it('gives up on a server that never gets done', async () => {
    let timer: NodeJS.Timeout | undefined;
    serve = (socket) => {
      socket.write(Buffer.from('fd0fffff', 'hex'));
      timer = setInterval(() => socket.write(Buffer.from('00', 'hex')), 5);
    };
    await assert.rejects(readGob(address(), never, { silenceMs: 5_000, totalMs: 30 }), /within 0.03 s/);
    clearInterval(timer);
  });

  it('stops at the signal', async () => {
    serve = () => {};
    const stop = new AbortController();
    const reading = readGob(address(), stop.signal, limits);
    stop.abort(new Error('shutting down'));
    await assert.rejects(reading, /shutting down/);
  });
});
