import { type Endpoint, recordTypes } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { Soa, Transfer } from '../../dns/transfer.ts';
import type { ResourceRecord } from '../../dns/wire.ts';
import { toEndpoints } from './convert.ts';

type Whole = Extract<Transfer, { readonly kind: 'whole' }>;
type Changes = Extract<Transfer, { readonly kind: 'changes' }>;

/** A zone as a server has transferred it, kept up to date by what it says has changed since. Only record types that are managed. */
export class ZoneCopy {
  readonly #byName = new Map<string, ResourceRecord[]>();
  readonly #endpoints = new Map<string, readonly Endpoint[]>();
  #soa: Soa;
  #all: readonly Endpoint[] | undefined;

  constructor({ soa, records }: Whole) {
    this.#soa = soa;
    for (const record of records) this.#add(record);
  }

  get soa(): Soa {
    return this.#soa;
  }

  /** Follows what has changed. Gives false where that does not fit, so that the copy must be thrown away. */
  follow({ soa, steps }: Changes): boolean {
    for (const { deleted, added } of steps) {
      for (const record of deleted) if (isManaged.has(record.type) && !this.#delete(record)) return false;
      for (const record of added) this.#add(record);
    }
    this.#soa = soa;
    return true;
  }

  /** All record sets, in the order of the transfer. */
  endpoints(): readonly Endpoint[] {
    return (this.#all ??= [...this.#byName.keys()].flatMap((name) => this.#of(name)));
  }

  /** The record sets of some names (normalised). */
  endpointsOf(names: readonly string[]): readonly Endpoint[] {
    return names.flatMap((name) => this.#of(name));
  }

  #of(name: string): readonly Endpoint[] {
    const known = this.#endpoints.get(name);
    if (known) return known;
    const records = this.#byName.get(name);
    if (!records) return [];
    const made = toEndpoints(records);
    this.#endpoints.set(name, made);
    return made;
  }

  #add(record: ResourceRecord): void {
    if (!isManaged.has(record.type)) return;
    const name = normalizeName(record.name);
    const records = this.#byName.get(name);
    if (records) records.push(record);
    else this.#byName.set(name, [record]);
    this.#touched(name);
  }

  #delete(record: ResourceRecord): boolean {
    const name = normalizeName(record.name);
    const records = this.#byName.get(name) ?? [];
    const at = records.findIndex((r) => r.type === record.type && r.data === record.data);
    if (at < 0) return false;
    if (records.length === 1) this.#byName.delete(name);
    else records.splice(at, 1);
    this.#touched(name);
    return true;
  }

  #touched(name: string): void {
    this.#endpoints.delete(name);
    this.#all = undefined;
  }
}

const isManaged: ReadonlySet<string> = new Set(recordTypes);
