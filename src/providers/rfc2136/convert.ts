import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { quoted, rdataBytes, rdataText } from '../../dns/rdata.ts';
import type { Absence, UpdateStep } from '../../dns/update.ts';
import type { ResourceRecord } from '../../dns/wire.ts';
import type { Weight } from '../engine/zone-provider.ts';

/** The record sets of one name. Records that are there twice count once. */
export function toEndpoints(records: readonly ResourceRecord[]): Endpoint[] {
  const sets = new Map<string, { readonly first: ResourceRecord; readonly targets: Set<string> }>();
  for (const record of records) {
    const target = targetOf(record);
    const set = sets.get(record.type);
    if (set) set.targets.add(target);
    else sets.set(record.type, { first: record, targets: new Set([target]) });
  }
  return [...sets.values()].map(({ first, targets }) => endpoint({ dnsName: first.name, recordType: first.type, targets: [...targets], ttlSeconds: first.ttlSeconds }));
}

const targetOf = (record: ResourceRecord): string => (record.type === 'TXT' ? textTarget(record.data) : record.data);

/** A wished endpoint with its targets spelled as the zone gives them back, and without properties. Targets that are none of their type stay as they are, to be refused when written. */
export function canonical(e: Endpoint): Endpoint {
  const targets = [...new Set(e.targets.map((target) => canonicalTarget(e.recordType, target)))];
  const same = targets.length === e.targets.length && targets.every((t, i) => t === e.targets[i]) && e.providerSpecific.length === 0;
  return same ? e : endpoint({ ...e, targets, providerSpecific: [] });
}

function canonicalTarget(type: string, target: string): string {
  try {
    const data = dataOf(type, target);
    if (type === 'TXT') return textTarget(data);
    const bytes = rdataBytes(type, data);
    return rdataText(type, bytes, 0, bytes.length);
  } catch {
    return target;
  }
}

/** A target as record data. Texts may stand in quotes, as in a zone file, or without, as one text; host names may have letters of any script. */
function dataOf(type: string, target: string): string {
  if (type === 'TXT') return textData(target);
  return isAscii.test(target) ? target : target.split(' ').map((field) => (isAscii.test(field) ? field : normalizeName(field))).join(' ');
}

function textData(target: string): string {
  if (target.length > 1 && target.startsWith('"') && target.endsWith('"')) {
    try {
      rdataBytes('TXT', target);
      return target;
    } catch {
      // quotes that are part of the text
    }
  }
  return quoted(Buffer.from(target));
}

/**
 * The data of a TXT record as a target: one text without quotes, where it can be told apart from what stands in quotes; else the texts, each in
 * quotes. A long text, cut into pieces of 255 bytes, is one text.
 */
function textTarget(data: string): string {
  const plain = /^"([^"\\]+)"$/.exec(data)?.[1];
  const texts = plain !== undefined ? [Buffer.from(plain)] : stringsOf(rdataBytes('TXT', data));
  const whole = texts.slice(0, -1).every((t) => t.length === longestText) ? Buffer.concat(texts) : undefined;
  const text = whole && decodeUtf8(whole);
  if (text !== undefined && text !== '' && text.trim() === text && !isControl.test(text) && !/^".*"$/s.test(text)) return text;
  return whole ? quoted(whole) : texts.map(quoted).join(' ');
}

function stringsOf(bytes: Buffer): Buffer[] {
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0)) strings.push(bytes.subarray(at + 1, at + 1 + (bytes[at] ?? 0)));
  return strings;
}

function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

/** The steps that make the changes of a zone, in their order. Throws FormatError for names and targets that are none. */
export function updateSteps(changes: readonly Change[]): UpdateStep[] {
  return changes.flatMap((change) => {
    const [before, after] = [change.before && values(change.before), change.after && values(change.after)];
    const sameTTL = change.before?.ttlSeconds === change.after?.ttlSeconds;
    const gone = [...(before ?? [])].filter(([data]) => !after?.has(data) || !sameTTL);
    const come = [...(after ?? [])].filter(([data]) => !before?.has(data) || !sameTTL);
    const adds = come.map(([, step]) => step);
    // servers keep the last NS record of a zone: what replaces it must be there first
    if (change.after?.recordType === 'NS') return [...adds, ...gone.filter(([data]) => !after?.has(data)).map(([, step]) => removal(step))];
    return [...gone.map(([, step]) => removal(step)), ...adds];
  });
}

type Addition = Extract<UpdateStep, { readonly step: 'add' }>;

const removal = ({ name, type, data }: Addition): UpdateStep => ({ step: 'remove', name, type, data });

/** The records of a set by their data. */
function values(e: Endpoint): Map<string, Addition> {
  const name = isAscii.test(e.dnsName) ? e.dnsName : normalizeName(e.dnsName);
  return new Map(e.targets.map((target) => {
    const data = dataOf(e.recordType, target);
    return [data, { step: 'add', name, type: e.recordType, ttlSeconds: e.ttlSeconds, data }];
  }));
}

/**
 * What must not be there for new records to be taken: a server passes over an alias beside other records, and other records beside an alias, without a
 * word (RFC 2136, 3.4.2.2). Types that go by the same changes do not count.
 */
export function absences(changes: readonly Change[]): Absence[] {
  const going = new Set(changes.flatMap((c) => (c.action === 'delete' ? [`${normalizeName(c.before.dnsName)}|${c.before.recordType}`] : [])));
  const absent = new Map<string, Absence>();
  for (const change of changes) {
    if (change.action !== 'create') continue;
    const name = normalizeName(change.after.dnsName);
    for (const type of change.after.recordType === 'CNAME' ? besideNoAlias : ['CNAME']) if (!going.has(`${name}|${type}`)) absent.set(`${name}|${type}`, { name, type });
  }
  return [...absent.values()];
}

/** Managed types that cannot stand beside a CNAME. */
const besideNoAlias = ['A', 'AAAA', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR', 'DNAME'];

/** How much of a message a change takes, roughly: a name of 20 bytes (names are compressed), header and data for each record. */
export function weigh(change: Change): Weight {
  const targets = [...(change.before?.targets ?? []), ...(change.after?.targets ?? [])];
  const name = (change.after ?? change.before).dnsName.length + 2;
  return { changes: 1, values: targets.length, bytes: targets.reduce((sum, t) => sum + Buffer.byteLength(t) + recordBytes, name) + (change.action === 'create' ? besideNoAlias.length * recordBytes : 0) };
}

const recordBytes = 14;
const longestText = 255;
const isAscii = /^\p{ASCII}*$/u;
const isControl = /\p{Cc}/u;
