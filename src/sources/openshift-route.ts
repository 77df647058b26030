import { endpointsForName, type EndpointTraits } from '../endpoint/build.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { OpenShiftRoute, type OpenShiftRouteObject, type RouteIngress } from '../kubernetes/resources/openshift.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/** OpenShift Routes: the host that a router reports, and names of annotations; targets from the annotation or that router. */
export const openShiftRoute = defineSource({
  name: 'openshift-route',
  title: 'OpenShift Route',
  resources: [OpenShiftRoute],
  resourceLabels: ['route'],
  templates: true,
  annotations: ['hostname', 'target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create: (setup) => ({
    walks: [
      walk({ resource: OpenShiftRoute, namespace: setup.options.namespace, endpoints: (route, context) => (setup.selects(route) ? endpointsOf(route, setup, context) : []) }),
    ],
    reads: [],
  }),
});

function endpointsOf(route: OpenShiftRouteObject, { annotations: read, options, templates }: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const annotations = read(route, context);
  const router = routerOf(route.status.ingress, options.openshiftRouterName);
  const annotated = annotations.targets();
  const targets = annotated.length || !router ? annotated : [router.routerCanonicalHostname];
  const traits: EndpointTraits = {
    ttlSeconds: annotations.ttlSeconds(),
    setIdentifier: annotations.setIdentifier(),
    providerSpecific: annotations.providerSpecific(),
    resource: `route/${route.metadata.namespace}/${route.metadata.name}`,
  };
  const missing = `${options.openshiftRouterName === '' ? 'no router' : `router ${options.openshiftRouterName} is not one that`} has admitted the route and has a canonical hostname`;
  const make = (name: string): readonly Endpoint[] => {
    if (targets.length === 0) context.pending(name, missing);
    return endpointsForName(name, targets, traits);
  };
  // without a router the host of the spec is only a wish, whatever the target annotation says
  if (!router && route.spec.host !== '') context.pending(route.spec.host, missing);
  const names: string[] = router && router.host !== '' ? [router.host] : [];
  if (!options.ignoreHostnameAnnotation) names.push(...annotations.hostnames());
  return templates.combine(names.flatMap(make), () => templates.names(route).flatMap(make));
}

/** The first router that admitted the Route and has a canonical hostname; with a name only the router of that name. */
export const routerOf = (reports: readonly RouteIngress[], name: string): RouteIngress | undefined =>
  reports.find((report) => report.admitted && report.routerCanonicalHostname !== '' && (name === '' || report.routerName === name));
