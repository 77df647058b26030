import type { Endpoint } from '../endpoint/endpoint.ts';
import { HTTPProxy, type HTTPProxyObject } from '../kubernetes/resources/contour.ts';
import { annotatedTraits, endpointsForNames, loadBalancerTargets, resourceLabelOf } from './common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/** Contour HTTPProxies: names from the virtual host and annotations; targets from the annotation or the status. */
export const contourHTTPProxy = defineSource({
  name: 'contour-httpproxy',
  title: 'Contour HTTPProxy',
  resources: [HTTPProxy],
  resourceLabels: ['HTTPProxy'],
  templates: true,
  annotations: ['hostname', 'target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create: (setup) => ({
    walks: [
      walk({ resource: HTTPProxy, namespace: setup.options.namespace, endpoints: (proxy, context) => (setup.selects(proxy) ? endpointsOf(proxy, setup, context) : []) }),
    ],
    reads: [],
  }),
});

function endpointsOf(proxy: HTTPProxyObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const annotations = setup.annotations(proxy, context);
  const annotated = annotations.targets();
  const targets = annotated.length ? annotated : loadBalancerTargets(proxy.status.loadBalancer.ingress);
  const traits = annotatedTraits(annotations, resourceLabelOf('HTTPProxy', proxy));
  const make = (names: readonly string[]): readonly Endpoint[] => endpointsForNames(names, targets, traits, context, 'the load balancer in its status has no address');

  const { fqdn } = proxy.spec.virtualhost;
  // one that others include has no virtual host
  const names = fqdn === '' ? [] : [fqdn];
  if (!setup.options.ignoreHostnameAnnotation) names.push(...annotations.hostnames());
  return setup.templates.combine(make(names), () => make(setup.templates.names(proxy)));
}
