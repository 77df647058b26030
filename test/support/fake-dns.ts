import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import type { TransferStep } from '../../src/dns/transfer.ts';
import { signMessage, splitTsig, type TsigKey } from '../../src/dns/tsig.ts';
import { classes, opcodes, rcodes } from '../../src/dns/types.ts';
import { decodeMessage, encodeMessage, type Message, type ResourceRecord } from '../../src/dns/wire.ts';
import type { FakeTls } from './http-fake.ts';
import { signTransfer } from './sign-transfer.ts';

/** What a server does wrong with a request: an rcode, no answer at all, a closed connection before or after the work is done, or other bytes. */
export type DnsFault = number | 'hang' | 'close' | 'close-after' | ((response: readonly Buffer[]) => readonly Buffer[]);

/** A DNS server on the loopback with one zone, which takes updates and gives transfers, whole or of what has changed. */
export class FakeDns {
  readonly zone: string;
  key: TsigKey | undefined;
  records: readonly ResourceRecord[] = [];
  serial = 1;
  /** Says what goes wrong with a request. */
  fault: (request: Message) => DnsFault | undefined = () => undefined;
  /** The only names that may be changed. */
  only: readonly string[] | undefined;
  /** Records in a message of a transfer. */
  perMessage = 100;
  /** Each so many messages of a transfer are signed, and the last. */
  signEach = 1;
  knowsIxfr = true;
  /** What was asked: `AXFR`, `IXFR`, `UPDATE`. */
  readonly requests: string[] = [];
  connections = 0;
  host = '127.0.0.1';
  port = 0;
  /** Given before the start: DNS over TLS. */
  tls: FakeTls | undefined;
  #journal: { readonly from: number; readonly step: TransferStep }[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(zone = 'example.org', key?: TsigKey) {
    this.zone = zone;
    this.key = key;
  }

  async start(): Promise<this> {
    const serve = (socket: Socket): void => this.#serve(socket);
    const server = this.tls ? createSecureServer({ ...this.tls, ALPNProtocols: ['dot'] }, serve) : createServer(serve);
    this.#server = server;
    await new Promise<void>((resolve) => void server.listen(this.port, this.host, resolve));
    const address = server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    return this;
  }

  async stop(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => void this.#server?.close(() => resolve()));
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Changes the zone as another program would. */
  change(deleted: readonly ResourceRecord[], added: readonly ResourceRecord[]): void {
    this.records = [...this.records.filter((r) => !deleted.some((d) => same(r, d))), ...added];
    this.#journal.push({ from: this.serial++, step: { deleted, added } });
  }

  /** `NAME TTL TYPE DATA` of all records, sorted. */
  lines(): string[] {
    return this.records.map((r) => `${r.name} ${r.ttlSeconds} ${r.type} ${r.data}`).sort();
  }

  #serve(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let buffered = Buffer.alloc(0);
    socket.on('data', (data) => {
      buffered = Buffer.concat([buffered, data]);
      while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
        const end = 2 + buffered.readUInt16BE(0);
        this.#respond(Buffer.from(buffered.subarray(2, end)), socket);
        buffered = buffered.subarray(end);
      }
    });
  }

  #respond(bytes: Buffer, socket: Socket): void {
    const { bytes: unsigned, tsig } = splitTsig(bytes);
    const request = decodeMessage(unsigned);
    this.requests.push(request.opcode === opcodes.UPDATE ? 'UPDATE' : (request.questions[0]?.type ?? ''));
    const base: Message = { ...request, isResponse: true, authoritative: true, answers: [], authorities: [], additionals: [] };
    const send = (messages: readonly Buffer[]): void => messages.forEach((m) => socket.write(Buffer.concat([Buffer.from([m.length >> 8, m.length & 0xff]), m])));
    const { key } = this;
    if (key && (!tsig || !signMessage(unsigned, key, tsig.timeSeconds * 1000).mac.equals(tsig.mac))) return send([encodeMessage({ ...base, rcode: rcodes.NOTAUTH })]);
    const fault = this.fault(request);
    if (fault === 'hang') return;
    if (fault === 'close') return void socket.destroy();
    const messages = typeof fault === 'number' ? [{ ...base, rcode: fault }] : this.#work(request, base);
    if (fault === 'close-after') return void socket.destroy();
    const plain = messages.map(encodeMessage);
    const signed = key && tsig ? signTransfer(plain, key, tsig.mac, Date.now(), (i) => i % this.signEach === 0 || i === plain.length - 1) : plain;
    send(typeof fault === 'function' ? fault(signed) : signed);
  }

  #work(request: Message, base: Message): Message[] {
    const [question] = request.questions;
    if (question?.name.toLowerCase() !== this.zone) return [{ ...base, rcode: rcodes.NOTAUTH }];
    if (request.opcode === opcodes.UPDATE) return [{ ...base, rcode: this.#update(request) }];
    if (question.type === 'IXFR' && !this.knowsIxfr) return [{ ...base, rcode: rcodes.NOTIMP }];
    const answers = this.#transfer(question.type === 'IXFR' ? Number(request.authorities[0]?.data.split(' ')[2]) : undefined);
    return Array.from({ length: Math.ceil(answers.length / this.perMessage) }, (_, i) => ({ ...base, questions: i === 0 ? base.questions : [], answers: answers.slice(i * this.perMessage, (i + 1) * this.perMessage) }));
  }

  #transfer(since: number | undefined): ResourceRecord[] {
    const soa = (serial: number): ResourceRecord => ({ name: this.zone, type: 'SOA', class: classes.IN, ttlSeconds: 60, data: `ns.${this.zone} hostmaster.${this.zone} ${serial} 3600 600 86400 60` });
    if (since !== undefined && since >= this.serial) return [soa(this.serial)];
    const steps = this.#journal.filter((j) => since !== undefined && j.from >= since);
    if (since === undefined || steps[0]?.from !== since) return [soa(this.serial), ...this.records, soa(this.serial)];
    return [soa(this.serial), ...steps.flatMap(({ from, step }) => [soa(from), ...step.deleted, soa(from + 1), ...step.added]), soa(this.serial)];
  }

  #update(request: Message): number {
    const byName = new Map<string, ResourceRecord[]>();
    const at = (name: string): ResourceRecord[] => byName.get(name.toLowerCase()) ?? [];
    for (const r of this.records) {
      const list = byName.get(r.name.toLowerCase());
      if (list) list.push(r);
      else byName.set(r.name.toLowerCase(), [r]);
    }
    for (const { name, type } of request.answers) if (at(name).some((r) => r.type === type)) return rcodes.YXRRSET;
    if (this.only && request.authorities.some((r) => !this.only?.includes(r.name))) return rcodes.REFUSED;
    const deleted = new Set<ResourceRecord>();
    const added = new Set<ResourceRecord>();
    const old = new Set(this.records);
    for (const step of request.authorities) {
      const there = at(step.name).filter((r) => same(r, step));
      for (const r of there) {
        if (old.has(r)) deleted.add(r);
        added.delete(r);
      }
      const left = at(step.name).filter((r) => !there.includes(r));
      // beside an alias nothing is taken, and no alias beside anything
      const fits = step.class === classes.IN && !left.some((r) => (r.type === 'CNAME') !== (step.type === 'CNAME'));
      byName.set(step.name.toLowerCase(), fits ? [...left, step] : left);
      if (fits) added.add(step);
    }
    if (deleted.size || added.size) this.#journal.push({ from: this.serial++, step: { deleted: [...deleted], added: [...added] } });
    this.records = [...byName.values()].flat();
    return rcodes.NOERROR;
  }
}

const same = (a: ResourceRecord, b: ResourceRecord): boolean => a.name.toLowerCase() === b.name.toLowerCase() && a.type === b.type && a.data === b.data;
