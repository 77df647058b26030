import type { Config } from '../../config/config.ts';
import { type EndpointTraits, makeEndpoint, recordTypeOf } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { Node, type NodeObject, Pod, type PodObject, type ServiceObject } from '../../kubernetes/resources/core.ts';
import { externalNodeAddresses } from '../common/targets.ts';
import type { ObjectContext } from '../source.ts';

/**
 * Addresses of the nodes of a NodePort Service: the external ones, or where no node has any the internal ones.
 * `access` (public or private) asks for one kind alone.
 */
export function nodePortTargets(
  service: ServiceObject,
  access: string | undefined,
  options: Pick<Config, 'excludeUnschedulable' | 'exposeInternalIpv6'>,
  context: ObjectContext,
): readonly string[] {
  const all = service.spec.externalTrafficPolicy === 'Local' ? nodesOfPods(service, context) : context.list(Node, '');
  const addresses = all.filter((node) => !(node.spec.unschedulable && options.excludeUnschedulable)).flatMap((node) => node.status.addresses);
  const internal = addresses.filter((a) => a.type === 'InternalIP' && a.address).map((a) => a.address);
  const external = externalNodeAddresses(addresses, options.exposeInternalIpv6);
  if (access === 'private') return internal;
  if (access === 'public' || addresses.some((a) => a.type === 'ExternalIP' && a.address)) return external;
  return internal;
}

/**
 * Nodes where Pods of the Service run, for externalTrafficPolicy Local: of Pods that are ready, or else of those that are ready
 * but go, or else of those that only run. What counts is the best that there is in the whole cluster.
 */
function nodesOfPods({ metadata, spec }: ServiceObject, context: ObjectContext): readonly NodeObject[] {
  const rankByNode = new Map<NodeObject, number>();
  let best = 0;
  for (const pod of context.list(Pod, metadata.namespace, spec.selector)) {
    const node = pod.status.phase === 'Running' ? context.get(Node, '', pod.spec.nodeName) : undefined;
    if (!node) continue;
    const rank = rankOf(pod);
    rankByNode.set(node, Math.max(rank, rankByNode.get(node) ?? 0));
    best = Math.max(best, rank);
  }
  return [...rankByNode].flatMap(([node, rank]) => (rank === best ? [node] : []));
}

const rankOf = (pod: PodObject): number => {
  if (!pod.status.ready) return 1;
  return pod.terminating ? 2 : 3;
};

/** Priority and weight of SRV records: all ports are equal. */
const srvPreference = '0 50';

/** SRV endpoints for the node ports: `_SERVICE._PROTOCOL.HOST`, pointing to the host. A wildcard has none. */
export function srvEndpoints(host: string, { metadata, spec }: ServiceObject, traits: EndpointTraits): readonly Endpoint[] {
  if (host.startsWith('*')) return [];
  return spec.ports
    .filter((port) => port.nodePort > 0)
    .map((port) => makeEndpoint(`_${metadata.name}._${(port.protocol || 'tcp').toLowerCase()}.${host}`, 'SRV', [`${srvPreference} ${port.nodePort} ${host}.`], traits));
}

/** Internal addresses of a node, of both families. */
export const internalNodeAddresses = (node: NodeObject): readonly string[] => node.status.addresses.filter((a) => a.type === 'InternalIP' && recordTypeOf(a.address) !== 'CNAME').map((a) => a.address);
