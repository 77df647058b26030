import { type Endpoint, resourceLabel } from '../../endpoint/endpoint.ts';
import { messageOf } from '../../errors.ts';
import { reasonToDistrust, type Untrusted } from '../../sources/engine/desired.ts';

/** What is not known at the moment. */
export interface Unknowns {
  /** Zones that could not be read. */
  readonly zones: readonly { readonly zone: string; readonly error: Error }[];
  readonly sources: Untrusted | undefined;
  /** The zone of a name, where the provider knows. */
  zoneOf(name: string): string | undefined;
}

/** Why the records of a name must stay as they are; undefined: all that bears on them is known. */
export function reasonToFreeze(name: string, wanted: readonly Endpoint[], current: readonly Endpoint[], unknowns: Unknowns): string | undefined {
  const zone = unreadableZone(name, unknowns);
  if (zone !== undefined) return zone;
  const { sources } = unknowns;
  if (!sources) return undefined;
  for (const endpoint of current) {
    const resource = endpoint.labels[resourceLabel];
    if (resource === undefined) {
      if (sources.unlabelled !== undefined && !wanted.some((e) => e.recordType === endpoint.recordType)) return sources.unlabelled;
      continue;
    }
    const reason = reasonToDistrust(sources, resource);
    if (reason !== undefined) return `${resource} cannot be read or computed: ${reason}`;
  }
  return undefined;
}

/** That the zone of a name cannot be read, in words. */
export function unreadableZone(name: string, { zones, zoneOf }: Unknowns): string | undefined {
  const unreadable = zones.find(({ zone }) => name === zone || name.endsWith(`.${zone}`));
  if (!unreadable) return undefined;
  const zone = zoneOf(name);
  return zone === undefined || zone === unreadable.zone ? `zone ${unreadable.zone} cannot be read: ${messageOf(unreadable.error)}` : undefined;
}
