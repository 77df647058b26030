import { normalizeName } from '../../endpoint/name.ts';
import type { Zone } from './zone-provider.ts';

/** The zones of a provider, found by the names that lie in them. */
export class ZoneTable<Z extends Zone> {
  readonly zones: readonly Z[];
  readonly #byName = new Map<string, Z[]>();

  constructor(zones: readonly Z[]) {
    this.zones = zones;
    for (const zone of zones) {
      const name = normalizeName(zone.name);
      const list = this.#byName.get(name);
      if (list) list.push(zone);
      else this.#byName.set(name, [zone]);
    }
  }

  /** The zones that a name lies in, those with the longest name first; borders of labels count (notexample.org is not in example.org). */
  matching(name: string): readonly Z[] {
    const found: Z[] = [];
    for (let rest = normalizeName(name); ; ) {
      const zones = this.#byName.get(rest);
      if (zones) found.push(...zones);
      const dot = rest.indexOf('.');
      if (dot < 0) break;
      rest = rest.slice(dot + 1);
    }
    // the root zone
    return [...found, ...(this.#byName.get('') ?? [])];
  }

  /** The zone with the longest name that a name lies in. */
  of(name: string): Z | undefined {
    return this.matching(name)[0];
  }
}
