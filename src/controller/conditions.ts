import type { KubeObject } from '../kubernetes/object.ts';
import type { Condition } from '../kubernetes/resources/core.ts';
import { namesOf } from '../sources/engine/computed.ts';
import type { SourceRunner, StatusWrite } from '../sources/engine/source-runner.ts';
import type { NameStatus, Statuses } from './status.ts';

/** What there is to say of an object that wants names. */
export interface ObjectFacts {
  readonly generation: number;
  /** Why it cannot be published as it is written; empty: it can. */
  readonly complaints: readonly string[];
  /** The names that it wants, with the status of those that are not in order. */
  readonly names: readonly (readonly [name: string, status: NameStatus | undefined])[];
}

type States = ReadonlySet<NameStatus['state']>;
const conflicting: States = new Set(['foreign', 'contested']);
const holding: States = new Set(['held', 'held-by-brake', 'protected', 'looping', 'frozen']);
const refusing: States = new Set(['invalid', 'skipped']);
const stale: States = new Set(['stale']);

/** How a state is called as the reason of a condition. */
const reasons: Readonly<Record<NameStatus['state'], string>> = {
  pending: 'WaitsForTarget', foreign: 'Conflict', contested: 'OtherObject', held: 'HeldByPolicy', 'held-by-brake': 'HeldByBrake', protected: 'Protected', stale: 'Stale', looping: 'ChangesDoNotLast', frozen: 'Frozen', failed: 'Failed', quarantined: 'Quarantined', skipped: 'NotPublishable', invalid: 'Invalid',
};

/** The conditions of an object. `before`: those that it has; a time of transition stays while the status does, and types of others stay as they are. */
export function conditionsOf({ generation, complaints, names }: ObjectFacts, before: readonly Condition[], now: Date): readonly Condition[] {
  const troubles = names.flatMap(([name, status]) => (status ? [{ name, status }] : []));
  const among = (states: States) => troubles.filter(({ status }) => states.has(status.state));
  const refused = [...complaints.map((text) => ({ reason: 'Invalid', text })), ...among(refusing).map(({ name, status }) => ({ reason: reasons[status.state], text: `${name}: ${status.reason}` }))];
  const made = [
    condition('Accepted', refused.length === 0, refused.length === 0 ? 'Accepted' : (refused[0]?.reason ?? ''), joined(refused.map(({ text }) => text))),
    condition('Programmed', troubles.length === 0 && complaints.length === 0, troubles[0] ? reasons[troubles[0].status.state] : complaints.length > 0 ? 'Invalid' : 'Published', told(troubles) || joined(complaints)),
    condition('Conflict', ...found(among(conflicting), 'NoConflict')),
    condition('Held', ...found(among(holding), 'NotHeld')),
    condition('Stale', ...found(among(stale), 'UpToDate')),
  ].map((fields): Condition => {
    const known = before.find(({ type }) => type === fields.type);
    return { ...fields, lastTransitionTime: known?.status === fields.status && known.lastTransitionTime !== '' ? known.lastTransitionTime : `${now.toISOString().slice(0, 19)}Z`, observedGeneration: generation };
  });
  return [...before.filter(({ type }) => !made.some((m) => m.type === type)), ...made];
}

interface Trouble {
  readonly name: string;
  readonly status: NameStatus;
}

const condition = (type: string, holds: boolean, reason: string, message: string) => ({ type, status: holds ? 'True' : 'False', reason, message });

const found = (troubles: readonly Trouble[], none: string): [holds: boolean, reason: string, message: string] =>
  troubles[0] ? [true, reasons[troubles[0].status.state], told(troubles)] : [false, none, ''];

const told = (troubles: readonly Trouble[]): string => joined(troubles.map(({ name, status }) => `${name}: ${status.reason}${status.state === 'quarantined' ? ' (tried again by itself, and when the object changes)' : ''}`));

const joined = (texts: readonly string[]): string => `${texts.slice(0, shown).join('; ')}${texts.length > shown ? `; and ${texts.length - shown} more` : ''}`.slice(0, longestMessage);

/** Adds conditions to the statuses that are written, for objects of which something has changed. */
export class ConditionReport {
  readonly #runners: readonly SourceRunner[];
  readonly #statuses: Statuses;
  readonly #now: () => number;
  readonly #changed = new Set<string>();
  #allAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: { readonly runners: readonly SourceRunner[]; readonly statuses: Statuses; readonly now: () => number }) {
    this.#runners = parts.runners;
    this.#statuses = parts.statuses;
    this.#now = parts.now;
    parts.statuses.subscribe((name) => this.#changed.add(name));
  }

  /** The statuses that are due, with the conditions of these and of all objects whose conditions are others now. */
  complete(due: readonly StatusWrite[]): readonly StatusWrite[] {
    const nowMs = this.#now();
    const all = nowMs - this.#allAtMs >= allEveryMs;
    if (all) this.#allAtMs = nowMs;
    const writes = new Map(due.map((write) => [keyOf(write), write]));
    const dueKeys = new Set(writes.keys());
    for (const runner of this.#runners)
      for (const { object, resource, computed } of runner.reported(all || dueKeys.size > 0 ? undefined : this.#changed)) {
        const { namespace, name, generation } = object.metadata;
        const key = keyOf({ resource, namespace, name });
        const names = [...namesOf(computed)];
        if (!all && !dueKeys.has(key) && !names.some((n) => this.#changed.has(n))) continue;
        const complaints = computed.error === undefined ? computed.warnings : [computed.error];
        const before = conditionsIn(object.status);
        const after = conditionsOf({ generation, complaints, names: names.map((n) => [n, statusFor(object, this.#statuses.get(n))]) }, before, new Date(nowMs));
        if (sameConditions(before, after)) continue;
        writes.set(key, { resource, namespace, name, status: { ...writes.get(key)?.status, conditions: after } });
      }
    this.#changed.clear();
    return [...writes.values()];
  }
}

/** A name that several objects want is in order for the one that has it. */
const statusFor = ({ kind, metadata }: KubeObject, status: NameStatus | undefined): NameStatus | undefined =>
  status?.losers && !status.losers.some((l) => l.kind === kind && l.namespace === metadata.namespace && l.name === metadata.name) ? undefined : status;

const keyOf = ({ resource, namespace, name }: Omit<StatusWrite, 'status'>): string => `${resource.plural}/${namespace}/${name}`;

const conditionsIn = (status: unknown): readonly Condition[] => (status as { conditions?: readonly Condition[] } | undefined)?.conditions ?? [];

const sameConditions = (a: readonly Condition[], b: readonly Condition[]): boolean =>
  a.length === b.length && a.every((x) => b.some((y) => x.type === y.type && x.status === y.status && x.reason === y.reason && x.message === y.message && x.observedGeneration === y.observedGeneration));

const shown = 3;
const longestMessage = 1024;
/** What was missed (a write that failed, a leader that changed) is made up for. */
const allEveryMs = 5 * 60_000;
