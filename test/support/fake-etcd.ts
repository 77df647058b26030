import { type FakeAnswer, type FakeCall, type FakeTls, HttpFake } from './http-fake.ts';

type Wire = Record<string, unknown>;

const text = (base64: unknown): string => Buffer.from(String(base64), 'base64').toString();
const base64 = (plain: string): string => Buffer.from(plain).toString('base64');

/** As etcd is set by default. */
const most = { operations: 128, requestBytes: 1.5 * 1024 * 1024 };

export const etcdFailure = (status: number, code: number, message: string): FakeAnswer => ({ status, body: { error: message, message, code } });

/** A member of etcd with its JSON gateway, in memory. */
export class FakeEtcd {
  readonly keys = new Map<string, { value: string; revision: number }>();
  /** `kv/range`, `kv/txn`, `auth/authenticate`. */
  readonly calls: string[] = [];
  revision = 1;
  user: { readonly name: string; readonly password: string } | undefined;
  readonly tokens = new Set<string>();
  /** Answers with this status. */
  broken: number | undefined;
  /** Keys with this in them are too large. */
  refused: string | undefined;
  readonly #http: HttpFake;

  private constructor(http: HttpFake) {
    this.#http = http;
  }

  static async start(tls?: FakeTls): Promise<FakeEtcd> {
    const http: HttpFake = await HttpFake.start((call) => fake.#answer(call), tls);
    const fake = new FakeEtcd(http);
    return fake;
  }

  get http(): HttpFake {
    return this.#http;
  }

  get url(): string {
    return this.#http.url;
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  put(key: string, value: object | string): void {
    this.keys.set(key, { value: typeof value === 'string' ? value : JSON.stringify(value), revision: ++this.revision });
  }

  remove(key: string): void {
    this.keys.delete(key);
    this.revision++;
  }

  #answer({ path, headers, body: sent }: FakeCall): FakeAnswer {
    this.calls.push(path.replace('/v3/', ''));
    const body = JSON.parse(sent) as Wire;
    const header = { cluster_id: '1', revision: String(this.revision) };
    if (this.broken) return etcdFailure(this.broken, 14, 'etcdserver: no leader');
    if (path === '/v3/auth/authenticate') {
      if (!this.user) return etcdFailure(412, 9, 'etcdserver: authentication is not enabled');
      if (body['name'] !== this.user.name || body['password'] !== this.user.password) return etcdFailure(400, 3, 'etcdserver: authentication failed, invalid user ID or password');
      const made = `token.${this.calls.length}`;
      this.tokens.add(made);
      return { status: 200, body: { header, token: made } };
    }
    const token = headers.authorization;
    if (this.user && !this.tokens.has(token ?? '')) return etcdFailure(401, 16, token ? 'etcdserver: invalid auth token' : 'etcdserver: user name is empty');
    return path === '/v3/kv/range' ? { status: 200, body: this.#range(body, header) } : this.#transact(body, header, sent.length);
  }

  #transact(body: Wire, header: Wire, bytes: number): FakeAnswer {
    const [compare, success] = [body['compare'] as Wire[], body['success'] as Wire[]];
    if (Math.max(compare.length, success.length) > most.operations) return etcdFailure(400, 3, 'etcdserver: too many operations in txn request');
    const keys = success.map((o) => text(((o['request_put'] ?? o['request_delete_range']) as Wire)['key']));
    if (new Set(keys).size < keys.length) return etcdFailure(400, 3, 'etcdserver: duplicate key given in txn request');
    if (bytes > most.requestBytes || keys.some((key) => this.refused !== undefined && key.includes(this.refused))) return etcdFailure(400, 3, 'etcdserver: request is too large');
    const good = compare.every((c) => {
      const there = this.keys.get(text(c['key']))?.revision ?? 0;
      return c['target'] === 'CREATE' ? there === 0 : there === Number(c['mod_revision']);
    });
    if (!good) return { status: 200, body: { header } };
    this.revision++;
    for (const o of success) {
      const put = o['request_put'] as Wire | undefined;
      if (put) this.keys.set(text(put['key']), { value: text(put['value']), revision: this.revision });
      else for (const [key] of this.#inside(o['request_delete_range'] as Wire)) this.keys.delete(key);
    }
    return { status: 200, body: { header: { ...header, revision: String(this.revision) }, succeeded: true } };
  }

  #range(body: Wire, header: Wire): Wire {
    const inside = this.#inside(body);
    const recent = inside.filter(([, { revision }]) => revision >= Number(body['min_mod_revision'] ?? 0));
    const kvs = recent.slice(0, Number(body['limit'] ?? recent.length)).map(([k, { value, revision }]) => ({ key: base64(k), value: base64(value), mod_revision: String(revision) }));
    return { header, kvs, count: String(inside.length), more: kvs.length < recent.length };
  }

  /** The keys of a range, or the one key where it has no end, in their order. */
  #inside({ key, range_end: end }: Wire): [string, { value: string; revision: number }][] {
    const [from, to] = [text(key), end === undefined ? undefined : text(end)];
    return [...this.keys].filter(([k]) => (to === undefined ? k === from : k >= from && k < to)).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
