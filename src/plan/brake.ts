import { createHash } from 'node:crypto';
import type { Change, ChangeGroup } from '../endpoint/change.ts';
import { compareText } from '../endpoint/targets.ts';

export interface BrakeSettings {
  /** Deletions of more than this share of an owner's records in a zone are held; 100 switches the brake off. */
  readonly maxDeletePercent: number;
  /** Fewer deletions than this are never held. */
  readonly maxDeleteMin: number;
}

/** What the brake must know of the records that stand. */
export interface Holdings {
  /** The zone of a name; '' where zones are not known. */
  zoneOf(name: string): string;
  /** How many records of a zone are ours; may stop counting at `enough`. */
  owned(zone: string, enough: number): number;
}

/** Deletions of one zone that wait for an approval. */
export interface HeldZone {
  readonly zone: string;
  readonly deletions: number;
  /** Records that went shortly before; they count as well. */
  readonly recent: number;
  /** Records that were ours before. */
  readonly owned: number;
}

/** What a later run must know of a zone to hold the same deletions by the same numbers. */
export interface HeldBase {
  /** Records that were ours when it began. */
  readonly owned: number;
  /** Records that had gone shortly before. */
  readonly recent: number;
}

export interface HeldPlan {
  /** Stands for just these deletions. */
  readonly checksum: string;
  readonly zones: readonly HeldZone[];
  /** What would be deleted, as `web.example.org A`, in order. */
  readonly records: readonly string[];
}

interface Deletion {
  readonly key: string;
  readonly name: string;
  readonly title: string;
  readonly change: Change;
}

interface ZoneState {
  /** Deletions that were done, by key, with their time. */
  readonly recent: Map<string, number>;
  /** Set while deletions are held: the share is measured by what stood when it began. */
  latch: { readonly owned: number; readonly recent: ReadonlySet<string>; /** Of an earlier run. */ readonly recentBefore: number } | undefined;
}

/**
 * Holds back deletions that would take too large a share of a zone, and lets everything else pass.
 * Deletions that were done within the last minute count as well, so that many small steps are seen as what they are together.
 * A deletion beside a creation at the same name is a replacement, and does not count.
 */
export class Brake {
  readonly #settings: BrakeSettings;
  readonly #holdings: Holdings;
  readonly #zones = new Map<string, ZoneState>();
  /** Keys of deletions that were approved and are not done yet. */
  readonly #approved = new Set<string>();
  #approvedChecksum: string | undefined;
  #strict = false;
  #held: HeldPlan | undefined;
  #heldNames: ReadonlyMap<string, HeldZone> = new Map();

  /** `approvedChecksum`: a held plan that is let go from the start. */
  constructor(settings: BrakeSettings, holdings: Holdings, approvedChecksum = '') {
    this.#settings = settings;
    this.#holdings = holdings;
    this.#approvedChecksum = approvedChecksum || undefined;
  }

  /** While it is set, the share does not matter: deletions from the minimum on are held. */
  set strict(on: boolean) {
    this.#strict = on;
  }

  get held(): HeldPlan | undefined {
    return this.#held;
  }

  /** Names of which a deletion is held, with the numbers of their zone. They must be part of every plan. */
  get heldNames(): ReadonlyMap<string, HeldZone> {
    return this.#heldNames;
  }

