/** Resources of the Gateway API: what sources read of them. Absent texts are '', absent lists and maps empty. */
import { asNumber, asRecord, asText, isRecord, keepHead, keepParts, recordList, textList, textRecord } from '../keep.ts';
import type { KubeObject, RawObject, Resource } from '../object.ts';

export const gatewayGroup = 'gateway.networking.k8s.io';
/** Group of resources that are still tried out; XListenerSet is what ListenerSet was called there. */
export const gatewayExperimentalGroup = 'gateway.networking.x-k8s.io';

const install = 'install the custom resource definitions of the Gateway API (https://gateway-api.sigs.k8s.io/guides/getting-started/)';

const text = (record: RawObject, field: string): string => asText(record[field]) ?? '';

/** A label selector as objects write it. */
export interface LabelSelectorSpec {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
}

/** From which namespaces something may attach. */
export interface AllowedNamespaces {
  /** All, Same, Selector, None, or '' where it is not written. */
  readonly from: string;
  readonly selector: LabelSelectorSpec | undefined;
}

export interface Listener {
  readonly name: string;
  /** '' for any host. */
  readonly hostname: string;
  readonly port: number;
  readonly protocol: string;
  /** Namespaces of the routes. */
  readonly namespaces: AllowedNamespaces;
  /** Kinds of the routes; empty for all that fit the protocol. */
  readonly kinds: readonly { readonly group: string; readonly kind: string }[];
}

export interface GatewayObject extends KubeObject {
  readonly spec: {
    readonly listeners: readonly Listener[];
    /** Namespaces of the ListenerSets. */
    readonly allowedListeners: AllowedNamespaces;
  };
  /** Values of the addresses that were assigned, whatever their type. */
  readonly status: { readonly addresses: readonly string[] };
}

export const Gateway: Resource<GatewayObject> = {
  group: gatewayGroup,
  versions: ['v1', 'v1beta1'],
  plural: 'gateways',
  kind: 'Gateway',
  namespaced: true,
  install,
  keep(raw) {
    const spec = asRecord(raw['spec']);
    return keepParts(
      raw,
      {
        listeners: recordList(spec['listeners'], keepListener),
        allowedListeners: keepNamespaces(asRecord(spec['allowedListeners'])['namespaces']),
      },
      { addresses: recordList(asRecord(raw['status'])['addresses'], (entry) => text(entry, 'value')).filter((value) => value !== '') },
    );
  },
};

/** An entry of `parentRefs`, with what is not written filled in. */
export interface ParentRef {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** '' for all listeners. */
  readonly sectionName: string;
  /** 0 for all ports. */
  readonly port: number;
}

export interface ListenerSetObject extends KubeObject {
  readonly spec: { readonly parentRef: ParentRef; readonly listeners: readonly Listener[] };
  readonly status: {
    /** Its Gateway has accepted the set. */
    readonly accepted: boolean;
    /** Listeners that the status speaks of. */
    readonly listeners: readonly { readonly name: string; readonly accepted: boolean }[];
  };
}

export const ListenerSet: Resource<ListenerSetObject> = {
  group: gatewayGroup,
  versions: ['v1'],
  plural: 'listenersets',
  kind: 'ListenerSet',
  namespaced: true,
  install,
  keep: keepListenerSet,
};

export const XListenerSet: Resource<ListenerSetObject> = {
  group: gatewayExperimentalGroup,
  versions: ['v1alpha1'],
  plural: 'xlistenersets',
  kind: 'XListenerSet',
  namespaced: true,
  install: 'that is no harm unless a route names one: install the experimental custom resource definitions of the Gateway API',
  keep: keepListenerSet,
};

function keepListenerSet(raw: RawObject): ListenerSetObject {
  const head = keepHead(raw);
  const spec = asRecord(raw['spec']);
  const status = asRecord(raw['status']);
  return {
    ...head,
    spec: {
      parentRef: keepParentRef(asRecord(spec['parentRef']), head.metadata.namespace),
      listeners: recordList(spec['listeners'], keepListener),
    },
    status: {
      accepted: isAccepted(status['conditions']),
      listeners: recordList(status['listeners'], (entry) => ({ name: text(entry, 'name'), accepted: isAccepted(entry['conditions']) })),
    },
  };
}

