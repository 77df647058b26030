import { SoftError } from '../../errors.ts';
import { createHttpClient, type HttpClient, type HttpRequest, StatusError } from '../../http/client/index.ts';
import type { ProviderSetup } from '../provider.ts';
import { each } from '../engine/each.ts';
import type { FromFiles } from '../../config/changing-files.ts';
import type { Credentials } from './credentials.ts';
import { answerError } from './errors.ts';

/** A zone as the API gives it; only what is read. */
export interface ApiZone {
  readonly id: string;
  readonly name: string;
  readonly plan?: { readonly name?: string; readonly legacy_id?: string; readonly is_subscribed?: boolean };
}

/** A record as the API gives it. */
export interface ApiRecord extends RecordBody {
  readonly id: string;
}

/** A record as it is written. */
export interface RecordBody {
  readonly name: string;
  readonly type: string;
  /** Left out for types that have `data`. */
  readonly content?: string;
  readonly data?: SrvData;
  /** In seconds; 1: automatic. */
  readonly ttl: number;
  readonly proxied?: boolean;
  readonly comment?: string | null;
  readonly tags?: readonly string[] | null;
  /** Of MX. */
  readonly priority?: number;
}

export interface SrvData {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

/** Carried out in this order, all or nothing. */
export interface Batch {
  readonly deletes: readonly { readonly id: string }[];
  readonly puts: readonly (RecordBody & { readonly id: string })[];
  readonly posts: readonly RecordBody[];
}

export type BatchResult = { readonly [K in keyof Batch]?: readonly ApiRecord[] | null };

export interface CustomHostname {
  readonly id: string;
  readonly hostname: string;
  readonly custom_origin_server?: string;
}

export interface CustomHostnameBody {
  readonly hostname: string;
  readonly custom_origin_server: string;
  readonly ssl: {
    readonly type: 'dv';
    readonly method: 'http';
    readonly bundle_method: 'ubiquitous';
    readonly certificate_authority?: string;
    readonly settings: { readonly min_tls_version: string };
  };
}

export interface RegionalHostname {
  readonly hostname: string;
  readonly region_key: string;
}

interface Answer<T> {
  readonly result: T;
  readonly result_info?: { readonly total_pages?: number; readonly total_count?: number };
}

interface LargerPages {
  readonly above: number;
  readonly perPage: number;
}

type Query = NonNullable<HttpRequest['query']>;

/** The calls of the API v4 that are needed, one method each. Rejects as the engine wants it: SoftError, ConfigurationError or RefusedError. */
export class CloudflareClient {
  readonly #http: HttpClient;
  readonly #from: string;
  /** Until when the API has asked not to be called. */
  #quietUntilMs = 0;

