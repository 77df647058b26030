import { ConfigurationError, SoftError } from '../../errors.ts';
import { isPassing, requestName, statusError } from '../client/index.ts';
import type { HttpClient } from '../client/index.ts';
import type { HttpResponse } from '../client/types.ts';
import { fieldsOf } from '../json.ts';

/** A bearer token of OAuth 2. */
export interface AccessToken {
  readonly value: string;
  readonly expiresAtMs: number;
}

/** Gets a new token. */
export type TokenSource = (signal: AbortSignal) => Promise<AccessToken>;

/** Keeps a token until shortly before it expires; who asks meanwhile waits for the one request under way. */
export class TokenCache {
  readonly #source: TokenSource;
  readonly #now: () => number;
  #token: AccessToken | undefined;
  #underWay: Promise<AccessToken> | undefined;

  constructor(source: TokenSource, now: () => number = Date.now) {
    this.#source = source;
    this.#now = now;
  }

  async get(signal: AbortSignal): Promise<string> {
    if (this.#token && this.#token.expiresAtMs - this.#now() > earlyMs) return this.#token.value;
    this.#underWay ??= this.#source(signal).finally(() => (this.#underWay = undefined));
    this.#token = await this.#underWay;
    return this.#token.value;
  }

  /** Forgets a token that was refused, so that the next `get` asks for another. */
  drop(value: string): void {
    if (this.#token?.value === value) this.#token = undefined;
  }
}

/** Clocks differ, and a request with it takes its time. */
const earlyMs = 4 * 60_000;

export interface TokenRequest {
  readonly url: string | URL;
  /** Fields of the form. */
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose token, for messages. */
  readonly what: string;
}

/** Asks a token endpoint of OAuth 2. Rejects with ConfigurationError where it refuses the credentials, with SoftError where it is in trouble. */
export async function requestToken(http: HttpClient, { url, form, headers, what }: TokenRequest, signal: AbortSignal): Promise<AccessToken> {
  const response = await http.request(
    { method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...headers }, body: new URLSearchParams(form).toString(), idempotent: true },
    signal,
  );
  if (response.status !== 200) throw tokenError(what, url, response);
  return tokenOf(what, response);
}

/** The token in an answer: `access_token` with `expires_in`, in seconds (a number or a text). */
export function tokenOf(what: string, response: HttpResponse, now: number = Date.now()): AccessToken {
  const body = fieldsOf(response.json());
  const value = body['access_token'];
  if (typeof value !== 'string' || value === '') throw new SoftError(`${what}: the answer has no access token`);
  const seconds = Number(body['expires_in'] ?? defaultSeconds);
  return { value, expiresAtMs: now + (Number.isFinite(seconds) ? seconds : defaultSeconds) * 1000 };
}

const defaultSeconds = 3600;

/** The error of an answer without a token. Only the code and the description that OAuth 2 provides for are told. */
export function tokenError(what: string, url: string | URL, response: HttpResponse): Error {
  const body = jsonOf(response);
  const nested = fieldsOf(body['error']);
  const told = [body['error'], body['error_description'], nested['status'], nested['message']].filter((t) => typeof t === 'string' && t !== '');
  const detail = told.map((t) => String(t).replaceAll(/\s+/g, ' ').slice(0, 300)).join(': ');
  if (isPassing(response.status)) return statusError(`${what}: ${requestName('POST', new URL(url))}`, response, detail);
  return new ConfigurationError(`${what}: refused by ${new URL(url).origin} with status ${response.status}${detail && `: ${detail}`}; check the credentials`);
}

function jsonOf(response: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(response.json());
  } catch {
    return {};
  }
}
