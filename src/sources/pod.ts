import { endpointsForName } from '../endpoint/build.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { mergeIgnoringTTL } from '../endpoint/merge.ts';
import { Node, Pod, type PodObject } from '../kubernetes/resources/core.ts';
import { splitNames } from './common/annotations.ts';
import { kopsExternal, kopsInternal } from './common/kops.ts';
import { externalNodeAddresses } from './common/targets.ts';
import { defineSource, type ObjectContext, walk } from './source.ts';

/** Pod: names from annotations, templates, or its own below --pod-source-domain; targets from the target annotation, its address or its node's. */
export const pod = defineSource({
  name: 'pod',
  title: 'Pod',
  resources: [Pod, Node],
  resourceLabels: [],
  templates: true,
  annotations: ['hostname', 'internal-hostname', 'target', 'ttl', 'controller'],
  create({ options, annotations, templates, selects }) {
    function ownEndpoints(object: PodObject, context: ObjectContext): readonly Endpoint[] {
      const noted = annotations(object, context);
      const traits = { ttlSeconds: noted.ttlSeconds() };
      const annotated = noted.targets();
      const endpoints: Endpoint[] = [];
      const add = (names: readonly string[], targets: () => readonly string[], reason: string): void => {
        if (names.length === 0) return;
        const of = targets();
        for (const name of names) {
          if (of.length === 0) context.pending(name, reason);
          endpoints.push(...endpointsForName(name, of, traits));
        }
      };
      const podIP = () => [object.status.podIP].filter(Boolean);
      const nodeIPs = () => externalNodeAddresses(nodeOf(object, context)?.status.addresses ?? [], true);
      const orAnnotated = (targets: () => readonly string[]) => () => (annotated.length ? annotated : targets());
      const noPodIP = 'the Pod has no address yet';
      const noNodeIP = 'the Pod is on no node with an external address';

      add(noted.internalHostnames(), orAnnotated(podIP), noPodIP);
      add(noted.hostnames(), orAnnotated(nodeIPs), noNodeIP);
      if (options.compatibility === 'kops-dns-controller') {
        add(splitNames(object.metadata.annotations[kopsInternal] ?? ''), podIP, noPodIP);
        add(splitNames(object.metadata.annotations[kopsExternal] ?? ''), nodeIPs, noNodeIP);
      }
      if (options.podSourceDomain) add([`${object.metadata.name}.${options.podSourceDomain}`], orAnnotated(podIP), noPodIP);
      return endpoints;
    }

    /** All addresses of the Pod, whatever the target annotation says. */
    function templatedEndpoints(object: PodObject, context: ObjectContext): readonly Endpoint[] {
      const targets = object.status.podIPs.filter(Boolean);
      return templates.names(object).flatMap((name) => {
        if (targets.length === 0) context.pending(name, 'the Pod has no address yet');
        return endpointsForName(name, targets, { ttlSeconds: annotations(object, context).ttlSeconds() });
      });
    }

    return {
      walks: [
        walk({
          resource: Pod,
          namespace: options.namespace,
          endpoints(object, context) {
            if ((options.ignoreNonHostNetworkPods && !object.spec.hostNetwork) || !selects(object)) return [];
            return templates.combine(templates.combinePairs(ownEndpoints(object, context), object), () => templatedEndpoints(object, context));
          },
        }),
      ],
      reads: [{ resource: Node, namespace: '' }],
      // Pods behind one name are one record, whatever their TTLs
      merge: mergeIgnoringTTL,
    };
  },
});

const nodeOf = ({ spec }: PodObject, context: ObjectContext) => (spec.nodeName ? context.get(Node, '', spec.nodeName) : undefined);
