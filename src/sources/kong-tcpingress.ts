import type { Endpoint } from '../endpoint/endpoint.ts';
import { TCPIngress, type TCPIngressObject } from '../kubernetes/resources/kong.ts';
import { annotatedTraits, endpointsForNames, loadBalancerTargets, resourceLabelOf } from './common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/** Kong TCPIngresses: names from the hostname annotation and the rules; targets from the annotation or the status. No templates. */
export const kongTCPIngress = defineSource({
  name: 'kong-tcpingress',
  title: 'Kong TCPIngress',
  resources: [TCPIngress],
  resourceLabels: ['tcpingress'],
  templates: false,
  annotations: ['hostname', 'target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create: (setup) => ({
    walks: [walk({ resource: TCPIngress, namespace: setup.options.namespace, endpoints: (ingress, context) => endpointsOf(ingress, setup, context) })],
    reads: [],
  }),
});

function endpointsOf(ingress: TCPIngressObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  if (!setup.selects(ingress)) return [];
  const annotations = setup.annotations(ingress, context);
  const annotated = annotations.targets();
  const targets = annotated.length ? annotated : loadBalancerTargets(ingress.status.loadBalancer.ingress);
  const traits = annotatedTraits(annotations, resourceLabelOf('tcpingress', ingress));

  const names = setup.options.ignoreHostnameAnnotation ? [] : [...annotations.hostnames()];
  for (const { host } of ingress.spec.rules) if (host !== '') names.push(host);
  return endpointsForNames(names, targets, traits, context, 'the load balancer in its status has no address');
}
