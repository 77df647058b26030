/** One request, as layers and transport hand it on. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute, or relative to the base URL of the client. */
  readonly url: string | URL;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Sent as JSON, in place of `body`. */
  readonly json?: unknown;
  /** For one try, from connecting to the last byte. 0: no limit. */
  readonly timeoutMs?: number;
  /** Of the answer's body. 0: no limit. */
  readonly maxBodyBytes?: number;
  /** Whether it may be sent again when it is not known what became of it. By default all but POST and PATCH. */
  readonly idempotent?: boolean;
  /** Takes the body of the answer as it comes; `body` of the answer is empty then. May be called anew after a retry: `start` tells. */
  readonly onBody?: { start(status: number): void; chunk(data: Buffer): void };
}

export interface HttpResponse {
  readonly status: number;
  /** The first value of a header (in any case); undefined where it is not there. */
  header(name: string): string | undefined;
  readonly body: Buffer;
  text(): string;
  /** Throws SoftError where the body is no JSON. */
  json(): unknown;
}

/** A request with its URL worked out. */
export type PreparedRequest = Omit<HttpRequest, 'url' | 'query' | 'json'> & { readonly url: URL };

export type Send = (request: PreparedRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** Something around sending: retries, rate limit, metrics. */
export type Layer = (next: Send) => Send;

/** Whether a request may be sent twice without harm. */
export const isIdempotent = (request: Pick<HttpRequest, 'method' | 'idempotent'>): boolean => request.idempotent ?? (request.method !== 'POST' && request.method !== 'PATCH');
