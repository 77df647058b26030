import { endpointsForName } from '../endpoint/build.ts';
import { type Endpoint, resourceLabel, withLabels } from '../endpoint/endpoint.ts';
import { mergeEndpoints } from '../endpoint/merge.ts';
import { ConfigurationError } from '../errors.ts';
import { keepHead } from '../kubernetes/keep.ts';
import { type KubeObject, type Resource, resourceName } from '../kubernetes/object.ts';
import { resourceLabelOf } from './common/targets.ts';
import { defineSource, type ObjectContext, type SourceSetup, walk } from './source.ts';

/**
 * Objects of any kind, by --unstructured-resource: names and targets from templates, or from the annotations `hostname` and `target` together.
 * Resource labels begin with the kinds in lower case, which are known only when objects are read.
 */
export const unstructured = defineSource({
  name: 'unstructured',
  title: 'Objects of any kind',
  resources: [],
  resourceLabels: ['*'],
  templates: true,
  annotations: ['hostname', 'target', 'ttl', 'controller'],
  create(setup) {
    const { options, log } = setup;
    const resources = new Map(options.unstructuredResource.map(parseResource).map((resource) => [`${resourceName(resource)} ${resource.versions.join()}`, resource]));
    if (resources.size === 0) log.warning('the source reads nothing: --unstructured-resource is not given', { source: 'unstructured' });
    return {
      walks: [...resources.values()].map((resource) => walk({ resource, namespace: options.namespace, endpoints: (object, context) => endpointsOf(object, setup, context) })),
      reads: [],
      merge: mergeWithinKinds,
    };
  },
});

/** The resource that `configmaps.v1` or `virtualmachineinstances.v1.kubevirt.io` names. Its kind is that of the objects. Throws ConfigurationError. */
export function parseResource(text: string): Resource {
  const [plural, version, ...rest] = text.split('.');
  const group = rest.join('.');
  // the core group has such versions only: something else is a group whose version was left out
  const good = plural && version && (group !== '' || /^v\d/.test(version));
  if (!good) throw new ConfigurationError(`--unstructured-resource=${text}: not of the form RESOURCE.VERSION.GROUP, as virtualmachineinstances.v1.kubevirt.io or configmaps.v1`);
  return { group, versions: [version], plural, kind: '', namespaced: true, keep: keepHead };
}

function endpointsOf(object: KubeObject, setup: SourceSetup, context: ObjectContext): readonly Endpoint[] {
  if (!setup.selects(object)) return [];
  const annotations = setup.annotations(object, context);
  const targets = annotations.targets();
  const annotated = annotations.hostnames().flatMap((name) => endpointsForName(name, targets));
  const label = resourceLabelOf(object.kind.toLowerCase(), object);
  const ttlSeconds = annotations.ttlSeconds();
  return setup.templates.combineAll(annotated, object).map((endpoint) => ({ ...withLabels(endpoint, { [resourceLabel]: label }), ttlSeconds: endpoint.ttlSeconds || ttlSeconds }));
}

/** Objects of one kind share a name, those of different kinds are rivals for it. */
export function mergeWithinKinds(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const byKind = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const [ref] = endpoint.refs;
    const kind = ref ? `${ref.apiVersion} ${ref.kind}` : '';
    const equal = byKind.get(kind);
    if (equal) equal.push(endpoint);
    else byKind.set(kind, [endpoint]);
  }
  return [...byKind.values()].flatMap(mergeEndpoints);
}
