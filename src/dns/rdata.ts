import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { FormatError, nameBytes, readName } from './names.ts';

/** What the data of a record type is made of, in order. Types that are not here are written as `\# LENGTH HEX` (RFC 3597). */
const layouts: Readonly<Record<string, readonly Field[]>> = {
  A: ['ipv4'],
  AAAA: ['ipv6'],
  CNAME: ['name'],
  DNAME: ['name'],
  NS: ['name'],
  PTR: ['name'],
  MX: ['u16', 'name'],
  SRV: ['u16', 'u16', 'u16', 'name'],
  TXT: ['texts'],
  SPF: ['texts'],
  NAPTR: ['u16', 'u16', 'text', 'text', 'text', 'name'],
  SOA: ['name', 'name', 'u32', 'u32', 'u32', 'u32', 'u32'],
};
type Field = 'ipv4' | 'ipv6' | 'name' | 'u16' | 'u32' | 'text' | 'texts';

/**
 * The data of a record as text, as in a zone file: fields with blanks between, texts in quotes, names without final dot (the root as `.`).
 * `message` is the whole one, since names in it may be compressed. Throws FormatError.
 */
export function rdataText(type: string, message: Buffer, offset: number, length: number): string {
  const end = offset + length;
  if (end > message.length) throw new FormatError('a record ends behind the message');
  const layout = layouts[type];
  if (!layout) return `\\# ${length}${length ? ` ${message.subarray(offset, end).toString('hex')}` : ''}`;
  const fields: string[] = [];
  let at = offset;
  const take = (size: number): Buffer => {
    if (at + size > end) throw new FormatError(`the data of a ${type} record is too short`);
    at += size;
    return message.subarray(at - size, at);
  };
  const text = (): string => quoted(take(take(1).readUInt8()));
  for (const field of layout) {
    if (field === 'u16') fields.push(String(take(2).readUInt16BE()));
    else if (field === 'u32') fields.push(String(take(4).readUInt32BE()));
    else if (field === 'ipv4') fields.push(take(4).join('.'));
    else if (field === 'ipv6') fields.push(ipaddr.fromByteArray([...take(16)]).toString());
    else if (field === 'text') fields.push(text());
    else if (field === 'texts') while (at < end) fields.push(text());
    else {
      const { name, next } = readName(message, at);
      at = next;
      fields.push(name === '' ? '.' : name);
    }
  }
  if (at !== end) throw new FormatError(`the data of a ${type} record has the wrong length`);
  return fields.join(' ');
}

/** The bytes of a record's data, from its text. Throws FormatError where it is not of that form. */
export function rdataBytes(type: string, text: string): Buffer {
  const generic = /^\\#\s+(\d+)\s*([\da-f\s]*)$/i.exec(text);
  if (generic) {
    const bytes = Buffer.from((generic[2] ?? '').replace(/\s/g, ''), 'hex');
    if (bytes.length !== Number(generic[1])) throw new FormatError(`${type} data ${JSON.stringify(text)} has the wrong length`);
    return bytes;
  }
  const layout = layouts[type];
  if (!layout) throw new FormatError(`data of type ${type} must be written as \\# LENGTH HEX`);
  const tokens = tokensOf(text);
  const wrong = (): FormatError => new FormatError(`${JSON.stringify(text)} is no data of a ${type} record`);
  if (layout[0] === 'texts') return tokens.length ? Buffer.concat(tokens.flatMap(({ bytes }) => charStrings(bytes))) : Buffer.from([0]);
  if (tokens.length !== layout.length) throw wrong();
  return Buffer.concat(
    layout.map((field, i) => {
      const { bytes, raw } = tokens[i] ?? { bytes: Buffer.alloc(0), raw: '' };
      if (field === 'u16' || field === 'u32') return numberBytes(raw, field === 'u16' ? 2 : 4) ?? raise(wrong());
      if (field === 'ipv4') return isIPv4(raw) ? Buffer.from(raw.split('.').map(Number)) : raise(wrong());
      if (field === 'ipv6') return ipaddr.IPv6.isValid(raw) && !raw.includes('%') ? Buffer.from(ipaddr.IPv6.parse(raw).toByteArray()) : raise(wrong());
      if (field === 'name') return nameBytes(raw);
      if (bytes.length > 255) throw wrong();
      return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    }),
  );
}

/** The character strings of a text, each with its length; what is longer than 255 bytes becomes several. */
export function charStrings(bytes: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    const part = bytes.subarray(at, at + 255);
    strings.push(Buffer.from([part.length]), part);
  }
  return strings;
}

/** Bytes in quotes, with what a zone file needs escaped. */
export function quoted(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${String(byte).padStart(3, '0')}`;
  }
  return `"${text}"`;
}

/** The fields of a text, divided by blanks outside of quotes. `raw` keeps escapes, for names. */
function tokensOf(text: string): { readonly bytes: Buffer; readonly raw: string }[] {
  const tokens: { bytes: Buffer; raw: string }[] = [];
  const pattern = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|((?:[^\s"\\]|\\[\s\S])+))/gy;
  let at = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const raw = match[1] ?? match[2] ?? '';
    tokens.push({ raw, bytes: unescaped(raw) });
    at = pattern.lastIndex;
  }
  if (text.slice(at).trim() !== '') throw new FormatError(`${JSON.stringify(text)} has an unfinished quote or escape`);
  return tokens;
}

const unescaped = (raw: string): Buffer => Buffer.concat(raw.split(/(\\\d{3}|\\[\s\S])/).map((part, i) => (i % 2 === 0 ? Buffer.from(part) : /^\\\d{3}$/.test(part) ? Buffer.from([Number(part.slice(1)) & 0xff]) : Buffer.from(part.slice(1)))));

function numberBytes(text: string, size: 2 | 4): Buffer | undefined {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value >= 2 ** (8 * size)) return undefined;
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function raise(error: Error): never {
  throw error;
}
