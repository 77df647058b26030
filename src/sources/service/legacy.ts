import type { Config } from '../../config/config.ts';
import { endpointsForName } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { Node, type NodeObject, type ServiceObject } from '../../kubernetes/resources/core.ts';
import { splitNames } from '../common/annotations.ts';
import { kopsExternal, kopsInternal } from '../common/kops.ts';
import { externalNodeAddresses, hostsApart, loadBalancerTargets } from '../common/targets.ts';
import type { ObjectContext } from '../source.ts';
import { internalNodeAddresses } from './node-port.ts';

/**
 * Endpoints by the annotations of older controllers (--compatibility). They have neither TTL nor resource label,
 * and point to what the load balancer has, whatever other annotations say.
 */
export function legacyEndpoints(service: ServiceObject, options: Pick<Config, 'compatibility' | 'exposeInternalIpv6'>, context: ObjectContext): readonly Endpoint[] {
  const { annotations, labels } = service.metadata;
  const forTargets = (names: readonly string[], targets: readonly string[]): readonly Endpoint[] => hostsApart(names.flatMap((name) => endpointsForName(name, targets)));
  const forLoadBalancer = (names: readonly string[]): readonly Endpoint[] => forTargets(names, loadBalancerTargets(service.status.loadBalancer.ingress));
  switch (options.compatibility) {
    case 'mate':
      // a single name
      return forLoadBalancer([annotations['zalando.org/dnsname'] ?? ''].filter(Boolean));
    case 'molecule':
      return labels['dns'] === 'route53' ? forLoadBalancer(splitNames(annotations['domainName'] ?? '')) : [];
    case 'kops-dns-controller': {
      const external = annotations[kopsExternal];
      const internal = annotations[kopsInternal];
      if (service.spec.type === 'LoadBalancer') return forLoadBalancer([...splitNames(external ?? ''), ...splitNames(internal ?? '')]);
      if (service.spec.type !== 'NodePort' || (external === undefined) === (internal === undefined)) return [];
      const addresses = (node: NodeObject): readonly string[] =>
        internal === undefined ? externalNodeAddresses(node.status.addresses, options.exposeInternalIpv6) : internalNodeAddresses(node);
      const targets = workers(context).flatMap(addresses);
      return forTargets(splitNames(external ?? internal ?? ''), targets);
    }
    case '':
      return [];
  }
}

const workers = (context: ObjectContext): readonly NodeObject[] => context.list(Node, '').filter((node) => node.metadata.labels['node-role.kubernetes.io/node'] !== undefined);
