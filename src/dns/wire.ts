import { FormatError, labelsOf, readName } from './names.ts';
import { rdataBytes, rdataText } from './rdata.ts';
import { typeName, typeNumber } from './types.ts';

export interface Question {
  readonly name: string;
  readonly type: string;
  readonly class: number;
}

export interface ResourceRecord {
  /** Without final dot; '' is the root. */
  readonly name: string;
  readonly type: string;
  readonly class: number;
  readonly ttlSeconds: number;
  /** As in a zone file; '' for a record without data, as in updates. See rdata.ts. */
  readonly data: string;
}

/** EDNS(0), which stands in the message as a record of type OPT. */
export interface Edns {
  readonly udpBytes: number;
  readonly version: number;
  readonly dnssecOk: boolean;
}

/** A DNS message (RFC 1035). In an update (RFC 2136) the sections are zone, prerequisites, updates and additional. */
export interface Message {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly rcode: number;
  readonly questions: readonly Question[];
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
  readonly edns?: Edns;
}

/** Reads a message. Throws FormatError for what is none. */
export function decodeMessage(bytes: Buffer): Message {
  if (bytes.length < headerBytes) throw new FormatError('the message is shorter than a header');
  const flags = bytes.readUInt16BE(2);
  let at = headerBytes;
  const questions: Question[] = [];
  for (let i = 0; i < bytes.readUInt16BE(4); i++) {
    const { name, next } = readName(bytes, at);
    if (next + 4 > bytes.length) throw new FormatError('a question ends behind the message');
    questions.push({ name, type: typeName(bytes.readUInt16BE(next)), class: bytes.readUInt16BE(next + 2) });
    at = next + 4;
  }
  let edns: (Edns & { readonly upperRcode: number }) | undefined;
  const section = (count: number): ResourceRecord[] => {
    const records: ResourceRecord[] = [];
    for (let i = 0; i < count; i++) {
      const { name, next } = readName(bytes, at);
      if (next + 10 > bytes.length) throw new FormatError('a record ends behind the message');
      const type = typeName(bytes.readUInt16BE(next));
      const [recordClass, ttl, length] = [bytes.readUInt16BE(next + 2), bytes.readUInt32BE(next + 4), bytes.readUInt16BE(next + 8)];
      at = next + 10 + length;
      if (at > bytes.length) throw new FormatError('a record ends behind the message');
      if (type === 'OPT') {
        if (edns || name !== '') throw new FormatError('more than one OPT record, or one with a name');
        edns = { udpBytes: recordClass, version: (ttl >>> 16) & 0xff, dnssecOk: (ttl & 0x8000) !== 0, upperRcode: ttl >>> 24 };
        continue;
      }
      records.push({ name, type, class: recordClass, ttlSeconds: ttl, data: length === 0 ? '' : rdataText(type, bytes, next + 10, length) });
    }
    return records;
  };
  const [answers, authorities, additionals] = [section(bytes.readUInt16BE(6)), section(bytes.readUInt16BE(8)), section(bytes.readUInt16BE(10))];
  return {
    id: bytes.readUInt16BE(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 0xf,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    rcode: (flags & 0xf) | ((edns?.upperRcode ?? 0) << 4),
    questions,
    answers,
    authorities,
    additionals,
    ...(edns && { edns: { udpBytes: edns.udpBytes, version: edns.version, dnssecOk: edns.dnssecOk } }),
  };
}

/** The bytes of a message; names of records are compressed. Throws FormatError for names and data that are none. */
export function encodeMessage(message: Message): Buffer {
  const writer = new Writer();
  const flags =
    (message.isResponse ? 0x8000 : 0) | ((message.opcode & 0xf) << 11) | (message.authoritative ? 0x0400 : 0) | (message.truncated ? 0x0200 : 0) | (message.recursionDesired ? 0x0100 : 0) | (message.rcode & 0xf);
  const { questions, answers, authorities, additionals, edns } = message;
  for (const value of [message.id, flags, questions.length, answers.length, authorities.length, additionals.length + (edns ? 1 : 0)]) writer.u16(value);
  for (const question of questions) {
    writer.name(question.name);
    writer.u16(typeNumber(question.type));
    writer.u16(question.class);
  }
  for (const record of [...answers, ...authorities, ...additionals]) {
    const data = record.data === '' ? Buffer.alloc(0) : rdataBytes(record.type, record.data);
    writer.name(record.name);
    writer.u16(typeNumber(record.type));
    writer.u16(record.class);
    writer.u32(record.ttlSeconds);
    writer.u16(data.length);
    writer.bytes(data);
  }
  if (edns) {
    writer.name('');
    writer.u16(typeNumber('OPT'));
    writer.u16(edns.udpBytes);
    writer.u32((((message.rcode >>> 4) & 0xff) * 2 ** 24) + (edns.version << 16) + (edns.dnssecOk ? 0x8000 : 0));
    writer.u16(0);
  }
  return writer.end();
}

class Writer {
  readonly #parts: Buffer[] = [];
  /** Where the ends of names stand that were written already. */
  readonly #names = new Map<string, number>();
  #length = 0;

  u16(value: number): void {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16BE(value);
    this.bytes(bytes);
  }

  u32(value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    this.bytes(bytes);
  }

  bytes(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  name(name: string): void {
    const labels = labelsOf(name);
    for (const [i, label] of labels.entries()) {
      const rest = labels.slice(i).map((l) => l.toString('latin1').replaceAll('.', '\\.')).join('.');
      const known = this.#names.get(rest);
      if (known !== undefined) return this.u16(0xc000 | known);
      if (this.#length < 0x4000) this.#names.set(rest, this.#length);
      this.bytes(Buffer.concat([Buffer.from([label.length]), label]));
    }
    this.bytes(Buffer.from([0]));
  }

  end(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const headerBytes = 12;
