import { endpointsForName, type EndpointTraits } from '../../endpoint/build.ts';
import { type Endpoint, resourceLabel } from '../../endpoint/endpoint.ts';
import { mergeIgnoringTTL } from '../../endpoint/merge.ts';
import { EndpointSlice, Node, Pod, Service, type ServiceObject } from '../../kubernetes/resources/core.ts';
import type { Annotations } from '../common/annotations.ts';
import { annotatedTraits, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type Read, walk } from '../source.ts';
import { headlessEndpoints } from './headless.ts';
import { legacyEndpoints } from './legacy.ts';
import { nodePortTargets, srvEndpoints } from './node-port.ts';
import { clusterIPTargets, externalNameTargets, loadBalancerServiceTargets } from './targets.ts';
import { createTypeFilter } from './type-filter.ts';

/** One Service, with what is read of it for all of its names. */
interface Subject {
  readonly object: ServiceObject;
  readonly noted: Annotations;
  readonly traits: EndpointTraits;
  readonly context: ObjectContext;
}

/** Where a name comes from: the annotations `hostname` and `internal-hostname`, or a template. */
type Origin = 'hostname' | 'internal-hostname' | 'template';

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
    const processes = createTypeFilter(options.serviceTypeFilter);
    const readsNodes = processes('NodePort');

    function endpointsForHost(host: string, origin: Origin, { object, noted, traits, context }: Subject): readonly Endpoint[] {
      const pending = (reason: string): readonly Endpoint[] => {
        context.pending(host, reason);
        return [];
      };
      const forTargets = (targets: readonly string[], reason: string): readonly Endpoint[] => (targets.length ? endpointsForName(host, targets, traits) : pending(reason));

      const annotated = noted.targets();
      if (annotated.length) return endpointsForName(host, annotated, traits);
      const internal = origin === 'internal-hostname';
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
          return origin === 'template' ? [] : pending('a ClusterIP Service is published with --publish-internal-services, or under the annotation internal-hostname');
        case 'NodePort':
          return [...srvEndpoints(host, object, traits), ...forTargets(nodePortTargets(object, noted.get('access'), options, context), 'no node has a fitting address')];
        case 'ExternalName':
          return forTargets(externalNameTargets(object), 'the Service has no external name');
        default:
          return pending(`the type ${object.spec.type} is not known`);
      }
    }

    function annotatedEndpoints(subject: Subject): readonly Endpoint[] {
      if (options.ignoreHostnameAnnotation) return [];
      return [
        ...subject.noted.hostnames().flatMap((host) => endpointsForHost(host, 'hostname', subject)),
        ...subject.noted.internalHostnames().flatMap((host) => endpointsForHost(host, 'internal-hostname', subject)),
      ];
    }

    // what the types of the filter need, and no more, from the first such Service on: pods are many
    const reads: readonly Read[] = [
      ...(processes('ClusterIP') ? [{ resource: EndpointSlice, namespace, lazy: true }] : []),
      ...(processes('ClusterIP') || processes('NodePort') ? [{ resource: Pod, namespace, lazy: true }] : []),
      ...(readsNodes ? [{ resource: Node, namespace: '', lazy: true }] : []),
    ];

    return {
      walks: [
        walk({
          annotated: true,
          resource: Service,
          namespace,
          endpoints(object, context) {
            if (!processes(object.spec.type) || !selects(object)) return [];
            const noted = annotations(object, context);
            const subject = { object, noted, traits: annotatedTraits(noted, resourceLabelOf('service', object)), context };
            const annotated = annotatedEndpoints(subject);
            const own = annotated.length ? annotated : legacyEndpoints(object, options, context);
            return templates.combine(templates.combinePairs(own, object), () => templates.names(object).flatMap((host) => endpointsForHost(host, 'template', subject)));
          },
        }),
      ],
      reads,
      // Services behind one name are one record, whatever their TTLs; the first in order of the resource label leads
      merge: (endpoints) => mergeIgnoringTTL(endpoints.toSorted(byResource)),
    };
  },
});

const byResource = (a: Endpoint, b: Endpoint): number => {
  const [x = '', y = ''] = [a.labels[resourceLabel], b.labels[resourceLabel]];
  return x < y ? -1 : x > y ? 1 : 0;
};
