import type { Endpoint } from '../../endpoint/endpoint.ts';
import { Ingress, Service } from '../../kubernetes/resources/core.ts';
import { IstioGateway, type IstioGatewayObject } from '../../kubernetes/resources/istio.ts';
import type { Annotations } from '../common/annotations.ts';
import { annotatedTraits, endpointsForNames, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from '../source.ts';
import { targetReads, targetsOfGateway } from './gateway-targets.ts';
import { nameOfHost } from './hosts.ts';

/** Istio Gateways: names from the hosts of their servers and annotations; targets from annotations, an Ingress or the Services behind. */
export const istioGateway = defineSource({
  name: 'istio-gateway',
  title: 'Istio Gateway',
  resources: [IstioGateway, Service, Ingress],
  resourceLabels: ['gateway'],
  templates: true,
  annotations: ['hostname', 'target', 'ingress', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create(setup) {
    const { namespace } = setup.options;
    return {
      walks: [walk({ resource: IstioGateway, namespace, endpoints: (gateway, context) => (setup.selects(gateway) ? endpointsOf(gateway, setup, context) : []) })],
      reads: targetReads(namespace),
    };
  },
});

function endpointsOf(gateway: IstioGatewayObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const annotations = setup.annotations(gateway, context);
  const { targets, missing } = targetsOfGateway(gateway, setup, context);
  const traits = annotatedTraits(annotations, resourceLabelOf('gateway', gateway));
  const make = (names: readonly string[]): readonly Endpoint[] => endpointsForNames(names, targets, traits, context, missing);
  return setup.templates.combine(make(namesOf(gateway, annotations, setup.options.ignoreHostnameAnnotation)), () => make(setup.templates.names(gateway)));
}

function namesOf({ spec }: IstioGatewayObject, annotations: Annotations, ignoreAnnotation: boolean): readonly string[] {
  const names = spec.servers.flatMap(({ hosts }) => hosts.flatMap((host) => nameOfHost(host) ?? []));
  if (!ignoreAnnotation) names.push(...annotations.hostnames());
  return [...new Set(names)];
}
