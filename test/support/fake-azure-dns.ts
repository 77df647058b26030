import { isIPv4, isIPv6 } from 'node:net';
import { type AzureDns, type AzureRecordSet, type AzureZone, type Condition, ConditionError } from '../../src/providers/azure/client.ts';
import { type FakeAnswer, type FakeCall, HttpFake } from './http-fake.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A refusal of the Resource Manager with its code. */
export class AzureRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** DNS zones of Azure in memory, as strict as the API: a call changes one record set, under conditions. */
export class FakeAzureDns implements Pick<AzureDns, 'zones' | 'recordSets' | 'recordSet' | 'put' | 'delete'> {
  /** `list example.org`, `get A web`, `put A web if v1`, `delete A web`. */
  readonly calls: string[] = [];
  /** Throws where a call is to fail. */
  fault: ((call: string) => void) | undefined;
  /** The name (as in the zone) of which no record set may be written. */
  refused: string | undefined;
  readonly #zones: readonly AzureZone[];
  /** By zone, then by type and name. */
  readonly #sets: ReadonlyMap<string, Map<string, AzureRecordSet>>;
  #written = 0;

  /** All zones hold the same. */
  constructor(zones: readonly AzureZone[], sets: readonly AzureRecordSet[] = []) {
    this.#zones = zones;
    this.#sets = new Map(zones.map(({ id }) => [id.toLowerCase(), new Map(sets.map((set) => [keyOf(set.type, set.name), set]))]));
  }

  all(zone: Pick<AzureZone, 'id'>): readonly AzureRecordSet[] {
    return [...this.#of(zone).values()];
  }

  fill(zone: AzureZone, ...sets: readonly AzureRecordSet[]): void {
    for (const set of sets) this.#of(zone).set(keyOf(set.type, set.name), set);
  }

  async zones(): Promise<readonly AzureZone[]> {
    return this.#zones.map((zone) => ({ ...zone, recordSets: Math.max(zone.recordSets, this.#of(zone).size) }));
  }

  async recordSets(zone: AzureZone): Promise<readonly AzureRecordSet[]> {
    this.#note(`list ${zone.name}`);
    return this.all(zone);
  }

  async recordSet(zone: AzureZone, type: string, name: string): Promise<AzureRecordSet | undefined> {
    this.#note(`get ${type} ${name}`);
    return this.#of(zone).get(keyOf(type, name));
  }

  async put(zone: AzureZone, type: string, name: string, properties: Fields, condition: Condition): Promise<AzureRecordSet> {
    this.#note(`put ${type} ${name}${conditionText(condition)}`);
    const sets = this.#of(zone);
    this.#check(zone, type, name, condition);
    const wrong = wrongIn(type, name, properties) ?? (type === 'CNAME' ? [...sets.values()].some((s) => s.type !== 'CNAME' && isName(s.name, name)) : sets.has(keyOf('CNAME', name)) ? true : undefined);
    if (typeof wrong === 'string') throw new AzureRefusal(400, 'BadRequest', wrong);
    if (wrong === true) throw new AzureRefusal(400, 'BadRequest', `The record could not be created because a CNAME record with the same name already exists in this zone, or one of another type: ${name}`);
    const made = { name, type, etag: `new${this.#written++ || ''}`, properties };
    sets.set(keyOf(type, name), made);
    return made;
  }

  async delete(zone: AzureZone, type: string, name: string, condition: Condition): Promise<void> {
    this.#note(`delete ${type} ${name}${conditionText(condition)}`);
    this.#check(zone, type, name, condition);
    this.#of(zone).delete(keyOf(type, name));
  }

  #check(zone: AzureZone, type: string, name: string, condition: Condition): void {
    if (this.refused !== undefined && isName(name, this.refused)) throw new AzureRefusal(403, 'RequestDisallowedByPolicy', `Resource '${name}' was disallowed by policy.`);
    const there = this.#of(zone).get(keyOf(type, name));
    const met = condition === undefined || (condition === 'absent' ? there === undefined : there?.etag === condition.etag || (there === undefined && condition.etag === ''));
    if (!met) throw new ConditionError('status 412: PreconditionFailed');
  }

  #of(zone: Pick<AzureZone, 'id'>): Map<string, AzureRecordSet> {
    const sets = this.#sets.get(zone.id.toLowerCase());
    if (!sets) throw new AzureRefusal(404, 'ParentResourceNotFound', `Can not perform requested operation on nested resource: ${zone.id}`);
    return sets;
  }

  #note(call: string): void {
    this.calls.push(call);
    this.fault?.(call);
  }
}

const keyOf = (type: string, name: string): string => `${type}/${name.toLowerCase()}`;
const isName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const conditionText = (condition: Condition): string => (condition === undefined ? '' : condition === 'absent' ? ' if absent' : ` if ${condition.etag}`);

/** Where the data of a type are, in small letters, and what is good there. */
const shapes: Readonly<Record<string, readonly [key: string, isGood: (item: Fields) => boolean]>> = {
  A: ['arecords', (item) => isIPv4(String(item['ipv4Address']))],
  AAAA: ['aaaarecords', (item) => isIPv6(String(item['ipv6Address']))],
  CNAME: ['cnamerecord', (item) => /\w/.test(String(item['cname']))],
  MX: ['mxrecords', (item) => Number.isInteger(item['preference']) && /\w/.test(String(item['exchange']))],
  NS: ['nsrecords', (item) => /\w/.test(String(item['nsdname']))],
  TXT: ['txtrecords', (item) => Array.isArray(item['value']) && item['value'].every((text) => typeof text === 'string' && Buffer.byteLength(text) <= 255)],
};

