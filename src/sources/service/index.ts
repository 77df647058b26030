import { endpointsForName } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { mergeIgnoringTTL } from '../../endpoint/merge.ts';
import { EndpointSlice, Node, Pod, Service, type ServiceObject } from '../../kubernetes/resources/core.ts';
import { annotatedTraits, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type Read, walk } from '../source.ts';
import { headlessEndpoints } from './headless.ts';
import { legacyEndpoints } from './legacy.ts';
import { nodePortTargets, srvEndpoints } from './node-port.ts';
import { clusterIPTargets, externalNameTargets, loadBalancerServiceTargets } from './targets.ts';
import { createTypeFilter } from './type-filter.ts';

/** Service: names from annotations or templates, targets by the type of the Service. */
export const service = defineSource({
  name: 'service',
  title: 'Service',
  resources: [Service, EndpointSlice, Pod, Node],
  resourceLabels: ['service'],
  templates: true,
  annotations: ['hostname', 'internal-hostname', 'target', 'access', 'endpoints-type', 'ttl', 'set-identifier', 'alias', 'record-type', 'controller'],
  create({ options, annotations, templates, selects }) {
    const { namespace } = options;
    const reads = createTypeFilter(options.serviceTypeFilter);
    const readsNodes = reads('NodePort');

    /** `internal`: the name is for use inside of the cluster. `templated`: no annotation asks for the name. */
    function endpointsForHost(host: string, object: ServiceObject, context: ObjectContext, { internal = false, templated = false }): readonly Endpoint[] {
      const noted = annotations(object, context);
      const traits = annotatedTraits(noted, resourceLabelOf('service', object));
      const pending = (reason: string): readonly Endpoint[] => {
        context.pending(host, reason);
        return [];
      };
      const forTargets = (targets: readonly string[], reason: string): readonly Endpoint[] => (targets.length ? endpointsForName(host, targets, traits) : pending(reason));

      const annotated = noted.targets();
      if (annotated.length) return endpointsForName(host, annotated, traits);
      switch (object.spec.type) {
        case 'LoadBalancer':
          if (internal) return forTargets(clusterIPTargets(object), 'the Service has no cluster IP');
          return forTargets(loadBalancerServiceTargets(object, options.resolveServiceLoadBalancerHostname, context), 'the load balancer has no address yet');
        case 'ClusterIP':
          if (object.spec.clusterIP === 'None') {
            const endpoints = headlessEndpoints(host, object, { options, annotations, noted, readsNodes, traits }, context);
            return endpoints.length ? endpoints : pending('no ready endpoint of the headless Service refers to one of its Pods');
          }
          if (internal || options.publishInternalServices) return forTargets(clusterIPTargets(object), 'the Service has no cluster IP yet');
          // a template names all Services; only who asks for a name by hand wants to know
          return templated ? [] : pending('a ClusterIP Service is published with --publish-internal-services, or under the annotation internal-hostname');
        case 'NodePort':
          return [...srvEndpoints(host, object, traits), ...forTargets(nodePortTargets(object, noted.get('access'), options, context), 'no node has a fitting address')];
        case 'ExternalName':
          return forTargets(externalNameTargets(object), 'the Service has no external name');
        default:
          return pending(`the type ${object.spec.type} is not known`);
      }
    }

    function annotatedEndpoints(object: ServiceObject, context: ObjectContext): readonly Endpoint[] {
      if (options.ignoreHostnameAnnotation) return [];
      const noted = annotations(object, context);
      return [
        ...noted.hostnames().flatMap((host) => endpointsForHost(host, object, context, {})),
        ...noted.internalHostnames().flatMap((host) => endpointsForHost(host, object, context, { internal: true })),
      ];
    }

    // what the types of the filter need, and no more: pods are many
    const needed: readonly Read[] = [
      ...(reads('ClusterIP') ? [{ resource: EndpointSlice, namespace }] : []),
      ...(reads('ClusterIP') || reads('NodePort') ? [{ resource: Pod, namespace }] : []),
      ...(readsNodes ? [{ resource: Node, namespace: '' }] : []),
    ];

    return {
      walks: [
        walk({
          resource: Service,
          namespace,
          endpoints(object, context) {
            if (!reads(object.spec.type) || !selects(object)) return [];
            const own = annotatedEndpoints(object, context);
            const ownOrLegacy = own.length ? own : legacyEndpoints(object, options, context);
            return templates.combine(templates.combinePairs(ownOrLegacy, object), () =>
              templates.names(object).flatMap((host) => endpointsForHost(host, object, context, { templated: true })),
            );
          },
        }),
      ],
      reads: needed,
      // Services behind one name are one record, whatever their TTLs; the first in order of the resource label leads
      merge: (endpoints) => mergeIgnoringTTL(endpoints.toSorted(byResource)),
    };
  },
});

const byResource = (a: Endpoint, b: Endpoint): number => {
  const [x = '', y = ''] = [a.labels['resource'], b.labels['resource']];
  return x < y ? -1 : x > y ? 1 : 0;
};
