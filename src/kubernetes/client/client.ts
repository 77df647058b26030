import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { retryAfterMs } from '../../http/client/retry-after.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { isRecord } from '../keep.ts';
import type { RawObject } from '../object.ts';
import { apiError, isNotFound } from './api-error.ts';
import type { Credentials } from './credentials.ts';
import type { Priority, RateLimiter } from './rate-limiter.ts';
import type { Transport } from './transport.ts';

/** The API server gives no answer: no connection, or one that broke or hung. */
export class UnreachableError extends SoftError {}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's URL, with the query. */
  readonly path: string;
  readonly body?: unknown;
  /** undefined: does not count (the further pages of a list). */
  readonly priority: Priority | undefined;
}

export interface ClientSetup {
  /** URL without final slash. */
  readonly server: string;
  /** For messages: where the URL comes from. */
  readonly origin: string;
  readonly credentials: Credentials;
  readonly transport: Transport;
  readonly limiter: RateLimiter;
  readonly metrics: Metrics;
  /** How long a request is tried again; 0: as with the default of the flag. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** Before the first new try; each further one waits twice as long. Absent: 200. */
  readonly firstRetryMs?: number | undefined;
}

/** Speaks HTTP with the API server: credentials, rate limit, retries, errors. Knows nothing of resources. */
export class ApiClient {
  readonly server: string;
  /** Any answer came as yet, other than that the credentials are not good. */
  answered = false;
  readonly #setup: ClientSetup;
  readonly #url: URL;

  constructor(setup: ClientSetup) {
    this.#setup = setup;
    this.server = setup.server;
    this.#url = new URL(setup.server);
  }

  /** The JSON object that is answered. Rejects with ApiError, UnreachableError, or what the credentials throw. */
  async json(request: ApiRequest, signal: AbortSignal): Promise<RawObject> {
    const idempotent = (request.method ?? 'GET') !== 'POST';
    const until = performance.now() + (this.#setup.timeoutMs || defaultTimeoutMs);
    for (let attempt = 1; ; attempt++) {
      let failure: SoftError;
      try {
        // a new try has waited enough
        const response = await this.#send(attempt === 1 ? request : { ...request, priority: undefined }, signal, false);
        const body = await this.#read(response, signal);
        if (response.statusCode < 300) {
          if (isRecord(body)) return body;
          failure = new SoftError(`the API server at ${this.server} answered ${request.method ?? 'GET'} ${pathOnly(request.path)} with something else than a JSON object`);
        } else {
          failure = apiError(response.statusCode, body, retryAfter(response));
          const again = (idempotent && response.statusCode >= 500) || response.statusCode === 429 || (response.statusCode === 503 && failure.retryAfterMs !== undefined);
          if (!again) throw failure;
        }
      } catch (error) {
        if (!(error instanceof UnreachableError) || !idempotent || signal.aborted) throw error;
        failure = error;
      }
      const waitMs = failure.retryAfterMs ?? (this.#setup.firstRetryMs ?? 200) * 2 ** (attempt - 1) * (0.5 + Math.random());
      if (attempt >= maxAttempts || performance.now() + waitMs > until) throw failure;
      await sleep(waitMs, undefined, { signal });
    }
  }

  /** The same, but undefined for what is not there. */
  async find(request: ApiRequest, signal: AbortSignal): Promise<RawObject | undefined> {
    try {
      return await this.json(request, signal);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The body of a watch, as it comes. Tried once; `opened` is called when the answer begins. */
  async *stream(request: ApiRequest, opened: () => void, signal: AbortSignal): AsyncGenerator<Buffer> {
    const response = await this.#send(request, signal, true);
    if (response.statusCode !== 200) throw apiError(response.statusCode, await this.#read(response, signal), retryAfter(response));
    opened();
    try {
      for await (const chunk of response.body as AsyncIterable<Buffer>) yield chunk;
    } catch (error) {
      throw signal.aborted ? error : this.#unreachable(error);
    }
  }

  close(): Promise<void> {
    return this.#setup.transport.destroy();
  }

  async #send(request: ApiRequest, signal: AbortSignal, endless: boolean): Promise<Dispatcher.ResponseData> {
    const { limiter, credentials, transport, metrics, userAgent } = this.#setup;
    if (request.priority !== undefined) await limiter.take(request.priority, signal);
    const method = request.method ?? 'GET';
    for (let attempt = 1; ; attempt++) {
      const identity = await credentials.current(signal);
      const started = performance.now();
      const observe = (status: string): void =>
        metrics.observe('http_request_duration_seconds', (performance.now() - started) / 1000, {
          handler: 'instrumented_http',
          scheme: this.#url.protocol.slice(0, -1),
          host: this.#url.host,
          path: pathOnly(request.path).split('/').at(-1) ?? '',
          method,
          status,
        });
      let response: Dispatcher.ResponseData;
      try {
        response = await transport.dispatcher(identity.tls).request({
          origin: this.#url.origin,
          path: this.#url.pathname.replace(/\/$/, '') + request.path,
          method,
          headers: {
            accept: 'application/json',
            'user-agent': userAgent,
            ...(identity.authorization && { authorization: identity.authorization }),
            ...(request.body !== undefined && { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
          },
          body: request.body === undefined ? null : JSON.stringify(request.body),
          signal,
          ...(endless && { bodyTimeout: 0 }),
        });
      } catch (error) {
        if (signal.aborted) throw error;
        observe('');
        // a certificate may have been rotated
        credentials.refused();
        throw this.#unreachable(error);
      }
      observe(String(response.statusCode));
      if (response.statusCode !== 401) {
        this.answered = true;
        return response;
      }
      credentials.refused();
      if (attempt > 1) return response;
      // once more, with a token that is read anew
      await response.body.dump();
    }
  }

  async #read(response: Dispatcher.ResponseData, signal: AbortSignal): Promise<unknown> {
    let text: string;
    try {
      text = await response.body.text();
    } catch (error) {
      if (signal.aborted) throw error;
      throw this.#unreachable(error);
    }
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  #unreachable(error: unknown): Error {
    const where = `the API server at ${this.server} (${this.#setup.origin}) cannot be reached`;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    const hint = hints[code];
    if (error instanceof ConfigurationError) return error;
    return new UnreachableError(hint ? `${where}: ${messageOf(error)}; ${hint}` : `${where}: ${messageOf(error) || code}`, { cause: error });
  }
}

const retryAfter = ({ headers }: Dispatcher.ResponseData): number | undefined => retryAfterMs([headers['retry-after']].flat()[0], Date.now());

const pathOnly = (path: string): string => path.split('?', 1)[0] ?? '';

const untrusted = 'name the authority that signed its certificate in the kubeconfig (certificate-authority)';
const hints: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: 'use a host name of its certificate, or name one in the kubeconfig (tls-server-name)',
  CERT_HAS_EXPIRED: 'its certificate is to be renewed',
  ENOTFOUND: 'its host name is not known to the DNS',
};

/** As many tries as pass over a restart of one of several API servers; the callers have a back-off of their own. */
const maxAttempts = 4;
/** The default of --kube-api-request-timeout. */
const defaultTimeoutMs = 30_000;