  /** By zone, what of the held deletions is to be remembered from one run to the next. */
  get bases(): Readonly<Record<string, HeldBase>> {
    const bases = [...this.#zones].flatMap(([zone, { latch }]): [string, HeldBase][] => (latch ? [[zone, { owned: latch.owned, recent: latch.recent.size + latch.recentBefore }]] : []));
    return Object.fromEntries(bases.sort(([a], [b]) => compareText(a, b)));
  }

  /** Goes on with what an earlier run held. */
  resume(bases: Readonly<Record<string, HeldBase>>): void {
    for (const [zone, { owned, recent }] of Object.entries(bases)) this.#stateOf(zone).latch = { owned, recent: none, recentBefore: recent };
  }

  /** Lets go what is held, if it is still just this; false: it is not. It is done with the next plan. */
  approve(checksum: string): boolean {
    if (this.#held?.checksum !== checksum) return false;
    this.#approvedChecksum = checksum;
    return true;
  }

  /**
   * What of a plan may be done now. `groups` are those of the whole plan, with the names that were held before.
   * `unknownZones`: zones with names of which nothing can be planned at present; what was held there is not over.
   */
  hold(groups: readonly ChangeGroup[], nowMs: number, unknownZones: ReadonlySet<string> = none): readonly ChangeGroup[] {
    const byZone = this.#deletionsByZone(groups);
    const zones: HeldZone[] = [];
    const held: Deletion[] = [];
    const names = new Map<string, HeldZone>();
    for (const zone of this.#zones.keys()) if (!byZone.has(zone) && !unknownZones.has(zone)) this.#forget(zone, nowMs);
    for (const [zone, deletions] of byZone) {
      const excess = this.#excess(zone, deletions, nowMs, unknownZones.has(zone));
      if (!excess) continue;
      zones.push(excess);
      for (const deletion of deletions) {
        held.push(deletion);
        names.set(deletion.name, excess);
      }
    }
    this.#heldNames = names;
    this.#held = held.length ? planOf(zones, held) : undefined;
    if (this.#held === undefined) return groups;
    if (this.#held.checksum === this.#approvedChecksum) {
      this.#release(zones, held);
      return groups;
    }
    // an approval is for what was shown then, and not for what may be held later
    this.#approvedChecksum = undefined;
    const stopped = new Set(held.map((d) => d.change));
    return groups.flatMap((group) => {
      const changes = group.changes.filter((c) => !stopped.has(c));
      return changes.length === group.changes.length ? [group] : changes.length ? [{ ...group, changes }] : [];
    });
  }

  /** Notes what was done, or may have been. */
  done(groups: readonly ChangeGroup[], nowMs: number): void {
    if (this.#isOff) return;
    const counted = this.#deletionsByZone(groups);
    for (const [zone, deletions] of counted) for (const { key } of deletions) this.#stateOf(zone).recent.set(key, nowMs);
    if (this.#approved.size === 0) return;
    for (const group of groups) for (const change of group.changes) if (change.action === 'delete') this.#approved.delete(keyOf(group, change));
  }

  get #isOff(): boolean {
    return this.#settings.maxDeletePercent >= 100;
  }

  /** The deletions that count, by zone. */
  #deletionsByZone(groups: readonly ChangeGroup[]): Map<string, Deletion[]> {
    const byZone = new Map<string, Deletion[]>();
    if (this.#isOff || !groups.some((g) => g.changes.some((c) => c.action === 'delete'))) return byZone;
    const created = new Set(groups.flatMap((g) => (g.changes.some((c) => c.action === 'create') ? [g.name] : [])));
    for (const group of groups) {
      if (created.has(group.name)) continue;
      for (const change of group.changes) {
        if (change.action !== 'delete') continue;
        const key = keyOf(group, change);
        if (this.#approved.has(key)) continue;
        const zone = this.#holdings.zoneOf(group.name);
        const deletion = { key, name: group.name, title: `${group.name} ${change.before.recordType}${group.setIdentifier && ` (${group.setIdentifier})`}`, change };
        const list = byZone.get(zone);
        if (list) list.push(deletion);
        else byZone.set(zone, [deletion]);
      }
    }
    return byZone;
  }

  /** The numbers of a zone where deletions are too many; undefined: they are not. `isPart`: there may be more that cannot be planned at present. */
  #excess(zone: string, deletions: readonly Deletion[], nowMs: number, isPart: boolean): HeldZone | undefined {
    const state = this.#stateOf(zone);
    forgetOld(state.recent, nowMs);
    const planned = new Set(deletions.map((d) => d.key));
    const recent = new Set([...(state.latch?.recent ?? state.recent.keys())].filter((key) => !planned.has(key)));
    const recentCount = recent.size + (state.latch?.recentBefore ?? 0);
    const count = planned.size + recentCount;
    const { maxDeletePercent, maxDeleteMin } = this.#settings;
    const tooMany = (owned: number): boolean => this.#strict || count * 100 > maxDeletePercent * owned;
    const isOver = count < maxDeleteMin || (state.latch && !tooMany(state.latch.owned));
    if (isOver && !(state.latch && isPart)) {
      state.latch = undefined;
      return undefined;
    }
    const enough = this.#strict || maxDeletePercent <= 0 ? Number.POSITIVE_INFINITY : Math.ceil((count * 100) / maxDeletePercent);
    const owned = state.latch?.owned ?? this.#holdings.owned(zone, enough) + recent.size;
    if (!tooMany(owned) && !state.latch) return undefined;
    state.latch ??= { owned, recent, recentBefore: 0 };
    return { zone, deletions: planned.size, recent: recentCount, owned };
  }

  #release(zones: readonly HeldZone[], held: readonly Deletion[]): void {
    for (const { key } of held) this.#approved.add(key);
    for (const { zone } of zones) this.#zones.delete(zone);
    this.#approvedChecksum = undefined;
    this.#held = undefined;
    this.#heldNames = new Map();
  }

  #forget(zone: string, nowMs: number): void {
    const state = this.#stateOf(zone);
    state.latch = undefined;
    forgetOld(state.recent, nowMs);
    if (state.recent.size === 0) this.#zones.delete(zone);
  }

  #stateOf(zone: string): ZoneState {
    let state = this.#zones.get(zone);
    if (!state) this.#zones.set(zone, (state = { recent: new Map(), latch: undefined }));
    return state;
  }
}

const none: ReadonlySet<string> = new Set();
/** Deletions of this time count together. */
const windowMs = 60_000;
const checksumLength = 12;

function planOf(zones: readonly HeldZone[], held: readonly Deletion[]): HeldPlan {
  const keys = held.map((d) => d.key).sort(compareText);
  const checksum = createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, checksumLength);
  return { checksum, zones, records: held.map((d) => d.title).sort(compareText) };
}

function forgetOld(recent: Map<string, number>, nowMs: number): void {
  for (const [key, atMs] of recent) if (atMs <= nowMs - windowMs) recent.delete(key);
}

const keyOf = (group: ChangeGroup, change: Change): string => JSON.stringify([group.name, group.setIdentifier, change.before?.recordType, [...(change.before?.targets ?? [])].sort(compareText)]);

/** The numbers of what is held, in words: `40 of 40 records in zone example.org would be deleted`. */
export function describeHeld({ zone, deletions, recent, owned }: HeldZone): string {
  const before = recent > 0 ? `, after ${recent} that went within the last minute` : '';
  return `${deletions} of ${owned} records${zone === '' ? '' : ` in zone ${zone}`} would be deleted${before}`;
}
