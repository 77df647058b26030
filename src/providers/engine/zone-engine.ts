import { setTimeout as wait } from 'node:timers/promises';
import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import type { DomainFilter } from '../../endpoint/domain-filter.ts';
import { type Endpoint, recordTypes } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { messageOf, SoftError } from '../../errors.ts';
import { TokenBucket } from '../../http/client/token-bucket.ts';
import type { Provider, ProviderSetup, Snapshot } from '../provider.ts';
import { adjustToLimits } from './adjust.ts';
import { measured, type ProviderCall } from './call-metrics.ts';
import { combine } from './outcomes.ts';
import { place, type Placement } from './placement.ts';
import { mergeRecords } from './record-sets.ts';
import { each } from './each.ts';
import type { BatchLimits, Zone, ZoneProvider } from './zone-provider.ts';
import { ZoneChanges } from './zone-writer.ts';
import { ZoneTable } from './zones.ts';

export interface EngineOptions<Z extends Zone> {
  /** How long the list of zones is kept, by the provider's own flag (--aws-zones-cache-duration). By default it is read with the records. */
  readonly zonesCacheMs?: number;
  /** Which zones are managed. By default those that may hold names of the domain filter and whose id ends in one of --zone-id-filter. */
  readonly managesZone?: (zone: Z) => boolean;
  /** By flags; the provider's own limits hold, too. By default --batch-change-size and --batch-change-interval. */
  readonly batch?: BatchLimits;
  readonly batchIntervalMs?: number;
  /** Calls a second; for clients without a limit of their own. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number };
  /** How often a change is tried in one run. By default 3; 1 where the client of the API tries again by itself. */
  readonly tries?: number;
  readonly close?: () => Promise<void>;
  /** For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly now?: () => number;
}

/** Makes a Provider of a ZoneProvider, with the settings that hold for all of them. */
export function zoneEngine<Z extends Zone>(provider: ZoneProvider<Z>, setup: ProviderSetup, options: EngineOptions<Z> = {}): Provider {
  return new ZoneEngine(provider, setup, options);
}

class ZoneEngine<Z extends Zone> implements Provider {
  readonly name: string;
  readonly domainFilter: DomainFilter;
  readonly recordsOf?: (names: readonly string[], signal: AbortSignal) => Promise<readonly Endpoint[]>;
  readonly #provider: ZoneProvider<Z>;
  readonly #setup: ProviderSetup;
  readonly #options: EngineOptions<Z>;
  readonly #bucket: TokenBucket | undefined;
  readonly #changes = new Map<string, ZoneChanges<Z>>();
  /** Warnings that were given, so that each is given once. */
  readonly #told = new Set<string>();
  #table: ZoneTable<Z> | undefined;
  #listedAtMs = Number.NEGATIVE_INFINITY;
  /** When all zones were last read. */
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(provider: ZoneProvider<Z>, setup: ProviderSetup, options: EngineOptions<Z>) {
    this.name = provider.name;
    this.#provider = provider;
    this.#setup = setup;
    this.#options = options;
    this.#bucket = options.rateLimit && new TokenBucket(options.rateLimit.perSecond, options.rateLimit.burst);
    if (provider.recordsOf) this.recordsOf = (names, signal) => this.#recordsOf(names, signal);
    const { domainFilter } = setup;
    this.domainFilter = {
      configured: true,
      // what lies in no zone is not planned
      matches: (name) => domainFilter.matches(name) && (this.#table === undefined || this.#table.of(name) !== undefined),
      matchesZone: (zone) => domainFilter.matchesZone(zone),
      toJSON: () => domainFilter.toJSON(),
    };
  }

  async snapshot(signal: AbortSignal, since?: string): Promise<Snapshot> {
    const { zones } = await this.#zones(signal);
    const startedMs = (this.#options.now ?? Date.now)();
    if (since !== undefined && startedMs - this.#readAtMs < readAnywayMs && this.#fingerprint(zones) === since) return { fingerprint: since, unreadable: [] };
    const unreadable: { readonly zone: string; readonly error: Error }[] = [];
    const read = await each(zones, this.#zonesAtOnce, async (zone) => {
      try {
        return mergeRecords(await this.#call('records', zone, () => this.#provider.records(zone, signal), signal));
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        unreadable.push({ zone: normalizeName(zone.name), error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
        return [];
      }
    });
    const [first] = unreadable;
    if (first && unreadable.length === zones.length) throw softly(first.error);
    this.#readAtMs = startedMs;
    const fingerprint = unreadable.length === 0 ? this.#fingerprint(zones) : undefined;
    return { records: this.#unite(zones, read), ...(fingerprint !== undefined && { fingerprint }), unreadable };
  }

  async adjust(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    const { limits = {}, recordTypes: types = recordTypes, setIdentifiers = false } = this.#provider;
    for (const e of endpoints) this.#tellIfNowhere(e);
    const adjusted = adjustToLimits(endpoints, { limits, recordTypes: new Set<string>(types), setIdentifiers, warn: (what, e) => this.#tell(what, e) });
    return this.#provider.adjust?.(adjusted) ?? adjusted;
  }

  async apply(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<readonly Outcome[]> {
    let table: ZoneTable<Z>;
    try {
      table = this.#table ?? (await this.#zones(signal));
    } catch (error) {
      return groups.map((group) => ({ group, result: 'failed', error: softly(error), state: 'unchanged' }));
    }
    const placed = new Map(groups.map((group) => [group, place(group, (name) => this.#choose(table, name, group))] as const));
    const parts = new Map<ChangeGroup, Outcome[]>(groups.map((group) => [group, []]));
    const [changed, failed] = [new Set<Z>(), new Set<Z>()];
    const note = (group: ChangeGroup, zone: Z, outcome: Outcome): void => {
      parts.get(group)?.push({ ...outcome, zone: normalizeName(zone.name) });
      (outcome.result === 'failed' ? failed : changed).add(zone);
    };
    await each(table.zones, this.#zonesAtOnce, async (zone) => {
      const here = groups.filter((g) => isIn(placed.get(g), zone));
      if (here.length === 0) return;
      for (const outcome of await this.#changesOf(zone).apply(here, signal)) note(outcome.group, zone, outcome);
    });
    for (const [group, placement] of placed) {
      if (placement.kind !== 'spread') continue;
      for (const { zone, changes } of placement.parts) {
        const [outcome] = await this.#changesOf(zone).apply([{ ...group, changes }], signal);
        if (outcome) note(group, zone, outcome);
        // what comes after must not stand without what comes before
        if (outcome?.result !== 'applied') break;
      }
    }
    const outcomes = groups.map((group) => {
      const placement = placed.get(group);
      return placement?.kind === 'nowhere' ? ({ group, result: 'skipped', reason: placement.reason } as const) : combine(group, parts.get(group) ?? []);
    });
    for (const zone of table.zones) if (changed.has(zone)) await this.#finish(zone, !failed.has(zone), signal);
    return outcomes;
  }

  zoneOf(name: string): string | undefined {
    const zone = this.#table?.of(name);
    return zone && normalizeName(zone.name);
  }

  async close(): Promise<void> {
    await this.#options.close?.();
  }

  async #recordsOf(names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]> {
    const table = this.#table ?? (await this.#zones(signal));
    const byZone = new Map<Z, string[]>();
    for (const name of names) for (const zone of this.#choose(table, name)) byZone.set(zone, [...(byZone.get(zone) ?? []), name]);
    try {
      const read = await each([...byZone], this.#zonesAtOnce, async ([zone, inZone]) => mergeRecords((await this.#call('records', zone, async () => this.#provider.recordsOf?.(zone, inZone, signal), signal)) ?? []));
      return this.#unite([...byZone.keys()], read);
    } catch (error) {
      throw signal.aborted ? error : softly(error);
    }
  }

  /** Of the content of all zones; undefined where one has no version. */
  #fingerprint(zones: readonly Z[]): string | undefined {
    const versions = zones.map((zone) => [zone.id, this.#provider.version?.(zone)] as const);
    return zones.length > 0 && versions.every(([, version]) => version !== undefined) ? JSON.stringify(versions) : undefined;
  }

  async #zones(signal: AbortSignal): Promise<ZoneTable<Z>> {
    const now = (this.#options.now ?? Date.now)();
    if (this.#table && now - this.#listedAtMs < (this.#options.zonesCacheMs ?? 0)) return this.#table;
    try {
      const all = await this.#call('zones', undefined, () => this.#provider.zones(signal), signal);
      const table = new ZoneTable(all.filter((zone) => (this.#options.managesZone ?? ((z) => this.#managesZone(z)))(zone)));
      if (table.zones.length === 0) this.#tellOnce('no zones', () => this.#setup.log.warning('provider has no zone that passes the filters', { provider: this.name, zones: all.length }));
      else this.#told.delete('no zones');
      this.#table = table;
      this.#listedAtMs = now;
      return table;
    } catch (error) {
      throw signal.aborted ? error : softly(error);
    }
  }

  #managesZone(zone: Z): boolean {
    const ids = this.#setup.options.zoneIdFilter.filter(Boolean);
    return this.#setup.domainFilter.matchesZone(zone.name) && (ids.length === 0 || ids.some((id) => zone.id.endsWith(id)));
  }

  #unite(zones: readonly Z[], read: readonly (readonly Endpoint[])[]): readonly Endpoint[] {
    return this.#provider.unite?.(zones.map((zone, i) => ({ zone, records: read[i] ?? [] }))) ?? read.flat();
  }

  #choose(table: ZoneTable<Z>, name: string, group?: ChangeGroup): readonly Z[] {
    const matching = table.matching(name);
    if (matching.length === 0) return [];
    return this.#provider.choose?.(normalizeName(name), matching, group) ?? matching.slice(0, 1);
  }

  #changesOf(zone: Z): ZoneChanges<Z> {
    let changes = this.#changes.get(zone.id);
    if (!changes) {
      const { options } = this.#setup;
      const { tries = 3, sleep = pause, batchIntervalMs = options.batchChangeIntervalMs } = this.#options;
      changes = new ZoneChanges(zone, this.#provider, {
        batch: smaller(this.#options.batch ?? { changes: options.batchChangeSize }, this.#provider.limits?.batch),
        attempts: { tries, sleep },
        mayWrite: this.#setup.mayWrite,
        pause: (signal) => sleep(batchIntervalMs, signal),
        call: (what, work, stop) => this.#call(what, zone, work, stop),
        onOversized: (name) => this.#tellOnce(`oversized ${name}`, () => this.#setup.log.warning('changes of a name are larger than a batch may be; they are sent in one of their own', { provider: this.name, name })),
      });
      this.#changes.set(zone.id, changes);
    }
    changes.zone = zone;
    return changes;
  }

  async #finish(zone: Z, complete: boolean, signal: AbortSignal): Promise<void> {
    const provider = this.#provider;
    if (!provider.finish) return;
    try {
      await this.#call('apply', zone, async () => provider.finish?.(zone, complete, never), signal);
    } catch (error) {
      this.#setup.log.error('zone was changed, but the changes could not be published', { provider: this.name, zone: zone.name, reason: messageOf(error) });
    }
  }

  async #call<T>(call: ProviderCall['call'], zone: Z | undefined, work: () => Promise<T>, stop: AbortSignal): Promise<T> {
    await this.#bucket?.take(stop);
    return measured(this.#setup.metrics, { provider: this.name, call, zone: zone ? normalizeName(zone.name) : '' }, work);
  }

  #tellIfNowhere(e: Endpoint): void {
    if (this.#table === undefined || this.#table.of(e.dnsName) || !this.#setup.domainFilter.matches(e.dnsName)) return;
    this.#tellOnce(`nowhere ${e.dnsName}`, () => this.#setup.log.info('record is left out: its name lies in no zone of the provider', { provider: this.name, name: e.dnsName }));
  }

  #tell(what: string, e: Endpoint): void {
    this.#tellOnce(`${what} ${e.dnsName} ${e.recordType}`, () => this.#setup.log.warning(what, { provider: this.name, name: e.dnsName, type: e.recordType, targets: e.targets }));
  }

  #tellOnce(key: string, tell: () => void): void {
    if (this.#told.has(key)) return;
    if (this.#told.size >= mostTold) this.#told.clear();
    this.#told.add(key);
    tell();
  }

  get #zonesAtOnce(): number {
    return this.#provider.limits?.zonesAtOnce ?? 4;
  }
}

const mostTold = 10_000;
/** A version may miss what was changed behind the back of the API. */
const readAnywayMs = 10 * 60_000;
const never = new AbortController().signal;
const pause = (ms: number, signal: AbortSignal): Promise<void> => (ms > 0 ? wait(ms, undefined, { signal }).catch(() => {}) : Promise.resolve());

const isIn = <Z extends Zone>(placement: Placement<Z> | undefined, zone: Z): boolean => placement?.kind === 'together' && placement.zones.some((z) => z.id === zone.id);

const softly = (error: unknown): SoftError => (error instanceof SoftError ? error : new SoftError(messageOf(error), { cause: error }));

/** The limits that satisfy both. */
function smaller(a: BatchLimits, b: BatchLimits = {}): BatchLimits {
  const least = (x = 0, y = 0): number => (x > 0 && y > 0 ? Math.min(x, y) : Math.max(x, y, 0));
  return { ...b, ...a, changes: least(a.changes, b.changes), values: least(a.values, b.values), bytes: least(a.bytes, b.bytes) };
}
