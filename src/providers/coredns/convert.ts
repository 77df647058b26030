import { makeEndpoint, recordTypeOf } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, property } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import type { EtcdKey, EtcdOperation } from './etcd-client.ts';

/** What CoreDNS and SkyDNS keep under a key. Fields that are not known here are kept as they are. */
export interface Service {
  readonly host?: string;
  readonly port?: number;
  readonly priority?: number;
  readonly weight?: number;
  readonly text?: string;
  /** The host is a mail exchanger. */
  readonly mail?: boolean;
  readonly ttl?: number;
  /** How many labels at the end of the key do not belong to the name. */
  readonly targetstrip?: number;
  /** Services of one name with different groups are not answered together. */
  readonly group?: string;
  /** Only of --coredns-strictly-owned. */
  readonly owner?: string;
}

/** A key with what it says. */
export interface Entry {
  readonly key: string;
  /** 0 until it is written. */
  readonly modRevision: bigint;
  /** Normalised. */
  readonly dnsName: string;
  readonly service: Service;
}

export const groupProperty = 'coredns/group';
/** Types that can be written. */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'PTR', 'TXT'] as const;
const hostTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** The key of a name below the prefix: its labels from the last to the first. */
export const keyOf = (prefix: string, dnsName: string): string => prefix + normalizeName(dnsName).split('.').reverse().join('/');

/** Reads a key. Throws Error where the value is none that CoreDNS could read. */
export function parseKey({ key, value, modRevision }: EtcdKey, prefix: string): Entry {
  const service = parseService(value);
  if (service === undefined) throw new Error(`key ${key} of etcd holds no service of CoreDNS in JSON; mend or remove it`);
  const labels = key.slice(prefix.length).split('/').reverse();
  const strip = service.targetstrip ?? 0;
  if (strip >= labels.length) throw new Error(`key ${key} of etcd has fewer labels than its targetstrip of ${strip} takes away; mend or remove it`);
  return { key, modRevision, dnsName: normalizeName(labels.slice(strip).join('.')), service };
}

/** The name that a key which cannot be read may belong to, and all names below it. */
export function nameOfBadKey(key: string, prefix: string): string {
  const labels = key.slice(prefix.length).split('/');
  return labels.slice(0, Math.max(1, labels.length - 1)).reverse().join('.');
}

const fieldTypes: Readonly<Record<keyof Service, 'string' | 'number' | 'boolean'>> = {
  host: 'string', port: 'number', priority: 'number', weight: 'number', text: 'string', mail: 'boolean', ttl: 'number', targetstrip: 'number', group: 'string', owner: 'string',
};

function parseService(value: string): Service | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const fields = parsed as Record<string, unknown>;
  const wrong = Object.entries(fieldTypes).some(([name, type]) => fields[name] !== undefined && (typeof fields[name] !== type || (type === 'number' && !Number.isInteger(fields[name]))));
  return wrong ? undefined : (fields as Service);
}

const isReverse = (name: string): boolean => name.endsWith('.in-addr.arpa') || name.endsWith('.ip6.arpa');

/** The record type of the host of a service; undefined where it has only a text. */
function hostTypeOf({ dnsName, service }: Entry): string | undefined {
  if (!service.host) return undefined;
  if (service.mail) return 'MX';
  return isReverse(dnsName) ? 'PTR' : recordTypeOf(service.host);
}

/** The endpoints of the entries of one name. */
export function toEndpoints(entries: readonly Entry[]): readonly Endpoint[] {
  const sets = new Map<string, { readonly first: Entry; readonly targets: string[]; readonly groups: Set<string> }>();
  const add = (type: string, target: string, entry: Entry): void => {
    const set = sets.get(type) ?? { first: entry, targets: [], groups: new Set() };
    if (!set.targets.includes(target)) set.targets.push(target);
    set.groups.add(entry.service.group ?? '');
    sets.set(type, set);
  };
  for (const entry of entries) {
    const { host = '', text, priority } = entry.service;
    const type = hostTypeOf(entry);
    if (type !== undefined) add(type, type === 'MX' ? `${priority || defaultPriority} ${host}` : host, entry);
    if (text) add('TXT', text, entry);
  }
  return [...sets].map(([type, { first, targets, groups }]) => {
    // where they differ, the property equals none that may be wished for
    const group = [...groups].sort().join(',');
    return makeEndpoint(first.dnsName, type, targets, { ttlSeconds: first.service.ttl ?? 0, ...(hostTypes.has(type) && group && { providerSpecific: [{ name: groupProperty, value: group }] }) });
  });
}

/** CoreDNS's own. */
const defaultPriority = 10;

/** A wish as toEndpoints() gives it back. */
export function adjustEndpoint(e: Endpoint): Endpoint {
  const group = hostTypes.has(e.recordType) ? property(e, groupProperty) : undefined;
  return endpoint({ ...e, providerSpecific: group ? [{ name: groupProperty, value: group }] : [] });
}

export interface WriteRules {
  readonly prefix: string;
  /** Written into each service, with --coredns-strictly-owned; entries of others are left alone. */
  readonly owner: string | undefined;
  /** Makes up the label at the end of a new key. */
  readonly newLabel: () => string;
}

