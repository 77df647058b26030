import type { Change, ChangeGroup } from '../endpoint/change.ts';
import { type Endpoint, endpoint } from '../endpoint/endpoint.ts';
import { normalizeName } from '../endpoint/name.ts';
import type { Known } from '../providers/provider.ts';
import type { CurrentRecords, Registry } from '../registries/registry.ts';

/** A full reading under way. */
export interface Reading {
  /** The record as it was read before, where it is the same; else the one that is given. */
  readonly known: Known;
  /** Whether these are all the records that there were, and no other: each of them was known. */
  isUnchanged(records: readonly Endpoint[]): boolean;
}

/**
 * What the provider holds, as last read and as changed by us since.
 * Records are kept under every name that they bear on, so that an ownership record is found with the record that it stands for.
 */
export class Current implements CurrentRecords {
  readonly #registry: Registry;
  readonly #zoneOf: (name: string) => string | undefined;
  #byName = new Map<string, readonly Endpoint[]>();
  /** How many records there are; undefined: not known, since names were read by themselves. */
  #size: number | undefined = 0;
  /** Names of zones that could not be read. */
  #unread: ((name: string) => boolean) | undefined;

  constructor(registry: Registry, zoneOf: (name: string) => string | undefined) {
    this.#registry = registry;
    this.#zoneOf = zoneOf;
  }

  of(name: string): readonly Endpoint[] {
    return this.#byName.get(name) ?? [];
  }

  zoneOf(name: string): string | undefined {
    return this.#zoneOf(name);
  }

  isRead(name: string): boolean {
    return !this.#unread?.(name);
  }

  /** Current endpoints of a name, with labels. */
  labelled(name: string): readonly Endpoint[] {
    return this.#registry.label(name, this.of(name));
  }

  /** A full reading that begins. */
  reading(): Reading {
    const unchanged = new Set<Endpoint>();
    return {
      known: (record) => {
        const [name = ''] = this.#registry.namesOf(record);
        const known = this.#byName.get(name)?.find((r) => sameRecord(r, record));
        if (known === undefined) return record;
        unchanged.add(known);
        return known;
      },
      isUnchanged: (records) => unchanged.size === records.length && records.length === this.#size && this.#unread === undefined,
    };
  }

  names(): Iterable<string> {
    return this.#byName.keys();
  }

  /** All records, each once. */
  records(): Iterable<Endpoint> {
    return new Set([...this.#byName.values()].flat());
  }

  /** Takes a full reading; gives the names of which something has changed. `keep`: names in zones that could not be read stay as they are. */
  replace(records: readonly Endpoint[], keep: ((name: string) => boolean) | undefined, reading?: Reading): Set<string> {
    if (keep === undefined && reading?.isUnchanged(records)) {
      this.#registry.wasRead?.('all', this);
      return new Set();
    }
    const next = new Map<string, Endpoint[]>();
    for (const record of records) this.#add(next, record);
    if (keep) for (const [name, old] of this.#byName) if (!next.has(name) && keep(name)) next.set(name, [...old]);
    const changed = new Set<string>();
    for (const [name, old] of this.#byName) if (!sameRecords(old, next.get(name) ?? [])) changed.add(name);
    for (const name of next.keys()) if (!this.#byName.has(name)) changed.add(name);
    this.#byName = next;
    this.#unread = keep;
    this.#size = records.length;
    this.#registry.wasRead?.('all', this);
    return changed;
  }

  /** Takes a reading of some names only. */
  replaceNames(names: readonly string[], records: readonly Endpoint[]): Set<string> {
    const next = new Map<string, Endpoint[]>();
    for (const record of records) this.#add(next, record);
    const changed = new Set<string>();
    this.#size = undefined;
    for (const name of names) {
      const [before, after] = [this.of(name), next.get(name) ?? []];
      if (sameRecords(before, after)) continue;
      changed.add(name);
      if (after.length) this.#byName.set(name, after);
      else this.#byName.delete(name);
    }
    this.#registry.wasRead?.(names, this);
    return changed;
  }

  /** Follows a group that was applied, with its ownership records. */
  applied(group: ChangeGroup): void {
    for (const change of group.changes) this.#follow(change);
  }

  #follow({ before, after }: Change): void {
    if (before) {
      if (this.#size !== undefined) this.#size--;
      for (const name of this.#registry.namesOf(before)) {
        const left = this.of(name).filter((r) => !sameSet(r, before));
        if (left.length) this.#byName.set(name, left);
        else this.#byName.delete(name);
      }
    }
    if (after) {
      if (this.#size !== undefined) this.#size++;
      // labels live in the registry: a zone does not hold them
      const stored = endpoint({ ...after, labels: {}, refs: [] });
      for (const name of this.#registry.namesOf(stored)) this.#byName.set(name, [...this.of(name).filter((r) => !sameSet(r, stored)), stored]);
    }
  }

  #add(map: Map<string, Endpoint[]>, record: Endpoint): void {
    for (const name of this.#registry.namesOf(record)) {
      const list = map.get(name);
      if (list) list.push(record);
      else map.set(name, [record]);
    }
  }
}

const sameSet = (a: Endpoint, b: Endpoint): boolean => a.recordType === b.recordType && a.setIdentifier === b.setIdentifier && normalizeName(a.dnsName) === normalizeName(b.dnsName);

function sameRecords(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  if (a.length !== b.length) return false;
  if (a.length === 1 && a[0] && b[0]) return sameRecord(a[0], b[0]);
  return a.every((x) => b.some((y) => sameRecord(x, y)));
}

function sameRecord(a: Endpoint, b: Endpoint): boolean {
  if (a === b) return true;
  return (
    a.dnsName === b.dnsName &&
    a.recordType === b.recordType &&
    a.setIdentifier === b.setIdentifier &&
    a.ttlSeconds === b.ttlSeconds &&
    a.targets.length === b.targets.length &&
    a.targets.every((t, i) => t === b.targets[i]) &&
    sameProperties(a, b) &&
    sameLabels(a, b)
  );
}

function sameProperties(a: Endpoint, b: Endpoint): boolean {
  if (a.providerSpecific.length !== b.providerSpecific.length) return false;
  return a.providerSpecific.every((p) => b.providerSpecific.some((q) => q.name === p.name && q.value === p.value));
}

function sameLabels(a: Endpoint, b: Endpoint): boolean {
  const [x, y] = [Object.entries(a.labels), Object.entries(b.labels)];
  return x.length === y.length && x.every(([k, v]) => b.labels[k] === v);
}
