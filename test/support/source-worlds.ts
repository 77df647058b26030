import type { RawObject } from '../../src/kubernetes/object.ts';

/** How many objects of the walked kind a world has. */
export const worldSize = 10_000;

/** A change of something that is read second-hand, and the numbers of the objects that have read it. */
export interface WorldChange {
  readonly title: string;
  readonly object: RawObject;
  readonly touches: (i: number) => boolean;
}

/** A cluster for one source: many walked objects, `app-0` and so on, each with the record `app-I.example.org`, and what they read second-hand. */
export interface World {
  readonly flags: readonly string[];
  /** The namespace of the walked objects; '' where they have none. */
  readonly namespace: string;
  readonly object: (i: number) => RawObject;
  readonly read: readonly RawObject[];
  readonly changes: readonly WorldChange[];
}

const nobody = (): boolean => false;
const prefix = 'external-dns.kubernetes.io/';
const hostOf = (i: number): string => `app-${i}.example.org`;
const annotated = (annotations: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(annotations).map(([key, value]) => [prefix + key, value]));
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

interface Fields {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
  readonly status?: unknown;
  readonly more?: Readonly<Record<string, unknown>>;
}

const make = (apiVersion: string, kind: string, namespace: string, name: string, { annotations = {}, labels = {}, spec = {}, status = {}, more = {} }: Fields): RawObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace && { namespace }), uid: `${kind}-${namespace}-${name}`, annotations, labels },
  spec,
  status,
  ...more,
});

const loadBalancer = (...ips: readonly string[]) => ({ loadBalancer: { ingress: ips.map((ip) => ({ ip })) } });

/** A world in which nothing is read second-hand. */
const plain = (apiVersion: string, kind: string, fields: (i: number) => Fields, flags: readonly string[] = []): World => ({
  flags,
  namespace: 'shop',
  object: (i) => make(apiVersion, kind, 'shop', `app-${i}`, fields(i)),
  read: [],
  changes: [],
});

const service = (namespace: string, name: string, selector: Readonly<Record<string, string>>, ...ips: readonly string[]): RawObject =>
  make('v1', 'Service', namespace, name, { spec: { type: 'LoadBalancer', selector }, status: loadBalancer(...ips) });
const ingress = (namespace: string, name: string, ...ips: readonly string[]): RawObject => make('networking.k8s.io/v1', 'Ingress', namespace, name, { status: loadBalancer(...ips) });
const node = (name: string, ip: string): RawObject => make('v1', 'Node', '', name, { status: { addresses: [{ type: 'ExternalIP', address: ip }] } });

const ambassador: World = {
  flags: [],
  namespace: 'shop',
  object: (i) => make('getambassador.io/v3alpha1', 'Host', 'shop', `app-${i}`, { annotations: { 'external-dns.ambassador-service': `infra/edge-${i % 100}` }, spec: { hostname: hostOf(i) } }),
  read: range(100).map((k) => service('infra', `edge-${k}`, {}, '192.0.2.1')),
  changes: [
    { title: 'the Service of some Hosts', object: service('infra', 'edge-7', {}, '192.0.2.2'), touches: (i) => i % 100 === 7 },
    { title: 'another Service', object: service('infra', 'other', {}, '192.0.2.3'), touches: nobody },
  ],
};

const gatewayGroup = 'gateway.networking.k8s.io';
const listener = (protocol: string, from: object) => ({ name: 'main', port: 80, protocol, allowedRoutes: { namespaces: from } });
const accepted = [{ type: 'Accepted', status: 'True' }];

