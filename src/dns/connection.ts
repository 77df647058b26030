import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { messageOf } from '../errors.ts';
import { RequestError, type FailureKind } from '../http/client/errors.ts';

export interface DnsAddress {
  readonly host: string;
  readonly port: number;
  /** Left out: plain TCP. */
  readonly tls?: DnsTls;
}

/** DNS over TLS (RFC 7858, RFC 9103). */
export interface DnsTls {
  readonly context: SecureContext;
  /** Takes any certificate. */
  readonly skipVerify: boolean;
}

export const addressText = ({ host, port }: DnsAddress): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

/** A TCP or TLS connection to a DNS server; each message goes with its length before it. Rejects with RequestError. */
export class DnsConnection {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #messages: Buffer[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #failure: RequestError | undefined;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket, name: string) {
    this.#socket = socket;
    this.#name = name;
    socket.on('data', (data: Buffer) => this.#receive(data));
    socket.on('error', (error) => this.#fail(failure(name, error)));
    socket.on('timeout', () => this.destroy());
    socket.on('close', () => this.#fail(new RequestError(`${name}: the server has closed the connection`, 'closed')));
  }

  static async open(address: DnsAddress, timeoutMs: number, signal: AbortSignal): Promise<DnsConnection> {
    signal.throwIfAborted();
    const name = addressText(address);
    const socket = dial(address);
    return await new Promise((resolve, reject) => {
      const end = (error: Error): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stopped);
        socket.destroy();
        reject(error);
      };
      const stopped = (): void => end(new RequestError(`${name}: the program is ending`, 'other', { mayHaveArrived: false }));
      const timer = setTimeout(() => end(new RequestError(`${name}: no connection in ${timeoutMs / 1000} s`, 'unreachable')), timeoutMs);
      signal.addEventListener('abort', stopped, { once: true });
      // stays, so that a late error ends in no one's hands but ours
      socket.on('error', (error) => end(failure(name, error, true)));
      socket.once(address.tls ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stopped);
        resolve(new DnsConnection(socket, name));
      });
    });
  }

  /** Whether another request may be sent: it is open, and nothing came that nobody asked for. */
  get isUsable(): boolean {
    return !this.#failure && !this.#socket.destroyed && this.#messages.length === 0 && this.#rest.length === 0;
  }

  send(message: Buffer): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    this.#socket.write(Buffer.concat([length, message]));
  }

  /** The next message. Once it rejects, the connection is of no use any more. */
  async next(timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
    const first = this.#messages.shift();
    if (first) return first;
    if (!this.#failure)
      await new Promise<void>((resolve) => {
        const stop = (error: RequestError): void => {
          this.#fail(error);
          this.destroy();
        };
        const stopped = (): void => stop(new RequestError(`${this.#name}: the program is ending`, 'other'));
        const timer = setTimeout(() => stop(new RequestError(`${this.#name}: no answer in ${timeoutMs / 1000} s`, 'timeout')), timeoutMs);
        signal.addEventListener('abort', stopped, { once: true });
        this.#wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', stopped);
          resolve();
        };
        if (signal.aborted) stopped();
      });
    const message = this.#messages.shift();
    if (message) return message;
    throw this.#failure ?? new RequestError(`${this.#name}: the connection was closed`, 'closed');
  }

  /** An unused connection does not keep the process alive, and is closed after a while. */
  rest(idleMs: number): void {
    this.#socket.unref();
    this.#socket.setTimeout(idleMs);
  }

  resume(): void {
    this.#socket.setTimeout(0);
    this.#socket.ref();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    while (this.#rest.length >= 2) {
      const end = 2 + this.#rest.readUInt16BE(0);
      if (this.#rest.length < end) break;
      this.#messages.push(this.#rest.subarray(2, end));
      this.#rest = this.#rest.subarray(end);
    }
    if (this.#messages.length > 0) this.#awake();
  }

  #fail(error: RequestError): void {
    this.#failure ??= error;
    this.#awake();
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function dial({ host, port, tls }: DnsAddress): Socket {
  if (!tls) return connectTcp({ host, port, noDelay: true });
  return connectTls({
    host,
    port,
    secureContext: tls.context,
    // RFC 9103, 7.1 and 7.2
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['dot'],
    rejectUnauthorized: !tls.skipVerify,
    // a certificate for an address is checked against the address; names go into the greeting
    ...(isIP(host) === 0 && { servername: host }),
  });
}

function failure(name: string, error: unknown, connecting = false): RequestError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const tls = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/.test(code);
  const kind: FailureKind = tls ? 'tls' : connecting ? 'unreachable' : 'closed';
  const what = tls ? 'no trusted TLS connection' : connecting ? 'cannot be reached' : 'the connection broke';
  return new RequestError(`${name}: ${what} (${code || messageOf(error)})`, kind, { ...(tls && { cause: error }), mayHaveArrived: !connecting });
}
