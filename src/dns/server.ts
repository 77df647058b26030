import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { ConfigurationError, messageOf } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import { answerQuestion, type ServedZone } from './answer.ts';
import { opcodes, rcodes } from './types.ts';
import { decodeMessage, encodeMessage, type Message } from './wire.ts';

export interface DnsServerOptions {
  /** Where to listen, by UDP and TCP; port 0: any that is free. */
  readonly address: { readonly host: string; readonly port: number };
  /** What the address was given by, for messages. */
  readonly setting: string;
  /** The zones as they are at the time of a question. */
  readonly zones: () => readonly ServedZone[];
  readonly log: Logger;
}

export interface DnsServer {
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/** A small authoritative DNS server for trying things out, on the loopback only. Rejects with ConfigurationError where the address cannot be used. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const { host } = options.address;
  if (!/^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host)) throw new ConfigurationError(`${options.setting}: ${host} is no address of the loopback interface, the only one that is served; use 127.0.0.1 or ::1`);
  for (let attempt = 1; ; attempt++) {
    const tcp = createServer({ noDelay: true });
    const port = await listenTcp(tcp, options);
    const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    try {
      await bindUdp(udp, host, port);
    } catch (error) {
      udp.close();
      await closeServer(tcp);
      // a port that was free for TCP may be taken for UDP
      if (options.address.port === 0 && attempt < 10) continue;
      throw listenError(error, options);
    }
    return serve(tcp, udp, port, options);
  }
}

function serve(tcp: Server, udp: UdpSocket, port: number, { address, zones, log }: DnsServerOptions): DnsServer {
  const respond = (query: Buffer, overUdp: boolean): Buffer | undefined => {
    try {
      return respondTo(query, zones(), overUdp);
    } catch (error) {
      log.debug('DNS question could not be answered', { reason: messageOf(error) });
      return undefined;
    }
  };
  udp.on('message', (query, peer) => {
    const response = respond(query, true);
    if (response) udp.send(response, peer.port, peer.address);
  });
  udp.on('error', (error) => log.debug('DNS server', { reason: messageOf(error) }));
  const connections = new Set<Socket>();
  tcp.maxConnections = maxConnections;
  tcp.on('error', (error) => log.debug('DNS server', { reason: messageOf(error) }));
  tcp.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(idleMs, () => socket.destroy());
    let buffered = Buffer.alloc(0);
    socket.on('data', (data) => {
      buffered = Buffer.concat([buffered, data]);
      while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
        const end = 2 + buffered.readUInt16BE(0);
        const response = respond(buffered.subarray(2, end), false);
        buffered = buffered.subarray(end);
        if (!response) return void socket.destroy();
        const length = Buffer.alloc(2);
        length.writeUInt16BE(response.length);
        socket.write(Buffer.concat([length, response]));
      }
    });
  });
  return {
    address: { host: address.host, port },
    close: async () => {
      for (const socket of connections) socket.destroy();
      await Promise.all([closeServer(tcp), new Promise<void>((resolve) => void udp.close(() => resolve()))]);
    },
  };
}

/** The response to the bytes of a query; undefined where none is to be sent. */
export function respondTo(bytes: Buffer, zones: readonly ServedZone[], overUdp: boolean): Buffer | undefined {
  // responses are not answered: two servers would talk for ever
  if (bytes.length < 12 || (bytes.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  let query: Message;
  try {
    query = decodeMessage(bytes);
  } catch {
    return encodeMessage({ ...empty, id: bytes.readUInt16BE(0), opcode: (bytes.readUInt16BE(2) >>> 11) & 0xf, rcode: rcodes.FORMERR });
  }
  const { id, opcode, recursionDesired, questions, edns } = query;
  const base: Message = { ...empty, id, opcode, recursionDesired, questions, ...(edns && { edns: { udpBytes: ownUdpBytes, version: 0, dnssecOk: false } }) };
  const refusal = (rcode: number): Buffer => encodeMessage({ ...base, rcode });
  if (opcode !== opcodes.QUERY) return refusal(rcodes.NOTIMP);
  if (edns && edns.version > 0) return refusal(rcodes.BADVERS);
  const [question] = questions;
  if (!question || questions.length > 1) return refusal(rcodes.FORMERR);
  const { rcode, authoritative, answers, authorities } = answerQuestion(question, zones);
  const response: Message = { ...base, rcode, authoritative, answers, authorities };
  const limit = overUdp ? Math.min(Math.max(edns?.udpBytes ?? 512, 512), ownUdpBytes) : 65_535;
  let whole: Buffer;
  try {
    whole = encodeMessage(response);
  } catch {
    // a record whose target is none of its type
    return refusal(rcodes.SERVFAIL);
  }
  return whole.length <= limit ? whole : encodeMessage({ ...response, truncated: true, answers: [], authorities: [] });
}

const empty = { isResponse: true, authoritative: false, truncated: false, recursionDesired: false, rcode: 0, questions: [], answers: [], authorities: [], additionals: [] } as const;

function listenTcp(tcp: Server, options: DnsServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    tcp.once('error', (error) => reject(listenError(error, options)));
    tcp.listen({ ...options.address }, () => {
      const bound = tcp.address();
      resolve(typeof bound === 'object' && bound ? bound.port : options.address.port);
    });
  });
}

function bindUdp(udp: UdpSocket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    udp.once('error', reject);
    udp.bind({ address: host, port }, () => {
      udp.removeListener('error', reject);
      resolve();
    });
  });
}

const closeServer = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

function listenError(error: unknown, { address, setting }: DnsServerOptions): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const at = `${address.host}:${address.port}`;
  if (code === 'EADDRINUSE') return new ConfigurationError(`${setting}: ${at} is taken by another process; choose another port, or 0 for any free one`, { cause: error });
  if (code === 'EACCES') return new ConfigurationError(`${setting}: ${at} may not be used by this user; choose a port above 1023`, { cause: error });
  return new ConfigurationError(`${setting}: cannot listen at ${at}`, { cause: error });
}

/** What fits into a packet on any network (DNS flag day 2020). */
const ownUdpBytes = 1232;
const idleMs = 10_000;
const maxConnections = 100;
