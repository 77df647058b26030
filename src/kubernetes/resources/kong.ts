/** Resources of the Kong Ingress Controller: what sources read of them. */
import { asRecord, asText, keepParts, recordList } from '../keep.ts';
import type { KubeObject, Resource } from '../object.ts';
import { keepLoadBalancer, type LoadBalancerIngress } from './core.ts';

export interface TCPIngressObject extends KubeObject {
  readonly spec: { readonly rules: readonly { readonly host: string }[] };
  readonly status: { readonly loadBalancer: { readonly ingress: readonly LoadBalancerIngress[] } };
}

export const TCPIngress: Resource<TCPIngressObject> = {
  group: 'configuration.konghq.com',
  versions: ['v1beta1'],
  plural: 'tcpingresses',
  kind: 'TCPIngress',
  namespaced: true,
  install: 'install the custom resource definitions of the Kong Ingress Controller',
  keep: (raw) =>
    keepParts(raw, { rules: recordList(asRecord(raw['spec'])['rules'], (rule) => ({ host: asText(rule['host']) ?? '' })) }, { loadBalancer: keepLoadBalancer(raw['status']) }),
};
