/** Record types that sources, registries and providers know. */
export const recordTypes = ['A', 'AAAA', 'CNAME', 'TXT', 'SRV', 'NS', 'PTR', 'MX', 'NAPTR', 'DNAME'] as const;

/** A property that only some providers understand, such as `aws/weight` or `alias`. */
export interface ProviderSpecificProperty {
  readonly name: string;
  readonly value: string;
}

/** The Kubernetes object that an endpoint comes from. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Name of the source that read it, as in `--source`. */
  readonly source: string;
}

export type Labels = Readonly<Record<string, string>>;

/** Label keys that ownership records carry. */
export const ownerLabel = 'owner';
export const resourceLabel = 'resource';
/** On an ownership record: the name of the record that it stands for. Never written to the DNS. */
export const ownedRecordLabel = 'ownedRecord';

/**
 * A DNS record set, wished or current. Immutable: what changes an endpoint makes a new one.
 * All fields are always there, so that all endpoints have one shape in memory.
 */
export interface Endpoint {
  /** Without trailing dot; spelled as the source or the provider spelled it. */
  readonly dnsName: string;
  readonly recordType: string;
  readonly targets: readonly string[];
  /** Tells sets of one name and type apart (weighted and other routing); '' for a simple record. */
  readonly setIdentifier: string;
  /** 0: not set. */
  readonly ttlSeconds: number;
  /** Owner and resource; they live in the registry, not in the zone. */
  readonly labels: Labels;
  readonly providerSpecific: readonly ProviderSpecificProperty[];
  /** The objects that gave it, in order; empty for current records. */
  readonly refs: readonly ObjectRef[];
}

const noLabels: Labels = Object.freeze({});
const noProperties: readonly ProviderSpecificProperty[] = Object.freeze([]);
const noRefs: readonly ObjectRef[] = Object.freeze([]);

export type EndpointFields = Pick<Endpoint, 'dnsName' | 'recordType' | 'targets'> & Partial<Endpoint>;

/** An endpoint with all fields, from those that are given. Takes them as they are: nothing is trimmed or checked. */
export function endpoint(fields: EndpointFields): Endpoint {
  return {
    dnsName: fields.dnsName,
    recordType: fields.recordType,
    targets: fields.targets,
    setIdentifier: fields.setIdentifier ?? '',
    ttlSeconds: fields.ttlSeconds ?? 0,
    labels: fields.labels ?? noLabels,
    providerSpecific: fields.providerSpecific ?? noProperties,
    refs: fields.refs ?? noRefs,
  };
}

/** The value of a provider-specific property; undefined where it is not set. */
export function property(endpoint: Endpoint, name: string): string | undefined {
  return endpoint.providerSpecific.find((p) => p.name === name)?.value;
}

/** The same endpoint with a property set (at its old place, or at the end). */
export function withProperty(endpoint: Endpoint, name: string, value: string): Endpoint {
  const at = endpoint.providerSpecific.findIndex((p) => p.name === name);
  const providerSpecific = at < 0 ? [...endpoint.providerSpecific, { name, value }] : endpoint.providerSpecific.with(at, { name, value });
  return { ...endpoint, providerSpecific };
}

/** The same endpoint without a property. */
export function withoutProperty(endpoint: Endpoint, name: string): Endpoint {
  return { ...endpoint, providerSpecific: endpoint.providerSpecific.filter((p) => p.name !== name) };
}

/** The same endpoint with further labels. */
export function withLabels(endpoint: Endpoint, labels: Labels): Endpoint {
  return { ...endpoint, labels: { ...endpoint.labels, ...labels } };
}

/** One line for logs: name, TTL, type, set identifier, targets. */
export function describe(e: Endpoint): string {
  const set = e.setIdentifier ? ` (${e.setIdentifier})` : '';
  return `${e.dnsName} ${e.ttlSeconds} IN ${e.recordType}${set} ${e.targets.join(', ')}`;
}
