import { type Change, endpointOf } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { compareText } from '../../endpoint/targets.ts';
import { messageOf, SoftError } from '../../errors.ts';
import { isCertainlyUndone } from '../../http/client/index.ts';
import { each } from '../engine/each.ts';
import { ZoneTable } from '../engine/zones.ts';
import type { Shortfall, Zone, ZoneReader, ZoneWriter } from '../engine/zone-provider.ts';
import type { ApiRecord, ApiZone, CloudflareClient } from './client.ts';
import { recordTypes, toEndpoint } from './convert.ts';
import { RefusedError, recordIsGone, recordIsThere } from './errors.ts';
import { Hostnames, type HostnameSettings } from './hostnames.ts';
import { KnownRecords } from './known-records.ts';
import { normalForm, type Settings, type Surroundings } from './normal-form.ts';
import { type Operation, operationsOf, weightOf } from './operations.ts';
import { addressTypes } from './properties.ts';

export interface CloudflareOptions extends Settings {
  readonly hostnames: HostnameSettings;
  readonly recordsPerPage: number;
  /** Where not empty, only these zones are read. */
  readonly zoneIds: readonly string[];
  readonly warn: Surroundings['warn'];
}

export interface CloudflareZone extends Zone {
  readonly isPaid: boolean;
}

/** Operations in a batch; zones of paid plans may have more, but nothing is won by it. */
const mostOperations = 200;

interface State {
  readonly known: KnownRecords;
  readonly hostnames: Hostnames;
}

/** Cloudflare, by its API v4: a batch changes any number of records of a zone, all or nothing. Custom and regional hostnames follow by single calls. */
export class CloudflareProvider implements ZoneReader<CloudflareZone>, ZoneWriter<CloudflareZone> {
  readonly name = 'cloudflare';
  readonly granularity = 'zone';
  readonly recordTypes = recordTypes;
  readonly limits = { batch: { changes: mostOperations, weigh: (change: Change) => ({ changes: weightOf(change), values: 0, bytes: 0 }) } };
  readonly #client: CloudflareClient;
  readonly #options: CloudflareOptions;
  readonly #states = new Map<string, State>();
  #table = new ZoneTable<CloudflareZone>([]);

  constructor(client: CloudflareClient, options: CloudflareOptions) {
    this.#client = client;
    this.#options = options;
  }