/** Routes in fifty namespaces, a hundred on each Gateway. Gateway 3 looks at labels of namespaces; the routes of 4 and 5 are on ListenerSets of Gateway 90. */
function routes(kind: string, protocol: string): World {
  const gateway = (k: number, ip: string): RawObject =>
    make(`${gatewayGroup}/v1`, 'Gateway', 'infra', `gw-${k}`, {
      spec: {
        listeners: [listener(protocol, k === 3 ? { from: 'Selector', selector: { matchLabels: { dns: 'yes' } } } : { from: 'All' })],
        allowedListeners: { namespaces: { from: 'All' } },
      },
      status: { addresses: [{ type: 'IPAddress', value: ip }] },
    });
  const set = (apiVersion: string, setKind: string, k: number, port: number): RawObject =>
    make(apiVersion, setKind, 'infra', `set-${k}`, {
      spec: { parentRef: { name: 'gw-90' }, listeners: [{ ...listener(protocol, { from: 'All' }), port }] },
      status: { conditions: accepted, listeners: [{ name: 'main', conditions: accepted }] },
    });
  const namespace = (k: number, labels: Readonly<Record<string, string>>): RawObject => make('v1', 'Namespace', '', `team-${k}`, { labels });
  const parentOf = (i: number) => {
    const k = Math.floor(i / 100);
    if (k === 4) return { group: gatewayGroup, kind: 'ListenerSet', namespace: 'infra', name: `set-${i % 10}` };
    if (k === 5) return { group: 'gateway.networking.x-k8s.io', kind: 'XListenerSet', namespace: 'infra', name: `set-${i % 10}` };
    return { group: gatewayGroup, kind: 'Gateway', namespace: 'infra', name: `gw-${k}` };
  };
  const of = (i: number): number => Math.floor(i / 100);
  return {
    flags: ['--gateway-listener-sets'],
    namespace: '*',
    object: (i) =>
      make(`${gatewayGroup}/v1`, kind, `team-${i % 50}`, `app-${i}`, {
        annotations: annotated({ hostname: hostOf(i) }),
        spec: { parentRefs: [parentOf(i)] },
        status: { parents: [{ parentRef: parentOf(i), conditions: accepted }] },
      }),
    read: [
      ...range(100).map((k) => gateway(k, '192.0.2.1')),
      ...range(50).map((k) => namespace(k, { dns: 'yes' })),
      ...range(10).flatMap((k) => [set(`${gatewayGroup}/v1`, 'ListenerSet', k, 80), set('gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet', k, 80)]),
    ],
    changes: [
      { title: 'a Gateway', object: gateway(7, '192.0.2.2'), touches: (i) => of(i) === 7 },
      { title: 'a Gateway of ListenerSets', object: gateway(90, '192.0.2.2'), touches: (i) => [4, 5, 90].includes(of(i)) },
      { title: 'a Gateway without routes', object: gateway(100, '192.0.2.2'), touches: nobody },
      { title: 'a Namespace, where a Gateway looks at its labels', object: namespace(5, { dns: 'no' }), touches: (i) => of(i) === 3 && i % 50 === 5 },
      { title: 'a Namespace without routes', object: namespace(50, { dns: 'yes' }), touches: nobody },
      { title: 'a ListenerSet', object: set(`${gatewayGroup}/v1`, 'ListenerSet', 6, 81), touches: (i) => of(i) === 4 && i % 10 === 6 },
      { title: 'an XListenerSet', object: set('gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet', 6, 81), touches: (i) => of(i) === 5 && i % 10 === 6 },
    ],
  };
}

const istioVersion = 'networking.istio.io/v1';
const edges = range(100).map((k) => service('infra', `edge-${k}`, { istio: `edge-${k}` }, '192.0.2.1'));
const fronts = range(10).map((k) => ingress('infra', `front-${k}`, '192.0.2.4'));

