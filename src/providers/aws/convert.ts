import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, property } from '../../endpoint/endpoint.ts';
import { addressBytes } from '../../endpoint/ip.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { canonicalZone } from './canonical-zones.ts';
import { bareZoneId } from './names.ts';
import { aliasProperty, evaluateTargetHealth, policyOf, routingOf, routingProperties, targetZone } from './properties.ts';
import type { RecordSet, RecordSetChange } from './record-set.ts';

/** Written where no TTL is wished; alias records, which have none, are read with it. */
export const defaultTTLSeconds = 300;

/** Types that are read; all others in a zone are left alone. */
export const readTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME', 'TXT', 'SRV', 'NS', 'MX', 'NAPTR', 'PTR']);

/** The endpoint for a record set of a zone; undefined for one that cannot be managed. */
export function toEndpoint(set: RecordSet, zoneId: string): Endpoint | undefined {
  if (!readTypes.has(set.type)) return undefined;
  const { alias } = set;
  if (!alias && set.values.length === 0) return undefined;
  const zone = alias && alias.zoneId !== zoneId && alias.zoneId !== canonicalZone(alias.name) ? alias.zoneId : undefined;
  const providerSpecific = [
    ...(alias ? [{ name: evaluateTargetHealth, value: String(alias.evaluateTargetHealth) }, { name: aliasProperty, value: 'true' }] : []),
    ...(!alias && set.type === 'CNAME' ? [{ name: aliasProperty, value: 'false' }] : []),
    ...(zone === undefined ? [] : [{ name: targetZone, value: zone }]),
    ...routingProperties(set),
  ];
  return endpoint({
    dnsName: set.name,
    recordType: set.type,
    targets: alias ? [alias.name] : set.values,
    ttlSeconds: set.ttlSeconds || (alias ? defaultTTLSeconds : 0),
    ...(set.setIdentifier !== undefined && { setIdentifier: set.setIdentifier }),
    // most have none: these share one empty list
    ...(providerSpecific.length > 0 && { providerSpecific }),
  });
}

/** The record set for an endpoint in its normal form, as it stands in a zone. */
export function toRecordSet(e: Endpoint, zoneId: string): RecordSet {
  const isAlias = property(e, aliasProperty) === 'true' && (e.recordType === 'A' || e.recordType === 'AAAA');
  const [target = ''] = e.targets;
  const named = property(e, targetZone);
  return {
    name: e.dnsName,
    type: e.recordType,
    ...(e.setIdentifier !== '' && { setIdentifier: e.setIdentifier }),
    ...(isAlias
      ? {
          values: [],
          alias: {
            name: target,
            // what is no name of AWS is another name of the same zone
            zoneId: named === undefined ? (canonicalZone(target) ?? zoneId) : bareZoneId(named),
            evaluateTargetHealth: property(e, evaluateTargetHealth) === 'true',
          },
        }
      : { values: e.targets, ttlSeconds: e.ttlSeconds || defaultTTLSeconds }),
    ...routingOf(e),
  };
}

/**
 * The calls that make a change in a zone. What changes its routing policy, or from alias to values or back, goes and comes again
 * in the same batch: no other set of the name may have another policy meanwhile.
 */
export function toChanges(change: Change, zoneId: string): readonly RecordSetChange[] {
  if (change.action === 'create') return [{ action: 'CREATE', set: toRecordSet(change.after, zoneId) }];
  if (change.action === 'delete') return [{ action: 'DELETE', set: toRecordSet(change.before, zoneId) }];
  const [before, after] = [toRecordSet(change.before, zoneId), toRecordSet(change.after, zoneId)];
  if (!isReplaced(before, after)) return [{ action: 'UPSERT', set: after }];
  return [{ action: 'DELETE', set: before }, { action: 'CREATE', set: after }];
}

const isReplaced = (a: RecordSet, b: RecordSet): boolean => (a.alias === undefined) !== (b.alias === undefined) || policyOf(a) !== policyOf(b);

