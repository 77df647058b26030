import type { Endpoint } from '../../endpoint/endpoint.ts';

/** Counts of endpoints by record type (or another word without commas), kept up to date name by name. */
export class Tally {
  readonly #byName = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  #total = 0;

  set(name: string, types: readonly string[]): void {
    const before = this.#byName.get(name) ?? '';
    const after = types.join(',');
    if (before === after) return;
    if (before) for (const type of before.split(',')) this.#add(type, -1);
    if (after) for (const type of types) this.#add(type, 1);
    if (after) this.#byName.set(name, after);
    else this.#byName.delete(name);
  }

  /** What is counted of a name. */
  of(name: string): readonly string[] {
    return this.#byName.get(name)?.split(',') ?? [];
  }

  get total(): number {
    return this.#total;
  }

  counts(): Iterable<readonly [type: string, count: number]> {
    return this.#counts;
  }

  #add(type: string, by: number): void {
    this.#total += by;
    this.#counts.set(type, (this.#counts.get(type) ?? 0) + by);
  }
}

export const typesOf = (endpoints: readonly Endpoint[]): readonly string[] => {
  const [only] = endpoints;
  return endpoints.length === 1 && only ? [only.recordType] : endpoints.map((e) => e.recordType);
};