const istioGateway: World = {
  flags: [],
  namespace: 'shop',
  object: (i) =>
    make(istioVersion, 'Gateway', 'shop', `app-${i}`, {
      annotations: i < 1000 ? annotated({ ingress: `infra/front-${i % 10}` }) : {},
      spec: { selector: { istio: `edge-${i % 100}` }, servers: [{ hosts: [hostOf(i)] }] },
    }),
  read: [...edges, ...fronts],
  changes: [
    { title: 'a Service that Gateways select', object: service('infra', 'edge-7', { istio: 'edge-7' }, '192.0.2.2'), touches: (i) => i >= 1000 && i % 100 === 7 },
    { title: 'a Service that is selected no more', object: service('infra', 'edge-8', { istio: 'none' }, '192.0.2.2'), touches: (i) => i >= 1000 && i % 100 === 8 },
    { title: 'a Service that none selects', object: service('infra', 'other', { app: 'other' }, '192.0.2.2'), touches: nobody },
    { title: 'an Ingress that Gateways name', object: ingress('infra', 'front-3', '192.0.2.5'), touches: (i) => i < 1000 && i % 10 === 3 },
    { title: 'another Ingress', object: ingress('infra', 'other', '192.0.2.5'), touches: nobody },
  ],
};

const istioGatewayOf = (k: number, labels: Readonly<Record<string, string>> = {}): RawObject =>
  make(istioVersion, 'Gateway', 'infra', `gw-${k}`, {
    labels,
    annotations: k === 99 ? annotated({ ingress: 'front-3' }) : {},
    spec: { selector: { istio: `edge-${k % 10}` }, servers: [{ hosts: ['*'] }] },
  });

const istioVirtualService: World = {
  flags: [],
  namespace: 'shop',
  object: (i) => make(istioVersion, 'VirtualService', 'shop', `app-${i}`, { spec: { hosts: [hostOf(i)], gateways: [`infra/gw-${i % 100}`] } }),
  read: [...range(100).map((k) => istioGatewayOf(k)), ...edges, ...fronts],
  changes: [
    { title: 'a Gateway', object: istioGatewayOf(7, { changed: 'yes' }), touches: (i) => i % 100 === 7 },
    { title: 'a Gateway that none names', object: istioGatewayOf(100), touches: nobody },
    { title: 'a Service behind Gateways', object: service('infra', 'edge-7', { istio: 'edge-7' }, '192.0.2.2'), touches: (i) => i % 10 === 7 },
    { title: 'a Service behind none', object: service('infra', 'edge-50', { istio: 'edge-50' }, '192.0.2.2'), touches: nobody },
    { title: 'the Ingress before a Gateway', object: ingress('infra', 'front-3', '192.0.2.5'), touches: (i) => i % 100 === 99 },
    { title: 'another Ingress', object: ingress('infra', 'front-4', '192.0.2.5'), touches: nobody },
  ],
};

const glooVirtualService = (k: number, ttl: string): RawObject => make('gateway.solo.io/v1', 'VirtualService', 'gloo-system', `vs-${k}`, { annotations: annotated({ ttl }) });
const glooGateway = (k: number, annotations: Readonly<Record<string, string>>): RawObject => make('gateway.solo.io/v1', 'Gateway', 'gloo-system', `gw-${k}`, { annotations: annotated(annotations) });

const gloo: World = {
  flags: [],
  namespace: 'gloo-system',
  object: (i) => {
    const origin = (kind: string, name: string) => ({ kind, namespace: 'gloo-system', name });
    const virtualHost = { domains: [hostOf(i)], metadata: { sources: [origin('*v1.VirtualService', `vs-${i % 100}`)] } };
    const metadataStatic = { sources: [{ resourceKind: '*v1.Gateway', resourceRef: { namespace: 'gloo-system', name: `gw-${i % 50}` } }] };
    return make('gloo.solo.io/v1', 'Proxy', 'gloo-system', `app-${i}`, { spec: { listeners: [{ httpListener: { virtualHosts: [virtualHost] }, metadataStatic }] } });
  },
  read: [
    ...range(worldSize).map((i) => service('gloo-system', `app-${i}`, {}, '192.0.2.1')),
    ...range(100).map((k) => glooVirtualService(k, '60')),
    ...range(50).map((k) => glooGateway(k, k === 3 ? { ingress: 'infra/front-3' } : {})),
    ...fronts,
  ],
  changes: [
    { title: 'the Service of a Proxy', object: service('gloo-system', 'app-42', {}, '192.0.2.2'), touches: (i) => i === 42 },
    { title: 'a VirtualService', object: glooVirtualService(7, '90'), touches: (i) => i % 100 === 7 },
    { title: 'a Gateway', object: glooGateway(8, { 'x/y': 'z' }), touches: (i) => i % 50 === 8 },
    { title: 'the Ingress before a Gateway', object: ingress('infra', 'front-3', '192.0.2.5'), touches: (i) => i % 50 === 3 },
    { title: 'another Ingress', object: ingress('infra', 'front-4', '192.0.2.5'), touches: nobody },
  ],
};

