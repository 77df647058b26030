import { type Endpoint, property, type ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import type { GeoLocation, GeoProximity, RecordSet } from './record-set.ts';

/** `true` on what Route 53 holds as an alias, `false` on CNAME records. Wished, also `A` or `AAAA`: an alias of one family. */
export const aliasProperty = 'alias';
export const evaluateTargetHealth = 'aws/evaluate-target-health';
/** The zone that the target of an alias lies in, where it follows neither from the target nor from the record. */
export const targetZone = 'aws/target-hosted-zone';
/** The one zone that a record is put into, of several that its name lies in. */
export const pinnedZone = 'aws/hosted-zone-id';

const [weight, region, failover, multiValue, healthCheck] = ['aws/weight', 'aws/region', 'aws/failover', 'aws/multi-value-answer', 'aws/health-check-id'];
const geo = { continent: 'aws/geolocation-continent-code', country: 'aws/geolocation-country-code', subdivision: 'aws/geolocation-subdivision-code' };
const near = { region: 'aws/geoproximity-region', bias: 'aws/geoproximity-bias', coordinates: 'aws/geoproximity-coordinates', localZoneGroup: 'aws/geoproximity-local-zone-group' };

/** Fields of a record set that say which of several sets of a name is given as an answer. */
export type Routing = Pick<RecordSet, 'weight' | 'region' | 'failover' | 'multiValueAnswer' | 'geoLocation' | 'geoProximity' | 'healthCheckId'>;

/** The properties that stand for the routing of a record set, in one order. */
export function routingProperties(set: Routing): ProviderSpecificProperty[] {
  const { geoLocation, geoProximity } = set;
  const at = geoProximity?.coordinates;
  const list: readonly (readonly [name: string, value: string | undefined])[] = [
    [weight, set.weight],
    [region, set.region],
    [failover, set.failover],
    [multiValue, set.multiValueAnswer ? '' : undefined],
    [geo.continent, geoLocation?.continent],
    [geo.country, geoLocation?.country],
    [geo.subdivision, geoLocation?.subdivision],
    [near.region, geoProximity?.region],
    [near.bias, geoProximity && (geoProximity.bias ?? '0')],
    [near.coordinates, at && `${at.latitude},${at.longitude}`],
    [near.localZoneGroup, geoProximity?.localZoneGroup],
    [healthCheck, set.healthCheckId],
  ];
  return list.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** The routing that an endpoint's properties ask for. `warn` is told of values that are passed over. */
export function routingOf(e: Endpoint, warn: (property: string, value: string) => void = () => {}): Routing {
  const text = (name: string): string | undefined => property(e, name)?.trim() || undefined;
  const whole = (name: string): string | undefined => {
    const value = property(e, name);
    if (value === undefined) return undefined;
    if (/^\s*[+-]?\d+\s*$/.test(value)) return String(Number(value));
    warn(name, value);
    return '0';
  };
  const geoLocation = geoLocationOf(text);
  const geoProximity = geoProximityOf(text, whole, (value) => warn(near.coordinates, value));
  return {
    ...given('weight', whole(weight)),
    ...given('region', text(region)),
    ...given('failover', text(failover)?.toUpperCase()),
    // the property itself is the wish, whatever its value
    ...(property(e, multiValue) !== undefined && { multiValueAnswer: true }),
    ...(geoLocation && { geoLocation }),
    ...(geoProximity && { geoProximity }),
    ...given('healthCheckId', text(healthCheck)),
  };
}

/** A continent has no country beside it: of both, the continent counts. */
function geoLocationOf(text: (name: string) => string | undefined): GeoLocation | undefined {
  const continent = text(geo.continent);
  if (continent !== undefined) return { continent };
  const location = { ...given('country', text(geo.country)), ...given('subdivision', text(geo.subdivision)) };
  return Object.keys(location).length > 0 ? location : undefined;
}

/** A place that cannot be used is left out, and the wish for one stays: with its bias alone. */
function geoProximityOf(text: (name: string) => string | undefined, whole: (name: string) => string | undefined, warn: (value: string) => void): GeoProximity | undefined {
  const wished = text(near.coordinates);
  const coordinates = wished === undefined ? undefined : coordinatesIn(wished);
  if (wished !== undefined && !coordinates) warn(wished);
  const place = { ...given('region', text(near.region)), ...given('localZoneGroup', text(near.localZoneGroup)), ...(coordinates && { coordinates }) };
  const bias = whole(near.bias);
  if (Object.keys(place).length === 0 && wished === undefined && bias === undefined) return undefined;
  return { ...place, bias: bias ?? '0' };
}

/** `52.52,13.40`: degrees of latitude and longitude. */
function coordinatesIn(value: string): GeoProximity['coordinates'] {
  const [latitude = '', longitude = '', ...rest] = value.split(',').map((part) => part.trim());
  const within = (degrees: string, most: number): boolean => /^[+-]?(\d+\.?\d*|\.\d+)$/.test(degrees) && Math.abs(Number(degrees)) <= most;
  return rest.length === 0 && within(latitude, 90) && within(longitude, 180) ? { latitude, longitude } : undefined;
}

const given = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> => (value === undefined ? {} : ({ [key]: value } as Record<K, string>));

/** How the sets of a name are chosen among; those of one name and type must have the same. */
export function policyOf(set: Routing): string {
  const policies: readonly (readonly [name: string, is: unknown])[] = [
    ['weighted', set.weight],
    ['latency', set.region],
    ['failover', set.failover],
    ['multivalue', set.multiValueAnswer],
    ['geolocation', set.geoLocation],
    ['geoproximity', set.geoProximity],
  ];
  return policies.find(([, is]) => is !== undefined)?.[0] ?? 'simple';
}
