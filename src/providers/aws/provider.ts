import { isDeepStrictEqual } from 'node:util';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, property, withProperty } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { SoftError } from '../../errors.ts';
import { DeniedError } from '../../http/aws/errors.ts';
import { isCertainlyUndone, StatusError } from '../../http/client/index.ts';
import type { Logger } from '../../log/logger.ts';
import type { Weight, ZoneReader, ZoneWriter } from '../engine/zone-provider.ts';
import { LostAnswerError, recordSetsToAPage } from './client.ts';
import { defaultTTLSeconds, inOrder, type NormalForm, normalForms, readTypes, toChanges, toEndpoint, toRecordSet } from './convert.ts';
import { bareZoneId, writeName } from './names.ts';
import { Placement } from './placement.ts';
import { pinnedZone } from './properties.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';
import type { Accounts, AwsZone } from './zones.ts';

export interface Route53Options {
  readonly preferCNAME: boolean;
  readonly evaluateTargetHealth: boolean;
  readonly log: Logger;
}

/** Names to a page when only some are asked for: the sets of one name are rarely more. */
const setsOfAName = 25;
const readAtOnce = 4;

/** Record sets of hosted zones of Route 53. A batch is made as a whole or not at all. */
export class Route53 implements ZoneReader<AwsZone>, ZoneWriter<AwsZone> {
  readonly name = 'aws';
  readonly granularity = 'zone';
  readonly namesAtOnce = true;
  readonly recordTypes = [...readTypes];
  readonly setIdentifiers = true;
  readonly limits = {
    // https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests-changeresourcerecordsets
    batch: { changes: 1000, values: 1000, bytes: 32_000, weigh },
    ttlSeconds: { default: defaultTTLSeconds, max: 2_147_483_647 },
  };
  readonly #accounts: Accounts;
  readonly #options: Route53Options;
  readonly #placement = new Placement();
  readonly #told = new Set<string>();

  constructor(accounts: Accounts, options: Route53Options) {
    this.#accounts = accounts;
    this.#options = options;
  }

  async zones(signal: AbortSignal): Promise<readonly AwsZone[]> {
    const zones = await this.#accounts.zones(signal);
    this.#placement.setZones(zones);
    return zones;
  }

  async records(zone: AwsZone, signal: AbortSignal): Promise<readonly Endpoint[]> {
    const sets = await this.#readAll(zone, signal);
    this.#placement.note(zone, sets);
    return endpointsOf(sets, zone);
  }