  async zones(signal: AbortSignal): Promise<readonly CloudflareZone[]> {
    const zones = (await this.#listZones(signal)).map(({ id, name, plan }): CloudflareZone => ({ id, name, isPaid: plan?.is_subscribed ?? (plan?.legacy_id ?? 'free') !== 'free' }));
    this.#table = new ZoneTable(zones);
    const there = new Set(zones.map((z) => z.id));
    for (const id of this.#states.keys()) if (!there.has(id)) this.#states.delete(id);
    return zones;
  }

  async #listZones(signal: AbortSignal): Promise<readonly ApiZone[]> {
    const { zoneIds } = this.#options;
    if (zoneIds.length === 0) return this.#client.zones(signal);
    return each(zoneIds, callsAtOnce, async (id) => {
      try {
        return await this.#client.zone(id, signal);
      } catch (error) {
        if (error instanceof SoftError || signal.aborted) throw error;
        throw new Error(`--zone-id-filter=${id}: this zone cannot be read; check the id and the permissions of the token: ${messageOf(error)}`, { cause: error });
      }
    });
  }

  async records(zone: CloudflareZone, signal: AbortSignal): Promise<readonly Endpoint[]> {
    const { known, hostnames } = this.#stateOf(zone);
    const [records] = await Promise.all([this.#readAll(zone, signal), hostnames.read(true, signal)]);
    known.replaceAll(records);
    return endpointsOf(records, hostnames);
  }

  async recordsOf(zone: CloudflareZone, names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]> {
    const { hostnames } = this.#stateOf(zone);
    const [records] = await Promise.all([this.#readNames(zone, names, signal), hostnames.read(false, signal)]);
    return endpointsOf(records, hostnames);
  }

  adjust(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    return normalForm(endpoints, this.#options, {
      longestComment: (name) => {
        const zone = this.#table.of(name);
        return zone ? (zone.isPaid ? 500 : 100) : Number.POSITIVE_INFINITY;
      },
      textOf: (name, key) => {
        const zone = this.#table.of(name);
        return zone && this.#states.get(zone.id)?.known.find(name, 'TXT', key)?.content;
      },
      warn: this.#options.warn,
    });
  }

  async apply(zone: CloudflareZone, changes: readonly Change[], signal: AbortSignal): Promise<readonly Shortfall[]> {
    const operations = await this.#operations(zone, changes, signal);
    try {
      await this.#batches(zone, operations, signal);
    } catch (error) {
      this.#distrust(zone, changes, error);
      if (!isStale(error)) throw error;
      // somebody else was quicker: with the records as they are now it may be another batch
      const anew = await this.#operations(zone, changes, signal);
      if (JSON.stringify(anew) === JSON.stringify(operations)) throw error;
      await this.#batches(zone, anew, signal);
    }
    return this.#applyHostnames(zone, changes, signal);
  }

  async applySingly(zone: CloudflareZone, changes: readonly Change[], signal: AbortSignal): Promise<readonly Shortfall[]> {
    try {
      for (const operation of await this.#operations(zone, changes, signal)) await this.#single(zone, operation, signal);
    } catch (error) {
      this.#distrust(zone, changes, error);
      throw error;
    }
    return this.#applyHostnames(zone, changes, signal);
  }

  /** The operations of all changes, in the order in which the API carries out a batch. Reads names whose records are not certain. */
  async #operations(zone: CloudflareZone, changes: readonly Change[], signal: AbortSignal): Promise<readonly Operation[]> {
    const { known } = this.#stateOf(zone);
    const uncertain = [...namesOf(changes)].filter((name) => !known.isKnown(name));
    if (uncertain.length > 0) await this.#readNames(zone, uncertain, signal);
    const order = { delete: 0, put: 1, post: 2 } as const;
    return changes.flatMap((change) => operationsOf(change, (name, type, key) => known.find(name, type, key))).toSorted((a, b) => order[a.kind] - order[b.kind]);
  }

  /** One call; what is too large for a batch comes alone, and in parts. */
  async #batches(zone: CloudflareZone, operations: readonly Operation[], signal: AbortSignal): Promise<void> {
    for (let done = 0; done < operations.length; done += mostOperations)
      try {
        await this.#batch(zone, operations.slice(done, done + mostOperations), signal);
      } catch (error) {
        if (done === 0) throw error;
        throw new SoftError(`some of the records are written, others not: ${messageOf(error)}`, { cause: error });
      }
  }

  async #batch(zone: CloudflareZone, operations: readonly Operation[], signal: AbortSignal): Promise<void> {
    const { known } = this.#stateOf(zone);
    const deletes = operations.filter((o) => o.kind === 'delete');
    const puts = operations.filter((o) => o.kind === 'put');
    const posts = operations.filter((o) => o.kind === 'post');
    const result = await this.#client.batch(zone.id, { deletes: deletes.map(({ id }) => ({ id })), puts: puts.map(({ id, body }) => ({ id, ...body })), posts: posts.map(({ body }) => body) }, signal);
    for (const { name, id } of deletes) known.remove(name, new Set([id]));
    const written = [...(result.puts ?? []), ...(result.posts ?? [])];
    known.put(written);
    // without their ids they have to be read before the next change
    if (written.length < puts.length + posts.length) known.forget(new Set([...puts, ...posts].map((o) => o.name)));
  }

  async #single(zone: CloudflareZone, operation: Operation, signal: AbortSignal): Promise<void> {
    const { known } = this.#stateOf(zone);
    if (operation.kind === 'put') return known.put([await this.#client.replaceRecord(zone.id, operation.id, operation.body, signal)]);
    if (operation.kind === 'post') return known.put([await this.#client.createRecord(zone.id, operation.body, signal)]);
    try {
      await this.#client.deleteRecord(zone.id, operation.id, signal);
    } catch (error) {
      if (!(error instanceof RefusedError && error.codes.includes(recordIsGone))) throw error;
    }
    known.remove(operation.name, new Set([operation.id]));
  }

  #applyHostnames(zone: CloudflareZone, changes: readonly Change[], signal: AbortSignal): Promise<readonly Shortfall[]> {
    const { known, hostnames } = this.#stateOf(zone);
    return hostnames.apply(changes, (name) => known.of(name).some((r) => addressTypes.has(r.type)), signal);
  }

  /** After a failure the ids of records may be others: where it is not clear what was done, or where they were the reason. */
  #distrust(zone: CloudflareZone, changes: readonly Change[], error: unknown): void {
    const isClear = isCertainlyUndone(error) || (error instanceof RefusedError && !isStale(error));
    if (!isClear) this.#stateOf(zone).known.forget(namesOf(changes));
  }

  /** All records of a zone. Where pages of the usual size are many, larger ones are taken. */
  #readAll(zone: CloudflareZone, signal: AbortSignal): Promise<readonly ApiRecord[]> {
    const { recordsPerPage } = this.#options;
    if (recordsPerPage !== usualPerPage) return this.#client.records(zone.id, {}, recordsPerPage, signal);
    if (this.#stateOf(zone).known.count > manyPages * usualPerPage) return this.#client.records(zone.id, {}, largePerPage, signal);
    return this.#client.records(zone.id, {}, usualPerPage, signal, { above: manyPages, perPage: largePerPage });
  }

  /** The records of some names, by as few calls as possible: names that end alike are asked for by their common end. */
  async #readNames(zone: CloudflareZone, names: readonly string[], signal: AbortSignal): Promise<readonly ApiRecord[]> {
    const { known } = this.#stateOf(zone);
    const wanted = new Set(names);
    const queries = queriesFor([...wanted], normalizeName(zone.name));
    const pages = Math.ceil(known.count / Math.max(this.#options.recordsPerPage, usualPerPage));
    if (queries.length > Math.max(pages, 1)) {
      const records = await this.#readAll(zone, signal);
      known.replaceAll(records);
      return records.filter((r) => wanted.has(normalizeName(r.name)));
    }
    const lists = await each(queries, callsAtOnce, (query) => this.#client.records(zone.id, query, Math.max(this.#options.recordsPerPage, usualPerPage), signal));
    const records = [...new Map(lists.flat().map((r) => [r.id, r])).values()].filter((r) => wanted.has(normalizeName(r.name)));
    known.replaceNames(wanted, records);
    return records;
  }

  #stateOf(zone: CloudflareZone): State {
    let state = this.#states.get(zone.id);
    if (!state) {
      state = { known: new KnownRecords(), hostnames: new Hostnames(this.#client, zone.id, this.#options.hostnames) };
      this.#states.set(zone.id, state);
    }
    return state;
  }
}

/** The default of --cloudflare-dns-records-per-page, with which no one has decided; and what is taken in its place where it makes more pages than this. */
const usualPerPage = 100;
const manyPages = 10;
const largePerPage = 1000;
const callsAtOnce = 4;

/** Whether the records are not what we took them for. */
const isStale = (error: unknown): boolean => error instanceof RefusedError && error.codes.some((code) => code === recordIsGone || recordIsThere.includes(code));

const namesOf = (changes: readonly Change[]): ReadonlySet<string> => new Set(changes.flatMap((c) => [normalizeName(endpointOf(c).dnsName), ...(c.before ? [normalizeName(c.before.dnsName)] : [])]));

function endpointsOf(records: readonly ApiRecord[], hostnames: Hostnames): readonly Endpoint[] {
  return records.flatMap((record) => toEndpoint(record, (name) => hostnames.of(name)) ?? []);
}

/** A name and its ownership records (`a-web.example.org`) mostly end alike; the apex is the end of all names, so it is asked for by itself. */
export function queriesFor(names: readonly string[], apex: string): readonly Readonly<Record<string, string>>[] {
  const left = new Set(names);
  const queries: Record<string, string>[] = [];
  for (const name of names.toSorted((a, b) => a.length - b.length || compareText(a, b))) {
    if (!left.has(name)) continue;
    const alike = name === apex ? [name] : [...left].filter((other) => other.endsWith(name));
    for (const other of alike) left.delete(other);
    queries.push(alike.length > 1 ? { 'name.endswith': name } : { 'name.exact': name });
  }
  return queries;
}
