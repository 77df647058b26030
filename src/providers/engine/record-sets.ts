import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, ownedRecordLabel } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';

/** Puts single records of one name, type and set identifier together, at the place of the first, with its TTL and properties. A value that is there twice counts once. */
export function mergeRecords(records: readonly Endpoint[]): readonly Endpoint[] {
  const sets = new Map<string, Endpoint[]>();
  for (const record of records) {
    const key = `${normalizeName(record.dnsName)}|${record.recordType}|${record.setIdentifier}`;
    const set = sets.get(key);
    if (set) set.push(record);
    else sets.set(key, [record]);
  }
  if (sets.size === records.length) return records;
  return [...sets.values()].map((set) => {
    const [first, ...more] = set as [Endpoint, ...Endpoint[]];
    return more.length === 0 ? first : endpoint({ ...first, targets: [...new Set(set.flatMap((r) => r.targets))] });
  });
}

/**
 * The changes of single values that make up the change of a record set. A value that stays is changed only if the TTL or a property
 * differs; values that go are replaced by values that come, as far as there are both, so that the name is never without a value.
 */
export function singleChanges(change: Change): readonly Change[] {
  const single = (e: Endpoint, target: string): Endpoint => endpoint({ ...e, targets: [target] });
  if (change.action === 'create') return change.after.targets.map((t) => ({ action: 'create', after: single(change.after, t) }));
  if (change.action === 'delete') return change.before.targets.map((t) => ({ action: 'delete', before: single(change.before, t) }));
  const { before, after } = change;
  const stays = new Set(before.targets.filter((t) => after.targets.includes(t)));
  const goes = before.targets.filter((t) => !stays.has(t));
  const comes = after.targets.filter((t) => !stays.has(t));
  const replaced = Math.min(goes.length, comes.length);
  const update = (from: string, to: string): Change => ({ action: 'update', before: single(before, from), after: single(after, to) });
  const touched = before.ttlSeconds !== after.ttlSeconds || !sameProperties(before, after);
  return [
    ...(touched ? [...stays].map((t) => update(t, t)) : []),
    ...goes.slice(0, replaced).map((t, i) => update(t, comes[i] ?? t)),
    ...comes.slice(replaced).map((t): Change => ({ action: 'create', after: single(after, t) })),
    ...goes.slice(replaced).map((t): Change => ({ action: 'delete', before: single(before, t) })),
  ];
}

const sameProperties = (a: Endpoint, b: Endpoint): boolean => a.providerSpecific.length === b.providerSpecific.length && a.providerSpecific.every((p) => b.providerSpecific.some((q) => p.name === q.name && p.value === q.value));

/**
 * The changes of a group in the order in which single calls make them: what goes before what comes. Ownership comes before its record and
 * goes after it, so that no record is left without, wherever the calls break off.
 */
export function inSafeOrder(group: ChangeGroup): readonly Change[] {
  return group.changes.toSorted((a, b) => rank(a) - rank(b));
}

function rank(change: Change): number {
  const e = change.after ?? change.before;
  const ownership = e.recordType === 'TXT' && e.labels[ownedRecordLabel] !== undefined;
  if (change.action === 'delete') return ownership ? 1 : 0;
  if (change.action === 'update') return ownership ? 2 : 3;
  return ownership ? 4 : 5;
}
