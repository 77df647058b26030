import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import { normalText } from '../engine/txt.ts';
import type { ChangeBody, ManagedZone, RecordSet } from './client.ts';

/** Record types that are read and written; Cloud DNS has more, but no DNAME. */
export const googleRecordTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'SRV', 'NS', 'PTR', 'MX', 'NAPTR'] as const;

const known: ReadonlySet<string> = new Set(googleRecordTypes);

/** The endpoints of record sets, without what cannot be managed: routing policies, and the name servers of the zone itself. */
export function toEndpoints(zone: ManagedZone, sets: readonly RecordSet[]): readonly Endpoint[] {
  const apex = normalizeName(zone.name);
  return sets.flatMap((set) => {
    const rrdatas = set.rrdatas ?? [];
    if (!known.has(set.type) || isRouted(set) || rrdatas.length === 0) return [];
    if (set.type === 'NS' && normalizeName(set.name) === apex) return [];
    return makeEndpoint(set.name, set.type, rrdatas, { ttlSeconds: set.ttl ?? 0 });
  });
}

/** Whether a set has a routing policy (weights, places, failover) in place of plain data. */
export const isRouted = (set: RecordSet): boolean => set.routingPolicy !== undefined;

/**
 * The record set of an endpoint. Deletions must name the stored data exactly, so only what cannot be stored otherwise
 * is changed: final dots of names, and xn-- for Unicode.
 */
export function toRecordSet(e: Endpoint): RecordSet {
  return { name: `${normalizeName(e.dnsName)}.`, type: e.recordType, ttl: e.ttlSeconds, rrdatas: [...new Set(e.targets.map((t) => toData(e.recordType, t)))] };
}

const plainTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'TXT']);

function toData(recordType: string, target: string): string {
  if (plainTypes.has(recordType)) return target;
  const text = target.trim();
  const at = text.lastIndexOf(' ') + 1;
  const [before, host] = [text.slice(0, at), text.slice(at)];
  // eslint-disable-next-line no-control-regex
  const ascii = /^[\x00-\x7f]*$/.test(host) ? host : normalizeName(host);
  return `${before}${ascii}${ascii.endsWith('.') ? '' : '.'}`;
}

/** A wish as it is read back: no set identifiers, no properties, texts in quotes. */
export function normalForm(e: Endpoint): Endpoint {
  const targets = e.recordType === 'TXT' ? e.targets.map(normalText) : e.targets;
  if (e.setIdentifier === '' && e.providerSpecific.length === 0 && targets.every((t, i) => t === e.targets[i])) return e;
  return endpoint({ ...e, targets, setIdentifier: '', providerSpecific: [] });
}

/** All changes as one call makes them. */
export function toChange(changes: readonly Change[]): ChangeBody {
  return {
    deletions: changes.flatMap(({ before }) => (before ? [toRecordSet(before)] : [])),
    additions: changes.flatMap(({ after }) => (after ? [toRecordSet(after)] : [])),
  };
}

/**
 * The same for one of several zones of one name, which need not hold the same: `standing` are its record sets of the changed
 * names. What is done already is left out. Throws where something stands there that was not read before.
 */
export function toChangeIn(zone: ManagedZone, changes: readonly Change[], standing: readonly RecordSet[]): ChangeBody {
  const additions: RecordSet[] = [];
  const deletions: RecordSet[] = [];
  for (const { before, after } of changes) {
    const { name, type } = toRecordSet(after ?? before);
    const there = standing.find((set) => set.type === type && `${normalizeName(set.name)}.` === name);
    const wanted = after && toRecordSet(after);
    if (there && wanted && isSame(there, wanted)) continue;
    if (there) {
      const read = new Set((before ? toRecordSet(before).rrdatas : [])?.map(comparable));
      const foreign = isRouted(there) || !there.rrdatas?.every((data) => read.has(comparable(data)));
      if (foreign) throw new Error(`zone ${zone.id}: has another ${type} record of ${name.slice(0, -1)} than the other zones of this name; delete it, or choose one of them with --google-zone-visibility or --zone-id-filter`);
      deletions.push(there);
    }
    if (wanted) additions.push(wanted);
  }
  return { additions, deletions };
}

const isSame = (a: RecordSet, b: RecordSet): boolean => !isRouted(a) && a.ttl === b.ttl && sameTargets(a.type, a.rrdatas ?? [], b.rrdatas ?? []);
const comparable = (data: string): string => data.toLowerCase().replace(/\.$/, '');
