/** Resources of Kubernetes itself, and DNSEndpoint: what sources read of them. Absent texts are '', absent lists and maps empty. */
import { asBoolean, asList, asNumber, asRecord, asText, isRecord, keepHead, keepParts, recordList, textList, textRecord } from '../keep.ts';
import type { KubeObject, RawObject, Resource } from '../object.ts';

const text = (record: RawObject, field: string): string => asText(record[field]) ?? '';
const flag = (record: RawObject, field: string): boolean => asBoolean(record[field]) ?? false;

/** An entry of `status.loadBalancer.ingress`. */
export interface LoadBalancerIngress {
  readonly ip: string;
  readonly hostname: string;
}

/** The entries of `status.loadBalancer.ingress`, for every resource whose status has the core API's form. */
export const keepLoadBalancer = (status: unknown): { readonly ingress: readonly LoadBalancerIngress[] } => ({
  ingress: recordList(asRecord(asRecord(status)['loadBalancer'])['ingress'], (entry) => ({ ip: text(entry, 'ip'), hostname: text(entry, 'hostname') })),
});

export interface ServicePort {
  readonly name: string;
  /** '' where it is not written. */
  readonly protocol: string;
  readonly port: number;
  /** 0: none. */
  readonly nodePort: number;
}

export interface ServiceObject extends KubeObject {
  readonly spec: {
    /** The API server's default, ClusterIP, where it is not written. */
    readonly type: string;
    /** `None` for a headless Service. */
    readonly clusterIP: string;
    readonly clusterIPs: readonly string[];
    readonly externalIPs: readonly string[];
    readonly externalName: string;
    readonly externalTrafficPolicy: string;
    readonly publishNotReadyAddresses: boolean;
    readonly selector: Readonly<Record<string, string>>;
    readonly ports: readonly ServicePort[];
  };
  readonly status: { readonly loadBalancer: { readonly ingress: readonly LoadBalancerIngress[] } };
}

export const Service: Resource<ServiceObject> = {
  group: '',
  versions: ['v1'],
  plural: 'services',
  kind: 'Service',
  namespaced: true,
  keep(raw) {
    const spec = asRecord(raw['spec']);
    return keepParts(
      raw,
      {
        type: text(spec, 'type') || 'ClusterIP',
        clusterIP: text(spec, 'clusterIP'),
        clusterIPs: textList(spec['clusterIPs']),
        externalIPs: textList(spec['externalIPs']),
        externalName: text(spec, 'externalName'),
        externalTrafficPolicy: text(spec, 'externalTrafficPolicy'),
        publishNotReadyAddresses: flag(spec, 'publishNotReadyAddresses'),
        selector: textRecord(spec['selector']),
        ports: recordList(spec['ports'], (port) => ({
          name: text(port, 'name'),
          protocol: text(port, 'protocol'),
          port: asNumber(port['port']) ?? 0,
          nodePort: asNumber(port['nodePort']) ?? 0,
        })),
      },
      { loadBalancer: keepLoadBalancer(raw['status']) },
    );
  },
};

export interface NodeAddress {
  /** ExternalIP, InternalIP, Hostname, ... */
  readonly type: string;
  readonly address: string;
}

export interface NodeObject extends KubeObject {
  readonly spec: { readonly unschedulable: boolean };
  readonly status: { readonly addresses: readonly NodeAddress[] };
}

/** Heartbeats (conditions) are not kept, so they are no change. */
export const Node: Resource<NodeObject> = {
  group: '',
  versions: ['v1'],
  plural: 'nodes',
  kind: 'Node',
  namespaced: false,
  keep(raw) {
    const addresses = asRecord(raw['status'])['addresses'];
    return keepParts(
      raw,
      { unschedulable: flag(asRecord(raw['spec']), 'unschedulable') },
      { addresses: recordList(addresses, (entry) => ({ type: text(entry, 'type'), address: text(entry, 'address') })) },
    );
  },
};

export interface PodObject extends KubeObject {
  /** A deletion timestamp is set. */
  readonly terminating: boolean;
  readonly spec: {
    readonly nodeName: string;
    readonly hostname: string;
    readonly hostNetwork: boolean;
  };
  readonly status: {
    /** Pending, Running, Succeeded, Failed, Unknown. */
    readonly phase: string;
    readonly podIP: string;
    readonly podIPs: readonly string[];
    readonly hostIP: string;
    /** The condition Ready is True. */
    readonly ready: boolean;
  };
}

export const Pod: Resource<PodObject> = {
  group: '',
  versions: ['v1'],
  plural: 'pods',
  kind: 'Pod',
  namespaced: true,
  keep(raw) {
    const spec = asRecord(raw['spec']);
    const status = asRecord(raw['status']);
    const ready = asList(status['conditions']).find((condition) => asRecord(condition)['type'] === 'Ready');
    const { apiVersion, kind, metadata } = keepHead(raw);
    return {
      apiVersion,
      kind,
      metadata,
      terminating: text(asRecord(raw['metadata']), 'deletionTimestamp') !== '',
      spec: { nodeName: text(spec, 'nodeName'), hostname: text(spec, 'hostname'), hostNetwork: flag(spec, 'hostNetwork') },
      status: {
        phase: text(status, 'phase'),
        podIP: text(status, 'podIP'),
        podIPs: recordList(status['podIPs'], (entry) => text(entry, 'ip')),
        hostIP: text(status, 'hostIP'),
        ready: asRecord(ready)['status'] === 'True',
      },
    };
  },
};

