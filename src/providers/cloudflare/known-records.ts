import { normalizeName } from '../../endpoint/name.ts';
import type { ApiRecord } from './client.ts';
import { recordKey } from './convert.ts';

/** What is kept of a record: enough to change it. */
export interface KnownRecord {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  /** Of TXT: the text as it is spelled there. */
  readonly content?: string;
}

/** The records of one zone as last read or written. A change needs the ids of records, which endpoints do not carry. */
export class KnownRecords {
  readonly #byName = new Map<string, readonly KnownRecord[]>();
  /** Whether names that are not here have no records; else they have not been read. */
  #complete = false;
  #forgotten = new Set<string>();
  /** Of all types. */
  count = 0;

  /** Takes a reading of the whole zone. */
  replaceAll(records: readonly ApiRecord[]): void {
    this.#byName.clear();
    this.#forgotten = new Set();
    for (const record of records) this.#add(record);
    this.#complete = true;
    this.count = records.length;
  }

  /** Takes a reading of some names. */
  replaceNames(names: Iterable<string>, records: readonly ApiRecord[]): void {
    for (const name of names) {
      this.#byName.delete(name);
      this.#forgotten.delete(name);
      if (!this.#complete) this.#byName.set(name, []);
    }
    for (const record of records) this.#add(record);
  }

  /** Names whose records are no longer certain. */
  forget(names: Iterable<string>): void {
    for (const name of names) {
      this.#byName.delete(name);
      this.#forgotten.add(name);
    }
  }

  isKnown(name: string): boolean {
    return !this.#forgotten.has(name) && (this.#complete || this.#byName.has(name));
  }

  of(name: string): readonly KnownRecord[] {
    return this.#byName.get(name) ?? [];
  }

  find(name: string, type: string, key: string): KnownRecord | undefined {
    return this.of(name).find((r) => r.type === type && r.key === key);
  }

  /** Records that were written. */
  put(records: readonly ApiRecord[]): void {
    const ids = new Set(records.map((r) => r.id));
    for (const name of new Set(records.map((r) => normalizeName(r.name)))) this.#byName.set(name, this.of(name).filter((r) => !ids.has(r.id)));
    for (const record of records) this.#add(record);
  }

  remove(name: string, ids: ReadonlySet<string>): void {
    const left = this.of(name).filter((r) => !ids.has(r.id));
    if (left.length > 0 || !this.#complete) this.#byName.set(name, left);
    else this.#byName.delete(name);
  }

  #add(record: ApiRecord): void {
    const key = recordKey(record);
    if (key === undefined) return;
    const name = normalizeName(record.name);
    const known: KnownRecord = { id: record.id, type: record.type, key, ...(record.type === 'TXT' && record.content !== undefined && { content: record.content }) };
    const list = this.#byName.get(name);
    this.#byName.set(name, list ? [...list, known] : [known]);
  }
}