/** The entries of a name after a change. Entries that stay keep their key and all that the change says nothing of. Throws Error where a key is another owner's. */
export function changed(entries: readonly Entry[], change: Change, rules: WriteRules): readonly Entry[] {
  const { recordType, dnsName } = change.after ?? change.before;
  const ours = entries.filter((e) => isOurs(e, rules));
  const theirs = entries.filter((e) => !isOurs(e, rules));
  const context = { ...rules, theirs, dnsName: normalizeName(dnsName) };
  return [...theirs, ...(recordType === 'TXT' ? withTexts(ours, change.after, context) : withHosts(ours, recordType, change.after, context))];
}

export const isOurs = ({ service }: Entry, { owner }: Pick<WriteRules, 'owner'>): boolean => owner === undefined || service.owner === owner;

interface Context extends WriteRules {
  readonly dnsName: string;
  readonly theirs: readonly Entry[];
}

function withHosts(entries: readonly Entry[], type: string, after: Endpoint | undefined, context: Context): readonly Entry[] {
  const coming = [...new Set(after?.targets)];
  const result: Entry[] = [];
  const setting = after ? { ttl: after.ttlSeconds, ...(hostTypes.has(type) && { group: property(after, groupProperty) ?? '' }) } : {};
  for (const entry of entries) {
    const { host = '', text } = entry.service;
    const at = hostTypeOf(entry) === type ? coming.findIndex((target) => sameTargets(type, [host], [target])) : undefined;
    if (at === undefined) result.push(entry);
    else if (at >= 0) {
      coming.splice(at, 1);
      result.push(withFields(entry, setting));
    } else if (text) result.push(withFields(entry, { host: '', port: 0, priority: 0, weight: 0, mail: false, group: '' }));
  }
  for (const host of coming) place(result, { host, ...setting }, context);
  return result;
}

/** A text may stand in the key of a host, where both have the same TTL. */
function withTexts(entries: readonly Entry[], after: Endpoint | undefined, context: Context): readonly Entry[] {
  const coming = [...new Set(after?.targets)];
  const ttl = after?.ttlSeconds ?? 0;
  const fits = ({ service }: Entry): boolean => ttl === 0 || (service.ttl ?? 0) === ttl;
  const alone = (entry: Entry): boolean => !entry.service.host;
  const put = (entry: Entry, text: string): Entry => withFields(entry, { text, ...(alone(entry) && { ttl }) });

  // texts that stay, then those that come: into keys whose text goes, then beside hosts, then into new keys
  const result: (Entry | undefined)[] = [...entries];
  const open = new Set<number>();
  for (const [i, entry] of entries.entries()) {
    const at = entry.service.text && (alone(entry) || fits(entry)) ? coming.indexOf(entry.service.text) : -1;
    if (at >= 0) result[i] = put(entry, coming.splice(at, 1)[0] ?? '');
    else open.add(i);
  }
  const slots = [(e: Entry) => alone(e), (e: Entry) => Boolean(e.service.text) && fits(e), (e: Entry) => fits(e)];
  for (const usable of slots)
    for (const i of open) {
      const entry = entries[i];
      if (!entry || coming.length === 0 || !usable(entry)) continue;
      open.delete(i);
      result[i] = put(entry, coming.shift() ?? '');
    }
  for (const i of open) {
    const entry = entries[i];
    if (entry) result[i] = alone(entry) && entry.service.text ? undefined : withFields(entry, { text: '' });
  }
  const left = result.filter((e) => e !== undefined);
  for (const text of coming) place(left, { text, ttl }, context);
  return left;
}

/** Puts a service at a key of its own; for a PTR record that is the path of the name itself, the only one where CoreDNS looks. */
function place(entries: Entry[], fields: Service, { prefix, owner, newLabel, dnsName, theirs }: Context): void {
  const base = keyOf(prefix, dnsName);
  const key = isReverse(dnsName) ? base : `${base}/${newLabel()}`;
  if (theirs.some((e) => e.key === key)) throw new Error(`key ${key} of etcd is another owner's`);
  const at = entries.findIndex((e) => e.key === key);
  const there = entries[at];
  if (there) entries[at] = withFields(there, fields);
  else entries.push(withFields({ key, modRevision: 0n, dnsName, service: {} }, { ...fields, targetstrip: key === base ? 0 : 1, ...(owner !== undefined && { owner }) }));
}

/** What is 0 or '' is left out, as Go does; the rest keeps its order. */
function withFields(entry: Entry, fields: Service): Entry {
  const service = Object.fromEntries(Object.entries({ ...entry.service, ...fields }).filter(([name, value]) => !(name in fields) || Boolean(value)));
  return { ...entry, service };
}

/** What leads from the old entries to the new ones; each key once. */
export function operations(before: readonly Entry[], after: readonly Entry[]): readonly EtcdOperation[] {
  const [old, next] = [before, after].map((entries) => new Map(entries.map((e) => [e.key, e])));
  const found: EtcdOperation[] = [];
  for (const { key, service, modRevision } of next?.values() ?? []) {
    const value = JSON.stringify(service);
    const there = old?.get(key);
    if (there === undefined || JSON.stringify(there.service) !== value) found.push({ key, modRevision: there?.modRevision ?? modRevision, put: value });
  }
  for (const { key, modRevision } of old?.values() ?? []) if (!next?.has(key)) found.push({ key, modRevision, delete: true });
  return found;
}
