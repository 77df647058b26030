import { isIPv4, isIPv6 } from 'node:net';
import type { ChangeBody, ManagedZone, RecordSet } from '../../src/providers/google/client.ts';
import { type FakeAnswer, type FakeCall, HttpFake } from './http-fake.ts';

/** A refusal of Cloud DNS with its reason. */
export class GoogleRefusal extends Error {
  readonly status: number;
  readonly reason: string;
  constructor(status: number, reason: string, message: string) {
    super(message);
    this.status = status;
    this.reason = reason;
  }
}

/** Managed zones of Cloud DNS in memory, as strict as the API: a change is made whole or not at all. */
export class FakeGoogleDns {
  readonly changes: { readonly zone: string; readonly change: ChangeBody }[] = [];
  /** Readings of record sets, as `org web.example.org.`, or `org *` for all. */
  readonly reads: string[] = [];
  /** The name (with final dot) of which no record may be written. */
  refused: string | undefined;
  readonly #zones: readonly ManagedZone[];
  /** By zone, then by name and type. */
  readonly #sets: ReadonlyMap<string, Map<string, RecordSet>>;

  constructor(zones: readonly ManagedZone[], records: Readonly<Record<string, readonly RecordSet[]>> = {}) {
    this.#zones = zones;
    this.#sets = new Map(zones.map(({ id }) => [id, new Map((records[id] ?? []).map((set) => [keyOf(set), set]))]));
  }

  all(zone: string): readonly RecordSet[] {
    return [...this.#of(zone).values()];
  }

  put(zone: string, ...sets: readonly RecordSet[]): void {
    for (const set of sets) this.#of(zone).set(keyOf(set), set);
  }

  async zones(): Promise<readonly ManagedZone[]> {
    return this.#zones;
  }

  async recordSets(zone: string, name: string | undefined): Promise<readonly RecordSet[]> {
    this.reads.push(`${zone} ${name ?? '*'}`);
    return this.all(zone).filter((set) => name === undefined || set.name === name);
  }

  async change(id: string, change: ChangeBody): Promise<void> {
    const { additions, deletions } = change;
    const zone = this.#zones.find((z) => z.id === id);
    const sets = this.#of(id);
    if (additions.length + deletions.length === 0) throw new GoogleRefusal(400, 'required', "The 'entity.change' parameter is required but was missing.");
    for (const [what, list] of Object.entries({ additions, deletions })) if (list.length > 1000) throw new GoogleRefusal(403, 'quotaExceeded', `The 'entity.change.${what}' quota of 1000 was exceeded.`);
    const gone = new Set<string>();
    for (const [i, set] of deletions.entries()) {
      const there = sets.get(keyOf(set));
      if (!there) throw new GoogleRefusal(404, 'notFound', `The 'entity.change.deletions[${i}]' resource named '${titleOf(set)}' does not exist.`);
      if (there.ttl !== set.ttl || !sameData(there, set)) throw new GoogleRefusal(412, 'conditionNotMet', `Precondition not met for 'entity.change.deletions[${i}]'`);
      if (set.name === this.refused) throw new GoogleRefusal(400, 'invalid', `Invalid value for 'entity.change.deletions[${i}]'`);
      gone.add(keyOf(set));
    }
    for (const [i, set] of additions.entries()) {
      if ((sets.has(keyOf(set)) && !gone.has(keyOf(set))) || additions.slice(0, i).some((a) => keyOf(a) === keyOf(set))) throw new GoogleRefusal(409, 'alreadyExists', `The resource 'entity.change.additions[${i}]' named '${titleOf(set)}' already exists`);
      const wrong = set.name === this.refused ? 'it is refused by a rule' : wrongIn(set, zone?.name ?? '');
      if (wrong !== undefined) throw new GoogleRefusal(400, 'invalid', `Invalid value for 'entity.change.additions[${i}]': '${titleOf(set)}': ${wrong}`);
    }
    const next = new Map([...sets].filter(([key]) => !gone.has(key)));
    for (const set of additions) next.set(keyOf(set), set);
    for (const { name } of additions) {
      const types = knownTypes.filter((type) => next.has(`${name}|${type}`));
      if (types.includes('CNAME') && types.length > 1) throw new GoogleRefusal(400, 'cnameResourceRecordSetConflict', `The resource record set '${name} (CNAME)' is invalid because a CNAME cannot stand beside other records.`);
    }
    sets.clear();
    for (const [key, set] of next) sets.set(key, set);
    this.changes.push({ zone: id, change });
  }

  #of(zone: string): Map<string, RecordSet> {
    const sets = this.#sets.get(zone);
    if (!sets) throw new GoogleRefusal(404, 'notFound', `The 'parameters.managedZone' resource named '${zone}' does not exist.`);
    return sets;
  }
}

const knownTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'SRV', 'NS', 'PTR', 'MX', 'NAPTR', 'SOA'];
const keyOf = (set: RecordSet): string => `${set.name.toLowerCase()}|${set.type}`;
const titleOf = (set: RecordSet): string => `${set.name} (${set.type})`;
const sameData = (a: RecordSet, b: RecordSet): boolean => JSON.stringify([...(a.rrdatas ?? [])].sort()) === JSON.stringify([...(b.rrdatas ?? [])].sort());

function wrongIn({ name, type, ttl, rrdatas = [] }: RecordSet, zoneName: string): string | undefined {
  if (name !== zoneName && !name.endsWith(`.${zoneName}`)) return 'the name is not in the zone';
  if (name.slice(1).includes('*') || (name.startsWith('*') && !name.startsWith('*.'))) return 'an asterisk may only stand for the first label';
  if (name === zoneName && (type === 'CNAME' || type === 'NS' || type === 'SOA')) return `no ${type} can be changed at the apex`;
  if (ttl === undefined || ttl < 0) return 'the TTL is missing';
  if (rrdatas.length === 0 || new Set(rrdatas).size < rrdatas.length) return 'data are missing or there twice';
  if (rrdatas.length > 100) return "the 'entity.change.additions.rrdata' quota of 100 was exceeded";
  const good = type === 'A' ? isIPv4 : type === 'AAAA' ? isIPv6 : type === 'TXT' ? isText : isAbsolute;
  return rrdatas.every((data) => good(data)) ? undefined : `no data of type ${type}`;
}

const isText = (data: string): boolean => /^("(?:[^"\\]|\\.){0,255}"\s*)+$/s.test(data);
const isAbsolute = (data: string): boolean => data.endsWith('.');

export const googleFailure = (status: number, reason: string, message: string): FakeAnswer => ({ status, body: { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } } });

/** Cloud DNS by its REST API, version 1, of the project `project`; tokens are given at `/token` for the refresh token `geheim-refresh`. */
export const startGoogleDns = (fake: FakeGoogleDns): Promise<HttpFake> =>
  HttpFake.start((call) =>
    answerOf(fake, call).catch((error: unknown) => {
      if (!(error instanceof GoogleRefusal)) throw error;
      return googleFailure(error.status, error.reason, error.message);
    }),
  );

async function answerOf(fake: FakeGoogleDns, { method, path, query, headers, body }: FakeCall): Promise<FakeAnswer> {
  if (path === '/token') {
    const right = new URLSearchParams(body).get('refresh_token') === 'geheim-refresh';
    return right ? { status: 200, body: { access_token: 'geheim-token', expires_in: 3600 } } : { status: 400, body: { error: 'invalid_grant' } };
  }
  if (headers.authorization !== 'Bearer geheim-token') throw new GoogleRefusal(401, 'authError', 'Invalid Credentials');
  const [, project, zones, zone, kind] = /^\/dns\/v1\/projects\/([^/]+)\/(managedZones)(?:\/([^/]+)\/(\w+))?$/.exec(path) ?? [];
  if (project !== 'project' || zones === undefined) throw new GoogleRefusal(404, 'notFound', `no such path: ${path}`);
  const page = (field: string, items: readonly object[]): FakeAnswer => {
    const start = Number(query.get('pageToken') ?? 0);
    const end = start + Math.min(1000, Number(query.get('maxResults') ?? 100));
    return { status: 200, body: { [field]: items.slice(start, end), ...(end < items.length && { nextPageToken: String(end) }) } };
  };
  if (zone === undefined) return page('managedZones', (await fake.zones()).map((z) => ({ name: z.id, dnsName: z.name, id: z.number, visibility: z.visibility })));
  if (kind === 'rrsets' && method === 'GET') return page('rrsets', await fake.recordSets(zone, query.get('name') ?? undefined));
  if (kind !== 'changes' || method !== 'POST') throw new GoogleRefusal(404, 'notFound', `no such path: ${path}`);
  await fake.change(zone, JSON.parse(body) as ChangeBody);
  return { status: 200, body: { id: '1', status: 'pending' } };
}
