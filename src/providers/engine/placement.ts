import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { endpointOf } from '../../endpoint/change.ts';
import { inSafeOrder } from './record-sets.ts';
import type { Zone } from './zone-provider.ts';

/** Where the changes of a group are made. */
export type Placement<Z extends Zone> =
  /** All of them in each of these zones. */
  | { readonly kind: 'together'; readonly zones: readonly Z[] }
  /** In different zones, as where the ownership record of a zone's apex lies in the zone above; to be made in this order. */
  | { readonly kind: 'spread'; readonly parts: readonly { readonly zone: Z; readonly changes: readonly Change[] }[] }
  | { readonly kind: 'nowhere'; readonly reason: string };

/** Finds the zones of a group's changes. `zonesOf` gives the zones that a name is written to. */
export function place<Z extends Zone>(group: ChangeGroup, zonesOf: (name: string) => readonly Z[]): Placement<Z> {
  const placed = inSafeOrder(group).map((change) => ({ change, zones: zonesOf(endpointOf(change).dnsName) }));
  const homeless = placed.filter((p) => p.zones.length === 0);
  if (homeless.length === placed.length) return { kind: 'nowhere', reason: `${group.name} lies in no zone of the provider` };
  // a record is not made without its ownership record, nor the other way round; what cannot be there need not be deleted
  const missing = homeless.find(({ change }) => change.action !== 'delete');
  if (missing) return { kind: 'nowhere', reason: `${endpointOf(missing.change).dnsName} (${endpointOf(missing.change).recordType}), which goes with ${group.name}, lies in no zone of the provider` };
  const [first, ...more] = placed.filter((p) => p.zones.length > 0);
  if (first && homeless.length === 0 && more.every((p) => p.zones.length === first.zones.length && p.zones.every((z, i) => z.id === first.zones[i]?.id))) return { kind: 'together', zones: first.zones };
  const parts: { zone: Z; changes: Change[] }[] = [];
  for (const { change, zones } of placed)
    for (const zone of zones) {
      const last = parts.at(-1);
      if (last?.zone.id === zone.id) last.changes.push(change);
      else parts.push({ zone, changes: [change] });
    }
  return { kind: 'spread', parts };
}
