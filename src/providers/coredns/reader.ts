import { Entries } from './entries.ts';
import { keyOf } from './convert.ts';
import type { EtcdClient, RangeAnswer } from './etcd-client.ts';

/** Keys of one answer. */
const pageSize = 5000;
/** A name with more keys below it is brought up to date with all others. */
const mostBelowName = 500;

/** Keeps the entries in step with etcd: reads all keys once, and then only those that were changed since. */
export class Reader {
  readonly entries: Entries;
  readonly #client: EtcdClient;
  readonly #prefix: string;
  /** Up to which the entries are known. */
  #revision = 0n;
  #clusterId = '';

  constructor(client: EtcdClient, prefix: string) {
    this.entries = new Entries(prefix);
    this.#client = client;
    this.#prefix = prefix;
  }

  /** Brings all entries up to date; tells whether anything is different. */
  async refresh(signal: AbortSignal): Promise<boolean> {
    if (this.#revision === 0n) return this.#readAll(signal);
    const { entries } = this;
    const answer = await this.#client.range({ ...this.#all, minModRevision: this.#revision + 1n }, signal);
    // a backup was restored, or it is another etcd
    if (answer.clusterId !== this.#clusterId || answer.revision < this.#revision) return this.#readAll(signal);
    for (const key of answer.keys) entries.put(key);
    // keys that are gone show by their number alone
    if (answer.count !== entries.size) return this.#readAll(signal);
    this.#revision = answer.revision;
    return answer.keys.length > 0;
  }

  /** Brings the entries of one (normalised) name up to date. */
  async refreshName(name: string, signal: AbortSignal): Promise<void> {
    if (this.#revision === 0n) return void (await this.#readAll(signal));
    const base = keyOf(this.#prefix, name);
    const [itself, below] = await Promise.all([this.#client.range({ from: base }, signal), this.#client.range({ from: `${base}/`, to: `${base}0`, limit: mostBelowName }, signal)]);
    if (below.more || below.clusterId !== this.#clusterId) return void (await this.refresh(signal));
    const read = [...itself.keys, ...below.keys];
    const there = new Set(read.map((k) => k.key));
    for (const { key } of this.entries.of(name)) if (!there.has(key)) this.entries.remove(key);
    for (const key of read) this.entries.put(key);
  }

  /** The entries are not as they are taken to be: everything is read anew. */
  forget(): void {
    this.#revision = 0n;
  }

  get #all(): { readonly from: string; readonly to: string } {
    return { from: this.#prefix, to: endOf(this.#prefix) };
  }

  async #readAll(signal: AbortSignal): Promise<true> {
    this.#revision = 0n;
    const pages: RangeAnswer[] = [];
    let from = this.#prefix;
    for (;;) {
      const revision = pages[0]?.revision;
      const page = await this.#client.range({ from, to: this.#all.to, limit: pageSize, ...(revision !== undefined && { revision }) }, signal);
      pages.push(page);
      const last = page.keys.at(-1);
      if (!page.more || !last) break;
      from = `${last.key}\0`;
    }
    this.entries.clear();
    for (const page of pages) for (const key of page.keys) this.entries.put(key);
    this.#revision = pages[0]?.revision ?? 0n;
    this.#clusterId = pages[0]?.clusterId ?? '';
    return true;
  }
}

/** The first key behind all that begin with the prefix. */
function endOf(prefix: string): string {
  const last = prefix.length - 1;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
