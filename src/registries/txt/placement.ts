import { normalizeName } from '../../endpoint/name.ts';
import type { NameMapper } from '../common/name-mapper.ts';

/** RFC 1035, section 2.3.4. */
const longestLabel = 63;
const longestName = 253;

export type ZoneOf = (name: string) => string | undefined;

/**
 * Where the ownership record of a record is kept: under its typed name, or below the record where that lies outside of the zone (the apex
 * with most prefixes). The old form without type is never written, though it may lie in the zone: it would claim all types of the name.
 */
export function placeOf(mapper: NameMapper, dnsName: string, recordType: string, zoneOf: ZoneOf | undefined): string {
  const typed = mapper.typedName(dnsName, recordType);
  const zone = zoneOf?.(normalizeName(dnsName));
  return zone === undefined || isWithin(typed, zone) ? typed : mapper.innerName(dnsName, recordType);
}

function isWithin(name: string, zone: string): boolean {
  const [inner, outer] = [normalizeName(name), normalizeName(zone)];
  return inner === outer || inner.endsWith(`.${outer}`);
}

/** Why no record can have this name, with what to set; undefined: one can. */
export function placeProblem(place: string): string | undefined {
  const name = normalizeName(place);
  const label = name.split('.').find((l) => l.length > longestLabel);
  if (label !== undefined)
    return `its ownership record would be ${place}, whose label of ${label.length} characters is longer than the ${longestLabel} that the DNS allows; set a --txt-prefix that ends in a dot, such as "%{record_type}-owner."`;
  if (name.length > longestName) return `its ownership record would be ${place}, which is longer than the ${longestName} characters that the DNS allows; use a shorter --txt-prefix or --txt-suffix`;
  return undefined;
}
