import { endpointsForName } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Resource } from '../../kubernetes/object.ts';
import { legacyTraefikRoutes, type TraefikRouteObject, traefikRoutes } from '../../kubernetes/resources/traefik.ts';
import { annotatedTraits, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from '../source.ts';
import { hostsOfRule } from './rule.ts';

/**
 * Traefik IngressRoutes for HTTP, TCP and UDP: names from the hostname annotation and the rules; targets from the annotation alone,
 * because these objects hold no address. Templates must give the targets, too.
 */
export const traefikProxy = defineSource({
  name: 'traefik-proxy',
  title: 'Traefik Proxy IngressRoute, IngressRouteTCP, IngressRouteUDP',
  resources: [...traefikRoutes, ...legacyTraefikRoutes],
  resourceLabels: traefikRoutes.map(({ kind }) => kind.toLowerCase()),
  templates: true,
  annotations: ['hostname', 'target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
  create(setup) {
    const { options, log } = setup;
    const resources = [...(options.traefikDisableNew ? [] : traefikRoutes), ...(options.traefikEnableLegacy ? legacyTraefikRoutes : [])];
    if (resources.length === 0) log.warning('the source reads nothing: --traefik-disable-new without --traefik-enable-legacy', { source: 'traefik-proxy' });
    return {
      walks: resources.map((resource) => walk({ resource, namespace: options.namespace, flag: legacyTraefikRoutes.includes(resource) ? '--traefik-enable-legacy' : '--source=traefik-proxy', endpoints: (route, context) => endpointsOf(route, resource, setup, context) })),
      reads: [],
    };
  },
});

function endpointsOf(route: TraefikRouteObject, resource: Resource, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  if (!setup.selects(route)) return [];
  const annotations = setup.annotations(route, context);
  const targets = annotations.targets();
  const traits = annotatedTraits(annotations, resourceLabelOf(resource.kind.toLowerCase(), route));

  const names = setup.options.ignoreHostnameAnnotation ? [] : [...annotations.hostnames()];
  for (const { match } of route.spec.routes) {
    const { hosts, problem } = hostsOfRule(match);
    names.push(...hosts);
    if (problem !== undefined) context.warn(`rule ${JSON.stringify(match)}: ${problem}`);
  }
  return setup.templates.combineAll(
    names.flatMap((name) => endpointsForName(name, targets, traits)),
    route,
  );
}
