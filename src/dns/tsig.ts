import { createHmac, timingSafeEqual } from 'node:crypto';
import { FormatError, nameBytes, readName } from './names.ts';
import { classes, typeNumber } from './types.ts';

/** Signatures of messages with a shared secret (RFC 8945). */
export interface TsigKey {
  /** A domain name; capitals and a final dot make no difference. */
  readonly name: string;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Buffer;
}

const algorithms = {
  'hmac-md5': { wireName: 'hmac-md5.sig-alg.reg.int', hash: 'md5', macBytes: 16 },
  'hmac-sha1': { wireName: 'hmac-sha1', hash: 'sha1', macBytes: 20 },
  'hmac-sha224': { wireName: 'hmac-sha224', hash: 'sha224', macBytes: 28 },
  'hmac-sha256': { wireName: 'hmac-sha256', hash: 'sha256', macBytes: 32 },
  'hmac-sha384': { wireName: 'hmac-sha384', hash: 'sha384', macBytes: 48 },
  'hmac-sha512': { wireName: 'hmac-sha512', hash: 'sha512', macBytes: 64 },
} as const;
export type TsigAlgorithm = keyof typeof algorithms;

export const tsigAlgorithms = Object.keys(algorithms) as readonly TsigAlgorithm[];

/** The algorithm of a name, in any spelling that configurations of servers know; undefined where there is none. */
export function tsigAlgorithm(name: string): TsigAlgorithm | undefined {
  const plain = canonical(name.trim());
  return tsigAlgorithms.find((a) => a === plain || algorithms[a].wireName === plain);
}

/** Why a response is not trusted. */
export class TsigError extends Error {
  override readonly name = 'TsigError';
  /** The error that the other side gives (RFC 8945, 3), where it does. */
  readonly code: number;
  constructor(message: string, code = 0) {
    super(message);
    this.code = code;
  }
}

const errorCodes: Readonly<Record<number, string>> = {
  16: 'BADSIG: the secret or the algorithm is not that of the server',
  17: 'BADKEY: the server does not know the key by this name and algorithm',
  18: 'BADTIME: the clocks differ by more than five minutes',
  22: 'BADTRUNC: the server wants a longer signature',
};

/** Signs a request. `mac` is what the response is verified with. */
export function signMessage(message: Buffer, key: TsigKey, nowMs: number): { readonly bytes: Buffer; readonly mac: Buffer } {
  const facts = { timeSeconds: Math.floor(nowMs / 1000), fudgeSeconds, error: 0, other: Buffer.alloc(0) };
  const mac = hmac(key, [message, variables(key, facts)]);
  const data = Buffer.concat([nameBytes(algorithms[key.algorithm].wireName), u48(facts.timeSeconds), u16(fudgeSeconds), u16(mac.length), mac, message.subarray(0, 2), u16(0), u16(0)]);
  const record = Buffer.concat([nameBytes(canonical(key.name)), u16(tsigType), u16(classes.ANY), Buffer.alloc(4), u16(data.length), data]);
  const bytes = Buffer.concat([message, record]);
  bytes.writeUInt16BE(bytes.readUInt16BE(10) + 1, 10);
  return { bytes, mac };
}

/**
 * Verifies the messages of one response. A transfer has many, each of which is signed together with the signature before it and with the unsigned
 * messages in between (RFC 8945, 5.3.1). What `take` gives must not be used before `end` has been called.
 */
export class TsigVerifier {
  readonly #key: TsigKey;
  readonly #now: () => number;
  #priorMac: Buffer;
  #unsigned: Buffer[] = [];
  #first = true;

  constructor(key: TsigKey, requestMac: Buffer, now: () => number = Date.now) {
    this.#key = key;
    this.#priorMac = requestMac;
    this.#now = now;
  }

