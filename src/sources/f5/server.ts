import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Resource } from '../../kubernetes/object.ts';
import type { F5ServerObject } from '../../kubernetes/resources/f5.ts';
import { endpointsForNames, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type SourceDefinition, type SourceSetup, walk } from '../source.ts';

/**
 * F5 VirtualServers and TransportServers: names from the host and its aliases; targets from the annotation, the address of the
 * spec, or that of the status, but none of them before the status has an address. Templates must give the targets, too.
 */
export const defineF5Source = (name: string, resource: Resource<F5ServerObject>): SourceDefinition =>
  defineSource({
    name,
    title: `F5 ${resource.kind}`,
    resources: [resource],
    resourceLabels: [name],
    templates: true,
    annotations: ['target', 'ttl', 'controller'],
    create: (setup) => ({
      walks: [walk({ resource, namespace: setup.options.namespace, endpoints: (server, context) => endpointsOf(server, name, setup, context) })],
      reads: [],
    }),
  });

function endpointsOf(server: F5ServerObject, source: string, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  if (!setup.selects(server)) return [];
  const { spec, status } = server;
  const annotations = setup.annotations(server, context);
  const targets = hasAddress(status.vsAddress) ? targetsOf(server, annotations.targets()) : [];
  const traits = { ttlSeconds: annotations.ttlSeconds(), resource: resourceLabelOf(source, server) };

  const names = [spec.host, ...spec.hostAliases].filter((name) => name !== '');
  return setup.templates.combineAll(endpointsForNames(names, targets, traits, context, 'its status has no address (vsAddress)'), server);
}

const hasAddress = (vsAddress: string): boolean => vsAddress !== '' && vsAddress.toLowerCase() !== 'none';

function targetsOf({ spec, status }: F5ServerObject, annotated: readonly string[]): readonly string[] {
  return annotated.length ? annotated : [spec.virtualServerAddress || status.vsAddress];
}
