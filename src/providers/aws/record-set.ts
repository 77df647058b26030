/** A record set as Route 53 holds it (ResourceRecordSet). Either an alias, or values with a TTL. */
export interface RecordSet {
  /** Without escapes and final dot. */
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly ttlSeconds?: number;
  readonly values: readonly string[];
  readonly alias?: AliasTarget;
  readonly weight?: string;
  readonly region?: string;
  readonly failover?: string;
  readonly multiValueAnswer?: boolean;
  readonly geoLocation?: GeoLocation;
  readonly geoProximity?: GeoProximity;
  readonly healthCheckId?: string;
}

export interface AliasTarget {
  readonly zoneId: string;
  readonly name: string;
  readonly evaluateTargetHealth: boolean;
}

export interface GeoLocation {
  readonly continent?: string;
  readonly country?: string;
  readonly subdivision?: string;
}

export interface GeoProximity {
  readonly region?: string;
  readonly localZoneGroup?: string;
  readonly bias?: string;
  readonly coordinates?: { readonly latitude: string; readonly longitude: string };
}

/** A change of the API; UPSERT makes a record set or replaces that of the same name, type and set identifier. */
export interface RecordSetChange {
  readonly action: 'CREATE' | 'UPSERT' | 'DELETE';
  readonly set: RecordSet;
}