/** Only metadata (labels) is read of a Namespace. */
export const Namespace: Resource = {
  group: '',
  versions: ['v1'],
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
  keep: keepHead,
};

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  /** A missing condition means ready. */
  readonly ready: boolean;
  readonly targetRef: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string } | undefined;
}

export interface EndpointSliceObject extends KubeObject {
  /** IPv4, IPv6 or FQDN. */
  readonly addressType: string;
  readonly endpoints: readonly SliceEndpoint[];
}

export const EndpointSlice: Resource<EndpointSliceObject> = {
  group: 'discovery.k8s.io',
  versions: ['v1'],
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
  keep(raw) {
    const { apiVersion, kind, metadata } = keepHead(raw);
    return { apiVersion, kind, metadata, addressType: text(raw, 'addressType'), endpoints: recordList(raw['endpoints'], keepSliceEndpoint) };
  },
};

function keepSliceEndpoint(entry: RawObject): SliceEndpoint {
  const ref = entry['targetRef'];
  return {
    addresses: textList(entry['addresses']),
    ready: asBoolean(asRecord(entry['conditions'])['ready']) ?? true,
    targetRef: isRecord(ref)
      ? { apiVersion: text(ref, 'apiVersion'), kind: text(ref, 'kind'), namespace: text(ref, 'namespace'), name: text(ref, 'name') }
      : undefined,
  };
}

export interface IngressObject extends KubeObject {
  readonly spec: {
    readonly ingressClassName: string;
    readonly rules: readonly { readonly host: string }[];
    readonly tls: readonly { readonly hosts: readonly string[] }[];
  };
  readonly status: { readonly loadBalancer: { readonly ingress: readonly LoadBalancerIngress[] } };
}

export const Ingress: Resource<IngressObject> = {
  group: 'networking.k8s.io',
  versions: ['v1'],
  plural: 'ingresses',
  kind: 'Ingress',
  namespaced: true,
  keep(raw) {
    const spec = asRecord(raw['spec']);
    return keepParts(
      raw,
      {
        ingressClassName: text(spec, 'ingressClassName'),
        rules: recordList(spec['rules'], (rule) => ({ host: text(rule, 'host') })),
        tls: recordList(spec['tls'], (tls) => ({ hosts: textList(tls['hosts']) })),
      },
      { loadBalancer: keepLoadBalancer(raw['status']) },
    );
  },
};

/** One entry of `spec.endpoints`. */
export interface DNSEndpointEntry {
  readonly dnsName: string;
  readonly recordType: string;
  readonly targets: readonly string[];
  readonly setIdentifier: string;
  /** 0: not set. */
  readonly recordTTL: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly providerSpecific: readonly { readonly name: string; readonly value: string }[];
}

/** A condition of a status, in Kubernetes' common form. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration: number;
}
const conditionOf = (raw: RawObject): Condition => ({
  type: text(raw, 'type'),
  status: text(raw, 'status'),
  reason: text(raw, 'reason'),
  message: text(raw, 'message'),
  lastTransitionTime: text(raw, 'lastTransitionTime'),
  observedGeneration: asNumber(raw['observedGeneration']) ?? 0,
});

export interface DNSEndpointObject extends KubeObject {
  readonly spec: { readonly endpoints: readonly DNSEndpointEntry[] };
  readonly status: { readonly observedGeneration: number; readonly conditions?: readonly Condition[] };
}

export const DNSEndpoint: Resource<DNSEndpointObject> = {
  group: 'externaldns.k8s.io',
  versions: ['v1alpha1'],
  plural: 'dnsendpoints',
  kind: 'DNSEndpoint',
  namespaced: true,
  install: 'apply the DNSEndpoint definition that comes with ExternalDNS',
  keep(raw) {
    const { observedGeneration, conditions } = asRecord(raw['status']);
    const spec = {
      endpoints: recordList(asRecord(raw['spec'])['endpoints'], (entry) => ({
        dnsName: text(entry, 'dnsName'),
        recordType: text(entry, 'recordType'),
        targets: textList(entry['targets']),
        setIdentifier: text(entry, 'setIdentifier'),
        recordTTL: asNumber(entry['recordTTL']) ?? 0,
        labels: textRecord(entry['labels']),
        providerSpecific: recordList(entry['providerSpecific'], (property) => ({ name: text(property, 'name'), value: text(property, 'value') })),
      })),
    };
    const seen = asNumber(observedGeneration) ?? 0;
    // most have no conditions
    return keepParts(raw, spec, asList(conditions).length > 0 ? { observedGeneration: seen, conditions: recordList(conditions, conditionOf) } : { observedGeneration: seen });
  },
};