  constructor(credentials: FromFiles<Credentials>, { env, log, metrics }: Pick<ProviderSetup, 'env' | 'log' | 'metrics'>) {
    this.#from = credentials.current().from;
    this.#http = createHttpClient({
      name: 'cloudflare',
      baseUrl: env['CLOUDFLARE_BASE_URL']?.trim() || 'https://api.cloudflare.com/client/v4',
      perTry: [(next) => (request, signal) => next({ ...request, headers: { ...request.headers, ...credentials.current().headers } }, signal)],
      timeoutMs: 60_000,
      rateLimit,
      retries: { tries: 3, longestRetryAfterMs: longestWaitMs },
      env,
      metrics,
      log,
    });
  }

  zones(signal: AbortSignal): Promise<readonly ApiZone[]> {
    return this.#pages('zones', {}, 50, signal);
  }

  async zone(id: string, signal: AbortSignal): Promise<ApiZone> {
    return this.#call<ApiZone>('GET', `zones/${part(id)}`, signal);
  }

  /** All records that the query names. `larger`: the pages that are taken where there would be more than so many. */
  records(zoneId: string, query: Query, perPage: number, signal: AbortSignal, larger?: LargerPages): Promise<readonly ApiRecord[]> {
    return this.#pages(`zones/${part(zoneId)}/dns_records`, query, perPage, signal, larger);
  }

  batch(zoneId: string, batch: Batch, signal: AbortSignal): Promise<BatchResult> {
    const filled = Object.fromEntries(Object.entries(batch).filter(([, list]) => list.length > 0));
    return this.#call('POST', `zones/${part(zoneId)}/dns_records/batch`, signal, filled);
  }

  createRecord(zoneId: string, body: RecordBody, signal: AbortSignal): Promise<ApiRecord> {
    return this.#call('POST', `zones/${part(zoneId)}/dns_records`, signal, body);
  }

  replaceRecord(zoneId: string, id: string, body: RecordBody, signal: AbortSignal): Promise<ApiRecord> {
    return this.#call('PUT', `zones/${part(zoneId)}/dns_records/${part(id)}`, signal, body);
  }

  async deleteRecord(zoneId: string, id: string, signal: AbortSignal): Promise<void> {
    await this.#call('DELETE', `zones/${part(zoneId)}/dns_records/${part(id)}`, signal);
  }

  customHostnames(zoneId: string, signal: AbortSignal): Promise<readonly CustomHostname[]> {
    return this.#pages(`zones/${part(zoneId)}/custom_hostnames`, {}, 50, signal);
  }

  createCustomHostname(zoneId: string, body: CustomHostnameBody, signal: AbortSignal): Promise<CustomHostname> {
    return this.#call('POST', `zones/${part(zoneId)}/custom_hostnames`, signal, body, unique);
  }

  async deleteCustomHostname(zoneId: string, id: string, signal: AbortSignal): Promise<void> {
    await this.#call('DELETE', `zones/${part(zoneId)}/custom_hostnames/${part(id)}`, signal);
  }

  /** Not paged. */
  async regionalHostnames(zoneId: string, signal: AbortSignal): Promise<readonly RegionalHostname[]> {
    return (await this.#call<readonly RegionalHostname[] | null>('GET', `zones/${part(zoneId)}/addressing/regional_hostnames`, signal)) ?? [];
  }

  async createRegionalHostname(zoneId: string, body: RegionalHostname, signal: AbortSignal): Promise<void> {
    await this.#call('POST', `zones/${part(zoneId)}/addressing/regional_hostnames`, signal, body, unique);
  }

  async changeRegionalHostname(zoneId: string, { hostname, region_key }: RegionalHostname, signal: AbortSignal): Promise<void> {
    await this.#call('PATCH', `zones/${part(zoneId)}/addressing/regional_hostnames/${part(hostname)}`, signal, { region_key }, unique);
  }

  async deleteRegionalHostname(zoneId: string, hostname: string, signal: AbortSignal): Promise<void> {
    await this.#call('DELETE', `zones/${part(zoneId)}/addressing/regional_hostnames/${part(hostname)}`, signal);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #pages<T extends { readonly id: string }>(path: string, query: Query, perPage: number, signal: AbortSignal, larger?: LargerPages): Promise<readonly T[]> {
    const page = (n: number): Promise<Answer<readonly T[] | null>> => this.#answer('GET', path, signal, { query: { ...query, page: n, per_page: perPage } });
    const first = await page(1);
    const pages = first.result_info?.total_pages ?? 1;
    if (larger && pages > larger.above) return this.#pages(path, query, larger.perPage, signal);
    const more = Array.from({ length: Math.max(0, pages - 1) }, (_, i) => i + 2);
    const lists = [first, ...(await each(more, pagesAtOnce, page))].flatMap((answer) => answer.result ?? []);
    // what was added meanwhile moves others to the next page, where they come again
    return [...new Map(lists.map((item) => [item.id, item])).values()];
  }

  async #call<T>(method: HttpRequest['method'], path: string, signal: AbortSignal, json?: unknown, more: Pick<HttpRequest, 'idempotent'> = {}): Promise<T> {
    return (await this.#answer<T>(method, path, signal, json === undefined ? more : { ...more, json })).result;
  }

  async #answer<T>(method: HttpRequest['method'], path: string, signal: AbortSignal, more: Pick<HttpRequest, 'query' | 'json' | 'idempotent'>): Promise<Answer<T>> {
    const what = `cloudflare: ${method} ${path}`;
    const quietMs = this.#quietUntilMs - Date.now();
    // calls during the penalty make it longer
    if (quietMs > 0) throw new StatusError(`${what}: not sent, as the limit of calls is used up for ${Math.ceil(quietMs / 1000)} s`, 429, { retryAfterMs: quietMs });
    const response = await this.#http.request({ method, url: path, ...more }, signal);
    const error = answerError(what, response, this.#from);
    if (!error) return response.json() as Answer<T>;
    if (response.status === 429 && error instanceof SoftError && (error.retryAfterMs ?? 0) > longestWaitMs) this.#quietUntilMs = Date.now() + (error.retryAfterMs ?? 0);
    throw error;
  }
}

/** Of what there can be one only: a second try makes no second one. */
const unique = { idempotent: true };

/** One of the parts of a path, whatever stands in it. */
const part = (text: string): string => encodeURIComponent(text);

/** 1,200 calls in 5 minutes are allowed to a user, and may be shared: 500 at once and 2 a second make 1,100. */
const rateLimit = { perSecond: 2, burst: 500 };

/** A call waits so long for its turn when the API asks for it; what takes longer is for the caller's back-off. */
const longestWaitMs = 30_000;

const pagesAtOnce = 4;