  /** Asks for the names one by one, or reads the zone, whichever takes fewer calls. */
  async recordsOf(zone: AwsZone, names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]> {
    const wanted = new Set(names.map(normalizeName));
    const sets: RecordSet[] = [];
    if (wanted.size >= Math.ceil(zone.recordCount / recordSetsToAPage)) {
      sets.push(...(await this.#readAll(zone, signal)));
      this.#placement.note(zone, sets);
    } else {
      const todo = [...wanted];
      await Promise.all(
        Array.from({ length: readAtOnce }, async () => {
          for (let name = todo.pop(); name !== undefined; name = todo.pop()) sets.push(...(await this.#readName(zone, name, signal)));
        }),
      );
      this.#placement.note(zone, sets, [...wanted]);
    }
    return endpointsOf(sets, zone).filter((e) => wanted.has(normalizeName(e.dnsName)));
  }

  unite(read: readonly { readonly zone: AwsZone; readonly records: readonly Endpoint[] }[]): readonly Endpoint[] {
    return this.#placement.unite(read);
  }

  choose(name: string, matching: readonly AwsZone[], group?: ChangeGroup): readonly AwsZone[] {
    // an ownership record goes where its record goes
    return group ? this.#placement.choose(group.name, group.setIdentifier, matching) : this.#placement.choose(name, '', matching);
  }

  adjust(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    const { preferCNAME, evaluateTargetHealth } = this.#options;
    const form = {
      preferCNAME,
      evaluateTargetHealth,
      zonesOf: (name: string, setIdentifier: string) => this.#placement.zonesOf(name, setIdentifier).map((zone) => zone.id),
      warn: (what: string, e: Endpoint, value: string) => this.#tell(what, e, value),
    };
    return endpoints.flatMap((e) => this.#pinned(e, form));
  }

  async apply(zone: AwsZone, changes: readonly Change[], signal: AbortSignal): Promise<void> {
    const calls = changes.flatMap((change) => this.#callsFor(zone, change));
    if (calls.length > 0) await this.#change(zone, calls, signal);
    for (const { before, after } of changes) this.#placement.follow(zone, before, after);
  }

  async #change(zone: AwsZone, calls: readonly RecordSetChange[], signal: AbortSignal): Promise<void> {
    const ordered = inOrder(calls);
    try {
      await zone.account.client.change(zone, ordered, signal);
    } catch (error) {
      if (error instanceof LostAnswerError && (await this.#isMade(zone, ordered, signal))) return;
      // a policy may allow some names only: one of the others makes it deny them all
      if (error instanceof DeniedError) throw new Error(error.message, { cause: error });
      // of a batch that came too soon for long, each name is tried by itself
      if (error instanceof StatusError && isCertainlyUndone(error)) throw new SoftError(error.message, { cause: error, retryAfterMs: error.retryAfterMs });
      throw error;
    }
  }

  /** Whether a batch was made: as a whole or not at all, so that one of its sets tells. What comes stands last. */
  async #isMade(zone: AwsZone, ordered: readonly RecordSetChange[], signal: AbortSignal): Promise<boolean> {
    const last = ordered.at(-1);
    if (!last) return true;
    const { set, action } = last;
    const standing = (await this.#readName(zone, normalizeName(set.name), signal)).find((s) => s.type === set.type && s.setIdentifier === set.setIdentifier);
    return action === 'DELETE' ? standing === undefined : standing !== undefined && sameSet(standing, set);
  }

  /** A name that is written to several zones may stand otherwise, or not at all, in one of them. */
  #callsFor(zone: AwsZone, change: Change): readonly RecordSetChange[] {
    const calls = toChanges(change, zone.id);
    if (!change.before) return calls;
    const held = this.#placement.held(zone, change.before);
    if (held === 'unknown') return calls;
    if (change.action === 'delete') {
      if (held === undefined) return [];
      if (sameSet(held, toRecordSet(change.before, zone.id))) return calls;
      this.#tell('record stays in one of the zones of its name: it is another one there', change.before, zone.id);
      return [];
    }
    return calls.flatMap((call): readonly RecordSetChange[] => (call.action !== 'DELETE' ? [call] : held === undefined ? [] : [{ action: 'DELETE', set: held }]));
  }

  /**
   * Keeps the wish for a zone only as long as it is to be seen as a difference: the record is yet to be put there. What is pinned to a zone
   * that its name is not in is left out, and what stands at the name stays, since its pin leads nowhere.
   */
  #pinned(e: Endpoint, form: NormalForm): readonly Endpoint[] {
    const wish = property(e, pinnedZone);
    if (wish === undefined || wish.trim() === '') {
      this.#placement.pin(e, undefined);
      return normalForms(e, form);
    }
    const zoneId = bareZoneId(wish);
    this.#placement.pin(e, zoneId);
    if (this.#placement.zonesOf(e.dnsName, e.setIdentifier).length === 0) {
      this.#tell('record is left out: it is pinned to a hosted zone that its name does not lie in, or that is not managed', e, zoneId);
      return [];
    }
    return normalForms(e, form).map((f) => (this.#placement.standsElsewhere(f, zoneId) ? withProperty(f, pinnedZone, zoneId) : f));
  }

  async #readAll(zone: AwsZone, signal: AbortSignal): Promise<readonly RecordSet[]> {
    const { client } = zone.account;
    const sets: RecordSet[] = [];
    for (let page = await client.recordSets(zone, undefined, recordSetsToAPage, signal); ; page = await client.recordSets(zone, page.next, recordSetsToAPage, signal)) {
      sets.push(...page.sets);
      if (!page.next) return sets;
    }
  }

  async #readName(zone: AwsZone, name: string, signal: AbortSignal): Promise<readonly RecordSet[]> {
    const { client } = zone.account;
    const sets: RecordSet[] = [];
    for (let page = await client.recordSets(zone, { name: writeName(name) }, setsOfAName, signal); ; page = await client.recordSets(zone, page.next, setsOfAName, signal)) {
      const ofName = page.sets.filter((set) => normalizeName(set.name) === name);
      sets.push(...ofName);
      if (!page.next || ofName.length < page.sets.length) return sets;
    }
  }

  #tell(what: string, e: Endpoint, value: string): void {
    const key = `${what} ${e.dnsName} ${value}`;
    if (this.#told.has(key)) return;
    if (this.#told.size > 10_000) this.#told.clear();
    this.#told.add(key);
    this.#options.log.warning(what, { provider: this.name, name: e.dnsName, type: e.recordType, value });
  }
}

function endpointsOf(sets: readonly RecordSet[], zone: AwsZone): readonly Endpoint[] {
  const apex = normalizeName(zone.name);
  // the name servers of the zone itself are Route 53's own
  return sets.flatMap((set) => (set.type === 'NS' && normalizeName(set.name) === apex ? [] : (toEndpoint(set, zone.id) ?? [])));
}

function sameSet(a: RecordSet, b: RecordSet): boolean {
  const plain = ({ name, values, alias, ...rest }: RecordSet): object => ({
    ...rest,
    name: normalizeName(name),
    values: values.toSorted(),
    ...(alias && { alias: { ...alias, name: normalizeName(alias.name) } }),
  });
  return isDeepStrictEqual(plain(a), plain(b));
}

/** In an UPSERT every value counts twice. */
function weigh(change: Change): Weight {
  const total = { changes: 0, values: 0, bytes: 0 };
  for (const { action, set } of toChanges(change, '')) {
    const values = set.alias ? [set.alias.name] : set.values;
    const times = action === 'UPSERT' ? 2 : 1;
    total.changes += 1;
    total.values += values.length * times;
    total.bytes += values.reduce((sum, value) => sum + Buffer.byteLength(value), 0) * times;
  }
  return total;
}
