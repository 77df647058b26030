import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { type Computed, type LastGiven, endpointsOf } from './computed.ts';

/**
 * What objects gave last to records that they share with others, while they have no target for them at the moment: for a grace time it stands
 * beside what the others give. (A record that nobody gives any more is kept as it stands by the controller.)
 */
export class LastTargets {
  readonly #graceMs: number;
  /** Objects with something that counts, or counted when it was last looked. */
  readonly #waiting = new Set<Computed>();
  #nowMs = Number.NEGATIVE_INFINITY;

  /** `graceMs` 0: nothing is kept. */
  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Time goes on; adds the names of which something counts no longer. */
  pass(nowMs: number, dirtyNames: Set<string>): void {
    this.#nowMs = nowMs;
    for (const computed of this.#waiting) {
      for (const last of computed.last) if (!this.#counts(last)) dirtyNames.add(last.name);
      if (!computed.last.some((last) => this.#counts(last))) this.#waiting.delete(computed);
    }
  }

  /** An object was computed anew. `others`: the other objects that give, or wait to give, a name. */
  replace(before: Computed | undefined, after: Computed, others: (name: string) => readonly Computed[]): void {
    if (this.#graceMs <= 0) return;
    if (before) this.#waiting.delete(before);
    if (before && after.pending.length > 0) after.last = after.error === undefined ? this.#lastGiven(before, after, others) : before.last;
    if (after.last.some((last) => this.#counts(last))) this.#waiting.add(after);
  }

  /** An object is gone. */
  forget(computed: Computed): void {
    this.#waiting.delete(computed);
  }

  /** What counts of an object for a name. */
  of(computed: Computed, name: string): readonly Endpoint[] {
    return this.#waiting.has(computed) ? computed.last.flatMap((last) => (last.name === name && this.#counts(last) ? last.endpoints : [])) : [];
  }

  /** When the next of them counts no longer. */
  get nextMs(): number | undefined {
    let next: number | undefined;
    for (const { last } of this.#waiting)
      for (const { sinceMs } of last) {
        const endMs = sinceMs + this.#graceMs;
        if (endMs > this.#nowMs && (next === undefined || endMs < next)) next = endMs;
      }
    return next;
  }

  #counts({ sinceMs }: LastGiven): boolean {
    return this.#nowMs - sinceMs < this.#graceMs;
  }

  #lastGiven(before: Computed, after: Computed, others: (name: string) => readonly Computed[]): readonly LastGiven[] {
    return [...new Set(after.pending.map(([name]) => normalizeName(name)))].flatMap((name) => {
      if (endpointsOf(after, name).length > 0) return [];
      const known = before.last.find((last) => last.name === name);
      if (known) return [known];
      const theirs = new Set(others(name).flatMap((c) => [...endpointsOf(c, name), ...this.of(c, name)]).map(rowOf));
      const endpoints = endpointsOf(before, name).filter((e) => canBeShared(e) && theirs.has(rowOf(e)));
      return endpoints.length > 0 ? [{ name, endpoints, sinceMs: this.#nowMs }] : [];
    });
  }
}

/** The record that an endpoint of a name goes into. */
export const rowOf = ({ recordType, setIdentifier }: Endpoint): string => `${recordType}|${setIdentifier}`;

/** Records of one target belong to one object: another that has a target takes it. */
const canBeShared = ({ recordType }: Endpoint): boolean => recordType !== 'CNAME' && recordType !== 'DNAME';
