import { endpointsForName, type EndpointTraits } from '../endpoint/build.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { HTTPProxy, type HTTPProxyObject } from '../kubernetes/resources/contour.ts';
import { loadBalancerTargets } from './common/targets.ts';
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

function endpointsOf(proxy: HTTPProxyObject, { annotations: read, options, templates }: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const annotations = read(proxy, context);
  const annotated = annotations.targets();
  const targets = annotated.length ? annotated : loadBalancerTargets(proxy.status);
  const traits: EndpointTraits = {
    ttlSeconds: annotations.ttlSeconds(),
    setIdentifier: annotations.setIdentifier(),
    providerSpecific: annotations.providerSpecific(),
    resource: `HTTPProxy/${proxy.metadata.namespace}/${proxy.metadata.name}`,
  };
  const make = (name: string): readonly Endpoint[] => {
    if (targets.length === 0) context.pending(name, 'the load balancer in its status has no address');
    return endpointsForName(name, targets, traits);
  };
  const names: string[] = [];
  // one that others include has no virtual host
  if (proxy.spec.virtualhost.fqdn !== '') names.push(proxy.spec.virtualhost.fqdn);
  if (!options.ignoreHostnameAnnotation) names.push(...annotations.hostnames());
  return templates.combine(names.flatMap(make), () => templates.names(proxy).flatMap(make));
}
