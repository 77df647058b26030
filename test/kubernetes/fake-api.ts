import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

type Fields = Record<string, unknown>;
export interface FakeObject extends Fields {
  metadata: { name: string; namespace?: string; resourceVersion?: string } & Fields;
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string;
}

/** What a fault does with a request instead of answering it. */
export type FakeAnswer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> } | 'hang' | 'reset';

interface Collection {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly objects: Map<string, FakeObject>;
}

interface HistoryEntry {
  readonly version: number;
  readonly collection: Collection;
  readonly type: string;
  readonly object: FakeObject;
}

interface OpenWatch {
  readonly response: ServerResponse;
  readonly collection: Collection;
  readonly namespace: string;
}

/** A small Kubernetes API: lists in pages, watches with history, discovery, status and plain writes. What goes wrong is told to it. */
export class FakeApi {
  readonly requests: FakeRequest[] = [];
  /** Asked before each request; what it gives is answered instead. */
  fault: (request: FakeRequest) => FakeAnswer | undefined = () => undefined;
  /** How 410 is told to a watch: by its HTTP status, or by an event. */
  goneByEvent = false;
  #version = 100;
  #compacted = 0;
  #history: HistoryEntry[] = [];
  readonly #collections: Collection[] = [];
  readonly #watches = new Set<OpenWatch>();
  /** Pages of a list that was begun: the rest, as it was then. */
  readonly #pages = new Map<string, { readonly objects: FakeObject[]; readonly version: number }>();
  readonly #server: Server;