/** A route of any kind: all have the same head and status. */
export interface RouteObject extends KubeObject {
  readonly spec: {
    /** Always empty for kinds that have none (TCPRoute, UDPRoute). */
    readonly hostnames: readonly string[];
    readonly parentRefs: readonly ParentRef[];
  };
  /** What controllers report of each parent; the generation that they saw does not matter. */
  readonly status: { readonly parents: readonly { readonly parentRef: ParentRef; readonly accepted: boolean }[] };
}

export const HTTPRoute = routeResource('HTTPRoute', 'httproutes', ['v1', 'v1beta1']);
export const GRPCRoute = routeResource('GRPCRoute', 'grpcroutes', ['v1', 'v1alpha2']);
export const TLSRoute = routeResource('TLSRoute', 'tlsroutes', ['v1', 'v1alpha3', 'v1alpha2']);
export const TCPRoute = routeResource('TCPRoute', 'tcproutes', ['v1', 'v1alpha2']);
export const UDPRoute = routeResource('UDPRoute', 'udproutes', ['v1', 'v1alpha2']);

function routeResource(kind: string, plural: string, versions: readonly string[]): Resource<RouteObject> {
  return {
    group: gatewayGroup,
    versions,
    plural,
    kind,
    namespaced: true,
    install,
    keep(raw) {
      const namespace = asText(asRecord(raw['metadata'])['namespace']) ?? '';
      const spec = asRecord(raw['spec']);
      const parentRefs = recordList(spec['parentRefs'], (ref) => keepParentRef(ref, namespace));
      const parents = recordList(asRecord(raw['status'])['parents'], (parent) => {
        const parentRef = keepParentRef(asRecord(parent['parentRef']), namespace);
        // mostly the one of the spec: kept once
        return { parentRef: parentRefs.find((ref) => sameRef(ref, parentRef)) ?? parentRef, accepted: isAccepted(parent['conditions']) };
      });
      return keepParts(raw, { hostnames: textList(spec['hostnames']), parentRefs }, { parents });
    },
  };
}

const sameRef = (a: ParentRef, b: ParentRef): boolean =>
  a.name === b.name && a.namespace === b.namespace && a.kind === b.kind && a.group === b.group && a.sectionName === b.sectionName && a.port === b.port;

function keepParentRef(ref: RawObject, namespace: string): ParentRef {
  return {
    group: text(ref, 'group') || gatewayGroup,
    kind: text(ref, 'kind') || 'Gateway',
    namespace: text(ref, 'namespace') || namespace,
    name: text(ref, 'name'),
    sectionName: text(ref, 'sectionName'),
    port: asNumber(ref['port']) ?? 0,
  };
}

function keepListener(listener: RawObject): Listener {
  const allowed = asRecord(listener['allowedRoutes']);
  return {
    name: text(listener, 'name'),
    hostname: text(listener, 'hostname'),
    port: asNumber(listener['port']) ?? 0,
    protocol: text(listener, 'protocol'),
    namespaces: keepNamespaces(allowed['namespaces']),
    kinds: recordList(allowed['kinds'], (entry) => ({ group: text(entry, 'group') || gatewayGroup, kind: text(entry, 'kind') })),
  };
}

function keepNamespaces(value: unknown): AllowedNamespaces {
  const record = asRecord(value);
  const selector = record['selector'];
  return { from: text(record, 'from'), selector: isRecord(selector) ? keepSelector(selector) : undefined };
}

const keepSelector = (selector: RawObject): LabelSelectorSpec => ({
  matchLabels: textRecord(selector['matchLabels']),
  matchExpressions: recordList(selector['matchExpressions'], (entry) => ({
    key: text(entry, 'key'),
    operator: text(entry, 'operator'),
    values: textList(entry['values']),
  })),
});

/** The first condition of type Accepted is True. */
function isAccepted(conditions: unknown): boolean {
  const accepted = recordList(conditions, (entry) => entry).find((condition) => condition['type'] === 'Accepted');
  return accepted?.['status'] === 'True';
}
