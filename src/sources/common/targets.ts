import { endpointsForName, type EndpointTraits, recordTypeOf } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import type { LoadBalancerIngress, NodeAddress } from '../../kubernetes/resources/core.ts';
import type { ObjectContext } from '../source.ts';
import type { Annotations } from './annotations.ts';

/** The addresses of a load balancer in a status: of each entry its IP and its host name. */
export const loadBalancerTargets = (entries: readonly LoadBalancerIngress[]): readonly string[] => entries.flatMap(({ ip, hostname }) => [ip, hostname].filter(Boolean));

/** The same, but of each entry its IP, or the host name where it has none. */
export const loadBalancerAddresses = (entries: readonly LoadBalancerIngress[]): readonly string[] => entries.flatMap(({ ip, hostname }) => ip || hostname || []);

/** Addresses by which a node is reached from outside: the external ones, and with `internalIPv6` the internal IPv6 ones, which are routed often. */
export const externalNodeAddresses = (addresses: readonly NodeAddress[], internalIPv6: boolean): readonly string[] =>
  addresses.filter(({ type, address }) => address && (type === 'ExternalIP' || (internalIPv6 && type === 'InternalIP' && recordTypeOf(address) === 'AAAA'))).map((a) => a.address);

/** What annotations give to all endpoints of an object. */
export const annotatedTraits = (annotations: Annotations, resource: string): EndpointTraits => ({
  ttlSeconds: annotations.ttlSeconds(),
  providerSpecific: annotations.providerSpecific(),
  setIdentifier: annotations.setIdentifier(),
  resource,
});

/** The resource label of a namespaced object, as `ingress/default/web`. */
export const resourceLabelOf = (prefix: string, { metadata }: KubeObject): string => `${prefix}/${metadata.namespace}/${metadata.name}`;

/** The same endpoints, but each host name is a CNAME of its own: rivals for the name, of which the plan chooses one. */
export const hostsApart = (endpoints: readonly Endpoint[]): readonly Endpoint[] =>
  endpoints.flatMap((e) => (e.recordType === 'CNAME' && e.targets.length > 1 ? e.targets.map((target) => ({ ...e, targets: [target] })) : [e]));

/** Endpoints for each name; without targets none, but all names are pending for the reason. */
export function endpointsForNames(names: readonly string[], targets: readonly string[], traits: EndpointTraits, context: Pick<ObjectContext, 'pending'>, reason: string): readonly Endpoint[] {
  if (targets.length) return names.flatMap((name) => endpointsForName(name, targets, traits));
  for (const name of names) context.pending(name, reason);
  return [];
}
