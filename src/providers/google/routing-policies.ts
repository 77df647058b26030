import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { Logger } from '../../log/logger.ts';
import type { ManagedZone, RecordSet } from './client.ts';
import { isRouted } from './convert.ts';

/** Remembers which names have record sets with routing policies: those are left alone, also where an object wants the name. */
export class RoutingPolicies {
  /** Types by name, by zone. */
  readonly #zones = new Map<string, Map<string, ReadonlySet<string>>>();
  readonly #told = new Set<string>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `names`: that these sets are those of; by default of the whole zone. */
  learn(zone: ManagedZone, sets: readonly RecordSet[], names?: readonly string[]): void {
    const known = (names && this.#zones.get(zone.id)) ?? new Map<string, ReadonlySet<string>>();
    for (const name of names ?? []) known.delete(normalizeName(name));
    for (const set of sets) {
      if (!isRouted(set)) continue;
      const name = normalizeName(set.name);
      known.set(name, new Set([...(known.get(name) ?? []), set.type]));
    }
    if (known.size > 0) this.#zones.set(zone.id, known);
    else this.#zones.delete(zone.id);
  }

  /** Whether a wish would stand where a routing policy is. Tells so once. */
  hold(e: Endpoint): boolean {
    if (this.#zones.size === 0) return false;
    const name = normalizeName(e.dnsName);
    for (const zone of this.#zones.values()) {
      const types = zone.get(name);
      if (!types || !(types.has(e.recordType) || types.has('CNAME') || e.recordType === 'CNAME')) continue;
      if (!this.#told.has(name)) this.#log.warning('record is left out: its name has a record set with a routing policy, which is left alone', { provider: 'google', name, type: e.recordType });
      this.#told.add(name);
      return true;
    }
    return false;
  }
}
