import type { ServedZone } from '../../dns/answer.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import type { Zone } from '../engine/zone-provider.ts';

/** A zone in memory. Strict, as a real one: what is there is not created again, what is not there is neither changed nor deleted. */
export class MemoryZone implements Zone, ServedZone {
  readonly id: string;
  readonly name: string;
  serial: number;
  /** By name, then by type and set identifier. */
  readonly #names = new Map<string, Map<string, Endpoint>>();
  /** How many names with records lie below a name. */
  readonly #below = new Map<string, number>();

  constructor(name: string, nowSeconds: number) {
    this.name = normalizeName(name);
    this.id = this.name;
    this.serial = nowSeconds;
  }

  all(): Endpoint[] {
    return [...this.#names.values()].flatMap((sets) => [...sets.values()]);
  }

  records(name: string): readonly Endpoint[] {
    const sets = this.#names.get(name);
    return sets ? [...sets.values()] : [];
  }

  exists(name: string): boolean {
    return this.#names.has(name) || this.#below.has(name);
  }

  /** Makes all changes, in order, or none. Throws Error for a change that does not fit to what is there. */
  apply(changes: readonly Change[]): void {
    const staged = new Map<string, { readonly name: string; readonly set: string; readonly record: Endpoint | undefined }>();
    const present = (name: string, set: string): Endpoint | undefined => {
      const ahead = staged.get(`${name}|${set}`);
      return ahead ? ahead.record : this.#names.get(name)?.get(set);
    };
    for (const { action, before, after } of changes) {
      if (before) {
        const { name, set } = keyOf(before);
        const there = present(name, set);
        if (!there) throw new Error(`${action}: ${title(before)} is not there`);
        if (!sameTargets(there.recordType, there.targets, before.targets)) throw new Error(`${action}: ${title(before)} has other targets: ${there.targets.join(', ')}`);
        staged.set(`${name}|${set}`, { name, set, record: undefined });
      }
      if (after) {
        const { name, set } = keyOf(after);
        if (present(name, set)) throw new Error(`${action}: ${title(after)} is there already`);
        // labels and objects are no matter of a zone
        staged.set(`${name}|${set}`, { name, set, record: endpoint({ ...after, labels: {}, refs: [] }) });
      }
    }
    for (const { name, set, record } of staged.values()) this.#put(name, set, record);
    if (staged.size > 0) this.serial++;
  }

  #put(name: string, set: string, record: Endpoint | undefined): void {
    const sets = this.#names.get(name);
    if (record) {
      if (sets) sets.set(set, record);
      else {
        this.#names.set(name, new Map([[set, record]]));
        this.#count(name, 1);
      }
    } else if (sets?.delete(set) && sets.size === 0) {
      this.#names.delete(name);
      this.#count(name, -1);
    }
  }

  #count(name: string, by: 1 | -1): void {
    for (let above = name; above !== this.name && above.includes('.'); ) {
      above = above.slice(above.indexOf('.') + 1);
      const count = (this.#below.get(above) ?? 0) + by;
      if (count > 0) this.#below.set(above, count);
      else this.#below.delete(above);
    }
  }
}

const keyOf = (e: Endpoint): { readonly name: string; readonly set: string } => ({ name: normalizeName(e.dnsName), set: `${e.recordType}|${e.setIdentifier}` });
const title = (e: Endpoint): string => `${e.recordType} record ${e.dnsName}${e.setIdentifier ? ` (${e.setIdentifier})` : ''}`;