const pod: World = {
  flags: [],
  namespace: 'shop',
  // those with even numbers want the address of their node, the others their own
  object: (i) =>
    make('v1', 'Pod', 'shop', `app-${i}`, {
      annotations: annotated({ [i % 2 ? 'internal-hostname' : 'hostname']: hostOf(i) }),
      spec: { nodeName: `node-${i % 100}`, hostNetwork: true },
      status: { podIP: '192.0.2.9' },
    }),
  read: range(100).map((k) => node(`node-${k}`, '192.0.2.1')),
  changes: [
    { title: 'the Node of some Pods', object: node('node-6', '192.0.2.2'), touches: (i) => i % 100 === 6 },
    { title: 'a Node whose address no Pod wants', object: node('node-7', '192.0.2.2'), touches: nobody },
    { title: 'a new Node', object: node('node-100', '192.0.2.2'), touches: nobody },
  ],
};

const serviceKind = (i: number): 'nodes' | 'headless' | 'local' | 'balanced' => (['nodes', 'headless', 'local'] as const)[Math.floor(i / 100)] ?? 'balanced';
const backend = (i: number, ready: string, labels: Readonly<Record<string, string>> = { app: `app-${i}` }): RawObject =>
  make('v1', 'Pod', 'shop', `pod-${i}`, { labels, spec: { nodeName: `node-${i % 10}` }, status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] } });
const slice = (i: number, ip: string): RawObject =>
  make('discovery.k8s.io/v1', 'EndpointSlice', 'shop', `app-${i}-x`, {
    labels: { 'kubernetes.io/service-name': `app-${i}` },
    more: { addressType: 'IPv4', endpoints: [{ addresses: [ip], targetRef: { kind: 'Pod', namespace: 'shop', name: `pod-${i}` } }] },
  });

const services: World = {
  flags: [],
  namespace: 'shop',
  object(i) {
    const annotations = annotated({ hostname: hostOf(i) });
    const selector = { app: `app-${i}` };
    switch (serviceKind(i)) {
      case 'nodes':
        return make('v1', 'Service', 'shop', `app-${i}`, { annotations, spec: { type: 'NodePort', selector } });
      case 'headless':
        return make('v1', 'Service', 'shop', `app-${i}`, { annotations, spec: { type: 'ClusterIP', clusterIP: 'None', selector } });
      case 'local':
        return make('v1', 'Service', 'shop', `app-${i}`, { annotations, spec: { type: 'NodePort', externalTrafficPolicy: 'Local', selector } });
      case 'balanced':
        return make('v1', 'Service', 'shop', `app-${i}`, { annotations, spec: { type: 'LoadBalancer', selector }, status: loadBalancer('192.0.2.1') });
    }
  },
  read: [...range(10).map((k) => node(`node-${k}`, '192.0.2.1')), ...range(200).map((n) => backend(n + 100, 'True')), ...range(100).map((n) => slice(n + 100, '192.0.2.7'))],
  changes: [
    { title: 'the EndpointSlice of a headless Service', object: slice(150, '192.0.2.8'), touches: (i) => i === 150 },
    { title: 'the EndpointSlice of another Service', object: slice(9000, '192.0.2.8'), touches: nobody },
    { title: 'a Pod of a headless Service', object: backend(150, 'False'), touches: (i) => i === 150 },
    { title: 'a Pod of a Service of type NodePort with the policy Local', object: backend(250, 'False'), touches: (i) => i === 250 },
    { title: 'a Pod of no such Service', object: backend(9000, 'True'), touches: nobody },
    { title: 'a Node', object: node('node-4', '192.0.2.2'), touches: (i) => serviceKind(i) === 'nodes' || (serviceKind(i) === 'local' && i % 10 === 4) },
  ],
};

