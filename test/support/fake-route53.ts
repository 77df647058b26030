import { isDeepStrictEqual } from 'node:util';
import { isIPv4, isIPv6 } from 'node:net';
import { AwsRefusal } from '../../src/http/aws/errors.ts';
import type { HostedZone, RecordSetPosition } from '../../src/providers/aws/client.ts';
import { policyOf } from '../../src/providers/aws/properties.ts';
import type { RecordSet, RecordSetChange } from '../../src/providers/aws/record-set.ts';

export interface FakeHostedZone {
  readonly id: string;
  readonly name?: string;
  readonly private?: boolean;
  readonly sets?: readonly RecordSet[];
}

/** https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html */
const most = { setsToAPage: 300, changes: 1000, characters: 32_000 };

/** Hosted zones of one account in memory, as strict as Route 53: a batch is made whole or not at all. */
export class FakeRoute53 {
  readonly calls: string[] = [];
  /** Throws where a call is to fail. */
  fault: ((call: string) => void) | undefined;
  /** The name of which no set may be changed. */
  refused: string | undefined;
  readonly #zones: readonly HostedZone[];
  /** By zone, then by their place in the order of Route 53. */
  readonly #sets = new Map<string, Map<string, RecordSet>>();
  readonly #order = new Map<string, readonly string[]>();

  constructor(zones: readonly FakeHostedZone[]) {
    this.#zones = zones.map(({ id, name = 'example.org', private: inside = false }) => ({ id, name, private: inside, recordCount: 0 }));
    for (const { id, sets = [] } of zones) this.put(id, sets);
  }

  put(zoneId: string, sets: readonly RecordSet[]): void {
    this.#sets.set(zoneId, new Map([...(this.#sets.get(zoneId) ?? []), ...sets.map((set) => [keyOf(set), set] as const)]));
    this.#order.delete(zoneId);
  }

  all(zoneId: string): readonly RecordSet[] {
    return [...this.#of(zoneId).values()];
  }

  names(zoneId: string): string[] {
    return this.all(zoneId).map((s) => `${s.name} ${s.type} ${s.alias ? `-> ${s.alias.zoneId}` : s.values.join(',')}`).sort();
  }

  async hostedZones(): Promise<readonly HostedZone[]> {
    this.#note('zones');
    return this.#zones.map((z) => ({ ...z, recordCount: this.#of(z.id).size }));
  }

  async tagsOfZones(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
    this.#note('tags');
    return new Map(this.#zones.map((z) => [z.id, new Map([['team', z.id]])]));
  }

  async recordSets({ id }: Pick<HostedZone, 'id'>, from: RecordSetPosition | undefined, asked: number): Promise<{ sets: readonly RecordSet[]; next: RecordSetPosition | undefined }> {
    this.#note(`read ${id}`);
    const sets = this.#of(id);
    const order = this.#order.get(id) ?? [...sets.keys()].sort();
    this.#order.set(id, order);
    const first = from && keyOf({ name: from.name, type: from.type ?? '', setIdentifier: from.identifier ?? '' });
    const start = first === undefined ? 0 : firstAtLeast(order, first);
    const page = order.slice(start, start + Math.min(asked, most.setsToAPage) + 1).flatMap((key) => sets.get(key) ?? []);
    const next = page.length > Math.min(asked, most.setsToAPage) ? page.pop() : undefined;
    return { sets: page, next: next && { name: next.name, type: next.type, identifier: next.setIdentifier } };
  }

  async change({ id }: Pick<HostedZone, 'id'>, changes: readonly RecordSetChange[]): Promise<void> {
    this.#note(`change ${id} ${changes.map((c) => c.action).join(' ')}`);
    checkSize(changes);
    const name = this.#zones.find((z) => z.id === id)?.name ?? '';
    const sets = new Map(this.#of(id));
    for (const { action, set } of changes) {
      if (set.name === this.refused) throw refusal(`${titleOf(set)} is not permitted`);
      checkSet(set, name);
      const [key, old] = [keyOf(set), sets.get(keyOf(set))];
      if (action === 'CREATE' && old) throw refusal(`tried to create ${titleOf(set)}, but it already exists`);
      if (action === 'DELETE' && !old) throw refusal(`tried to delete ${titleOf(set)}, but it was not found`);
      if (action === 'DELETE' && old && !isDeepStrictEqual(comparable(old), comparable(set))) throw refusal(`tried to delete ${titleOf(set)}, but the values provided do not match the current values`);
      if (action === 'DELETE') sets.delete(key);
      else sets.set(key, set);
    }
    const changed = new Set(changes.map((c) => c.set.name));
    checkNames([...sets.values()].filter((set) => changed.has(set.name)));
    this.#sets.set(id, sets);
    this.#order.delete(id);
  }

  #of(zoneId: string): ReadonlyMap<string, RecordSet> {
    const sets = this.#sets.get(zoneId);
    if (!sets) throw new AwsRefusal(`no hosted zone found with id ${zoneId}`, 'NoSuchHostedZone');
    return sets;
  }

  #note(call: string): void {
    this.calls.push(call);
    this.fault?.(call);
  }
}

const refusal = (message: string): AwsRefusal => new AwsRefusal(message, 'InvalidChangeBatch');
const titleOf = (set: RecordSet): string => `resource record set [name='${set.name}.', type='${set.type}'${set.setIdentifier === undefined ? '' : `, set-identifier='${set.setIdentifier}'`}]`;
const comparable = (set: RecordSet): RecordSet => ({ ...set, values: set.values.toSorted() });

/** Names by their labels from the right, then types, then set identifiers. */
const keyOf = (s: Pick<RecordSet, 'name' | 'type' | 'setIdentifier'>): string => `${s.name.split('.').reverse().join('\u0001')}\u0000${s.type}\u0000${s.setIdentifier ?? ''}`;

function firstAtLeast(order: readonly string[], key: string): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** In an UPSERT everything counts twice. */
function checkSize(changes: readonly RecordSetChange[]): void {
  const times = (c: RecordSetChange): number => (c.action === 'UPSERT' ? 2 : 1);
  const values = changes.reduce((sum, c) => sum + Math.max(1, c.set.values.length) * times(c), 0);
  const characters = changes.reduce((sum, c) => sum + c.set.values.join('').length * times(c), 0);
  if (changes.length === 0 || changes.length > most.changes || values > most.changes) throw refusal(`number of records limit of ${most.changes} exceeded`);
  if (characters > most.characters) throw refusal(`RDATA character limit of ${most.characters} exceeded`);
}

const forms: Readonly<Record<string, (value: string) => boolean>> = {
  A: isIPv4,
  AAAA: isIPv6,
  TXT: (value) => /^("(?:[^"\\]|\\.){0,255}"\s*)+$/s.test(value),
  MX: (value) => /^\d+ \S+$/.test(value),
  SRV: (value) => /^\d+ \d+ \d+ \S+$/.test(value),
};

