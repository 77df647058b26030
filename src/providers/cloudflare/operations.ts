import type { Change } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { RecordBody } from './client.ts';
import { targetKey, toBody, ttlOf } from './convert.ts';
import type { KnownRecord } from './known-records.ts';
import { readProperties } from './properties.ts';

/** What is done to one record. */
export type Operation =
  | { readonly kind: 'delete'; readonly name: string; readonly id: string }
  | { readonly kind: 'put'; readonly name: string; readonly id: string; readonly body: RecordBody }
  | { readonly kind: 'post'; readonly name: string; readonly body: RecordBody };

type Find = (name: string, type: string, key: string) => KnownRecord | undefined;

/**
 * The operations that make a change, by the records that are there: what is to go and has gone already is no operation, and what is to
 * come and is there already is written over. So the operations may be worked out anew when it is not known what came of them.
 * Throws where a target has not the fields of its type.
 */
export function operationsOf(change: Change, find: Find): readonly Operation[] {
  if (change.action === 'create') return [...targetsByKey(change.after).values()].map((target) => write(change.after, target, find));
  const before = targetsByKey(change.before);
  if (change.action === 'delete') return [...before.keys()].flatMap((key) => remove(change.before, key, find));

  const after = targetsByKey(change.after);
  const goes = [...before.keys()].filter((key) => !after.has(key));
  const comes = [...after].filter(([key]) => !before.has(key));
  const stays = [...after].filter(([key]) => before.has(key));
  const touched = isTouched(change.before, change.after);
  const kept = stays.filter(([key]) => touched || !find(normalizeName(change.after.dnsName), change.after.recordType, key)).map(([, target]) => write(change.after, target, find));
  // one value for another: the record keeps its id. With more of them the new value of one might be the old one of another
  const [gone, come] = [goes[0], comes[0]];
  if (goes.length === 1 && comes.length === 1 && gone !== undefined && come) {
    const old = find(normalizeName(change.before.dnsName), change.before.recordType, gone);
    const there = find(normalizeName(change.after.dnsName), change.after.recordType, come[0]);
    if (old && !there) return [...kept, put(change.after, come[1], old.id)];
  }
  return [...goes.flatMap((key) => remove(change.before, key, find)), ...kept, ...comes.map(([, target]) => write(change.after, target, find))];
}

/** How many operations a change is at most. */
export function weightOf(change: Change): number {
  const [before, after] = [change.before?.targets ?? [], change.after?.targets ?? []];
  return change.action === 'update' ? new Set([...before, ...after]).size : before.length + after.length;
}

function targetsByKey(e: Endpoint): ReadonlyMap<string, string> {
  return new Map(e.targets.map((target) => [targetKey(e.recordType, target), target]));
}

function remove(e: Endpoint, key: string, find: Find): readonly Operation[] {
  const name = normalizeName(e.dnsName);
  const known = find(name, e.recordType, key);
  return known ? [{ kind: 'delete', name, id: known.id }] : [];
}

function write(e: Endpoint, target: string, find: Find): Operation {
  const name = normalizeName(e.dnsName);
  const known = find(name, e.recordType, targetKey(e.recordType, target));
  return known ? put(e, target, known.id) : { kind: 'post', name, body: toBody(e, target) };
}

const put = (e: Endpoint, target: string, id: string): Operation => ({ kind: 'put', name: normalizeName(e.dnsName), id, body: toBody(e, target) });

/** Whether anything differs that each record of the set carries. */
function isTouched(before: Endpoint, after: Endpoint): boolean {
  const carried = (e: Endpoint): string => {
    const { proxied, comment, tags } = readProperties(e);
    return JSON.stringify([ttlOf(e), proxied, comment, tags]);
  };
  return carried(before) !== carried(after);
}
