import { endpointsForName } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { Ingress, Service } from '../../kubernetes/resources/core.ts';
import { IstioGateway, type IstioGatewayObject, IstioVirtualService, type IstioVirtualServiceObject } from '../../kubernetes/resources/istio.ts';
import type { Annotations } from '../common/annotations.ts';
import { once } from '../common/once.ts';
import { parseReference } from '../common/reference.ts';
import { annotatedTraits, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from '../source.ts';
import { type GatewayTargets, targetReads, targetsOfGateway } from './gateway-targets.ts';
import { isExportedTo, nameOfHost, type ServerHost, serverHost, serves } from './hosts.ts';

/** Stands for all sidecars in a VirtualService's list of gateways. */
const mesh = 'mesh';

/** Istio VirtualServices: names from their hosts and annotations; targets from the annotation, or the Gateways that serve the name for them. */
export const istioVirtualService = defineSource({
  name: 'istio-virtualservice',
  title: 'Istio VirtualService',
  resources: [IstioVirtualService, IstioGateway, Service, Ingress],
  resourceLabels: ['virtualservice'],
  templates: true,
  annotations: ['hostname', 'target', 'ingress', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create(setup) {
    const { namespace } = setup.options;
    const serverHosts = once((gateway: IstioGatewayObject): readonly ServerHost[] =>
      gateway.spec.servers.flatMap(({ hosts }) => hosts.flatMap((host) => serverHost(host) ?? [])),
    );
    return {
      walks: [
        walk({
          resource: IstioVirtualService,
          namespace,
          endpoints: (service, context) => (setup.selects(service) ? endpointsOf(service, setup, serverHosts, context) : []),
        }),
      ],
      reads: [{ resource: IstioGateway, namespace }, ...targetReads(namespace)],
    };
  },
});

function endpointsOf(
  service: IstioVirtualServiceObject,
  setup: SourceSetup,
  serverHosts: (gateway: IstioGatewayObject, context: ObjectContext) => readonly ServerHost[],
  context: ObjectContext,
): readonly Endpoint[] {
  const annotations = setup.annotations(service, context);
  const annotated = annotations.targets();
  const gateways = annotated.length ? [] : gatewaysOf(service, setup, serverHosts, context);
  const traits = annotatedTraits(annotations, resourceLabelOf('virtualservice', service));
  const make = (name: string): readonly Endpoint[] => {
    if (annotated.length) return endpointsForName(name, annotated, traits);
    const serving = gateways.filter((gateway) => gateway.serves(name)).map((gateway) => gateway.targets());
    const targets = [...new Set(serving.flatMap((found) => found.targets))];
    const [waiting] = serving;
    if (targets.length === 0 && waiting) context.pending(name, waiting.missing);
    return endpointsForName(name, targets, traits);
  };
  const existing = namesOf(service, annotations, setup.options.ignoreHostnameAnnotation).flatMap(make);
  return setup.templates.combine(existing, () => setup.templates.names(service).flatMap(make));
}

function namesOf({ spec }: IstioVirtualServiceObject, annotations: Annotations, ignoreAnnotation: boolean): readonly string[] {
  const names = spec.hosts.flatMap((host) => nameOfHost(host) ?? []);
  if (!ignoreAnnotation) names.push(...annotations.hostnames());
  return [...new Set(names)];
}

/** A Gateway that a VirtualService names. */
interface NamedGateway {
  serves(name: string): boolean;
  /** Looked up only when a name needs it. */
  targets(): GatewayTargets;
}

function gatewaysOf(
  service: IstioVirtualServiceObject,
  setup: SourceSetup,
  serverHosts: (gateway: IstioGatewayObject, context: ObjectContext) => readonly ServerHost[],
  context: ObjectContext,
): readonly NamedGateway[] {
  const own = service.metadata.namespace;
  const { options } = setup;
  return service.spec.gateways.flatMap((text): readonly NamedGateway[] => {
    if (text === '' || text === mesh) return [];
    const reference = parseReference(text, own);
    if (!reference) throw new Error(`gateway ${JSON.stringify(text)} is neither NAME nor NAMESPACE/NAME`);
    const { namespace, name } = reference;
    if (options.namespace !== '' && options.namespace !== namespace) return [];
    const gateway = context.get(IstioGateway, namespace, name);
    if (!gateway) return [{ serves: () => true, targets: () => ({ targets: [], missing: `Gateway ${namespace}/${name} does not exist` }) }];
    if (!isExportedTo(service.spec.exportTo, own, namespace)) return [];
    let targets: GatewayTargets | undefined;
    return [
      {
        serves: (wanted) => serverHosts(gateway, context).some((host) => serves(host, namespace, wanted, own)),
        targets: () => (targets ??= targetsOfGateway(gateway, setup, context)),
      },
    ];
  });
}
