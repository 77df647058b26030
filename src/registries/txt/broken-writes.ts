import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, type Labels, ownerLabel } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import type { CurrentRecords, RegistryOutcome } from '../registry.ts';

/**
 * What this process has sent in batches of which it does not know what came. Most providers carry out an update of a record and its ownership one after
 * the other, or take all old records away before they write the new ones: one that breaks off in between leaves a record without its ownership. That the
 * record is ours all the same is only known here, and only for a while: at the next reading it is as it was sent, or it is no longer our affair.
 */
export class BrokenWrites {
  readonly #sent = new Map<string, Sent>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes what came of groups, as the plan made them: their records are ours. */
  note(outcomes: readonly RegistryOutcome[], ownerId: string): void {
    const untilMs = this.#now() + knownForMs;
    for (const outcome of outcomes) {
      if (outcome.result === 'skipped' || (outcome.result === 'failed' && outcome.state === 'unchanged') || (outcome.result === 'applied' && this.#sent.size === 0)) continue;
      for (const change of outcome.group.changes) {
        const { dnsName, recordType, setIdentifier } = change.after ?? change.before;
        const name = normalizeName(dnsName);
        const key = keyOf(name, recordType, setIdentifier);
        if (outcome.result === 'applied') this.#sent.delete(key);
        else this.#sent.set(key, { name, change, ownerId, untilMs });
      }
    }
  }

  /** Takes a new reading of some names, or of all. What has its ownership, is gone or is another's by now is forgotten. */
  read(names: readonly string[] | 'all', current: CurrentRecords, isOwned: (name: string, record: Endpoint) => boolean): void {
    if (this.#sent.size === 0) return;
    const wanted = names === 'all' ? undefined : new Set(names);
    for (const [key, { name, untilMs }] of this.#sent) {
      if (untilMs < this.#now()) this.#sent.delete(key);
      else if ((wanted?.has(name) ?? true) && (current.isRead?.(name) ?? true)) {
        const record = current.of(name).find((r) => keyOf(normalizeName(r.dnsName), r.recordType, r.setIdentifier) === key);
        if (!record || isOwned(name, record) || !this.labelsOf(name, record)) this.#sent.delete(key);
      }
    }
  }

  /** The labels of a record that stands without ownership, and is just what was sent or what was to be changed. */
  labelsOf(name: string, record: Endpoint): Labels | undefined {
    if (this.#sent.size === 0) return undefined;
    const sent = this.#sent.get(keyOf(name, record.recordType, record.setIdentifier));
    if (!sent) return undefined;
    const { before, after } = sent.change;
    const same = [after, before].find((e) => e && sameTargets(record.recordType, e.targets, record.targets));
    return same && { ...same.labels, [ownerLabel]: sent.ownerId };
  }
}

interface Sent {
  readonly name: string;
  readonly change: Change;
  readonly ownerId: string;
  readonly untilMs: number;
}

const keyOf = (name: string, recordType: string, setIdentifier: string): string => `${name}|${recordType}|${setIdentifier}`;

/** Longer than the longest wait between two tries. */
const knownForMs = 15 * 60_000;
