import type { Endpoint } from '../endpoint/endpoint.ts';
import { ConfigurationError } from '../errors.ts';
import { RouteGroup, routeGroup, type RouteGroupObject } from '../kubernetes/resources/skipper.ts';
import { annotatedTraits, endpointsForNames, loadBalancerTargets, resourceLabelOf } from './common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/** Skipper RouteGroups: names from the hosts, the hostname annotation and templates; targets from the annotation or the status. */
export const skipperRouteGroup = defineSource({
  name: 'skipper-routegroup',
  title: 'Skipper RouteGroup',
  resources: [RouteGroup],
  resourceLabels: ['routegroup'],
  templates: true,
  annotations: ['hostname', 'target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create(setup) {
    const resource = resourceOf(setup.options.skipperRoutegroupGroupversion);
    return {
      walks: [walk({ resource, namespace: setup.options.namespace, endpoints: (group, context) => endpointsOf(group, setup, context) })],
      reads: [],
    };
  },
});

/** The resource of a group and version such as `zalando.org/v1`; '' means that. Throws ConfigurationError. */
export function resourceOf(groupVersion: string): typeof RouteGroup {
  if (groupVersion === '') return RouteGroup;
  const [group, version, ...more] = groupVersion.split('/');
  if (!group || !version || more.length) throw new ConfigurationError(`--skipper-routegroup-groupversion=${groupVersion}: not of the form GROUP/VERSION, as zalando.org/v1`);
  return routeGroup(group, version);
}

function endpointsOf(group: RouteGroupObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  if (!setup.selects(group)) return [];
  const annotations = setup.annotations(group, context);
  const annotated = annotations.targets();
  const targets = annotated.length ? annotated : loadBalancerTargets(group.status.loadBalancer.routeGroup);
  const traits = annotatedTraits(annotations, resourceLabelOf('routegroup', group));

  const make = (names: readonly string[]): readonly Endpoint[] => endpointsForNames(names, targets, traits, context, 'the load balancer in its status has no address');
  const names = group.spec.hosts.filter((host) => host !== '');
  if (!setup.options.ignoreHostnameAnnotation) names.push(...annotations.hostnames());
  return setup.templates.combine(make(names), () => make(setup.templates.names(group)));
}