/** Changes of several names as one batch wants them: what goes before what comes. */
export function inOrder(changes: readonly RecordSetChange[]): readonly RecordSetChange[] {
  const rank = { DELETE: 0, UPSERT: 1, CREATE: 2 };
  return changes.toSorted((a, b) => rank[a.action] - rank[b.action]);
}

export interface NormalForm {
  readonly preferCNAME: boolean;
  readonly evaluateTargetHealth: boolean;
  /** Ids of the zones that a name is written to. */
  readonly zonesOf: (name: string, setIdentifier: string) => readonly string[];
  readonly warn: (what: string, e: Endpoint, value: string) => void;
}

/** A wished endpoint as Route 53 gives it back: a CNAME to a name of AWS becomes the aliases of both families, properties have one form. */
export function normalForms(wished: Endpoint, form: NormalForm): readonly Endpoint[] {
  // resolvers ask for names in xn--, and Route 53 would keep others as bytes
  const e = /^[\x20-\x7e]*$/.test(wished.dnsName) ? wished : { ...wished, dnsName: normalizeName(wished.dnsName) };
  const [target = ''] = e.targets;
  const wish = property(e, aliasProperty);
  switch (e.recordType) {
    case 'A':
    case 'AAAA':
      return [(wish === 'true' || wish === e.recordType) && !addressBytes(target) ? asAlias(e, e.recordType, form) : withProperties(e, [], form)];
    case 'CNAME':
      if (wish === 'A' || wish === 'AAAA') return [asAlias(e, wish, form)];
      if (wish === 'true' || (wish !== 'false' && !form.preferCNAME && pointsToAws(e, form))) return [asAlias(e, 'A', form), asAlias(e, 'AAAA', form)];
      return [withProperties(e, [{ name: aliasProperty, value: 'false' }], form)];
    default:
      return [withProperties(e, [], form)];
  }
}

function asAlias(e: Endpoint, recordType: string, form: NormalForm): Endpoint {
  const [target = ''] = e.targets;
  const health = property(e, evaluateTargetHealth);
  const zone = property(e, targetZone);
  const own = zone === undefined ? undefined : bareZoneId(zone);
  const follows = own === undefined || own === '' || own === 'same-zone' || own === canonicalZone(target) || form.zonesOf(e.dnsName, e.setIdentifier).includes(own);
  const properties = [
    { name: evaluateTargetHealth, value: String(health === undefined ? form.evaluateTargetHealth : health === 'true') },
    { name: aliasProperty, value: 'true' },
    ...(follows || own === undefined ? [] : [{ name: targetZone, value: own }]),
  ];
  // an alias has no TTL of its own
  return { ...withProperties(e, properties, form), recordType, targets: e.targets.slice(0, 1), ttlSeconds: e.ttlSeconds > 0 ? defaultTTLSeconds : 0 };
}

/** With these and those of routing in place of all that Route 53 does not give back. */
function withProperties(e: Endpoint, own: Endpoint['providerSpecific'], form: NormalForm): Endpoint {
  const others = e.providerSpecific.filter((p) => p.name !== aliasProperty && !p.name.startsWith('aws/'));
  const routing = routingProperties(routingOf(e, (name, value) => form.warn('property has no value that can be used: a number counts as 0, a place is left out', e, `${name}: ${value}`)));
  if (others.length === 0 && own.length === 0 && routing.length === 0) return e.providerSpecific.length === 0 ? e : { ...e, providerSpecific: [] };
  return { ...e, providerSpecific: [...others, ...own, ...routing] };
}

function pointsToAws(e: Endpoint, form: NormalForm): boolean {
  const [target = ''] = e.targets;
  if (canonicalZone(target) !== undefined) return true;
  if (/\.amazonaws\.com\.?$/i.test(target)) form.warn('target is a name of AWS in a region whose zone is not known, so the record is no alias; name it with aws/target-hosted-zone and alias', e, target);
  return false;
}
