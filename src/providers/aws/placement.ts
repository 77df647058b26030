import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { ZoneTable } from '../engine/zones.ts';
import { toRecordSet } from './convert.ts';
import type { RecordSet } from './record-set.ts';
import type { AwsZone } from './zones.ts';

/**
 * The zones that a name is written to: of the public ones that with the longest name, and all private ones.
 * `matching`: all zones that the name lies in, the longest name first.
 */
export function zonesFor(matching: readonly AwsZone[]): readonly AwsZone[] {
  const open = matching.find((zone) => !zone.private);
  const inside = matching.filter((zone) => zone.private);
  return open ? [open, ...inside] : inside;
}

/**
 * What is known of names that are written to several zones: which zone each was pinned to, and what stands in each of its zones.
 * The rest of the program knows one record of a name, not one for each zone.
 */
export class Placement {
  #table = new ZoneTable<AwsZone>([]);
  /** Zones that share names with others. */
  #shared: ReadonlySet<string> = new Set();
  /** What stands in the shared zones, by zone and set. */
  readonly #held = new Map<string, Map<string, RecordSet>>();
  readonly #pins = new Map<string, string>();

  setZones(zones: readonly AwsZone[]): void {
    this.#table = new ZoneTable(zones);
    this.#shared = new Set(zones.filter((zone) => zones.some((other) => other !== zone && share(zone, other))).map((zone) => zone.id));
    for (const id of this.#held.keys()) if (!this.#shared.has(id)) this.#held.delete(id);
  }

  /** The zones that a name is written to. */
  zonesOf(name: string, setIdentifier: string): readonly AwsZone[] {
    return this.choose(name, setIdentifier, this.#table.matching(name));
  }

  choose(name: string, setIdentifier: string, matching: readonly AwsZone[]): readonly AwsZone[] {
    const zones = zonesFor(matching);
    const pin = this.#pins.get(rowKey(name, setIdentifier));
    return pin === undefined ? zones : zones.filter((zone) => zone.id === pin);
  }

  /** Notes the zone that a wished endpoint is to be put into, of all that its name lies in. */
  pin(e: Endpoint, zoneId: string | undefined): void {
    if (zoneId === undefined) this.#pins.delete(rowKey(e.dnsName, e.setIdentifier));
    else this.#pins.set(rowKey(e.dnsName, e.setIdentifier), zoneId);
  }

  /** Whether a set stands in another zone that its name lies in, but not in this one. */
  standsElsewhere(e: Endpoint, zoneId: string): boolean {
    const held = this.#held.get(zoneId);
    return held !== undefined && !held.has(setKey(e)) && [...this.#held.values()].some((sets) => sets.has(setKey(e)));
  }

  /** Takes a reading of a zone; `names`: of these only. */
  note(zone: AwsZone, sets: readonly RecordSet[], names?: readonly string[]): void {
    if (!this.#shared.has(zone.id)) return;
    const held = names ? (this.#held.get(zone.id) ?? new Map<string, RecordSet>()) : new Map<string, RecordSet>();
    if (names) {
      const read = new Set(names);
      for (const [key, set] of held) if (read.has(normalizeName(set.name))) held.delete(key);
    }
    for (const set of sets) held.set(keyOf(set), set);
    this.#held.set(zone.id, held);
  }

  /** The set as it stands in a zone that shares names; undefined where it does not stand there, 'unknown' where that was not read. */
  held(zone: AwsZone, e: Endpoint): RecordSet | undefined | 'unknown' {
    const held = this.#held.get(zone.id);
    return held ? held.get(setKey(e)) : 'unknown';
  }

  /** Follows a change that was made. */
  follow(zone: AwsZone, before: Endpoint | undefined, after: Endpoint | undefined): void {
    const held = this.#held.get(zone.id);
    if (!held) return;
    if (before) held.delete(setKey(before));
    if (after) held.set(setKey(after), toRecordSet(after, zone.id));
  }

  /** The records of several zones as the rest of the program knows them: each once, as in the zone it is pinned to, or in the first. */
  unite(read: readonly { readonly zone: AwsZone; readonly records: readonly Endpoint[] }[]): readonly Endpoint[] {
    if (this.#shared.size === 0) return read.flatMap((r) => r.records);
    const first = new Map<string, { rank: number; record: Endpoint }>();
    const alone: Endpoint[] = [];
    for (const { zone, records } of read) {
      if (!this.#shared.has(zone.id)) {
        alone.push(...records);
        continue;
      }
      for (const record of records) {
        const rank = this.zonesOf(record.dnsName, record.setIdentifier).indexOf(zone);
        const key = setKey(record);
        const other = first.get(key);
        // what stands in a zone that it would not be written to comes last
        if (!other || better(rank, other.rank)) first.set(key, { rank, record });
      }
    }
    return [...alone, ...[...first.values()].map((f) => f.record)];
  }
}

const better = (a: number, b: number): boolean => a >= 0 && (b < 0 || a < b);

/** Whether names may be written to both of two zones. */
function share(a: AwsZone, b: AwsZone): boolean {
  const [x, y] = [normalizeName(a.name), normalizeName(b.name)];
  return x === y || x.endsWith(`.${y}`) || y.endsWith(`.${x}`);
}

const rowKey = (name: string, setIdentifier: string): string => `${normalizeName(name)}|${setIdentifier}`;
const setKey = (e: Endpoint): string => `${normalizeName(e.dnsName)}|${e.recordType}|${e.setIdentifier}`;
const keyOf = (set: RecordSet): string => `${normalizeName(set.name)}|${set.type}|${set.setIdentifier ?? ''}`;