const traefik = plain('traefik.io/v1alpha1', 'IngressRoute', (i) => ({ annotations: annotated({ target: '192.0.2.1' }), spec: { routes: [{ match: `Host(\`${hostOf(i)}\`)` }] } }));

/** By source; all that read a cluster. */
export const worlds: Readonly<Record<string, World>> = {
  'ambassador-host': ambassador,
  'contour-httpproxy': plain('projectcontour.io/v1', 'HTTPProxy', (i) => ({ spec: { virtualhost: { fqdn: hostOf(i) } }, status: loadBalancer('192.0.2.1') })),
  crd: plain('externaldns.k8s.io/v1alpha1', 'DNSEndpoint', (i) => ({ spec: { endpoints: [{ dnsName: hostOf(i), recordType: 'A', targets: ['192.0.2.1'] }] } })),
  'f5-transportserver': plain('cis.f5.com/v1', 'TransportServer', (i) => ({ spec: { host: hostOf(i) }, status: { vsAddress: '192.0.2.1' } })),
  'f5-virtualserver': plain('cis.f5.com/v1', 'VirtualServer', (i) => ({ spec: { host: hostOf(i) }, status: { vsAddress: '192.0.2.1' } })),
  'gateway-grpcroute': routes('GRPCRoute', 'HTTPS'),
  'gateway-httproute': routes('HTTPRoute', 'HTTP'),
  'gateway-tcproute': { ...routes('TCPRoute', 'TCP') },
  'gateway-tlsroute': routes('TLSRoute', 'TLS'),
  'gateway-udproute': routes('UDPRoute', 'UDP'),
  'gloo-proxy': gloo,
  ingress: plain('networking.k8s.io/v1', 'Ingress', (i) => ({ spec: { rules: [{ host: hostOf(i) }] }, status: loadBalancer('192.0.2.1') })),
  'istio-gateway': istioGateway,
  'istio-virtualservice': istioVirtualService,
  'kong-tcpingress': plain('configuration.konghq.com/v1beta1', 'TCPIngress', (i) => ({ spec: { rules: [{ host: hostOf(i) }] }, status: loadBalancer('192.0.2.1') })),
  node: { ...plain('v1', 'Node', () => ({})), namespace: '', flags: ['--fqdn-template={{.Name}}.example.org'], object: (i) => node(`app-${i}`, '192.0.2.1') },
  'openshift-route': plain('route.openshift.io/v1', 'Route', (i) => ({
    spec: { host: hostOf(i) },
    status: { ingress: [{ host: hostOf(i), routerName: 'r', routerCanonicalHostname: 'router.example.net', conditions: [{ type: 'Admitted', status: 'True' }] }] },
  })),
  pod,
  service: services,
  'skipper-routegroup': plain('zalando.org/v1', 'RouteGroup', (i) => ({ spec: { hosts: [hostOf(i)] }, status: { loadBalancer: { routeGroup: [{ ip: '192.0.2.1' }] } } })),
  'traefik-proxy': traefik,
  unstructured: plain('v1', 'ConfigMap', (i) => ({ annotations: annotated({ hostname: hostOf(i), target: '192.0.2.1' }) }), ['--unstructured-resource=configmaps.v1']),
};
