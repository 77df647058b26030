import type { Endpoint } from '../endpoint/endpoint.ts';
import type { KubeObject, Resource } from '../kubernetes/object.ts';
import { Ingress, Service } from '../kubernetes/resources/core.ts';
import { GlooGateway, type GlooOrigin, GlooProxy, type GlooProxyObject, GlooVirtualService } from '../kubernetes/resources/gloo.ts';
import { parseReference } from './common/reference.ts';
import { annotatedTraits, endpointsForNames, loadBalancerAddresses, loadBalancerTargets } from './common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/**
 * Gloo Edge Proxies: names from the domains of the virtual hosts; targets from the annotation, the Ingress that a Gateway behind
 * the Proxy names in its annotation `ingress`, or the Service that is called like the Proxy. TTL, set identifier and properties come from the
 * VirtualServices behind a virtual host. Templates must give the targets, too. No resource labels, as in v0.22.
 */
export const glooProxy = defineSource({
  name: 'gloo-proxy',
  title: 'Gloo Edge Proxy',
  resources: [GlooProxy, GlooGateway, GlooVirtualService, Service, Ingress],
  resourceLabels: [],
  templates: true,
  annotations: ['target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type', 'ingress'],
  create(setup) {
    const namespaces = new Set(setup.options.glooNamespace);
    const [only] = namespaces;
    return {
      walks: [
        walk({
          resource: GlooProxy,
          namespace: namespaces.size === 1 && only !== undefined ? only : '',
          endpoints: (proxy, context) => (namespaces.has(proxy.metadata.namespace) && setup.selects(proxy) ? endpointsOf(proxy, setup, context) : []),
        }),
      ],
      // only some Proxies need them: those are frozen where they cannot be read, and the others are not
      reads: [Service, Ingress, GlooGateway, GlooVirtualService].map((resource: Resource) => ({ resource, namespace: '' })),
    };
  },
});

function endpointsOf(proxy: GlooProxyObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const { targets, missing } = targetsOf(proxy, setup, context);
  const endpoints = proxy.spec.listeners.flatMap(({ virtualHosts }) =>
    virtualHosts.flatMap(({ domains, origins }) => {
      const traits = annotatedTraits(setup.annotations(joinedVirtualServices(proxy, origins, context), context), '');
      return endpointsForNames(domains, targets, traits, context, missing);
    }),
  );
  return setup.templates.combineAll(endpoints, proxy);
}

interface Targets {
  readonly targets: readonly string[];
  /** Why there are none. */
  readonly missing: string;
}

function targetsOf(proxy: GlooProxyObject, setup: SourceSetup, context: ObjectContext): Targets {
  const annotated = setup.annotations(proxy, context).targets();
  if (annotated.length) return { targets: annotated, missing: '' };
  const ofIngresses = proxy.spec.listeners.flatMap(({ origins }) => origins.filter(isGateway).flatMap((origin) => targetsOfGateway(origin, setup, context)));
  return ofIngresses.length ? { targets: ofIngresses, missing: '' } : targetsOfService(proxy, context);
}

const isGateway = ({ kind }: GlooOrigin): boolean => kind === '*v1.Gateway';
const isVirtualService = ({ kind }: GlooOrigin): boolean => kind === '*v1.VirtualService';

/** The addresses of the Ingress in front of a Gateway; none where the Gateway names no Ingress. */
function targetsOfGateway(origin: GlooOrigin, setup: SourceSetup, context: ObjectContext): readonly string[] {
  const gateway = need(GlooGateway, origin.namespace, origin.name, context);
  const text = setup.annotations(gateway, context).get('ingress');
  if (text === undefined || text === '') return [];
  const reference = parseReference(text, gateway.metadata.namespace);
  if (!reference) throw new Error(`annotation ingress of Gateway ${origin.namespace}/${origin.name}: ${JSON.stringify(text)} is neither NAME nor NAMESPACE/NAME`);
  return loadBalancerAddresses(need(Ingress, reference.namespace, reference.name, context).status.loadBalancer.ingress);
}

function targetsOfService({ metadata }: GlooProxyObject, context: ObjectContext): Targets {
  const { spec, status } = need(Service, metadata.namespace, metadata.name, context);
  const title = `Service ${metadata.namespace}/${metadata.name}`;
  if (spec.type !== 'LoadBalancer') {
    context.warn(`${title} is of type ${spec.type}, but only a LoadBalancer gives targets; set the annotation target`);
    return { targets: [], missing: `${title} is no load balancer` };
  }
  return { targets: loadBalancerTargets(status.loadBalancer.ingress), missing: `${title} has no address` };
}

/** An object with the annotations of all VirtualServices that a virtual host was made of; of two values of a key the later one's holds. */
function joinedVirtualServices(proxy: GlooProxyObject, origins: readonly GlooOrigin[], context: ObjectContext): KubeObject {
  const services = origins.filter(isVirtualService).map(({ namespace, name }) => need(GlooVirtualService, namespace, name, context));
  const annotations: Record<string, string> = Object.assign({}, ...services.map(({ metadata }) => metadata.annotations));
  return { ...proxy, metadata: { ...proxy.metadata, annotations } };
}

/** An object that another one refers to. Throws where it is missing, which leaves the records as they are. */
function need<T extends KubeObject>(resource: Resource<T>, namespace: string, name: string, context: ObjectContext): T {
  const found = context.get(resource, namespace, name);
  if (!found) throw new Error(`${resource.kind} ${namespace}/${name}, which it refers to, does not exist`);
  return found;
}
