import { ConfigurationError } from '../../errors.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpRequest, type HttpResponse, statusError } from '../../http/client/index.ts';

/** A zone, as far as it is of interest here; those of the list have no record sets. */
export interface PdnsZone {
  readonly id: string;
  readonly name: string;
  /** Native, Master, Slave, Producer, Consumer. */
  readonly kind?: string;
  readonly dnssec?: boolean;
  readonly serial?: number;
  readonly edited_serial?: number;
  readonly soa_edit_api?: string;
  readonly api_rectify?: boolean;
  readonly rrsets?: readonly PdnsRecordSet[];
}

export interface PdnsRecordSet {
  /** With final dot. */
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly records: readonly PdnsRecord[];
}

export interface PdnsRecord {
  readonly content: string;
  readonly disabled?: boolean;
}

/** What PATCH makes of a record set. */
export type PdnsRecordSetChange = { readonly name: string; readonly type: string } & ({ readonly changetype: 'DELETE' } | { readonly changetype: 'REPLACE'; readonly ttl: number; readonly records: readonly PdnsRecord[] });

export interface PdnsClientOptions extends Omit<HttpClientOptions, 'name' | 'baseUrl' | 'headers' | 'timeoutMs'> {
  /** Its path stands before all paths of the API. */
  readonly server: string;
  readonly serverId: string;
  /** Asked before each request. */
  readonly apiKey: () => string;
}

/** A zone with all its records may take the server a while. */
const timeoutMs = 60_000;
const maxBodyBytes = 1024 ** 3;

/** The HTTP API of PowerDNS Authoritative Server 4.x and 5.x. Every call is tried three times. */
export class PdnsClient {
  readonly #http: HttpClient;
  readonly #apiKey: () => string;

  /** Throws ConfigurationError for a server that is no URL. */
  constructor({ server, serverId, apiKey, ...options }: PdnsClientOptions) {
    if (!/^https?:\/\//i.test(server) || !URL.canParse(server)) throw new ConfigurationError(`--pdns-server: ${JSON.stringify(server)} is no URL that begins with http:// or https://`);
    this.#apiKey = apiKey;
    this.#http = createHttpClient({
      retries: { tries: 3, firstWaitMs: 250 },
      ...options,
      name: 'PowerDNS',
      baseUrl: `${server.replace(/[?#].*$/, '').replace(/\/+$/, '')}/api/v1/servers/${encodeURIComponent(serverId)}`,
      headers: { accept: 'application/json' },
      perTry: [(next) => (request, signal) => next({ ...request, headers: { ...request.headers, 'x-api-key': apiKey() } }, signal)],
      timeoutMs,
      maxBodyBytes,
    });
  }

  async zones(signal: AbortSignal): Promise<readonly PdnsZone[]> {
    const response = await this.#call({ method: 'GET', url: '/zones' }, signal);
    if (response.status !== 200) throw statusError('listing the zones of PowerDNS', response, detailOf(response));
    return response.json() as readonly PdnsZone[];
  }

  /** A zone with its record sets; those of one name only, where the server knows how (from 4.6 on; older ones give all). */
  async zone(id: string, name: string | undefined, signal: AbortSignal): Promise<PdnsZone> {
    const response = await this.#call({ method: 'GET', url: `/zones/${pathOf(id)}`, ...(name !== undefined && { query: { rrset_name: name } }) }, signal);
    if (response.status !== 200) throw statusError(`reading zone ${id} of PowerDNS`, response, detailOf(response));
    return response.json() as PdnsZone;
  }

  /** Changes record sets, all or none. To do it twice does no harm. */
  async patch(id: string, rrsets: readonly PdnsRecordSetChange[], signal: AbortSignal): Promise<void> {
    const response = await this.#call({ method: 'PATCH', url: `/zones/${pathOf(id)}`, json: { rrsets }, idempotent: true }, signal);
    if (response.status !== 204 && response.status !== 200) throw statusError(`changing zone ${id} of PowerDNS`, response, detailOf(response));
  }

  async rectify(id: string, signal: AbortSignal): Promise<void> {
    const response = await this.#call({ method: 'PUT', url: `/zones/${pathOf(id)}/rectify` }, signal);
    if (response.status !== 200) throw statusError(`rectifying zone ${id} of PowerDNS`, response, detailOf(response));
  }

  #call(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    return this.#http.request({ ...request, headers: { 'x-api-key': this.#apiKey() } }, signal);
  }

  close(): Promise<void> {
    return this.#http.close();
  }
}

/** The server has put what it needs to into `=XX` already. */
const pathOf = (id: string): string => encodeURIComponent(id).replaceAll('%3D', '=');

/** What the server says: `{"error": "...", "errors": ["..."]}`. */
function detailOf(response: HttpResponse): string {
  try {
    const { error, errors } = response.json() as { readonly error?: unknown; readonly errors?: unknown };
    const texts = [error, ...(Array.isArray(errors) ? errors : [])].filter((t) => typeof t === 'string');
    return [...new Set(texts)].join('; ').slice(0, 500);
  } catch {
    return '';
  }
}
