import type { ServiceObject } from '../../kubernetes/resources/core.ts';
import { loadBalancerTargets } from '../common/targets.ts';
import type { ObjectContext } from '../source.ts';

/** The primary cluster IP; none for a headless Service. */
export const clusterIPTargets = ({ spec }: ServiceObject): readonly string[] => (spec.clusterIP === '' || spec.clusterIP === 'None' ? [] : [spec.clusterIP]);

/** The external IPs, or else the external name. */
export const externalNameTargets = ({ spec }: ServiceObject): readonly string[] => (spec.externalIPs.length ? spec.externalIPs : [spec.externalName].filter(Boolean));

/** The external IPs, or else the addresses of the load balancer; with `resolve` its host names are replaced by their addresses. */
export function loadBalancerServiceTargets({ spec, status }: ServiceObject, resolve: boolean, context: Pick<ObjectContext, 'resolve'>): readonly string[] {
  if (spec.externalIPs.length) return spec.externalIPs;
  const { ingress } = status.loadBalancer;
  return resolve ? ingress.flatMap(({ ip, hostname }) => [...(ip ? [ip] : []), ...(hostname ? context.resolve(hostname) : [])]) : loadBalancerTargets(ingress);
}
