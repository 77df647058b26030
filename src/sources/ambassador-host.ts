import type { Endpoint } from '../endpoint/endpoint.ts';
import { AmbassadorHost, type AmbassadorHostObject } from '../kubernetes/resources/ambassador.ts';
import { Service } from '../kubernetes/resources/core.ts';
import type { Reference } from './common/reference.ts';
import { createSelection } from './common/selection.ts';
import { annotatedTraits, endpointsForNames, loadBalancerTargets, resourceLabelOf } from './common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/** Names the Service in front of Emissary-ingress; not under the prefix of all other annotations. */
const serviceAnnotation = 'external-dns.ambassador-service';

/**
 * Emissary-ingress (Ambassador) Hosts: the name from the spec; targets from the annotation, or the Service that the annotation
 * `external-dns.ambassador-service` names. A Host without that annotation does not count. No templates, no hostname annotation.
 */
export const ambassadorHost = defineSource({
  name: 'ambassador-host',
  title: 'Emissary-ingress (Ambassador) Host',
  resources: [AmbassadorHost, Service],
  resourceLabels: ['host'],
  templates: false,
  annotations: ['target', 'ttl', 'set-identifier', 'alias', 'record-type'],
  create(setup) {
    const selects = createSelection(setup.options, { controller: false });
    return {
      walks: [
        walk({
          resource: AmbassadorHost,
          namespace: setup.options.namespace,
          endpoints: (host, context) => (selects(host) ? endpointsOf(host, setup, context) : []),
        }),
      ],
      // the Service of a Host may be in another namespace than --namespace
      reads: [{ resource: Service, namespace: '' }],
    };
  },
});

function endpointsOf(host: AmbassadorHostObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  const { metadata, spec } = host;
  const service = metadata.annotations[serviceAnnotation];
  if (service === undefined || spec.hostname === '') return [];
  const annotations = setup.annotations(host, context);
  const annotated = annotations.targets();
  const { targets, missing } = annotated.length ? { targets: annotated, missing: '' } : targetsOfService(service, metadata.namespace, context);
  return endpointsForNames([spec.hostname], targets, annotatedTraits(annotations, resourceLabelOf('host', host)), context, missing);
}

/** The addresses of a Service, or why there are none; a Service that does not exist has none, as in v0.22. */
function targetsOfService(text: string, ownNamespace: string, context: ObjectContext): { readonly targets: readonly string[]; readonly missing: string } {
  const reference = parseService(text, ownNamespace);
  if (!reference) {
    const missing = `annotation ${serviceAnnotation}: ${JSON.stringify(text)} is neither NAME, NAMESPACE/NAME nor NAME.NAMESPACE`;
    context.warn(missing);
    return { targets: [], missing };
  }
  const title = `Service ${reference.namespace}/${reference.name}`;
  const service = context.get(Service, reference.namespace, reference.name);
  if (!service) return { targets: [], missing: `${title} does not exist` };
  const targets = service.spec.externalIPs.length ? service.spec.externalIPs : loadBalancerTargets(service.status.loadBalancer.ingress);
  return { targets, missing: targets.length ? '' : `${title} has no address` };
}

/** `NAME` (in the Host's namespace), `NAMESPACE/NAME`, or Emissary's own `NAME.NAMESPACE`; undefined for anything else. */
export function parseService(text: string, ownNamespace: string): Reference | undefined {
  const parts = text.trim().split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return undefined;
  if (second !== undefined) return first && second ? { namespace: first, name: second } : undefined;
  const dot = first.indexOf('.');
  const reference = dot < 0 ? { namespace: ownNamespace, name: first } : { namespace: first.slice(dot + 1), name: first.slice(0, dot) };
  return reference.name && reference.namespace ? reference : undefined;
}
