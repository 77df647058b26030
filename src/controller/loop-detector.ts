import type { Change, ChangeGroup } from '../endpoint/change.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { sameTargets } from '../endpoint/targets.ts';

interface Row {
  /** What is done again and again. */
  readonly fingerprint: string;
  readonly name: string;
  times: number;
  lastMs: number;
  /** When it may be done again; undefined: at once. */
  againMs: number | undefined;
}

/**
 * Finds changes that do not last: the same change to the same row, applied again and again, because the provider keeps giving back something
 * else (or somebody else keeps undoing it). After the third time it waits, first some minutes and then up to an hour.
 */
export class LoopDetector {
  readonly #rows = new Map<string, Row>();

  /** Notes a change that was applied. */
  applied(group: ChangeGroup, nowMs: number): void {
    const fingerprint = fingerprintOf(group);
    const key = keyOf(group);
    let row = this.#rows.get(key);
    if (row?.fingerprint !== fingerprint || nowMs - row.lastMs > forgetMs) this.#rows.set(key, (row = { fingerprint, name: group.name, times: 0, lastMs: nowMs, againMs: undefined }));
    row.times++;
    row.lastMs = nowMs;
    row.againMs = row.times < limit ? undefined : nowMs + Math.min(firstWaitMs * 2 ** (row.times - limit), longestWaitMs);
  }

  /** Why a change must wait, in words; undefined: it may be done. Another change than the one that was repeated may always be. */
  hinders(group: ChangeGroup, nowMs: number): string | undefined {
    const row = this.#rows.get(keyOf(group));
    if (row?.againMs === undefined || row.againMs <= nowMs || row.fingerprint !== fingerprintOf(group)) return undefined;
    return `it was changed ${row.times} times, and always came back another way: ${group.changes.map(returned).join('; ')}; the provider alters it, or somebody else writes it, too`;
  }

  /** The row is as it is wanted, seen by a reading after the last change. */
  settled(name: string, setIdentifier: string): void {
    this.#rows.delete(`${name}|${setIdentifier}`);
  }

  /** Names with a change whose time has come; forgets what was not repeated for long. */
  due(nowMs: number): string[] {
    const names: string[] = [];
    for (const [key, row] of this.#rows) {
      if (row.againMs !== undefined && row.againMs <= nowMs) {
        names.push(row.name);
        row.againMs = undefined;
      } else if (nowMs - row.lastMs > forgetMs) this.#rows.delete(key);
    }
    return names;
  }

  get nextMs(): number | undefined {
    let next: number | undefined;
    for (const { againMs } of this.#rows.values()) if (againMs !== undefined && (next === undefined || againMs < next)) next = againMs;
    return next;
  }
}

/** So often the same change is made before it is taken for a loop. */
const limit = 3;
const firstWaitMs = 5 * 60_000;
const longestWaitMs = 60 * 60_000;
/** Longer than the longest wait: what comes back later than this is no loop. */
const forgetMs = 2 * longestWaitMs;

const keyOf = (group: ChangeGroup): string => `${group.name}|${group.setIdentifier}`;

const fingerprintOf = (group: ChangeGroup): string => JSON.stringify(group.changes.map((c) => [c.action, facts(c.before), facts(c.after)]));
const facts = (e: Endpoint | undefined) => e && [e.recordType, [...e.targets].sort(), e.ttlSeconds, e.providerSpecific.map((p) => `${p.name}=${p.value}`).sort()];

/** What was wanted, and what was read back. */
function returned({ before, after }: Change): string {
  if (!before) return `type ${after.recordType} is wanted, and is not there`;
  if (!after) return `type ${before.recordType} is not wanted, and is there`;
  const fields: string[] = [];
  const add = (field: string, wanted: string, read: string): void => void fields.push(`${field} wanted ${wanted || 'none'}, read back ${read || 'none'}`);
  if (!sameTargets(after.recordType, before.targets, after.targets)) add('targets', after.targets.join(', '), before.targets.join(', '));
  if (after.ttlSeconds > 0 && after.ttlSeconds !== before.ttlSeconds) add('TTL', String(after.ttlSeconds), String(before.ttlSeconds || ''));
  const value = (e: Endpoint, name: string): string => e.providerSpecific.find((p) => p.name === name)?.value ?? '';
  for (const name of new Set([...after.providerSpecific, ...before.providerSpecific].map((p) => p.name))) if (value(after, name) !== value(before, name)) add(`property ${name}`, value(after, name), value(before, name));
  return `type ${after.recordType}: ${fields.join(', ') || 'its ownership is wanted, and is not there'}`;
}
