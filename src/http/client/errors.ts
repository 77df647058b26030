import { ConfigurationError, SoftError } from '../../errors.ts';
import { retryAfterMs } from './retry-after.ts';
import type { HttpResponse } from './types.ts';

/** Why no (whole) answer came. */
export type FailureKind =
  /** No connection: the name is not known, nobody listens, no route. */
  | 'unreachable'
  | 'timeout'
  /** The other side ended the connection before its answer was complete. */
  | 'closed'
  /** The certificate is not trusted, or no common version. */
  | 'tls'
  /** The answer has more bytes than allowed. */
  | 'too-large'
  | 'other';

/** A request without a whole answer. */
export class RequestError extends SoftError {
  readonly kind: FailureKind;
  /** Whether the request may have been carried out all the same. */
  readonly mayHaveArrived: boolean;
  constructor(message: string, kind: FailureKind, options: ErrorOptions & { readonly mayHaveArrived?: boolean } = {}) {
    super(message, options);
    this.kind = kind;
    this.mayHaveArrived = options.mayHaveArrived ?? (kind !== 'unreachable' && kind !== 'tls');
  }
}

/** A request as messages name it: without query, user and password, which may hold secrets. */
export const requestName = (method: string, url: URL): string => `${method} ${url.origin}${url.pathname}`;

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT', 'EAI_FAIL', 'EAI_NODATA']);
const closed = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_ABORTED', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED']);
const timedOut = new Set(['ETIMEDOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const untrusted = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO)/;

/** The error of a request that the transport threw. */
export function requestError(request: { readonly method: string; readonly url: URL }, error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  const code = codeOf(error);
  const name = requestName(request.method, request.url);
  const refusedByProxy = /^Proxy response \((\d+)\)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (refusedByProxy) return new RequestError(`${name}: the proxy refuses to connect (status ${refusedByProxy})`, 'unreachable');
  if (unreachable.has(code)) return new RequestError(`${name}: cannot be reached (${code})`, 'unreachable');
  if (timedOut.has(code)) return new RequestError(`${name}: no answer in time`, 'timeout');
  if (untrusted.test(code)) return new RequestError(`${name}: no trusted TLS connection (${code})`, 'tls', { cause: error });
  if (closed.has(code)) return new RequestError(`${name}: the connection was closed before the answer was complete`, 'closed');
  return new RequestError(`${name}: failed`, 'other', { cause: error });
}

function codeOf(error: unknown): string {
  for (let e = error; e instanceof Error; e = e.cause) if ('code' in e && typeof e.code === 'string') return e.code;
  return '';
}

/** An answer with a status of trouble that may pass. */
export class StatusError extends SoftError {
  readonly status: number;
  constructor(message: string, status: number, options: ConstructorParameters<typeof SoftError>[1]) {
    super(message, options);
    this.status = status;
  }
}

/**
 * The error that an answer with an unwanted status stands for: StatusError (a SoftError) for what may pass (408, 425,
 * 429, 5xx), with its Retry-After; ConfigurationError for 401; else Error; all with `status`. `detail` is what the API says of it, already free of secrets.
 */
export function statusError(what: string, response: Pick<HttpResponse, 'status' | 'header'>, detail = ''): Error {
  const message = `${what}: status ${response.status}${detail && `: ${detail}`}`;
  const { status } = response;
  if (status === 401) return Object.assign(new ConfigurationError(`${message}; check the credentials`), { status });
  if (!isPassing(status)) return Object.assign(new Error(message), { status });
  return new StatusError(message, status, { retryAfterMs: retryAfterMs(response.header('retry-after'), Date.now()) });
}

/** Statuses of trouble that may pass by itself. */
export const isPassing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/** Whether an error of a request says for certain that nothing was done: it did not arrive, or came too soon after others. */
export const isCertainlyUndone = (error: unknown): boolean => (error instanceof RequestError && !error.mayHaveArrived) || (error instanceof StatusError && error.status === 429);

