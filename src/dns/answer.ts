import type { Endpoint } from '../endpoint/endpoint.ts';
import { normalizeName } from '../endpoint/name.ts';
import { charStrings, quoted } from './rdata.ts';
import { classes, rcodes } from './types.ts';
import type { Question, ResourceRecord } from './wire.ts';

/** A zone that is served. Names are normalised. */
export interface ServedZone {
  readonly name: string;
  /** Of the SOA; grows with each change. */
  readonly serial: number;
  /** The record sets of a name. */
  records(name: string): readonly Endpoint[];
  /** Whether a name has records, or lies above one that has. */
  exists(name: string): boolean;
}

export interface Answer {
  readonly rcode: number;
  readonly authoritative: boolean;
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
}

/** What records without a TTL are served with. */
const defaultTTLSeconds = 300;
const longestChain = 16;

/** Answers a question from zones (RFC 1034, 4.3.2): wildcards, aliases inside the zones, delegations, and the SOA where there is nothing. Pure. */
export function answerQuestion(question: Question, zones: readonly ServedZone[]): Answer {
  const name = normalizeName(question.name);
  const zone = zoneOf(name, zones);
  const transfer = question.type === 'AXFR' || question.type === 'IXFR';
  if (!zone || transfer || (question.class !== classes.IN && question.class !== classes.ANY)) return { rcode: rcodes.REFUSED, authoritative: false, answers: [], authorities: [] };
  const answers: ResourceRecord[] = [];
  // the answer keeps the spelling of the question
  return follow({ spelled: question.name, name, zone, type: question.type, zones, answers }, 0);
}

interface Step {
  readonly spelled: string;
  readonly name: string;
  readonly zone: ServedZone;
  readonly type: string;
  readonly zones: readonly ServedZone[];
  readonly answers: ResourceRecord[];
}

function follow(step: Step, depth: number): Answer {
  const { spelled, name, zone, type, zones, answers } = step;
  const done = (rcode: number, authorities: readonly ResourceRecord[] = [], authoritative = true): Answer => ({ rcode, authoritative, answers, authorities });
  const delegation = delegationOf(name, zone);
  if (delegation) return done(rcodes.NOERROR, recordsOf(delegation, zone.records(delegation), 'NS'), answers.length > 0);
  const alias = dnameOf(name, zone);
  if (alias) {
    answers.push(...recordsOf(alias.owner, alias.sets, 'DNAME'));
    const target = alias.sets[0]?.targets[0];
    if (target === undefined || depth >= longestChain) return done(rcodes.NOERROR);
    const next = `${name.slice(0, -alias.owner.length)}${normalizeName(target)}`;
    answers.push({ name: spelled, type: 'CNAME', class: classes.IN, ttlSeconds: ttlOf(alias.sets[0]), data: next });
    return goOn(step, next, depth);
  }
  const found = setsOf(name, zone);
  if (!found) return done(rcodes.NXDOMAIN, [soaOf(zone)]);
  const cname = found.find((e) => e.recordType === 'CNAME');
  if (cname && type !== 'CNAME' && type !== 'ANY') {
    const records = recordsOf(spelled, [cname], 'CNAME').slice(0, 1);
    answers.push(...records);
    const target = cname.targets[0];
    return target === undefined || depth >= longestChain ? done(rcodes.NOERROR) : goOn(step, normalizeName(target), depth);
  }
  const records = [...recordsOf(spelled, found, type), ...apexRecords(spelled, name, zone, type, found)];
  answers.push(...records);
  return records.length ? done(rcodes.NOERROR) : done(rcodes.NOERROR, [soaOf(zone)]);

  function goOn(from: Step, target: string, at: number): Answer {
    const targetZone = zoneOf(target, zones);
    return targetZone ? follow({ ...from, spelled: target, name: target, zone: targetZone }, at + 1) : done(rcodes.NOERROR);
  }
}

/** The records of a name, or of the wildcard that stands for it; undefined where the name does not exist. */
function setsOf(name: string, zone: ServedZone): readonly Endpoint[] | undefined {
  if (name === zone.name || zone.exists(name)) return zone.records(name);
  for (let above = parentOf(name); ; above = parentOf(above)) {
    if (above !== zone.name && !zone.exists(above)) continue;
    // the closest name that exists: only a wildcard right below it counts
    const wildcard = zone.records(`*.${above}`);
    return wildcard.length ? wildcard : undefined;
  }
}

/** The name of a delegation on the way from the zone down to a name. */
function delegationOf(name: string, zone: ServedZone): string | undefined {
  let found: string | undefined;
  for (let at = name; at !== zone.name && at !== ''; at = parentOf(at)) if (zone.records(at).some((e) => e.recordType === 'NS')) found = at;
  return found;
}

function dnameOf(name: string, zone: ServedZone): { readonly owner: string; readonly sets: readonly Endpoint[] } | undefined {
  for (let at = name; at !== zone.name && at !== ''; ) {
    at = parentOf(at);
    const sets = zone.records(at).filter((e) => e.recordType === 'DNAME');
    if (sets.length) return { owner: at, sets };
  }
  return undefined;
}

/** SOA and NS of a zone, which nobody has to make. */
function apexRecords(spelled: string, name: string, zone: ServedZone, type: string, found: readonly Endpoint[]): ResourceRecord[] {
  if (name !== zone.name) return [];
  const records: ResourceRecord[] = [];
  if (type === 'SOA' || type === 'ANY') records.push({ ...soaOf(zone), name: spelled });
  if ((type === 'NS' || type === 'ANY') && !found.some((e) => e.recordType === 'NS')) records.push({ name: spelled, type: 'NS', class: classes.IN, ttlSeconds: defaultTTLSeconds, data: `ns.${zone.name}` });
  return records;
}

const soaOf = (zone: ServedZone): ResourceRecord => ({
  name: zone.name,
  type: 'SOA',
  class: classes.IN,
  ttlSeconds: 60,
  data: `ns.${zone.name} hostmaster.${zone.name} ${zone.serial} 3600 600 86400 60`,
});

/** The resource records of a type (or of all) in record sets; a value that is in several sets comes once. */
function recordsOf(owner: string, sets: readonly Endpoint[], type: string): ResourceRecord[] {
  const records = new Map<string, ResourceRecord>();
  for (const e of sets) {
    if (type !== 'ANY' && e.recordType !== type) continue;
    for (const target of e.targets) {
      const data = dataOf(e.recordType, target);
      const key = `${e.recordType} ${data}`;
      if (!records.has(key)) records.set(key, { name: owner, type: e.recordType, class: classes.IN, ttlSeconds: ttlOf(e), data });
    }
  }
  return [...records.values()];
}

const ttlOf = (e: Endpoint | undefined): number => e?.ttlSeconds || defaultTTLSeconds;

/** A target as record data. Texts may stand in quotes or not. */
export function dataOf(type: string, target: string): string {
  if (type === 'TXT' || type === 'SPF') return target.startsWith('"') && target.endsWith('"') && target.length > 1 ? target : textData(target);
  return target;
}

/** Texts of more than 255 bytes become several. */
function textData(text: string): string {
  const parts = charStrings(Buffer.from(text));
  return parts.filter((_, i) => i % 2 === 1).map(quoted).join(' ');
}

function zoneOf(name: string, zones: readonly ServedZone[]): ServedZone | undefined {
  let best: ServedZone | undefined;
  for (const zone of zones) if ((name === zone.name || name.endsWith(`.${zone.name}`)) && (!best || zone.name.length > best.name.length)) best = zone;
  return best;
}

const parentOf = (name: string): string => {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
};
