import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface FakeCall {
  readonly method: string;
  /** Without query, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is, anything else as JSON. */
  readonly body?: unknown;
}

/** With which it speaks TLS, in PEM. */
export interface FakeTls {
  readonly cert: string;
  readonly key: string;
}

/** Another answer, without the work; or the work, and an end of the connection in place of the answer. */
export type HttpFault = FakeAnswer | 'cut-after';

/** An HTTP API on the loopback: an own function answers, and calls can be made to go wrong. */
export class HttpFake {
  readonly calls: FakeCall[] = [];
  fault: (call: FakeCall) => HttpFault | undefined = () => undefined;
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';

  private constructor(server: Server, scheme: 'http' | 'https') {
    this.#server = server;
    this.#scheme = scheme;
  }

  static async start(answer: (call: FakeCall) => FakeAnswer | Promise<FakeAnswer>, tls?: FakeTls): Promise<HttpFake> {
    const server = tls ? createSecureServer(tls) : createServer();
    const fake = new HttpFake(server, tls ? 'https' : 'http');
    server.on('request', (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const url = new URL(request.url ?? '', 'http://localhost');
        const call = { method: request.method ?? '', path: url.pathname, query: url.searchParams, headers: request.headers, rawHeaders: request.rawHeaders, body: Buffer.concat(chunks).toString() };
        fake.calls.push(call);
        const fault = fake.fault(call);
        void Promise.resolve(fault === undefined || fault === 'cut-after' ? answer(call) : fault).then(({ status, headers, body }) => {
          if (fault === 'cut-after') return void request.socket.destroy();
          response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers }).end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