  /** Takes the next message; gives it without its signature. Throws TsigError, FormatError. */
  take(message: Buffer): Buffer {
    const { bytes, tsig } = splitTsig(message);
    if (!tsig) {
      if (this.#first) throw new TsigError('the response is not signed');
      this.#unsigned.push(bytes);
      if (this.#unsigned.length > mostUnsigned) throw new TsigError(`more than ${mostUnsigned} messages in a row are not signed`);
      return bytes;
    }
    if (tsig.error !== 0 && tsig.mac.length === 0) throw new TsigError(`the server does not accept the signature: ${errorCodes[tsig.error] ?? `error ${tsig.error}`}`, tsig.error);
    if (canonical(tsig.name) !== canonical(this.#key.name)) throw new TsigError('the response is signed with another key');
    if (canonical(tsig.algorithm) !== algorithms[this.#key.algorithm].wireName) throw new TsigError('the response is signed with another algorithm');
    const expected = hmac(this.#key, [u16(this.#priorMac.length), this.#priorMac, ...this.#unsigned, bytes, this.#first ? variables(this.#key, tsig) : timers(tsig)]);
    if (tsig.mac.length !== expected.length || !timingSafeEqual(tsig.mac, expected)) throw new TsigError('the signature of the response is wrong');
    if (tsig.error !== 0) throw new TsigError(`the server does not accept the signature: ${errorCodes[tsig.error] ?? `error ${tsig.error}`}`, tsig.error);
    if (Math.abs(this.#now() / 1000 - tsig.timeSeconds) > tsig.fudgeSeconds) throw new TsigError('the response was signed at another time: the clocks differ, or it is an old one');
    this.#first = false;
    this.#priorMac = tsig.mac;
    this.#unsigned = [];
    return bytes;
  }

  /** Throws TsigError where the last messages were not signed. */
  end(): void {
    if (this.#first || this.#unsigned.length > 0) throw new TsigError('the end of the response is not signed');
  }
}

interface Facts {
  readonly timeSeconds: number;
  readonly fudgeSeconds: number;
  readonly error: number;
  readonly other: Buffer;
}

interface TsigRecord extends Facts {
  readonly name: string;
  readonly algorithm: string;
  readonly mac: Buffer;
}

/** A message as it was before it was signed, and the signature. Throws FormatError, also for a signature that is not the last record. */
export function splitTsig(message: Buffer): { readonly bytes: Buffer; readonly tsig: TsigRecord | undefined } {
  if (message.length < 12) throw new FormatError('the message is shorter than a header');
  let at = 12;
  for (let i = message.readUInt16BE(4); i > 0; i--) at = readName(message, at).next + 4;
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  for (let i = 1; i <= records; i++) {
    const start = at;
    const { name, next } = readName(message, at);
    if (next + 10 > message.length) throw new FormatError('a record ends behind the message');
    at = next + 10 + message.readUInt16BE(next + 8);
    if (message.readUInt16BE(next) !== tsigType) continue;
    if (i < records || message.readUInt16BE(10) === 0 || at !== message.length) throw new FormatError('the signature is not the last record');
    if (message.readUInt16BE(next + 2) !== classes.ANY || message.readUInt32BE(next + 4) !== 0) throw new FormatError('the signature has the wrong class or a TTL');
    const { originalId, ...tsig } = tsigData(name, message, next + 10);
    const bytes = Buffer.from(message.subarray(0, start));
    bytes.writeUInt16BE(message.readUInt16BE(10) - 1, 10);
    bytes.writeUInt16BE(originalId, 0);
    return { bytes, tsig };
  }
  return { bytes: message, tsig: undefined };
}

function tsigData(name: string, message: Buffer, start: number): TsigRecord & { readonly originalId: number } {
  const { name: algorithm, next } = readName(message, start);
  let at = next;
  const take = (size: number): Buffer => {
    if (at + size > message.length) throw new FormatError('the signature is too short');
    at += size;
    return message.subarray(at - size, at);
  };
  const number = (): number => take(2).readUInt16BE();
  const timeSeconds = take(6).readUIntBE(0, 6);
  const fudge = number();
  const mac = Buffer.from(take(number()));
  const originalId = number();
  const error = number();
  const other = Buffer.from(take(number()));
  if (at !== message.length) throw new FormatError('the signature has the wrong length');
  return { name, algorithm, timeSeconds, fudgeSeconds: fudge, mac, originalId, error, other };
}

/** What is signed beside the message. */
const variables = (key: TsigKey, facts: Facts): Buffer =>
  Buffer.concat([nameBytes(canonical(key.name)), u16(classes.ANY), Buffer.alloc(4), nameBytes(algorithms[key.algorithm].wireName), timers(facts), u16(facts.error), u16(facts.other.length), facts.other]);

const timers = ({ timeSeconds, fudgeSeconds: fudge }: Facts): Buffer => Buffer.concat([u48(timeSeconds), u16(fudge)]);

function hmac(key: TsigKey, parts: readonly Buffer[]): Buffer {
  const mac = createHmac(algorithms[key.algorithm].hash, key.secret);
  for (const part of parts) mac.update(part);
  return mac.digest();
}

const canonical = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u48(value: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(value, 0, 6);
  return bytes;
}

const tsigType = typeNumber('TSIG');
/** Recommended by RFC 8945, 10. */
const fudgeSeconds = 300;
/** RFC 8945, 5.3.1: at least each hundredth message is signed. */
const mostUnsigned = 99;
