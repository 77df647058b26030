import { createHash } from 'node:crypto';
import { type Endpoint, ownerLabel, withLabels } from '../../endpoint/endpoint.ts';
import { endpointFromJSON } from '../../endpoint/json.ts';
import { normalizeName, trimDot } from '../../endpoint/name.ts';
import type { Index } from '../../kubernetes/cluster.ts';
import { asRecord, asText, keepHead, recordList } from '../../kubernetes/keep.ts';
import type { KubeObject, Resource } from '../../kubernetes/object.ts';

/** The label of a DNSRecord that names its owner. */
export const recordOwnerLabel = 'externaldns.k8s.io/owner';

/** A record that an owner has, or is about to make. */
export interface DNSRecordObject extends KubeObject {
  /** As the object has it, with the owner that the object's label names. */
  readonly spec: { readonly endpoint: Endpoint };
  readonly status: { readonly programmed: boolean };
}

export const DNSRecord: Resource<DNSRecordObject> = {
  group: 'externaldns.k8s.io',
  versions: ['v1alpha1'],
  plural: 'dnsrecords',
  kind: 'DNSRecord',
  namespaced: true,
  install: 'apply the DNSRecord definition that comes with ExternalDNS',
  keep(raw) {
    const head = keepHead(raw);
    const conditions = recordList(asRecord(raw['status'])['conditions'], (c) => ({ type: asText(c['type']), status: asText(c['status']) }));
    return {
      ...head,
      spec: { endpoint: withLabels(endpointFromJSON(asRecord(asRecord(raw['spec'])['endpoint'])), { [ownerLabel]: head.metadata.labels[recordOwnerLabel] ?? '' }) },
      status: { programmed: conditions.some((c) => c.type === readyCondition && c.status === 'True') },
    };
  },
};

/** True once the provider has taken the record. */
export const readyCondition = 'Ready';

/** DNSRecords by the normalised name of their record. */
export const byDNSName: Index<DNSRecordObject> = { name: 'dnsName', values: (object) => [normalizeName(object.spec.endpoint.dnsName)] };

/** Names of objects are DNS subdomains (RFC 1123). */
const longestObjectName = 253;

/**
 * The name of the DNSRecord for a record: readable, and unique by a part of the hash of name, type and set identifier.
 * As in ExternalDNS v0.22, so that both find the same object.
 */
export function recordObjectName(record: Pick<Endpoint, 'dnsName' | 'recordType' | 'setIdentifier'>): string {
  const dnsName = trimDot(record.dnsName.toLowerCase());
  const identity = [dnsName, record.recordType.toUpperCase(), record.setIdentifier].join('/');
  const suffix = `-${createHash('sha256').update(identity).digest('hex').slice(0, 8)}`;
  const dashed = dnsName.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  const base = dashed.slice(0, longestObjectName - suffix.length).replace(/-+$/, '');
  return (base || 'record') + suffix;
}
