import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, ownedRecordLabel } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { inSafeOrder } from '../engine/record-sets.ts';
import { receivedEndpoint } from './received.ts';

/**
 * The groups in the body of `POST /records`: the changes of one name and set identifier, and of ownership records with the record that they stand for, if their
 * labels say so, in the order in which no record is ever without its ownership. Both sides of an update are matched by name, type and set identifier.
 * Throws Error for what is no such body.
 */
export function groupsFromJSON(body: unknown): readonly ChangeGroup[] {
  if (body !== null && (typeof body !== 'object' || Array.isArray(body))) throw new Error('changes must be a JSON object');
  const fields = new Map(Object.entries(body ?? {}).map(([name, field]) => [name.toLowerCase(), field as unknown]));
  const [created, before, after, deleted] = ['create', 'updateOld', 'updateNew', 'delete'].map((name) => listOf(fields.get(name.toLowerCase()), name));
  const old = new Map<string, Endpoint[]>();
  for (const e of before ?? []) old.set(keyOf(e), [...(old.get(keyOf(e)) ?? []), e]);
  const changes: Change[] = (deleted ?? []).map((e) => ({ action: 'delete', before: e }));
  for (const e of after ?? []) {
    const match = old.get(keyOf(e))?.shift();
    // without the old side nothing tells what stood there: the new side is what must be there in the end
    changes.push(match ? { action: 'update', before: match, after: e } : { action: 'create', after: e });
  }
  for (const rest of old.values()) for (const e of rest) changes.push({ action: 'delete', before: e });
  for (const e of created ?? []) changes.push({ action: 'create', after: e });
  return grouped(changes);
}

function grouped(changes: readonly Change[]): readonly ChangeGroup[] {
  const groups = new Map<string, { name: string; setIdentifier: string; changes: Change[]; reason: string }>();
  for (const change of changes) {
    const e = change.after ?? change.before;
    const name = normalizeName(e.labels[ownedRecordLabel] ?? e.dnsName);
    const key = `${name}|${e.setIdentifier}`;
    const group = groups.get(key);
    if (group) group.changes.push(change);
    else groups.set(key, { name, setIdentifier: e.setIdentifier, changes: [change], reason: 'asked for by the webhook protocol' });
  }
  return [...groups.values()].map((g) => ({ ...g, changes: inSafeOrder(g) }));
}

function listOf(value: unknown, name: string): readonly Endpoint[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${name} must be a list of endpoints`);
  return value.map(receivedEndpoint);
}

const keyOf = (e: Endpoint): string => `${normalizeName(e.dnsName)}|${e.recordType}|${e.setIdentifier}`;
