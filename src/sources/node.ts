import { recordTypeOf } from '../endpoint/build.ts';
import { Node, type NodeObject } from '../kubernetes/resources/core.ts';
import { endpointsForNames, externalNodeAddresses, hostsApart } from './common/targets.ts';
import { defineSource, walk } from './source.ts';

/** Node: its name or those of templates; targets from the target annotation or its addresses. */
export const node = defineSource({
  name: 'node',
  title: 'Node',
  resources: [Node],
  resourceLabels: ['node'],
  templates: true,
  annotations: ['target', 'ttl', 'controller'],
  create({ options, annotations, templates, selects }) {
    return {
      walks: [
        walk({
          resource: Node,
          namespace: '',
          endpoints(object, context) {
            if ((object.spec.unschedulable && options.excludeUnschedulable) || !selects(object)) return [];
            const noted = annotations(object, context);
            const annotated = noted.targets();
            const targets = annotated.length ? annotated : nodeTargets(object, options.exposeInternalIpv6);
            const traits = { ttlSeconds: noted.ttlSeconds(), resource: `node/${object.metadata.name}` };
            const endpointsFor = (names: readonly string[]) => hostsApart(endpointsForNames(names, targets, traits, context, 'the node has no address'));

            // names by templates replace the node's own
            const own = templates.hasNames && !templates.combining ? [] : endpointsFor([object.metadata.name]);
            return templates.combine(templates.combinePairs(own, object), () => endpointsFor(templates.names(object)));
          },
        }),
      ],
      reads: [],
    };
  },
});

/** The external addresses of a node, or where it has none the internal ones. */
function nodeTargets({ status }: NodeObject, exposeInternalIPv6: boolean): readonly string[] {
  if (status.addresses.some((a) => a.type === 'ExternalIP' && a.address)) return externalNodeAddresses(status.addresses, exposeInternalIPv6);
  return status.addresses.filter((a) => a.type === 'InternalIP' && recordTypeOf(a.address) !== 'CNAME').map((a) => a.address);
}
