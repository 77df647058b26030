import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, recordTypes } from '../../endpoint/endpoint.ts';
import { type DnsClient, RcodeError } from '../../dns/client.ts';
import { updateRequest } from '../../dns/update.ts';
import type { Limits, Zone, ZoneWriter, ZoneReader } from '../engine/zone-provider.ts';
import { absences, canonical, updateSteps, weigh } from './convert.ts';
import type { Hosts } from './hosts.ts';
import { refusal } from './refusal.ts';
import { ZoneCopy } from './zone-copy.ts';

export interface DnsZonesOptions {
  readonly hosts: Hosts;
  /** Normalised; '' is the root. */
  readonly zones: readonly string[];
  /** Whether zones may be read. */
  readonly transfers: boolean;
  readonly minTtlSeconds: number;
  readonly now?: () => number;
}

/** Zones of DNS servers: read by transfer, and after that by what has changed since; written by update. */
export class DnsZones implements ZoneReader<Zone>, ZoneWriter<Zone> {
  readonly name = 'rfc2136';
  readonly granularity = 'zone';
  readonly idempotent = true;
  readonly recordTypes = recordTypes;
  readonly limits: Limits;
  /** Only where zones may be read. */
  readonly recordsOf?: (zone: Zone, names: readonly string[], signal: AbortSignal) => Promise<readonly Endpoint[]>;
  readonly #options: DnsZonesOptions;
  readonly #zones: readonly Zone[];
  /** By zone and server: servers need not have the same. */
  readonly #copies = new Map<string, Copy>();
  /** The version of each zone as last read. */
  readonly #versions = new Map<string, number>();
  #lastVersion = 0;

  constructor(options: DnsZonesOptions) {
    this.#options = options;
    this.#zones = options.zones.map((name) => ({ id: name || '.', name }));
    this.limits = { ttlSeconds: { default: options.minTtlSeconds, min: options.minTtlSeconds }, batch: { bytes: mostUpdateBytes, weigh } };
    if (options.transfers) this.recordsOf = async (zone, names, signal) => (await this.#read(zone, signal)).endpointsOf(names);
  }

  async zones(): Promise<readonly Zone[]> {
    return this.#zones;
  }

  async records(zone: Zone, signal: AbortSignal): Promise<readonly Endpoint[]> {
    return this.#options.transfers ? (await this.#read(zone, signal)).endpoints() : [];
  }

  /** What was last read of all zones; differs where anything in them does. */
  get fingerprint(): string {
    return this.#zones.map((zone) => this.#versions.get(zone.id) ?? 0).join('.');
  }

  adjust(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    return endpoints.map(canonical);
  }

  async apply(zone: Zone, changes: readonly Change[], signal: AbortSignal): Promise<void> {
    const { hosts, transfers } = this.#options;
    // who cannot read a zone only adds to it, whatever there is
    const absent = transfers ? absences(changes) : [];
    const steps = updateSteps(changes);
    if (steps.length === 0) return;
    await hosts.any('update', async (client) => {
      try {
        await client.exchange(updateRequest(zone.name, absent, steps), signal);
      } catch (error) {
        throw refusal(error, zone.name, 'update');
      }
    }, signal);
  }

  #read(zone: Zone, signal: AbortSignal): Promise<ZoneCopy> {
    return this.#options.hosts.any('read', async (client) => {
      try {
        const copy = await this.#refresh(client, zone, signal);
        this.#versions.set(zone.id, copy.version);
        return copy.zone;
      } catch (error) {
        throw refusal(error, zone.name, 'transfer');
      }
    }, signal);
  }

  async #refresh(client: DnsClient, zone: Zone, signal: AbortSignal): Promise<Copy> {
    const key = `${zone.id} ${client.name}`;
    const now = (this.#options.now ?? Date.now)();
    const copy = this.#copies.get(key);
    if (copy && now - copy.readAtMs < wholeAgainMs) {
      const since = copy.zone.soa;
      const transfer = await client.transfer(zone.name, since, signal).catch((error: unknown) => {
        // a server may know whole transfers only
        if (error instanceof RcodeError) return { kind: 'unknown' } as const;
        throw error;
      });
      // another reading may have been quicker
      const stillThere = this.#copies.get(key) === copy && copy.zone.soa === since;
      if (stillThere && transfer.kind === 'same') return copy;
      if (stillThere && transfer.kind === 'changes') {
        // half followed, it must not be used again
        this.#copies.delete(key);
        if (copy.zone.follow(transfer)) return this.#keep(key, copy.zone, copy.readAtMs);
      } else if (stillThere && transfer.kind === 'whole') return this.#keep(key, new ZoneCopy(transfer), now);
    }
    const transfer = await client.transfer(zone.name, undefined, signal);
    if (transfer.kind !== 'whole') throw new Error(`${client.name}: the transfer of zone ${zone.id} is not the whole zone`);
    return this.#keep(key, new ZoneCopy(transfer), now);
  }

  #keep(key: string, zone: ZoneCopy, readAtMs: number): Copy {
    const copy = { zone, readAtMs, version: ++this.#lastVersion };
    this.#copies.set(key, copy);
    return copy;
  }
}

interface Copy {
  readonly zone: ZoneCopy;
  /** When it was transferred as a whole. */
  readonly readAtMs: number;
  /** Grows with each change. */
  readonly version: number;
}

/** A DNS message may have 65535; what is added to changes (ownership, header, signature) stays far below the rest. */
const mostUpdateBytes = 48_000;
/** So often a zone is read as a whole nevertheless: a server may be set back to an older state with the same serial. */
const wholeAgainMs = 3_600_000;
