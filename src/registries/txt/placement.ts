import { normalizeName } from '../../endpoint/name.ts';
import type { NameMapper } from './name-mapper.ts';

/** RFC 1035, section 2.3.4. */
const longestLabel = 63;
const longestName = 253;

export type ZoneOf = (name: string) => string | undefined;

/**
 * Where the ownership record of a record is kept: under its typed name, or, where that lies outside of the zone (the apex with most
 * prefixes), in the zone: under the name of the old form, which ExternalDNS v0.22 reads as well, or else below the record.
 */
export function placeOf(mapper: NameMapper, dnsName: string, recordType: string, zoneOf: ZoneOf | undefined): string {
  const typed = mapper.typedName(dnsName, recordType);
  const zone = zoneOf?.(normalizeName(dnsName));
  if (zone === undefined || isWithin(typed, zone)) return typed;
  const untyped = mapper.untypedName(dnsName);
  // at the record's own name it would share a record set with SPF and other texts that are not ours
  const usable = recordType !== 'AAAA' && isWithin(untyped, zone) && normalizeName(untyped) !== normalizeName(dnsName);
  return usable ? untyped : mapper.innerName(dnsName, recordType);
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
