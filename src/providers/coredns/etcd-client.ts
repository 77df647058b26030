import { ConfigurationError, SoftError } from '../../errors.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpResponse, isPassing, RequestError, statusError } from '../../http/client/index.ts';

export interface EtcdKey {
  readonly key: string;
  readonly value: string;
  /** Revision of its last change. */
  readonly modRevision: bigint;
}

export interface RangeRequest {
  readonly from: string;
  /** Exclusive; left out: this one key. */
  readonly to?: string;
  readonly limit?: number;
  /** As it was at this revision. */
  readonly revision?: bigint;
  /** Only keys that were changed since; `count` is that of all nevertheless. */
  readonly minModRevision?: bigint;
}

export interface RangeAnswer {
  readonly clusterId: string;
  readonly revision: bigint;
  readonly keys: readonly EtcdKey[];
  /** There are more keys than `limit`. */
  readonly more: boolean;
  /** Of all keys of the range. */
  readonly count: number;
}

/** One key of a transaction. `modRevision`: what it must be for the transaction to be made; 0: the key must not be there. */
export type EtcdOperation = { readonly key: string; readonly modRevision: bigint } & ({ readonly put: string } | { readonly delete: true });

export interface EtcdClientOptions extends Omit<HttpClientOptions, 'name' | 'baseUrl' | 'headers' | 'timeoutMs' | 'retries'> {
  readonly urls: readonly string[];
  readonly username: string;
  readonly password: string;
}

/** As the client of ExternalDNS v0.22. */
const timeoutMs = 5000;

/** etcd v3 by its JSON gateway (etcd 3.4 and later). Members are asked in turn until one answers; that one is asked first the next time. */
export class EtcdClient {
  readonly #http: HttpClient;
  readonly #urls: readonly string[];
  readonly #credentials: { readonly name: string; readonly password: string } | undefined;
  #first = 0;
  #token: string | undefined;
  /** etcd was asked and wants no user. */
  #open = false;

  constructor({ urls, username, password, ...options }: EtcdClientOptions) {
    this.#urls = urls.map((url) => url.replace(/\/+$/, ''));
    this.#credentials = username ? { name: username, password } : undefined;
    this.#http = createHttpClient({ ...options, name: 'etcd', timeoutMs });
  }

  async range({ from, to, limit, revision, minModRevision }: RangeRequest, signal: AbortSignal): Promise<RangeAnswer> {
    const answer = (await this.#call('reading etcd', '/v3/kv/range', {
      key: encode(from),
      ...(to !== undefined && { range_end: encode(to) }),
      ...(limit !== undefined && { limit: String(limit) }),
      ...(revision !== undefined && { revision: String(revision) }),
      ...(minModRevision !== undefined && { min_mod_revision: String(minModRevision) }),
    }, true, signal)) as WireRange;
    return {
      clusterId: answer.header?.cluster_id ?? '',
      revision: BigInt(answer.header?.revision ?? 0),
      keys: (answer.kvs ?? []).map((kv) => ({ key: decode(kv.key), value: decode(kv.value ?? ''), modRevision: BigInt(kv.mod_revision ?? 0) })),
      more: answer.more === true,
      count: Number(answer.count ?? 0),
    };
  }

  /** Makes all operations or none; gives the revision that they made, or undefined where a key was not at its revision. */
  async transact(operations: readonly EtcdOperation[], signal: AbortSignal): Promise<bigint | undefined> {
    const answer = (await this.#call('writing to etcd', '/v3/kv/txn', {
      compare: operations.map(({ key, modRevision }) => ({ key: encode(key), result: 'EQUAL', ...(modRevision === 0n ? { target: 'CREATE', create_revision: '0' } : { target: 'MOD', mod_revision: String(modRevision) }) })),
      success: operations.map((o) => ('put' in o ? { request_put: { key: encode(o.key), value: encode(o.put) } } : { request_delete_range: { key: encode(o.key) } })),
    }, false, signal)) as WireTransaction;
    return answer.succeeded ? BigInt(answer.header?.revision ?? 0) : undefined;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #call(what: string, path: string, body: unknown, repeatable: boolean, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      if (this.#credentials && this.#token === undefined && !this.#open) await this.#signIn(signal);
      const response = await this.#post(path, body, repeatable, signal);
      if (response.status === 200) return response.json();
      const detail = detailOf(response);
      // tokens end by themselves, and with each change of users and roles
      const signedOut = this.#credentials !== undefined && /invalid auth token|revision of auth store is old|user name is empty/.test(detail);
      if (!signedOut || attempt > 1) throw failure(what, response, detail);
      this.#token = undefined;
      this.#open = false;
    }
  }

  async #signIn(signal: AbortSignal): Promise<void> {
    const response = await this.#post('/v3/auth/authenticate', this.#credentials, true, signal);
    const detail = detailOf(response);
    if (response.status === 200) this.#token = (response.json() as { readonly token?: string }).token;
    else if (/authentication is not enabled/.test(detail)) this.#open = true;
    else throw failure('signing in to etcd as ETCD_USERNAME', response, detail);
  }

  /** `repeatable`: may be sent to another member when it is not known what came of it. */
  async #post(path: string, json: unknown, repeatable: boolean, signal: AbortSignal): Promise<HttpResponse> {
    let trouble: unknown;
    for (let i = 0; i < this.#urls.length; i++) {
      const at = (this.#first + i) % this.#urls.length;
      const last = i === this.#urls.length - 1;
      try {
        const response = await this.#http.request({ method: 'POST', url: `${this.#urls[at]}${path}`, json, idempotent: false, ...(this.#token !== undefined && { headers: { authorization: this.#token } }) }, signal);
        if (!last && repeatable && isPassing(response.status)) continue;
        this.#first = at;
        return response;
      } catch (error) {
        if (last || !(error instanceof RequestError) || (error.mayHaveArrived && !repeatable)) throw error;
        trouble = error;
      }
    }
    throw trouble instanceof Error ? trouble : new SoftError('no member of etcd answers');
  }
}

interface WireHeader {
  readonly cluster_id?: string;
  readonly revision?: string;
}
interface WireRange {
  readonly header?: WireHeader;
  readonly kvs?: readonly { readonly key: string; readonly value?: string; readonly mod_revision?: string }[];
  readonly more?: boolean;
  readonly count?: string;
}
interface WireTransaction {
  readonly header?: WireHeader;
  readonly succeeded?: boolean;
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

function failure(what: string, response: HttpResponse, detail: string): Error {
  if (/permission denied/.test(detail)) return new ConfigurationError(`${what}: ${detail}; grant ETCD_USERNAME a role with readwrite on --coredns-prefix`);
  if (/authentication failed|user name is empty|invalid auth token/.test(detail)) return new ConfigurationError(`${what}: ${detail}; check ETCD_USERNAME and ETCD_PASSWORD`);
  if (response.status === 404) return new ConfigurationError(`${what}: no JSON gateway is there; etcd 3.4 or later is needed, with --enable-grpc-gateway`);
  return statusError(what, response, detail);
}

function detailOf(response: HttpResponse): string {
  if (response.status === 200) return '';
  try {
    const { message, error } = response.json() as { readonly message?: unknown; readonly error?: unknown };
    return String(message ?? error ?? '').slice(0, 300);
  } catch {
    return '';
  }
}
