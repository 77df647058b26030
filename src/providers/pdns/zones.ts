import { normalizeName } from '../../endpoint/name.ts';
import type { PdnsRecord, PdnsZone } from './client.ts';
import type { DisabledRecords } from './convert.ts';

/** Kinds of zones that come from another server. */
const copied: ReadonlySet<string> = new Set(['Slave', 'Secondary', 'Consumer']);

/** Settings of a zone (SOA-EDIT-API) with which its serial moves at every change by the API. EPOCH does not: it counts seconds. */
const movesSerial: ReadonlySet<string> = new Set(['DEFAULT', 'INCREASE']);

interface Known {
  readonly soaEditApi: string;
  readonly apiRectify: boolean;
  readonly disabled: Map<string, readonly PdnsRecord[]>;
}

/** What is remembered of the zones between their reading and their change. */
export class Zones {
  readonly #known = new Map<string, Known>();
  readonly #warned = new Set<string>();
  #apexes: ReadonlySet<string> = new Set();

  /** Takes a new list of zones; gives those that are copies and were not before. */
  listed(zones: readonly PdnsZone[]): readonly PdnsZone[] {
    this.#apexes = new Set(zones.map((z) => normalizeName(z.name)));
    const ids = new Set(zones.map((z) => z.id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    const copies = zones.filter((z) => copied.has(z.kind ?? '') && !this.#warned.has(z.id));
    for (const { id } of copies) this.#warned.add(id);
    return copies;
  }

  read(id: string, { soa_edit_api = '', api_rectify = true }: PdnsZone, disabled: DisabledRecords): void {
    this.#known.set(id, { soaEditApi: soa_edit_api, apiRectify: api_rectify, disabled: new Map(disabled) });
  }

  /** Takes a reading of one (normalised) name. */
  readName(id: string, name: string, disabled: DisabledRecords): void {
    const known = this.#known.get(id)?.disabled;
    if (!known) return;
    for (const key of known.keys()) if (key.startsWith(`${name}|`)) known.delete(key);
    for (const [key, records] of disabled) known.set(key, records);
  }

  disabled(id: string): DisabledRecords {
    return this.#known.get(id)?.disabled ?? new Map();
  }

  isApex(name: string): boolean {
    return this.#apexes.has(name);
  }

  /** What changes with each change of the zone, as far as it is made by the API or moves the serial; undefined where nothing does. */
  version(zone: PdnsZone): string | undefined {
    const { soaEditApi } = this.#known.get(zone.id) ?? {};
    if (soaEditApi === undefined || zone.serial === undefined || !movesSerial.has(soaEditApi)) return undefined;
    return `${zone.serial}/${zone.edited_serial ?? ''}`;
  }

  wantsRectify(zone: PdnsZone): boolean {
    return zone.dnssec === true && this.#known.get(zone.id)?.apiRectify === false;
  }
}
