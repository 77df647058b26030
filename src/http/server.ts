import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import { ConfigurationError } from '../errors.ts';

export interface HttpServerOptions {
  /** `:7979` (all addresses), `127.0.0.1:0` (any free port), `[::1]:80`, `localhost:80`. */
  readonly address: string;
  /** What the address was given by, for messages: `--metrics-address`. */
  readonly setting: string;
  /** An error that it throws is answered with 500, without the error's text. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>;
  /** Told of what `handle` throws. */
  onError?(error: unknown): void;
  readonly limits?: HttpServerLimits;
}

/** Times in milliseconds; 0 means no limit. */
export interface HttpServerLimits {
  /** From the start of a request to the end of its headers. */
  readonly headersTimeoutMs?: number;
  /** From the start of a request to its end. */
  readonly requestTimeoutMs?: number;
  /** Of a connection between two requests. */
  readonly idleTimeoutMs?: number;
}

export interface HttpServer {
  /** Where it listens; the port is the one that was found where 0 was asked for. */
  readonly address: { readonly host: string; readonly port: number };
  /** Ends it: running requests have half a second to end. */
  close(): Promise<void>;
}

const closeAfterMs = 500;

/**
 * Opens an HTTP server.
 * @throws ConfigurationError where the address is none, is taken, or may not be used
 */
export async function openHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port } = parseListenAddress(options.address, options.setting);
  const { headersTimeoutMs = 10_000, requestTimeoutMs = 30_000, idleTimeoutMs = 30_000 } = options.limits ?? {};
  // connections without a request so far; Node.js does not count them as idle
  const unused = new Set<Socket>();
  const server = createServer({ maxHeaderSize: 16_384, headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: idleTimeoutMs, connectionsCheckingInterval: 1000 }, (request, response) => {
    unused.delete(request.socket);
    void answer(options, request, response);
  });
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, options)));
    server.listen({ port, ...(host === '' ? {} : { host }) }, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('an HTTP server listens at no address');
  return {
    address: { host: bound.address, port: bound.port },
    close: () =>
      new Promise<void>((resolve) => {
        const forced = setTimeout(() => server.closeAllConnections(), closeAfterMs);
        server.close(() => {
          clearTimeout(forced);
          resolve();
        });
        for (const socket of unused) socket.destroy();
      }),
  };
}

async function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await options.handle(request, response);
  } catch (error) {
    options.onError?.(error);
    if (response.headersSent) response.destroy();
    else if (error instanceof BodyTooLarge) send(response.setHeader('connection', 'close'), 413, 'the body is too large');
    else send(response, 500, 'internal error');
  }
}

/** Answers with plain text (or the given content type). */
export function send(response: ServerResponse, status: number, body: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), 'x-content-type-options': 'nosniff' });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** A body that is larger than it may be; answered with 413. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * The whole body of a request.
 * @param maxBytes 0 means no limit
 * @throws BodyTooLarge
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (maxBytes > 0 && size > maxBytes) throw new BodyTooLarge(`the body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Host and port of an address to listen at; the host is '' where all are meant.
 * @throws ConfigurationError
 */
export function parseListenAddress(address: string, setting: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  const bracketed = match?.[1];
  if (!match || port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed)))
    throw new ConfigurationError(`${setting}: ${JSON.stringify(address)} is no address to listen at; write HOST:PORT, as in :7979, 127.0.0.1:7979 or [::1]:7979`);
  return { host: bracketed ?? match[2] ?? '', port };
}

function listenError(error: NodeJS.ErrnoException, { address, setting }: HttpServerOptions): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'is taken by another process; choose another port, or 127.0.0.1:0 for any free one',
    EACCES: 'may not be used by this user; choose a port above 1023',
    EADDRNOTAVAIL: 'is no address of this machine',
    ENOTFOUND: 'is not known: the host cannot be resolved',
  };
  const reason = reasons[error.code ?? ''];
  return reason === undefined ? new Error(`cannot listen at ${address}`, { cause: error }) : new ConfigurationError(`${setting}: ${address} ${reason}`, { cause: error });
}
