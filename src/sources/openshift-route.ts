import type { Endpoint } from '../endpoint/endpoint.ts';
import { OpenShiftRoute, type OpenShiftRouteObject, type RouteIngress } from '../kubernetes/resources/openshift.ts';
import { annotatedTraits, endpointsForNames, resourceLabelOf } from './common/targets.ts';
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

function endpointsOf(route: OpenShiftRouteObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const { options, templates } = setup;
  const annotations = setup.annotations(route, context);
  const router = routerOf(route.status.ingress, options.openshiftRouterName);
  const annotated = annotations.targets();
  const targets = annotated.length || !router ? annotated : [router.routerCanonicalHostname];
  const traits = annotatedTraits(annotations, resourceLabelOf('route', route));
  const missing = options.openshiftRouterName === '' ? 'no router has admitted the route under a canonical hostname' : `router ${options.openshiftRouterName} has not admitted the route under a canonical hostname`;
  const make = (names: readonly string[]): readonly Endpoint[] => endpointsForNames(names, targets, traits, context, missing);

  // without a router the host of the spec is but a wish, even where the target annotation is set
  if (!router && route.spec.host !== '') context.pending(route.spec.host, missing);
  const names = router && router.host !== '' ? [router.host] : [];
  if (!options.ignoreHostnameAnnotation) names.push(...annotations.hostnames());
  return templates.combine(make(names), () => make(templates.names(route)));
}

/** The first router that admitted the Route and has a canonical hostname; with a name only the router of that name. */
export const routerOf = (reports: readonly RouteIngress[], name: string): RouteIngress | undefined =>
  reports.find((report) => report.admitted && report.routerCanonicalHostname !== '' && (name === '' || report.routerName === name));
