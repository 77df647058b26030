import type { Logger } from '../../log/logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { Agents, type TlsOptions } from './agents.ts';
import { measure } from './measure.ts';
import { rateLimit } from './rate-limit.ts';
import { retry, type RetryOptions } from './retry.ts';
import { TokenBucket } from './token-bucket.ts';
import { transport } from './transport.ts';
import type { HttpRequest, HttpResponse, Layer, PreparedRequest, Send } from './types.ts';

export interface HttpClientOptions extends TlsOptions {
  /** Of the API, for messages. */
  readonly name: string;
  /** What relative URLs of requests are appended to. */
  readonly baseUrl?: string;
  /** Headers of every request: credentials, accept, user agent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For one try, from connecting to the last byte of the answer. 0: no limit. */
  readonly timeoutMs: number;
  /** Of the body of an answer. By default 64 MiB; 0: no limit. */
  readonly maxBodyBytes?: number;
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number };
  /** Left out: every request is sent once. */
  readonly retries?: Omit<RetryOptions, 'log'>;
  /** Around each single try, the first innermost: signatures, answers whose status does not tell the truth. */
  readonly perTry?: readonly Layer[];
  /** For proxies (HTTPS_PROXY, HTTP_PROXY, NO_PROXY) and trusted authorities (SSL_CERT_FILE, SSL_CERT_DIR, NODE_EXTRA_CA_CERTS). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * A client of an HTTP API. Any status is an answer and not an error (see statusError for making one of it); what gives no whole
 * answer rejects with RequestError, which is a SoftError. Redirects are not followed.
 */
export interface HttpClient {
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** Opens a client; connects when the first request is sent. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { timeoutMs, maxBodyBytes = defaultMaxBodyBytes, metrics, log } = options;
  const agents = new Agents(options, options.env);
  // from the inside out: what is measured is a single try, and each try takes its token
  let send: Send = measure(metrics)(transport(agents));
  for (const layer of options.perTry ?? []) send = layer(send);
  if (options.rateLimit) send = rateLimit(new TokenBucket(options.rateLimit.perSecond, options.rateLimit.burst))(send);
  if (options.retries) send = retry({ ...options.retries, log })(send);
  return {
    request: (request, signal) => send({ timeoutMs, maxBodyBytes, ...prepare(request, options) }, signal),
    close: () => agents.close(),
  };
}

function prepare(request: HttpRequest, { baseUrl, headers }: HttpClientOptions): PreparedRequest {
  const { url: given, query, json, ...rest } = request;
  const url = given instanceof URL ? new URL(given) : resolve(given, baseUrl);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
  return {
    ...rest,
    url,
    headers: { 'user-agent': userAgent, ...headers, ...(json !== undefined && { 'content-type': 'application/json' }), ...request.headers },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  };
}

/** Appends to the path of the base URL, whatever slashes stand between. */
function resolve(path: string, baseUrl: string | undefined): URL {
  if (baseUrl === undefined || /^https?:\/\//i.test(path)) return new URL(path);
  return new URL(`${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
}

const userAgent = 'ExternalDNS';
const defaultMaxBodyBytes = 64 * 1024 * 1024;

export { isCertainlyUndone, isPassing, RequestError, requestName, StatusError, statusError } from './errors.ts';
export { retryAfterMs } from './retry-after.ts';
export type { HttpRequest, HttpResponse } from './types.ts';
