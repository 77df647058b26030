import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { sameTargets } from '../../endpoint/targets.ts';

interface Row {
  /** What is done again and again. */
  readonly fingerprint: number;
  readonly name: string;
  times: number;
  lastMs: number;
  /** A reading after the last time has shown something else. */
  undone: boolean;
}

/**
 * Finds changes that do not last: the same change to the same row, applied again and again, because the provider keeps giving back something
 * else (or somebody else keeps undoing it). After the third time it waits, first some minutes and then up to an hour.
 */
export class LoopDetector {
  readonly #rows = new Map<string, Row>();
  /** When rows that were changed too often may be changed again. */
  readonly #waiting = new Map<string, number>();

  /** Notes a change that was applied. */
  applied(group: ChangeGroup, nowMs: number): void {
    const fingerprint = fingerprintOf(group);
    const key = keyOf(group);
    let row = this.#rows.get(key);
    if (row?.fingerprint !== fingerprint || nowMs - row.lastMs > forgetMs) this.#rows.set(key, (row = { fingerprint, name: group.name, times: 0, lastMs: nowMs, undone: false }));
    row.times++;
    row.lastMs = nowMs;
    row.undone = false;
    if (row.times < limit) this.#waiting.delete(key);
    else this.#waiting.set(key, nowMs + Math.min(firstWaitMs * 2 ** (row.times - limit), longestWaitMs));
  }

  /** Why a change must wait, in words; undefined: it may be done. Another change than the one that was repeated may always be. */
  hinders(group: ChangeGroup, nowMs: number): string | undefined {
    const againMs = this.#waiting.get(keyOf(group));
    const row = this.#rows.get(keyOf(group));
    if (!row || againMs === undefined || againMs <= nowMs || row.fingerprint !== fingerprintOf(group)) return undefined;
    return `it was changed ${row.times} times, and always came back another way: ${group.changes.map(returned).join('; ')}; the provider alters it, or somebody else writes it, too`;
  }

  /** All was read; `undone`: names of which a reading shows something else than what was written. The other changes have lasted. */
  read(undone: ReadonlySet<string>, nowMs: number): void {
    for (const [key, row] of this.#rows) {
      if (undone.has(row.name)) row.undone = true;
      else if (!row.undone || nowMs - row.lastMs > forgetMs) this.#forget(key);
    }
  }

  /** The row is as it is wanted, seen by a reading after the last change. */
  settled(name: string, setIdentifier: string): void {
    this.#forget(keyOf({ name, setIdentifier }));
  }

  /** Names with a change whose time has come. */
  due(nowMs: number): string[] {
    return [...this.#waiting].flatMap(([key, againMs]) => {
      if (againMs > nowMs) return [];
      this.#waiting.delete(key);
      return this.#rows.get(key)?.name ?? [];
    });
  }

  get nextMs(): number | undefined {
    return this.#waiting.size ? Math.min(...this.#waiting.values()) : undefined;
  }

  #forget(key: string): void {
    this.#rows.delete(key);
    this.#waiting.delete(key);
  }
}

/** So often the same change is made before it is taken for a loop. */
const limit = 3;
const firstWaitMs = 5 * 60_000;
const longestWaitMs = 60 * 60_000;
/** Longer than the longest wait: what comes back later than this is no loop. */
const forgetMs = 2 * longestWaitMs;

/** Most names have no set identifier: then the name itself, which is there anyway. */
const keyOf = ({ name, setIdentifier }: Pick<ChangeGroup, 'name' | 'setIdentifier'>): string => (setIdentifier === '' ? name : `${name}|${setIdentifier}`);

/** Tells changes of one row apart. A number, since there is one for each record that was written since the last reading. */
function fingerprintOf(group: ChangeGroup): number {
  let hash = 0;
  const add = (text: string): void => {
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    hash = Math.imul(hash ^ text.length, 0x9e3779b1);
  };
  for (const { action, before, after } of group.changes) {
    add(action);
    for (const endpoint of [before, after]) if (endpoint) addFacts(endpoint, add);
  }
  return hash;
}

function addFacts(endpoint: Endpoint, add: (text: string) => void): void {
  add(endpoint.recordType);
  for (const target of inOrder(endpoint.targets)) add(target);
  add(String(endpoint.ttlSeconds));
  for (const property of inOrder(endpoint.providerSpecific.map((p) => `${p.name}=${p.value}`))) add(property);
}

const inOrder = (texts: readonly string[]): readonly string[] => (texts.length > 1 ? [...texts].sort() : texts);

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
