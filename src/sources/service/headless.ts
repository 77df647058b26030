import type { Config } from '../../config/config.ts';
import { endpointsForName, type EndpointTraits } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Index } from '../../kubernetes/cluster.ts';
import { EndpointSlice, type EndpointSliceObject, Node, Pod, type PodObject, type ServiceObject, type SliceEndpoint } from '../../kubernetes/resources/core.ts';
import type { Annotations } from '../common/annotations.ts';
import { externalNodeAddresses } from '../common/targets.ts';
import type { ObjectContext, SourceSetup } from '../source.ts';

/** Slices by `namespace/name` of their Service. */
const slicesByService: Index<EndpointSliceObject> = {
  name: 'service',
  values({ metadata }) {
    const name = metadata.labels['kubernetes.io/service-name'];
    return name === undefined ? [] : [`${metadata.namespace}/${name}`];
  },
};

export interface HeadlessSetup {
  readonly options: Pick<Config, 'publishHostIp' | 'alwaysPublishNotReadyAddresses' | 'exposeInternalIpv6'>;
  readonly annotations: SourceSetup['annotations'];
  /** Annotations of the Service. */
  readonly noted: Annotations;
  readonly readsNodes: boolean;
  readonly traits: EndpointTraits;
}

/** What a Pod is published by. */
type AddressKind = 'pod' | 'host' | 'node';

/**
 * Endpoints of a headless Service: its name for all of its Pods, and below that the host name of each Pod that has one.
 * Only ready endpoints count that refer to a Pod which the Service selects, and of each only the first address.
 */
export function headlessEndpoints(host: string, service: ServiceObject, setup: HeadlessSetup, context: ObjectContext): readonly Endpoint[] {
  const { metadata, spec } = service;
  const kind = addressKind(setup);
  const withUnready = spec.publishNotReadyAddresses || setup.options.alwaysPublishNotReadyAddresses;
  const targets = new Map<string, Set<string>>();
  for (const slice of context.lookup(EndpointSlice, slicesByService, `${metadata.namespace}/${metadata.name}`)) {
    if (kind === 'pod' && slice.addressType !== 'IPv4' && slice.addressType !== 'IPv6') continue;
    for (const endpoint of slice.endpoints) {
      if (!endpoint.ready && !withUnready) continue;
      const pod = podOf(endpoint, service, context);
      if (!pod) continue;
      const names = pod.spec.hostname ? [host, `${pod.spec.hostname}.${host}`] : [host];
      for (const target of podTargets(pod, endpoint, kind, setup, context)) for (const name of names) add(targets, name, target);
    }
  }
  return [...targets].flatMap(([name, of]) => endpointsForName(name, [...of], setup.traits));
}

function addressKind({ noted, options }: HeadlessSetup): AddressKind {
  const type = noted.get('endpoints-type');
  if (type === 'NodeExternalIP') return 'node';
  return type === 'HostIP' || options.publishHostIp ? 'host' : 'pod';
}

/** The Pod that an endpoint refers to, if the Service selects it. */
function podOf({ targetRef }: SliceEndpoint, { metadata, spec }: ServiceObject, context: ObjectContext): PodObject | undefined {
  if (targetRef?.kind !== 'Pod' || targetRef.apiVersion !== '') return undefined;
  const pod = context.get(Pod, metadata.namespace, targetRef.name);
  return pod && Object.entries(spec.selector).every(([key, value]) => pod.metadata.labels[key] === value) ? pod : undefined;
}

function podTargets(pod: PodObject, endpoint: SliceEndpoint, kind: AddressKind, setup: HeadlessSetup, context: ObjectContext): readonly string[] {
  const annotated = setup.annotations(pod, context).targets();
  if (annotated.length) return annotated;
  switch (kind) {
    case 'pod':
      return endpoint.addresses.slice(0, 1);
    case 'host':
      return [pod.status.hostIP].filter(Boolean);
    case 'node':
      if (!setup.readsNodes) {
        context.warn('endpoints-type NodeExternalIP needs the nodes, which are read only where --service-type-filter lets NodePort through');
        return [];
      }
      return externalNodeAddresses(context.get(Node, '', pod.spec.nodeName)?.status.addresses ?? [], setup.options.exposeInternalIpv6);
  }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}
