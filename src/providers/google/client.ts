import { ConfigurationError, SoftError } from '../../errors.ts';
import type { TokenCache } from '../../http/auth/access-token.ts';
import { type HttpClient, type HttpRequest, type HttpResponse, requestName, StatusError, statusError } from '../../http/client/index.ts';
import { fieldsOf, objectsOf, textOf, textsOf } from '../../http/json.ts';
import { attempt } from '../engine/attempts.ts';

/** A managed zone, as far as we read it. */
export interface ManagedZone {
  /** Its resource name, which the calls take. */
  readonly id: string;
  /** Its domain, with final dot. */
  readonly name: string;
  readonly number: string;
  readonly visibility: string;
  /** Its records are those of another network's zone. */
  readonly peering: boolean;
}

export interface RecordSet {
  /** With final dot. */
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  /** Not there where a routing policy holds them. */
  readonly rrdatas?: readonly string[];
  readonly routingPolicy?: unknown;
}

/** Atomic; a deletion must name exactly what is stored. */
export interface ChangeBody {
  readonly additions: readonly RecordSet[];
  readonly deletions: readonly RecordSet[];
}

export interface GoogleDnsOptions {
  /** Without retries of its own: what may be tried again stands in the body of the answer. */
  readonly http: HttpClient;
  readonly tokens: TokenCache;
  /** `https://dns.googleapis.com/dns/v1/` */
  readonly baseUrl: string;
  readonly project: (signal: AbortSignal) => Promise<string>;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Largest page that the API gives. */
const pageSize = 1000;
const readTries = 4;

/** The calls of the Cloud DNS API, version 1. */
export class GoogleDns {
  readonly #options: GoogleDnsOptions;

  constructor(options: GoogleDnsOptions) {
    this.#options = options;
  }

  async zones(signal: AbortSignal): Promise<readonly ManagedZone[]> {
    const found = await this.#pages('managedZones', {}, 'managedZones', signal);
    return found.map((zone) => ({ id: textOf(zone['name']), name: textOf(zone['dnsName']), number: String(zone['id'] ?? ''), visibility: textOf(zone['visibility']), peering: zone['peeringConfig'] !== undefined }));
  }

  /** The record sets of a zone, or those of one name (with final dot). */
  async recordSets(zone: string, name: string | undefined, signal: AbortSignal): Promise<readonly RecordSet[]> {
    const found = await this.#pages(`managedZones/${encodeURIComponent(zone)}/rrsets`, { name, fields: 'nextPageToken,rrsets(name,type,ttl,rrdatas,routingPolicy)' }, 'rrsets', signal);
    return found.map((set) => ({
      name: textOf(set['name']),
      type: textOf(set['type']),
      ttl: Number(set['ttl'] ?? 0),
      rrdatas: textsOf(set['rrdatas']),
      ...(set['routingPolicy'] !== undefined && { routingPolicy: set['routingPolicy'] }),
    }));
  }

  async change(zone: string, change: ChangeBody, signal: AbortSignal): Promise<void> {
    await this.#send({ method: 'POST', url: `managedZones/${encodeURIComponent(zone)}/changes`, json: change }, signal);
  }

  async #pages(url: string, query: NonNullable<HttpRequest['query']>, field: string, signal: AbortSignal): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const found: Readonly<Record<string, unknown>>[] = [];
    for (let pageToken: string | undefined; ; ) {
      const request = { method: 'GET', url, query: { ...query, maxResults: pageSize, pageToken } } as const;
      const response = await attempt(() => this.#send(request, signal), { tries: readTries, idempotent: true, ...(this.#options.sleep && { sleep: this.#options.sleep }) }, signal);
      const body = fieldsOf(response.json());
      for (const item of objectsOf(body[field])) found.push(item);
      pageToken = textOf(body['nextPageToken']) || undefined;
      if (pageToken === undefined) return found;
    }
  }

  async #send(request: HttpRequest & { readonly url: string }, signal: AbortSignal): Promise<HttpResponse> {
    const { http, tokens, baseUrl, project } = this.#options;
    const url = new URL(`projects/${encodeURIComponent(await project(signal))}/${request.url}`, baseUrl);
    for (let fresh = false; ; fresh = true) {
      const token = await tokens.get(signal);
      const response = await http.request({ ...request, url, headers: { authorization: `Bearer ${token}` } }, signal);
      if (response.status >= 200 && response.status < 300) return response;
      // revoked before its time: once more with a new one
      if (response.status === 401 && !fresh) tokens.drop(token);
      else throw apiError(requestName(request.method, url), response);
    }
  }
}

/** Reasons by which Google asks to come back later, with status 403. */
const tooOften = new Set(['rateLimitExceeded', 'userRateLimitExceeded']);

/** The error that an answer of the API stands for; by reason, since 403 stands for rate limits, quotas and missing rights alike. */
export function apiError(request: string, response: HttpResponse): Error {
  const { message, reason } = reasonOf(response);
  if (response.status === 403 && tooOften.has(reason)) return new StatusError(`${request}: rate limit: ${message}`, 429, {});
  if (response.status === 403 && reason === 'quotaExceeded') {
    // that of one record set, or that of the zone or project, which all further changes would run into
    return /entity\.change\./.test(message) ? new Error(`${request}: ${message}`) : new ConfigurationError(`${request}: a quota of Cloud DNS is used up: ${message}; ask for more in the console, under IAM and administration, quotas`);
  }
  if (response.status === 403) return new ConfigurationError(`${request}: forbidden: ${message}; the credentials need the role roles/dns.admin in the project, and the API dns.googleapis.com must be enabled there`);
  return statusError(request, response, message);
}

function reasonOf(response: HttpResponse): { readonly message: string; readonly reason: string } {
  try {
    const error = fieldsOf(fieldsOf(response.json())['error']);
    return { message: textOf(error['message']).slice(0, 500), reason: textOf(objectsOf(error['errors'])[0]?.['reason']) };
  } catch (error) {
    if (error instanceof SoftError) return { message: '', reason: '' };
    throw error;
  }
}
