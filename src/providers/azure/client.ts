import { ConfigurationError, SoftError } from '../../errors.ts';
import type { TokenCache } from '../../http/auth/access-token.ts';
import { type HttpClient, type HttpRequest, type HttpResponse, requestName, statusError } from '../../http/client/index.ts';
import { fieldsOf, objectsOf, textOf } from '../../http/json.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The two kinds of zones: of one API, but with names of their own. */
export interface Kind {
  readonly path: string;
  /** Of all record sets of a zone. */
  readonly all: string;
  readonly apiVersion: string;
}

export const publicZones: Kind = { path: 'Microsoft.Network/dnsZones', all: 'all', apiVersion: '2018-05-01' };
export const privateZones: Kind = { path: 'Microsoft.Network/privateDnsZones', all: 'ALL', apiVersion: '2020-06-01' };

export interface AzureZone {
  /** The resource id: `/subscriptions/.../resourceGroups/.../providers/Microsoft.Network/dnszones/example.org`. */
  readonly id: string;
  readonly name: string;
  readonly recordSets: number;
}

export interface AzureRecordSet {
  /** Relative to the zone; `@` for the zone itself. */
  readonly name: string;
  /** `A`, without the path that the API puts before it. */
  readonly type: string;
  readonly etag: string;
  readonly properties: Fields;
}

/** What must hold for a set to be written: that it is as it was read, or not there. */
export type Condition = { readonly etag: string } | 'absent' | undefined;

/** What stands there is not what the condition said. */
export class ConditionError extends Error {}

export interface AzureDnsOptions {
  readonly kind: Kind;
  readonly http: HttpClient;
  readonly tokens: TokenCache;
  readonly resourceManager: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
}

/** The calls of the Resource Manager for DNS zones. */
export class AzureDns {
  readonly #options: AzureDnsOptions;

  constructor(options: AzureDnsOptions) {
    this.#options = options;
  }

  async zones(signal: AbortSignal): Promise<readonly AzureZone[]> {
    const { kind, subscriptionId, resourceGroup } = this.#options;
    const scope = `/subscriptions/${encodeURIComponent(subscriptionId)}${resourceGroup === '' ? '' : `/resourceGroups/${encodeURIComponent(resourceGroup)}`}`;
    const zones = await this.#pages(`${scope}/providers/${kind.path}`, signal);
    return zones.map((zone) => ({ id: textOf(zone['id']), name: textOf(zone['name']), recordSets: Number(fieldsOf(zone['properties'])['numberOfRecordSets'] ?? 0) })).filter((zone) => zone.id !== '' && zone.name !== '');
  }

  async recordSets(zone: AzureZone, signal: AbortSignal): Promise<readonly AzureRecordSet[]> {
    return (await this.#pages(`${zone.id}/${this.#options.kind.all}`, signal)).map(recordSet);
  }

  /** undefined: there is none. */
  async recordSet(zone: AzureZone, type: string, name: string, signal: AbortSignal): Promise<AzureRecordSet | undefined> {
    const response = await this.#send({ method: 'GET', url: setPath(zone, type, name) }, signal, [200, 404]);
    return response.status === 404 ? undefined : recordSet(fieldsOf(response.json()));
  }

  /** Makes a set, or puts it in the place of that which is there. Gives it as stored. Rejects with ConditionError. */
  async put(zone: AzureZone, type: string, name: string, properties: Fields, condition: Condition, signal: AbortSignal): Promise<AzureRecordSet> {
    const response = await this.#send({ method: 'PUT', url: setPath(zone, type, name), json: { properties }, headers: conditionHeaders(condition) }, signal, [200, 201]);
    return recordSet(fieldsOf(response.json()));
  }

  /** Deletes a set, if it is there. Rejects with ConditionError. */
  async delete(zone: AzureZone, type: string, name: string, condition: Condition, signal: AbortSignal): Promise<void> {
    await this.#send({ method: 'DELETE', url: setPath(zone, type, name), headers: conditionHeaders(condition) }, signal, [200, 202, 204, 404]);
  }

  async #pages(path: string, signal: AbortSignal): Promise<readonly Fields[]> {
    const found: Fields[] = [];
    for (let url = path; ; ) {
      const body = fieldsOf((await this.#send({ method: 'GET', url }, signal, [200])).json());
      for (const item of objectsOf(body['value'])) found.push(item);
      // a whole URL
      url = textOf(body['nextLink']);
      if (url === '') return found;
    }
  }

  async #send(request: HttpRequest & { readonly url: string }, signal: AbortSignal, expected: readonly number[]): Promise<HttpResponse> {
    const { http, tokens, resourceManager, kind } = this.#options;
    const url = new URL(request.url, `${resourceManager}/`);
    // the token must not go to another host, whatever a link says
    if (url.origin !== new URL(resourceManager).origin) throw new SoftError(`${requestName('GET', url)}: the next page is at another host than ${resourceManager}`);
    if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', kind.apiVersion);
    for (let fresh = false; ; fresh = true) {
      const token = await tokens.get(signal);
      const response = await http.request({ ...request, url, headers: { ...request.headers, authorization: `Bearer ${token}` } }, signal);
      if (expected.includes(response.status)) return response;
      // revoked before its time: once more with a new one
      if (response.status === 401 && !fresh) tokens.drop(token);
      else throw apiError(requestName(request.method, url), response);
    }
  }
}

const setPath = (zone: AzureZone, type: string, name: string): string => `${zone.id}/${type}/${encodeURIComponent(name)}`;

const conditionHeaders = (condition: Condition): Record<string, string> => (condition === undefined ? {} : condition === 'absent' ? { 'if-none-match': '*' } : { 'if-match': condition.etag });

function recordSet(fields: Fields): AzureRecordSet {
  return { name: textOf(fields['name']), type: textOf(fields['type']).split('/').at(-1) ?? '', etag: textOf(fields['etag']), properties: fieldsOf(fields['properties']) };
}

/** The error that an answer of the Resource Manager stands for. */
export function apiError(request: string, response: HttpResponse): Error {
  const { code, message } = reasonOf(response);
  const detail = [code, message].filter(Boolean).join(': ');
  if (response.status === 412) return new ConditionError(`${request}: status 412${detail && `: ${detail}`}`);
  if (response.status === 401) return new ConfigurationError(`${request}: status 401${detail && `: ${detail}`}; check the credentials and the cloud in azure.json`);
  const hint = response.status === 403 ? '; the identity needs the role "DNS Zone Contributor" (private zones: "Private DNS Zone Contributor") for the zone, and "Reader" for the resource group' : '';
  return statusError(request, response, `${detail}${hint}`);
}

function reasonOf(response: HttpResponse): { readonly code: string; readonly message: string } {
  try {
    const body = fieldsOf(response.json());
    const error = body['error'] === undefined ? body : fieldsOf(body['error']);
    return { code: textOf(error['code']), message: textOf(error['message']).slice(0, 500) };
  } catch (error) {
    if (error instanceof SoftError) return { code: '', message: '' };
    throw error;
  }
}
