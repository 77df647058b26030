import { messageOf } from '../../errors.ts';
import { type Entry, nameOfBadKey, parseKey } from './convert.ts';
import type { EtcdKey } from './etcd-client.ts';

/** The keys below the prefix, as last read and as changed by us since, by key and by name. */
export class Entries {
  readonly #prefix: string;
  #byKey = new Map<string, Entry | Unreadable>();
  #byName = new Map<string, Map<string, Entry>>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** How many keys there are, unreadable ones included. */
  get size(): number {
    return this.#byKey.size;
  }

  get unreadable(): readonly Unreadable[] {
    return [...this.#byKey.values()].filter((e) => 'error' in e);
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  of(name: string): readonly Entry[] {
    return [...(this.#byName.get(name)?.values() ?? [])];
  }

  clear(): void {
    this.#byKey = new Map();
    this.#byName = new Map();
  }

  put(read: EtcdKey): void {
    try {
      this.set(parseKey(read, this.#prefix));
    } catch (error) {
      this.remove(read.key);
      this.#byKey.set(read.key, { zone: nameOfBadKey(read.key, this.#prefix), error: error instanceof Error ? error : new Error(messageOf(error)) });
    }
  }

  set(entry: Entry): void {
    this.remove(entry.key);
    this.#byKey.set(entry.key, entry);
    const ofName = this.#byName.get(entry.dnsName);
    if (ofName) ofName.set(entry.key, entry);
    else this.#byName.set(entry.dnsName, new Map([[entry.key, entry]]));
  }

  remove(key: string): void {
    const entry = this.#byKey.get(key);
    this.#byKey.delete(key);
    if (entry === undefined || 'error' in entry) return;
    const ofName = this.#byName.get(entry.dnsName);
    ofName?.delete(key);
    if (ofName?.size === 0) this.#byName.delete(entry.dnsName);
  }
}

export interface Unreadable {
  /** The name that is left alone, and all below it. */
  readonly zone: string;
  readonly error: Error;
}
