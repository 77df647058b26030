import { ConfigurationError } from '../errors.ts';
import { Ingress, type IngressObject } from '../kubernetes/resources/core.ts';
import { selectorOf } from './common/selection.ts';
import { annotatedTraits, endpointsForNames, loadBalancerTargets, resourceLabelOf } from './common/targets.ts';
import { defineSource, walk } from './source.ts';

/** Where the class stood before there was spec.ingressClassName. */
const classAnnotation = 'kubernetes.io/ingress.class';

/** A list in one value would fit no Ingress, and all records would go. */
const className = /^([A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?)?$/;

/** Ingress: names from rules, TLS hosts, annotations or templates; targets from the target annotation or the status. */
export const ingress = defineSource({
  name: 'ingress',
  title: 'Ingress',
  resources: [Ingress],
  resourceLabels: ['ingress'],
  templates: true,
  annotations: ['hostname', 'ingress-hostname-source', 'target', 'ttl', 'set-identifier', 'alias', 'record-type', 'controller'],
  create({ options, annotations, templates, selects }) {
    if (options.ingressClass.length && selectorOf(options.annotationFilter, '--annotation-filter').some((r) => r.key === classAnnotation))
      throw new ConfigurationError(`--ingress-class and an --annotation-filter on ${classAnnotation} exclude each other; use one of them`);

    const wrong = options.ingressClass.find((name) => !className.test(name));
    if (wrong !== undefined) throw new ConfigurationError(`--ingress-class=${wrong} is no name of a class; give the flag once for each class`);

    const specHosts = ({ spec }: IngressObject): readonly string[] => [
      ...(options.ignoreIngressRulesSpec ? [] : spec.rules.map((rule) => rule.host)),
      ...(options.ignoreIngressTlsSpec ? [] : spec.tls.flatMap((tls) => tls.hosts)),
    ];

    return {
      walks: [
        walk({
          annotated: true,
          resource: Ingress,
          namespace: options.namespace,
          endpoints(object, context) {
            if (!hasClass(object, options.ingressClass) || !selects(object)) return [];
            const noted = annotations(object, context);
            const annotated = noted.targets();
            const targets = annotated.length ? annotated : loadBalancerTargets(object.status.loadBalancer.ingress);
            const traits = annotatedTraits(noted, resourceLabelOf('ingress', object));
            const endpointsFor = (names: readonly string[]) => endpointsForNames(names, targets, traits, context, 'the load balancer has no address yet');

            const source = noted.get('ingress-hostname-source')?.toLowerCase();
            if (source !== undefined && source !== 'defined-hosts-only' && source !== 'annotation-only')
              context.warn(`annotation ingress-hostname-source: ${JSON.stringify(source)} is neither defined-hosts-only nor annotation-only, so the Ingress has no names`);
            const names = [
              ...(source === undefined || source === 'defined-hosts-only' ? specHosts(object) : []),
              ...((source === undefined || source === 'annotation-only') && !options.ignoreHostnameAnnotation ? noted.hostnames() : []),
            ];
            return templates.combine(endpointsFor([...new Set(names)].filter(Boolean)), () => endpointsFor(templates.names(object)));
          },
        }),
      ],
      reads: [],
    };
  },
});

/** By spec.ingressClassName, or where that is not set by the old annotation. */
function hasClass({ spec, metadata }: IngressObject, classes: readonly string[]): boolean {
  if (classes.length === 0) return true;
  const name = spec.ingressClassName || metadata.annotations[classAnnotation];
  return name !== undefined && classes.includes(name);
}
