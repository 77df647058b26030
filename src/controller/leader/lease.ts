import { asNumber, asRecord, asText, keepAll } from '../../kubernetes/keep.ts';
import type { RawObject, Resource } from '../../kubernetes/object.ts';

export const Lease: Resource = { group: 'coordination.k8s.io', versions: ['v1'], plural: 'leases', kind: 'Lease', namespaced: true, keep: keepAll, urgent: true };

/** What a Lease says, in the fields that all leader elections of Kubernetes share. */
export interface LeaseRecord {
  /** '': nobody holds it. */
  readonly holder: string;
  readonly durationSeconds: number;
  /** Times in RFC 3339 with microseconds; '' where they are not set. They are never compared: clocks of different machines differ. */
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly transitions: number;
}

export function leaseRecordOf(object: RawObject): LeaseRecord {
  const spec = asRecord(object['spec']);
  return {
    holder: asText(spec['holderIdentity']) ?? '',
    durationSeconds: asNumber(spec['leaseDurationSeconds']) ?? 0,
    acquireTime: asText(spec['acquireTime']) ?? '',
    renewTime: asText(spec['renewTime']) ?? '',
    transitions: asNumber(spec['leaseTransitions']) ?? 0,
  };
}

/** The Lease with another record; what else it holds stays, its resourceVersion included. */
export const withRecord = (object: RawObject, record: LeaseRecord): RawObject => ({
  ...object,
  spec: {
    ...asRecord(object['spec']),
    holderIdentity: record.holder,
    leaseDurationSeconds: record.durationSeconds,
    acquireTime: record.acquireTime,
    renewTime: record.renewTime,
    leaseTransitions: record.transitions,
  },
});

/** A time as Kubernetes' MicroTime. */
export const microTime = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
