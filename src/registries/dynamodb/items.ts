import { type Endpoint, type Labels, ownedRecordLabel, ownerLabel } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { AttributeValue, Statement } from './client.ts';

/** The ownership of one record. */
export interface Item {
  /** `NAME#TYPE#SETIDENTIFIER`, as it stands in the table. */
  readonly key: string;
  readonly owner: string;
  /** All labels but the owner. */
  readonly labels: Labels;
}

/** The key of a record: that of the item made for it, and what items are found by, however the name in them is spelled. */
export const keyOf = (e: Pick<Endpoint, 'dnsName' | 'recordType' | 'setIdentifier'>): string => `${normalizeName(e.dnsName)}#${e.recordType}#${e.setIdentifier}`;

/** The parts of a key; undefined where it is none. */
export function partsOf(key: string): { readonly name: string; readonly recordType: string; readonly setIdentifier: string } | undefined {
  const [dnsName, recordType, ...rest] = key.split('#');
  return dnsName === undefined || recordType === undefined || rest.length === 0 ? undefined : { name: normalizeName(dnsName), recordType, setIdentifier: rest.join('#') };
}

/** An item of the table; undefined for what has not its shape. */
export function readItem(attributes: Readonly<Record<string, AttributeValue | undefined>>): Item | undefined {
  const [key, owner] = [textOf(attributes['k']), textOf(attributes['o'])];
  if (key === undefined || owner === undefined || !partsOf(key)) return undefined;
  const map = attributes['l'];
  const labels = map && 'M' in map ? Object.entries(map.M).flatMap(([name, value]) => (textOf(value) === undefined ? [] : [[name, textOf(value) ?? '']])) : [];
  return { key, owner, labels: Object.fromEntries(labels) as Labels };
}

const textOf = (value: AttributeValue | undefined): string | undefined => (value && 'S' in value ? value.S : undefined);

/** The labels of an endpoint as an item keeps them. */
export const storedLabels = (labels: Labels): Labels => Object.fromEntries(Object.entries(labels).filter(([name]) => name !== ownerLabel && name !== ownedRecordLabel));

export function sameLabels(a: Labels, b: Labels): boolean {
  const [x, y] = [Object.entries(a), Object.keys(b)];
  return x.length === y.length && x.every(([name, value]) => b[name] === value);
}

const text = (S: string): AttributeValue => ({ S });
const map = (labels: Labels): AttributeValue => ({ M: Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, text(value)])) });

/** Fails with DuplicateItem where the key is there already. */
export const insert = (table: string, { key, owner, labels }: Item): Statement => ({ Statement: `INSERT INTO "${table}" VALUE {'k':?, 'o':?, 'l':?}`, Parameters: [text(key), text(owner), map(labels)] });

/** Fails with ConditionalCheckFailed where the item is not there, or is not of `before`. */
export const update = (table: string, { key, owner, labels }: Item, before: string): Statement =>
  owner === before
    ? { Statement: `UPDATE "${table}" SET "l"=? WHERE "k"=? AND "o"=?`, Parameters: [map(labels), text(key), text(owner)] }
    : { Statement: `UPDATE "${table}" SET "o"=? SET "l"=? WHERE "k"=? AND "o"=?`, Parameters: [text(owner), map(labels), text(key), text(before)] };

/** Of an item that is another owner's nothing is deleted. */
export const remove = (table: string, { key, owner }: Pick<Item, 'key' | 'owner'>): Statement => ({ Statement: `DELETE FROM "${table}" WHERE "k"=? AND "o"=?`, Parameters: [text(key), text(owner)] });
