/** Resources of Contour: what sources read of them. */
import { asRecord, asText, keepParts } from '../keep.ts';
import type { KubeObject, Resource } from '../object.ts';
import { keepLoadBalancer, type LoadBalancerIngress } from './core.ts';

export interface HTTPProxyObject extends KubeObject {
  /** '' for one that others include. */
  readonly spec: { readonly virtualhost: { readonly fqdn: string } };
  readonly status: { readonly loadBalancer: { readonly ingress: readonly LoadBalancerIngress[] } };
}

export const HTTPProxy: Resource<HTTPProxyObject> = {
  group: 'projectcontour.io',
  versions: ['v1'],
  plural: 'httpproxies',
  kind: 'HTTPProxy',
  namespaced: true,
  install: 'install Contour',
  keep: (raw) =>
    keepParts(raw, { virtualhost: { fqdn: asText(asRecord(asRecord(raw['spec'])['virtualhost'])['fqdn']) ?? '' } }, { loadBalancer: keepLoadBalancer(raw['status']) }),
};