/** The data of a record set, one for each value. */
export function dataOf(type: string, properties: Fields): readonly Fields[] {
  const data = Object.entries(properties).find(([key]) => key.toLowerCase() === shapes[type]?.[0])?.[1];
  return Array.isArray(data) ? (data as readonly Fields[]) : data === undefined ? [] : [data as Fields];
}

function wrongIn(type: string, name: string, properties: Fields): string | undefined {
  const shape = shapes[type];
  if (!shape) return `The resource record type ${type} is not supported.`;
  if (name.slice(1).includes('*') || (name.startsWith('*') && name !== '*' && !name.startsWith('*.'))) return `The domain name '${name}' is invalid: an asterisk may only stand for the first label.`;
  if (name === '@' && type === 'CNAME') return 'A CNAME record cannot be at the apex of a zone.';
  const ttl = Number(Object.entries(properties).find(([key]) => key.toLowerCase() === 'ttl')?.[1]);
  if (!(ttl >= 1)) return `The TTL ${ttl} of the record set is invalid.`;
  const data = dataOf(type, properties);
  if (data.length === 0 || data.length > 20) return `A record set must have 1 to 20 records, and not ${data.length}.`;
  if (new Set(data.map((item) => JSON.stringify(item))).size < data.length) return 'A record is there twice.';
  return data.every(shape[1]) ? undefined : `A value of ${type} ${name} is invalid.`;
}

export const azureFailure = (status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): FakeAnswer => ({ status, headers, body: { error: { code, message } } });

const toAPage = 100;

/** The Resource Manager for the zones of the resource group `g` in subscription `s`; a token is given at `/t/oauth2/v2.0/token` for the secret `geheim-secret`. */
export const startAzureDns = async (fake: FakeAzureDns, path: string): Promise<HttpFake> => {
  const server: HttpFake = await HttpFake.start((call) =>
    answerOf(fake, path, call, server.url).catch((error: unknown) => {
      if (error instanceof ConditionError) return azureFailure(412, 'PreconditionFailed', 'The condition in the request is not met.');
      if (!(error instanceof AzureRefusal)) throw error;
      return azureFailure(error.status, error.code, error.message);
    }),
  );
  return server;
};

async function answerOf(fake: FakeAzureDns, kind: string, { method, path: sent, query, headers, body }: FakeCall, origin: string): Promise<FakeAnswer> {
  const path = decodeURIComponent(sent);
  if (path === '/t/oauth2/v2.0/token') {
    const right = new URLSearchParams(body).get('client_secret') === 'geheim-secret';
    return right ? { status: 200, body: { access_token: 'geheim-token', expires_in: 3600 } } : { status: 401, body: { error: 'invalid_client' } };
  }
  if (headers.authorization !== 'Bearer geheim-token') throw new AzureRefusal(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
  if (!query.has('api-version')) throw new AzureRefusal(400, 'MissingApiVersionParameter', 'The api-version query parameter (?api-version=) is required for all requests.');
  const group = `/subscriptions/s/resourceGroups/g/providers/${kind}`;
  if (!path.startsWith(group)) throw new AzureRefusal(404, 'ResourceNotFound', `no such path: ${path}`);
  const [, name, type, set] = path.slice(group.length).split('/');
  const page = <T>(items: readonly T[], show: (item: T) => object): FakeAnswer => {
    const start = Number(query.get('$skipToken') ?? 0);
    const next = `${origin}${path}?api-version=${query.get('api-version')}&$skipToken=${start + toAPage}`;
    return { status: 200, body: { value: items.slice(start, start + toAPage).map(show), ...(start + toAPage < items.length && { nextLink: next }) } };
  };
  if (name === undefined) return page(await fake.zones(), ({ id, name: zone, recordSets }) => ({ id, name: zone, properties: { numberOfRecordSets: recordSets } }));
  const zone = { id: `${group}/${name}`, name, recordSets: 0 };
  const shown = (s: AzureRecordSet): object => ({ id: `${zone.id}/${s.type}/${s.name}`, name: s.name, type: `${kind}/${s.type}`, etag: s.etag, properties: s.properties });
  if (type?.toLowerCase() === 'all') return page(await fake.recordSets(zone), shown);
  const [wanted, absent] = [headers['if-match'], headers['if-none-match']];
  const condition: Condition = absent === '*' ? 'absent' : wanted === undefined ? undefined : { etag: wanted };
  if (type === undefined || set === undefined) throw new AzureRefusal(404, 'ResourceNotFound', `no such path: ${path}`);
  if (method === 'PUT') return { status: 201, body: shown(await fake.put(zone, type, set, (JSON.parse(body) as { properties: Fields }).properties, condition)) };
  const there = await fake.recordSet(zone, type, set);
  if (method === 'DELETE') return fake.delete(zone, type, set, condition).then(() => ({ status: there ? 200 : 204 }));
  if (!there) throw new AzureRefusal(404, 'NotFound', `The resource record '${set}' does not exist in resource group 'g'.`);
  return { status: 200, body: shown(there) };
}
