import { createHash } from 'node:crypto';
import { type Endpoint, endpoint, ownerLabel } from '../../endpoint/endpoint.ts';
import { descriptionLabel, parseLabels } from '../../endpoint/labels.ts';
import { normalizeName, trimDot } from '../../endpoint/name.ts';
import type { DnsRecord, Instance, Namespace, NewService, Service } from './client.ts';

export const recordTypes = ['A', 'AAAA', 'CNAME'] as const;

/** Of services for names that no TTL is wished for; as in ExternalDNS v0.22. */
export const defaultTTLSeconds = 300;

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html */
const attributes = { A: 'AWS_INSTANCE_IPV4', AAAA: 'AWS_INSTANCE_IPV6', CNAME: 'AWS_INSTANCE_CNAME', alias: 'AWS_ALIAS_DNS_NAME' } as const;
const longestInstanceId = 64;

/** `NAME.REGION.elb.amazonaws.com` (classic and application) and `NAME.elb.REGION.amazonaws.com` (network). */
const loadBalancer = /.\.(?:[^.]+\.elb|elb\.[^.]+)\.amazonaws\.com$/i;

/** Whether a host name is that of a load balancer that an alias can lead to; with a final dot, which is not taken there, it is not. */
export const isLoadBalancer = (target: string): boolean => loadBalancer.test(target);

/** The DNS name of a service. */
export const dnsNameOf = (service: Pick<Service, 'Name'>, namespace: Pick<Namespace, 'Name'>): string => `${service.Name}.${trimDot(namespace.Name)}`;

/** The name of the service for a DNS name below that of the namespace. */
export function serviceNameOf(dnsName: string, namespace: Pick<Namespace, 'Name'>): string {
  const [name, domain] = [trimDot(dnsName), `.${trimDot(namespace.Name)}`];
  // Cloud Map takes letters of ASCII only
  const isAscii = /^[\x20-\x7e]*$/.test(name);
  return isAscii && name.toLowerCase().endsWith(domain.toLowerCase()) ? name.slice(0, -domain.length) : normalizeName(name).slice(0, -normalizeName(domain).length);
}

/** The target in lower case; its SHA-256 where that is longer than an id may be. */
export function instanceIdOf(target: string): string {
  const id = target.toLowerCase();
  return id.length > longestInstanceId ? createHash('sha256').update(id).digest('hex') : id;
}

/** What an instance answers with, and of which type that is for ExternalDNS: an alias counts as CNAME. undefined: nothing that goes with the type of the service. */
export function targetOf({ Attributes: held = {} }: Instance, serviceType: string): { readonly recordType: string; readonly target: string } | undefined {
  const alias = held[attributes.alias];
  if (alias && serviceType !== 'CNAME') return { recordType: 'CNAME', target: alias };
  const name = recordTypes.find((type) => type === serviceType);
  const target = name && held[attributes[name]];
  return name && target ? { recordType: name, target } : undefined;
}

/** The instance for a target of an endpoint. */
export function instanceOf(recordType: string, target: string): Instance {
  const name = recordType === 'CNAME' ? (isLoadBalancer(target) ? attributes.alias : attributes.CNAME) : recordType === 'AAAA' ? attributes.AAAA : attributes.A;
  return { Id: instanceIdOf(target), Attributes: { [name]: target } };
}

/** The endpoints of a service with its instances: one for each type of DNS record that is answered. */
export function toEndpoints(service: Service, namespace: Pick<Namespace, 'Name'>, instances: readonly Instance[]): readonly Endpoint[] {
  const { Description: description } = service;
  return dnsRecords(service).flatMap(({ Type: serviceType, TTL: ttlSeconds }) => {
    const byType = new Map<string, string[]>();
    for (const instance of instances) {
      const found = targetOf(instance, serviceType);
      if (found) byType.set(found.recordType, [...(byType.get(found.recordType) ?? []), found.target]);
    }
    return [...byType].map(([recordType, targets]) =>
      endpoint({ dnsName: dnsNameOf(service, namespace), recordType, targets: [...new Set(targets)], ttlSeconds, ...(description !== undefined && { labels: { [descriptionLabel]: description } }) }),
    );
  });
}

/** The service for an endpoint. Its type and its routing cannot be changed afterwards. */
export function toService(e: Endpoint, namespace: Pick<Namespace, 'Name'>, tags: Readonly<Record<string, string>> = {}): NewService {
  const isName = e.recordType === 'CNAME';
  const type = isName && isLoadBalancer(e.targets[0] ?? '') ? 'A' : e.recordType;
  return {
    Name: serviceNameOf(e.dnsName, namespace),
    Description: e.labels[descriptionLabel] ?? '',
    // aliases and CNAMEs are only had with weighted routing
    DnsConfig: { RoutingPolicy: isName ? 'WEIGHTED' : 'MULTIVALUE', DnsRecords: [{ Type: type, TTL: e.ttlSeconds || defaultTTLSeconds }] },
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

/** Whether a service can hold the instances of a wished one. */
export function isOfKind(service: Service, wished: NewService): boolean {
  const types = dnsRecords(service).map((r) => r.Type);
  return types.length === 1 && types[0] === wished.DnsConfig.DnsRecords[0]?.Type && (service.DnsConfig?.RoutingPolicy ?? 'MULTIVALUE') === wished.DnsConfig.RoutingPolicy;
}

/** DNS records of a service; none for those that are found by calls of the API only. */
export const dnsRecords = (service: Service): readonly DnsRecord[] => service.DnsConfig?.DnsRecords ?? [];

/** The owner that the description of a service names; undefined: it is none of ExternalDNS. */
export const ownerOf = (description: string | undefined): string | undefined => parseLabels(description ?? '')?.[ownerLabel];

/**
 * Wished endpoints as they would be read back. A service has one type: of A and AAAA of one name the AAAA is left out, of aliases and other
 * names those that are not of the kind of the first. There are no set identifiers and no properties. `tell`: told of what is left out.
 */
export function adjust(endpoints: readonly Endpoint[], tell: (what: string, e: Endpoint) => void): readonly Endpoint[] {
  const withA = new Set(endpoints.filter((e) => e.recordType === 'A' && e.targets.length > 0).map((e) => normalizeName(e.dnsName)));
  return endpoints.flatMap((e) => {
    if (e.recordType === 'AAAA' && withA.has(normalizeName(e.dnsName))) {
      tell('AAAA record is left out: a service of Cloud Map has one type, and the name has an A record', e);
      return [];
    }
    const [first] = e.targets;
    const targets = e.recordType === 'CNAME' && first !== undefined ? e.targets.filter((t) => isLoadBalancer(t) === isLoadBalancer(first)) : e.targets;
    if (targets.length < e.targets.length) tell('targets of another kind than the first are left out: a service of Cloud Map leads to load balancers or to other names', e);
    return targets.length === e.targets.length && e.setIdentifier === '' && e.providerSpecific.length === 0 ? e : endpoint({ ...e, targets, setIdentifier: '', providerSpecific: [] });
  });
}
