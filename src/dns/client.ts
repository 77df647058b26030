import { messageOf, SoftError } from '../errors.ts';
import { RequestError } from '../http/client/errors.ts';
import { addressText, type DnsAddress, DnsConnection } from './connection.ts';
import { type Soa, type Transfer, TransferReader, transferRequest } from './transfer.ts';
import { signMessage, TsigError, type TsigKey, TsigVerifier } from './tsig.ts';
import { rcodeName, rcodes } from './types.ts';
import { decodeMessage, encodeMessage, type Message } from './wire.ts';

export interface DnsClientOptions {
  readonly address: DnsAddress;
  /** Asked for before each request. Left out: requests are not signed. */
  readonly key?: () => TsigKey;
  readonly connectTimeoutMs?: number;
  /** For each message of a response. */
  readonly answerTimeoutMs?: number;
  /** For tests. */
  readonly now?: () => number;
}

/** A server's answer that it does not do what was asked. */
export class RcodeError extends Error {
  override readonly name = 'RcodeError';
  readonly rcode: number;
  constructor(message: string, rcode: number, options?: ErrorOptions) {
    super(message, options);
    this.rcode = rcode;
  }
}

/**
 * A client of one DNS server, over TCP or TLS. Connections are kept for a moment, for the requests of one run.
 * Its methods reject with RequestError (no answer), RcodeError (a refusal) and SoftError (an answer that is none, or whose signature is wrong).
 */
export class DnsClient {
  /** As in messages. */
  readonly name: string;
  /** Messages sent and received, for figures. */
  readonly messages = { sent: 0, received: 0 };
  readonly #options: DnsClientOptions;
  readonly #idle: DnsConnection[] = [];

  constructor(options: DnsClientOptions) {
    this.name = addressText(options.address);
    this.#options = options;
  }

  /** Sends a request that has one message as its response. */
  exchange(request: Message, signal: AbortSignal): Promise<Message> {
    return this.#withConnection(request, signal, async (next, verifier) => {
      const response = await next();
      verifier?.end();
      return response;
    });
  }

  /** The zone, or what has changed in it since a version. */
  async transfer(zone: string, since: Soa | undefined, signal: AbortSignal): Promise<Transfer> {
    return this.#withConnection(transferRequest(zone, since), signal, async (next, verifier, connection) => {
      const reader = new TransferReader(zone, since);
      while (reader.result === undefined) reader.take(await next());
      verifier?.end();
      // more may be under way
      if (reader.result.kind === 'unknown') connection.destroy();
      return reader.result;
    });
  }

  close(): void {
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  async #withConnection<T>(request: Message, signal: AbortSignal, work: Conversation<T>): Promise<T> {
    const { now = Date.now } = this.#options;
    const key = this.#options.key?.();
    const plain = encodeMessage(request);
    const { bytes, mac } = key ? signMessage(plain, key, now()) : { bytes: plain, mac: undefined };
    if (bytes.length > 0xffff) throw new Error(`the request to ${this.name} has ${bytes.length} bytes; a DNS message may have 65535`);
    const { connection, fresh } = await this.#connect(signal);
    let received = 0;
    try {
      connection.send(bytes);
      this.messages.sent++;
      const verifier = key && mac ? new TsigVerifier(key, mac, now) : undefined;
      const next = async (): Promise<Message> => {
        const message = await connection.next(this.#options.answerTimeoutMs ?? answerTimeoutMs, signal);
        received += message.length;
        this.messages.received++;
        if (received > mostBytes) throw new SoftError(`${this.name}: the response has more than ${mostBytes} bytes`);
        return this.#open(message, request, verifier);
      };
      const result = await work(next, verifier, connection);
      this.#release(connection);
      return result;
    } catch (error) {
      connection.destroy();
      // the server had closed a connection that was kept: that says nothing of this request
      if (!fresh && received === 0 && error instanceof RequestError && error.kind === 'closed') return this.#withConnection(request, signal, work);
      throw error instanceof RequestError || error instanceof RcodeError || error instanceof SoftError ? error : new SoftError(`${this.name}: the response cannot be used: ${messageOf(error)}`, { cause: error });
    }
  }

  #open(bytes: Buffer, request: Message, verifier: TsigVerifier | undefined): Message {
    if (bytes.length >= 2 && bytes.readUInt16BE(0) !== request.id) throw new SoftError(`${this.name}: the response is that of another request`);
    let message: Message;
    try {
      message = decodeMessage(verifier ? verifier.take(bytes) : bytes);
    } catch (error) {
      // refusals are often not signed; they are believed, since they change nothing
      const refused = error instanceof TsigError ? rcodeOf(bytes) : 0;
      if (refused) throw new RcodeError(`${this.name} answers ${rcodeName(refused)}${error instanceof TsigError && error.code ? `: ${error.message}` : ''}`, refused, { cause: error });
      throw error;
    }
    if (!message.isResponse || message.opcode !== request.opcode) throw new SoftError(`${this.name}: the response is none to this request`);
    if (message.rcode !== rcodes.NOERROR) throw new RcodeError(`${this.name} answers ${rcodeName(message.rcode)}`, message.rcode);
    if (message.truncated) throw new SoftError(`${this.name}: the response is cut off`);
    return message;
  }

  async #connect(signal: AbortSignal): Promise<{ readonly connection: DnsConnection; readonly fresh: boolean }> {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (connection.isUsable) {
        connection.resume();
        return { connection, fresh: false };
      }
      connection.destroy();
    }
    return { connection: await DnsConnection.open(this.#options.address, this.#options.connectTimeoutMs ?? connectTimeoutMs, signal), fresh: true };
  }

  #release(connection: DnsConnection): void {
    if (!connection.isUsable) return connection.destroy();
    connection.rest(idleMs);
    this.#idle.push(connection);
    // those that have ended by themselves
    for (let i = this.#idle.length - 1; i >= 0; i--) if (this.#idle[i]?.isUsable === false) this.#idle.splice(i, 1);
  }
}

type Conversation<T> = (next: () => Promise<Message>, verifier: TsigVerifier | undefined, connection: DnsConnection) => Promise<T>;

const rcodeOf = (bytes: Buffer): number => (bytes.length >= 4 ? bytes.readUInt16BE(2) & 0xf : 0);

const connectTimeoutMs = 5_000;
const answerTimeoutMs = 10_000;
/** Below the time after which servers close a connection that nothing comes over (BIND 30 s, Knot 10 s). */
const idleMs = 4_000;
/** Some ten million records. */
const mostBytes = 1 << 30;
