import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A record as the API keeps it. */
export interface StoredRecord {
  id: string;
  name: string;
  type: string;
  content: string;
  ttl: number;
  proxied: boolean;
  comment: string;
  tags: string[];
  priority?: number;
  data?: Record<string, unknown>;
}

export interface FakeZone {
  readonly id: string;
  readonly name: string;
  readonly paid: boolean;
  records: StoredRecord[];
  customHostnames: { id: string; hostname: string; custom_origin_server?: string }[];
  regionalHostnames: { hostname: string; region_key: string }[];
}

export interface FakeCall {
  readonly method: string;
  /** Below `/client/v4/`, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly code?: number;
  readonly message?: string;
  /** The connection is closed without an answer, after the work is done. */
  readonly cut?: boolean;
}

/** A small Cloudflare on the loopback: zones, records, batches, custom and regional hostnames. */
export interface FakeCloudflare {
  readonly url: string;
  readonly calls: FakeCall[];
  readonly zones: FakeZone[];
  /** What a call is answered instead; undefined: as usual. */
  fault: (call: FakeCall) => FakeAnswer | undefined;
  /** The name of which no record may be written. */
  refused: string | undefined;
  /** The calls since the last time, as `GET zones`. */
  taken(): string[];
  close(): Promise<void>;
}

class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface FakeZoneFields {
  readonly name: string;
  readonly paid?: boolean;
  readonly records?: readonly Partial<StoredRecord>[];
  readonly customHostnames?: readonly { hostname: string; custom_origin_server: string }[];
  readonly regionalHostnames?: readonly { hostname: string; region_key: string }[];
}