  readonly #scheme: string;

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    this.#scheme = scheme;
  }

  /** `tls`: it speaks https with these certificates. */
  static async start(tls?: ServerOptions): Promise<FakeApi> {
    const server = tls ? createSecureServer(tls) : createServer();
    const api = new FakeApi(server, tls ? 'https' : 'http');
    server.on('request', (request, response) => void api.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get watches(): number {
    return this.#watches.size;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Requests that begin a list, and watches, of a plural. */
  count(plural: string, what: 'list' | 'watch'): number {
    return this.requests.filter(({ method, path, query }) => method === 'GET' && path.endsWith(`/${plural}`) && query.has('watch') === (what === 'watch') && !query.has('continue')).length;
  }

  install(apiVersion: string, plural: string, kind: string): void {
    this.#collections.push({ apiVersion, plural, kind, objects: new Map() });
  }

  uninstall(plural: string): void {
    const at = this.#collections.findIndex((c) => c.plural === plural);
    this.#collections.splice(at, 1);
    this.cut();
  }

  put(plural: string, object: FakeObject): void {
    const collection = this.#collection(plural);
    const key = keyOf(object);
    const type = collection.objects.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    collection.objects.set(key, stored);
    this.#record({ version: this.#version, collection, type, object: stored });
  }

  list(plural: string): FakeObject[] {
    return [...this.#collection(plural).objects.values()];
  }

  get(plural: string, name: string, namespace = 'default'): FakeObject | undefined {
    return this.#collection(plural).objects.get(`${namespace}/${name}`);
  }

  remove(plural: string, name: string, namespace = 'default'): void {
    const collection = this.#collection(plural);
    const object = collection.objects.get(`${namespace}/${name}`);
    if (!object) throw new Error(`${name} is not there`);
    collection.objects.delete(`${namespace}/${name}`);
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#version) } };
    this.#record({ version: this.#version, collection, type: 'DELETED', object: last });
  }

  /** Changes something that no watch is told of, so that the versions go on. */
  tick(): void {
    this.#version++;
  }

  /** Tells all watches how far they are. */
  bookmark(): void {
    for (const { response, collection } of this.#watches) this.#send(response, 'BOOKMARK', { kind: collection.kind, apiVersion: collection.apiVersion, metadata: { resourceVersion: String(this.#version) } });
  }

  /** What lies before now is forgotten: watches from there, and pages of lists that were begun, are gone. */
  compact(): void {
    this.#compacted = this.#version;
    this.#history = [];
    this.#pages.clear();
  }

  /** Ends all watches, after some last words. */
  cut(lastWords = ''): void {
    for (const { response } of this.#watches) {
      if (lastWords === '') response.destroy();
      else response.write(lastWords, () => response.destroy());
    }
    this.#watches.clear();
  }

  /** Sends words to all watches. */
  say(words: string): void {
    for (const { response } of this.#watches) response.write(words);
  }

  #collection(plural: string): Collection {
    const found = this.#collections.find((c) => c.plural === plural);
    if (!found) throw new Error(`${plural} is not installed`);
    return found;
  }

  #record(entry: HistoryEntry): void {
    this.#history.push(entry);
    for (const watch of this.#watches) this.#tell(watch, entry);
  }

  #tell({ response, collection, namespace }: OpenWatch, entry: HistoryEntry): void {
    if (entry.collection !== collection || (namespace && entry.object.metadata.namespace !== namespace)) return;
    this.#send(response, entry.type, { apiVersion: collection.apiVersion, kind: collection.kind, ...entry.object });
  }

  #send(response: ServerResponse, type: string, object: unknown): void {
    response.write(`${JSON.stringify({ type, object })}\n`);
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://api');
    const request: FakeRequest = { method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, authorization: incoming.headers.authorization ?? '' };
    this.requests.push(request);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const fault = this.fault(request);
    if (fault === 'hang') return;
    if (fault === 'reset') return void response.destroy();
    if (fault) return reply(response, fault.status, fault.body ?? statusOf(fault.status, ''), fault.headers);
    const [, group = '', version = ''] = /^\/(?:api|apis\/([^/]+))\/([^/]+)/.exec(request.path) ?? [];
    const apiVersion = group ? `${group}/${version}` : version;
    const [, namespace = '', plural = '', name = '', subresource = ''] = /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+)(?=\/))?(?:\/([^/]+))?(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(request.path) ?? [];
    const served = this.#collections.filter((c) => c.apiVersion === apiVersion);
    if (plural === '' && served.length > 0) return reply(response, 200, { kind: 'APIResourceList', resources: served.map((c) => ({ name: c.plural, kind: c.kind })) });
    const collection = served.find((c) => c.plural === plural);
    if (!collection) return reply(response, 404, '404 page not found');
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as FakeObject) : undefined;
    if (request.method !== 'GET') return this.#write(response, request.method, collection, body, namespace, name, subresource);
    if (name) {
      const object = collection.objects.get(`${namespace}/${name}`);
      return object ? reply(response, 200, object) : reply(response, 404, statusOf(404, 'NotFound'));
    }
    if (request.query.has('watch')) return this.#watch(response, collection, namespace, request.query);
    return this.#list(response, collection, namespace, request.query);
  }

  #list(response: ServerResponse, collection: Collection, namespace: string, query: URLSearchParams): void {
    const token = query.get('continue');
    const held = token === null ? { objects: [...collection.objects.values()].filter((o) => !namespace || o.metadata.namespace === namespace), version: this.#version } : this.#pages.get(token);
    if (held === undefined) return reply(response, 410, statusOf(410, 'Expired'));
    const limit = Number(query.get('limit') ?? '0') || held.objects.length;
    const rest = held.objects.slice(limit);
    const next = rest.length > 0 ? `page-${this.requests.length}` : '';
    if (next) this.#pages.set(next, { objects: rest, version: held.version });
    reply(response, 200, { kind: `${collection.kind}List`, apiVersion: collection.apiVersion, metadata: { resourceVersion: String(held.version), continue: next }, items: held.objects.slice(0, limit) });
  }

  #watch(response: ServerResponse, collection: Collection, namespace: string, query: URLSearchParams): void {
    const from = Number(query.get('resourceVersion'));
    const gone = from < this.#compacted;
    if (gone && !this.goneByEvent) return reply(response, 410, statusOf(410, 'Expired'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (gone) {
      this.#send(response, 'ERROR', statusOf(410, 'Expired'));
      response.end();
      return;
    }
    const watch = { response, collection, namespace };
    this.#watches.add(watch);
    response.on('close', () => this.#watches.delete(watch));
    for (const entry of this.#history) if (entry.version > from) this.#tell(watch, entry);
  }

  #write(response: ServerResponse, method: string, collection: Collection, body: FakeObject | undefined, namespace: string, name: string, subresource: string): void {
    const known = collection.objects.get(`${namespace}/${name}`);
    if (method === 'POST' && body) {
      if (collection.objects.has(keyOf(body))) return reply(response, 409, statusOf(409, 'AlreadyExists'));
      this.put(collection.plural, body);
      return reply(response, 201, collection.objects.get(keyOf(body)));
    }
    if (!known) return reply(response, 404, statusOf(404, 'NotFound'));
    if (method === 'DELETE') {
      this.remove(collection.plural, name, namespace);
      return reply(response, 200, statusOf(200, ''));
    }
    const wanted = body?.metadata?.resourceVersion;
    if (wanted !== undefined && wanted !== known.metadata.resourceVersion) return reply(response, 409, statusOf(409, 'Conflict'));
    const status = subresource === 'status' ? { ...(known['status'] as Fields | undefined), ...(body?.['status'] as Fields) } : known['status'];
    const metadata = { ...known.metadata, ...body?.metadata };
    const annotations = (body?.metadata as Fields | undefined)?.['annotations'];
    if (method === 'PATCH' && annotations) metadata['annotations'] = merged(known.metadata['annotations'] as Texts, annotations as Texts);
    this.put(collection.plural, subresource === 'status' ? { ...known, status } : { ...known, ...body, metadata, status });
    reply(response, 200, collection.objects.get(`${namespace}/${name}`));
  }
}

export const statusOf = (code: number, reason: string, message = `status ${code} ${reason}`): Fields => ({ kind: 'Status', apiVersion: 'v1', status: code < 300 ? 'Success' : 'Failure', code, reason, message });

/** What a merge patch makes of texts; null takes one off. */
const merged = (texts: Texts | undefined, patch: Texts): Texts => Object.fromEntries(Object.entries({ ...texts, ...patch }).filter(([, value]) => value !== null));
type Texts = Readonly<Record<string, string | null>>;

const keyOf = (object: FakeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
