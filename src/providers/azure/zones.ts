import type { Change } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import { each } from '../engine/each.ts';
import { checkWildcards } from '../engine/wildcards.ts';
import type { RecordSetWriter, ZoneReader } from '../engine/zone-provider.ts';
import { type AzureDns, type AzureRecordSet, type AzureZone, type Condition, ConditionError } from './client.ts';
import { normalForm, relativeName, type Shape, tagsProperty, toEndpoint, toProperties } from './convert.ts';

type Dns = Pick<AzureDns, 'zones' | 'recordSets' | 'recordSet' | 'put' | 'delete'>;

/** Record sets in a page; the API gives no larger ones. */
const pageSize = 100;
/** Calls at the same time, for the sets of some names. */
const setsAtOnce = 8;

/** The zones of Azure on the engine. */
export function azureZones(name: string, shape: Shape, dns: Dns): ZoneReader<AzureZone> & RecordSetWriter<AzureZone> {
  const etags = new Etags();
  const read = (zone: AzureZone, sets: readonly AzureRecordSet[]): readonly Endpoint[] => sets.flatMap((set) => toEndpoint(shape, zone.name, set) ?? []);
  return {
    name,
    granularity: 'record-set',
    recordTypes: shape.recordTypes,
    limits: { ttlSeconds: { default: 300, min: 1, max: 2_147_483_647 } },
    // a PUT or DELETE that is sent again does no harm: see apply()
    idempotent: true,
    zones: (signal) => dns.zones(signal),
    async records(zone, signal) {
      const sets = await dns.recordSets(zone, signal);
      etags.replace(zone, sets);
      return read(zone, sets);
    },
    async recordsOf(zone, names, signal) {
      const wanted = names.flatMap((dnsName) => shape.recordTypes.map((type) => ({ type, name: relativeName(dnsName, zone.name) })));
      if (wanted.length > zone.recordSets / pageSize + 1) {
        // a small zone is read in fewer calls than its names
        const sets = await dns.recordSets(zone, signal);
        etags.replace(zone, sets);
        const asked = new Set(wanted.map((set) => set.name));
        return read(zone, sets.filter((set) => asked.has(set.name.toLowerCase())));
      }
      const sets = await each(wanted, setsAtOnce, async (set) => ({ ...set, found: await dns.recordSet(zone, set.type, set.name, signal) }));
      for (const set of sets) etags.set(zone, set.type, set.name, set.found?.etag);
      return read(zone, sets.flatMap((set) => set.found ?? []));
    },
    adjust: (endpoints) => endpoints.map((e) => normalForm(shape, e)),
    async apply(zone, change, signal) {
      checkWildcards([change], 'Azure');
      const { recordType, dnsName } = change.after ?? change.before;
      const setName = relativeName(dnsName, zone.name);
      const etag = etags.get(zone, recordType, setName);
      const condition: Condition = change.action === 'create' ? 'absent' : etag === undefined ? undefined : { etag };
      try {
        if (change.action === 'delete') await dns.delete(zone, recordType, setName, condition, signal);
        else etags.set(zone, recordType, setName, (await dns.put(zone, recordType, setName, toProperties(shape, change.after), condition, signal)).etag);
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        const standing = await dns.recordSet(zone, recordType, setName, signal);
        // a lost answer: the call was sent again after it had been carried out
        if (isDone(shape, zone, change, standing)) return etags.set(zone, recordType, setName, standing?.etag);
        throw new Error(`${dnsName} (${recordType}): ${change.action === 'create' ? 'a record set is there already that cannot be managed' : 'somebody else has changed it since it was read'}`, { cause: error });
      }
      if (change.action === 'delete') etags.set(zone, recordType, setName, undefined);
    },
  };
}

/** Whether a change is what stands there now. */
function isDone(shape: Shape, zone: AzureZone, { after }: Change, standing: AzureRecordSet | undefined): boolean {
  if (!after || !standing) return !after && !standing;
  const found = toEndpoint(shape, zone.name, standing);
  const tags = (e: Endpoint): string | undefined => e.providerSpecific.find((p) => p.name === tagsProperty)?.value;
  return found !== undefined && found.ttlSeconds === after.ttlSeconds && tags(found) === tags(after) && sameTargets(after.recordType, found.targets, after.targets);
}

/** The versions of record sets as last read or written, so that nothing is written over that nobody has seen. */
class Etags {
  readonly #zones = new Map<string, Map<string, string>>();

  replace(zone: AzureZone, sets: readonly AzureRecordSet[]): void {
    this.#zones.set(zone.id, new Map(sets.map((set) => [keyOf(set.type, set.name), set.etag])));
  }

  set(zone: AzureZone, type: string, name: string, etag: string | undefined): void {
    let zones = this.#zones.get(zone.id);
    if (!zones) this.#zones.set(zone.id, (zones = new Map()));
    if (etag === undefined || etag === '') zones.delete(keyOf(type, name));
    else zones.set(keyOf(type, name), etag);
  }

  get(zone: AzureZone, type: string, name: string): string | undefined {
    return this.#zones.get(zone.id)?.get(keyOf(type, name)) || undefined;
  }
}

const keyOf = (type: string, name: string): string => `${type}/${name.toLowerCase()}`;