function checkSet(set: RecordSet, zoneName: string): void {
  const wrong = (why: string): AwsRefusal => refusal(`invalid ${titleOf(set)}: ${why}`);
  if (set.name !== zoneName && !set.name.endsWith(`.${zoneName}`)) throw wrong(`it does not lie in zone ${zoneName}`);
  if (set.alias ? set.values.length > 0 || set.ttlSeconds !== undefined : set.values.length === 0 || set.ttlSeconds === undefined) throw wrong('it must have either values and a TTL, or an alias');
  if (new Set(set.values).size < set.values.length) throw wrong('duplicate resource record');
  const bad = set.values.find((value) => !(forms[set.type] ?? (() => true))(value));
  if (bad !== undefined) throw wrong(`${bad} is no ${set.type}`);
  if (set.type === 'CNAME' && set.name === zoneName) throw wrong('no CNAME is permitted at the apex of a zone');
  if (set.type === 'CNAME' && set.values.length > 1) throw wrong('a CNAME has one value');
  if (set.weight !== undefined && !(Number(set.weight) >= 0 && Number(set.weight) <= 255)) throw wrong('the weight must be from 0 to 255');
  if ((policyOf(set) === 'simple') !== (set.setIdentifier === undefined)) throw wrong('a set identifier and a routing policy go together');
}

/** What must hold of all sets of a name. */
function checkNames(sets: readonly RecordSet[]): void {
  const policies = new Map<string, string>();
  const aliased = new Set(sets.filter((s) => s.type === 'CNAME').map((s) => s.name));
  for (const set of sets) {
    if (aliased.has(set.name) && set.type !== 'CNAME') throw refusal(`RRSet of type CNAME with DNS name ${set.name}. is not permitted as it conflicts with other records with the same DNS name`);
    const key = `${set.name}|${set.type}`;
    const policy = policies.get(key) ?? policyOf(set);
    if (policy !== policyOf(set)) throw refusal(`RRSet with DNS name ${set.name}., type ${set.type} cannot be created as a ${policyOf(set)} set exists beside one that is ${policy}`);
    policies.set(key, policy);
  }
}
