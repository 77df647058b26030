import { isIPv4, isIPv6 } from 'node:net';
import type { PdnsRecordSet, PdnsRecordSetChange } from '../../src/providers/pdns/client.ts';
import { type FakeAnswer, type FakeCall, HttpFake } from './http-fake.ts';

export interface FakePdnsOptions {
  /** Servers before 4.6 pass over rrset_name. */
  readonly old?: boolean;
  readonly soaEditApi?: string;
  readonly apiRectify?: boolean;
}

interface FakeZone {
  readonly name: string;
  serial: number;
  /** By name and type. */
  sets: Map<string, PdnsRecordSet>;
}

/** The API of PowerDNS with zones in memory, behind the path /dns; its key is `geheim-key`. */
export class FakePdns {
  /** `GET /zones`, `PATCH /zones/example.org.`; after a change its body. */
  readonly calls: string[] = [];
  /** The name (with final dot) of which no record may be written. */
  refused: string | undefined;
  /** Another status for a call; `count`: which it is, from 1. */
  fail: (call: string, count: number) => number | undefined = () => undefined;
  readonly http: HttpFake;
  readonly #options: FakePdnsOptions;
  readonly #zones = new Map<string, FakeZone>();

  private constructor(http: HttpFake, options: FakePdnsOptions) {
    this.http = http;
    this.#options = options;
  }

  /** Zones by their names, with final dot and as they are spelled. */
  static async start(zones: Readonly<Record<string, readonly PdnsRecordSet[]>>, options: FakePdnsOptions = {}): Promise<FakePdns> {
    const http: HttpFake = await HttpFake.start((call) => fake.#answer(call));
    const fake = new FakePdns(http, options);
    for (const [name, sets] of Object.entries(zones)) fake.#zones.set(name.toLowerCase(), { name, serial: 1, sets: new Map(sets.map((set) => [keyOf(set), set])) });
    return fake;
  }

  /** Below which the paths of the API lie. */
  get url(): string {
    return `${this.http.url}/dns/`;
  }

  all(zone: string): readonly PdnsRecordSet[] {
    return [...this.#zone(zone).sets.values()];
  }

  put(zone: string, ...sets: readonly PdnsRecordSet[]): void {
    const { sets: held } = this.#zone(zone);
    for (const set of sets) held.set(keyOf(set), set);
    this.moveSerial(zone);
  }

  moveSerial(zone: string): void {
    this.#zone(zone).serial++;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  #zone(id: string): FakeZone {
    const zone = this.#zones.get(id);
    if (!zone) throw new Error(`there is no zone ${id}`);
    return zone;
  }

  #answer({ method, path, query, headers, body }: FakeCall): FakeAnswer {
    const search = query.size > 0 ? `?${query.toString()}` : '';
    const call = `${method} ${path.replace('/dns/api/v1/servers/localhost', '')}${search}`;
    this.calls.push(call);
    const status = this.fail(call, this.calls.length);
    if (status) return refusal(status, 'as the test wants it');
    if (headers['x-api-key'] !== 'geheim-key') return refusal(401, 'Unauthorized');
    const [, zones, id, action] = path.replace('/dns/api/v1/servers/localhost', '').split('/').map(decodeURIComponent);
    if (zones !== 'zones') return refusal(404, 'Not Found');
    if (id === undefined) return { status: 200, body: [...this.#zones.keys()].map((each) => this.#shown(each)) };
    const zone = this.#zones.get(id);
    if (!zone) return refusal(404, 'Could not find domain');
    if (method === 'PATCH') {
      this.calls.push(body);
      const wrong = this.#change(zone, (JSON.parse(body) as { rrsets: readonly PdnsRecordSetChange[] }).rrsets);
      return wrong === undefined ? { status: 204 } : refusal(422, wrong);
    }
    if (method === 'PUT' && action === 'rectify') return { status: 200, body: { result: 'Rectified' } };
    const name = this.#options.old ? null : query.get('rrset_name');
    const rrsets = name === null ? [...zone.sets.values()] : typesOf(zone.sets, name);
    return { status: 200, body: { ...this.#shown(id), soa_edit_api: this.#options.soaEditApi ?? 'DEFAULT', api_rectify: this.#options.apiRectify ?? true, rrsets } };
  }

  #shown(id: string): object {
    const { name, serial } = this.#zone(id);
    return { id, name, kind: 'Native', dnssec: true, serial, edited_serial: serial };
  }

  /** Gives what is wrong; then nothing is changed. */
  #change(zone: FakeZone, changes: readonly PdnsRecordSetChange[]): string | undefined {
    const sets = new Map(zone.sets);
    for (const change of changes) {
      const title = `RRset ${change.name} IN ${change.type}`;
      if (!change.name.endsWith('.')) return `DNS Name '${change.name}' is not canonical`;
      if (change.name !== zone.name.toLowerCase() && !change.name.endsWith(`.${zone.name.toLowerCase()}`)) return `${title}: Name is out of zone`;
      if (change.name.slice(1).includes('*')) return `${title}: '*' may only stand for the first label`;
      if (change.name === this.refused) return `${title}: refused by a rule`;
      sets.delete(keyOf(change));
      if (change.changetype === 'DELETE') continue;
      const contents = change.records.map((r) => r.content);
      if (new Set(contents).size < contents.length) return `${title}: duplicate record with content ${contents[0]}`;
      const bad = contents.find((content) => !isGood(change.type, content));
      if (bad !== undefined) return `Record ${change.name}/${change.type} '${bad}': Parsing record content: not in expected format`;
      const others = typesOf(sets, change.name);
      if (others.some((o) => (o.type === 'CNAME') !== (change.type === 'CNAME') || change.type === 'CNAME')) return `${title}: Conflicts with pre-existing RRset`;
      sets.set(keyOf(change), { name: change.name, type: change.type, ttl: change.ttl, records: change.records });
    }
    zone.sets = sets;
    zone.serial++;
    return undefined;
  }
}

const refusal = (status: number, error: string): FakeAnswer => ({ status, body: { error } });
const keyOf = ({ name, type }: { readonly name: string; readonly type: string }): string => `${name.toLowerCase()}|${type}`;
const types = ['A', 'AAAA', 'ALIAS', 'CNAME', 'DNAME', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'];
const typesOf = (sets: ReadonlyMap<string, PdnsRecordSet>, name: string): PdnsRecordSet[] => types.flatMap((type) => sets.get(keyOf({ name, type })) ?? []);

function isGood(type: string, content: string): boolean {
  if (type === 'A') return isIPv4(content);
  if (type === 'AAAA') return isIPv6(content);
  if (type === 'TXT') return /^("(?:[^"\\]|\\.){0,255}"\s*)+$/s.test(content);
  const fields = content.split(' ');
  const count = { MX: 2, SRV: 4, NAPTR: 6 }[type] ?? 1;
  return fields.length === count && content.endsWith('.');
}