export async function startFakeCloudflare(fields: readonly FakeZoneFields[]): Promise<FakeCloudflare> {
  let last = 0;
  const newId = (): string => `id${++last}`;
  const zones: FakeZone[] = fields.map(({ name, paid = false, records = [], customHostnames = [], regionalHostnames = [] }, i) => ({
    id: `zone${i + 1}`,
    name,
    paid,
    records: records.map((r) => stored({ ttl: 1, ...r }, newId())),
    customHostnames: customHostnames.map((c) => ({ id: newId(), ...c })),
    regionalHostnames: [...regionalHostnames],
  }));
  const calls: FakeCall[] = [];
  let told = 0;
  const fake: FakeCloudflare = {
    url: '',
    calls,
    zones,
    fault: () => undefined,
    refused: undefined,
    taken: () => calls.slice(told, (told = calls.length)).map((c) => `${c.method} ${c.path}`),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      const call: FakeCall = { method: request.method ?? '', path: decodeURIComponent(url.pathname.replace('/client/v4/', '')), query: url.searchParams, headers: request.headers, body: text ? (JSON.parse(text) as Record<string, unknown>) : {} };
      calls.push(call);
      const fault = fake.fault(call);
      const { status, body } = fault && !fault.cut ? { status: fault.status, body: errorBody(fault.code ?? 1000, fault.message ?? 'trouble') } : answer(call, zones, newId, fake.refused);
      if (fault?.cut) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json', ...fault?.headers }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(fake, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4` });
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const errorBody = (code: number, message: string): object => ({ success: false, errors: [{ code, message }], result: null });

function answer(call: FakeCall, zones: readonly FakeZone[], newId: () => string, refused: string | undefined): { status: number; body: object } {
  try {
    if (refused !== undefined && call.method !== 'GET' && JSON.stringify(call.body).includes(`"name":"${refused}"`)) throw new Refusal(400, 81999, 'refused by a rule');
    return { status: 200, body: { success: true, errors: [], ...route(call, zones, newId) } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: errorBody(error.code, error.message) };
  }
}

function route(call: FakeCall, zones: readonly FakeZone[], newId: () => string): object {
  const [, zoneId, kind, ...rest] = call.path.split('/');
  const view = (z: FakeZone): object => ({ id: z.id, name: z.name, plan: { legacy_id: z.paid ? 'pro' : 'free', is_subscribed: z.paid } });
  if (zoneId === undefined) return page(call, zones.map(view));
  const zone = zones.find((z) => z.id === zoneId);
  if (!zone) throw new Refusal(403, 9109, 'Invalid zone identifier');
  if (kind === undefined) return { result: view(zone) };
  if (kind === 'dns_records') return records(call, zone, rest[0], newId);
  if (kind === 'custom_hostnames') return customHostnames(call, zone, rest[0], newId);
  return regionalHostnames(call, zone, rest[1]);
}

function page(call: FakeCall, items: readonly object[]): object {
  const [number, size] = [Number(call.query.get('page') ?? 1), Number(call.query.get('per_page') ?? 20)];
  return { result: items.slice((number - 1) * size, number * size), result_info: { page: number, per_page: size, total_count: items.length, total_pages: Math.max(1, Math.ceil(items.length / size)) } };
}

function records(call: FakeCall, zone: FakeZone, id: string | undefined, newId: () => string): object {
  if (id === 'batch') return { result: batch(call.body, zone, newId) };
  if (id === undefined && call.method === 'GET') {
    const [exact, end] = [call.query.get('name.exact'), call.query.get('name.endswith')];
    return page(call, zone.records.filter((r) => (!exact || r.name === exact) && (!end || r.name.endsWith(end))));
  }
  const list = { deletes: [{ id }], puts: [{ id, ...call.body }], posts: [call.body] };
  const kind = call.method === 'DELETE' ? 'deletes' : call.method === 'PUT' ? 'puts' : 'posts';
  return { result: batch({ [kind]: list[kind] }, zone, newId)[kind]?.[0] };
}

function batch(body: Record<string, unknown>, zone: FakeZone, newId: () => string): Record<string, StoredRecord[]> {
  const items = (kind: string): Partial<StoredRecord>[] => (body[kind] as Partial<StoredRecord>[] | undefined) ?? [];
  const size = ['deletes', 'puts', 'posts'].flatMap(items).length;
  if (size === 0 || size > 200) throw new Refusal(400, 81071, `a batch of ${size} operations`);
  let left = [...zone.records];
  const find = (id: string | undefined): StoredRecord => {
    const found = left.find((r) => r.id === id);
    if (!found) throw new Refusal(404, 81044, 'Record does not exist.');
    return found;
  };
  const done: Record<string, StoredRecord[]> = { deletes: [], puts: [], posts: [] };
  for (const { id } of items('deletes')) {
    const old = find(id);
    left = left.filter((r) => r !== old);
    done['deletes']?.push(old);
  }
  for (const given of items('puts')) {
    const old = find(given.id);
    const record = stored(given, old.id);
    checkAgainst(record, left.filter((r) => r !== old), zone);
    left = left.map((r) => (r === old ? record : r));
    done['puts']?.push(record);
  }
  for (const given of items('posts')) {
    const record = stored(given, newId());
    checkAgainst(record, left, zone);
    left.push(record);
    done['posts']?.push(record);
  }
  zone.records = left;
  return done;
}

function stored({ name = '', type = '', content = '', ttl = 0, proxied = false, comment = '', tags = [], priority, data }: Partial<StoredRecord>, id: string): StoredRecord {
  const own = data ? `${String(data['weight'])} ${String(data['port'])} ${String(data['target'])}` : content;
  return { id, name: name.toLowerCase(), type, content: own, ttl: proxied ? 1 : ttl, proxied, comment, tags, ...(priority !== undefined && { priority }), ...(data && { data, priority: Number(data['priority']) }) };
}

function checkAgainst(record: StoredRecord, others: readonly StoredRecord[], zone: FakeZone): void {
  const same = others.filter((o) => o.name === record.name);
  if (record.ttl !== 1 && record.ttl < 60) throw new Refusal(400, 9021, 'Invalid TTL.');
  if (record.proxied && !['A', 'AAAA', 'CNAME'].includes(record.type)) throw new Refusal(400, 9004, 'This record type cannot be proxied.');
  if (record.comment.length > (zone.paid ? 500 : 100)) throw new Refusal(400, 9313, 'DNS record has a comment that is too long.');
  if (record.tags.length > 0 && !zone.paid) throw new Refusal(400, 9301, 'DNS record has too many tags.');
  if (same.some((o) => o.type === record.type && o.content === record.content)) throw new Refusal(400, 81058, 'An identical record already exists.');
  if (record.type === 'CNAME' && same.some((o) => ['A', 'AAAA', 'CNAME'].includes(o.type))) throw new Refusal(400, 81053, 'An A, AAAA, or CNAME record with that host already exists.');
  if (['A', 'AAAA'].includes(record.type) && same.some((o) => o.type === 'CNAME')) throw new Refusal(400, 81054, 'A CNAME record with that host already exists.');
}

function customHostnames(call: FakeCall, zone: FakeZone, id: string | undefined, newId: () => string): object {
  if (call.method === 'GET') return page(call, zone.customHostnames);
  if (call.method === 'DELETE') {
    zone.customHostnames = zone.customHostnames.filter((c) => c.id !== id);
    return { result: { id } };
  }
  const hostname = String(call.body['hostname']);
  if (!/^[a-z0-9.-]+$/.test(hostname)) throw new Refusal(400, 1407, 'Invalid custom hostname.');
  const made = { ...(call.body as { hostname: string; custom_origin_server?: string }), id: newId() };
  zone.customHostnames.push(made);
  return { result: made };
}

function regionalHostnames(call: FakeCall, zone: FakeZone, hostname: string | undefined): object {
  if (call.method === 'GET') return { result: zone.regionalHostnames };
  const key = String(call.body['region_key']);
  if (call.method !== 'DELETE' && !['eu', 'us'].includes(key)) throw new Refusal(400, 1004, `region_key ${key} is not valid`);
  if (call.method === 'POST') zone.regionalHostnames.push({ hostname: String(call.body['hostname']), region_key: key });
  else if (call.method === 'PATCH') zone.regionalHostnames = zone.regionalHostnames.map((r) => (r.hostname === hostname ? { ...r, region_key: key } : r));
  else zone.regionalHostnames = zone.regionalHostnames.filter((r) => r.hostname !== hostname);
  return { result: null };
}
