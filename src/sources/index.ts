import { ConfigurationError } from '../errors.ts';
import type { SourceDefinition } from './source.ts';

type Load = () => Promise<SourceDefinition>;

/** All sources of --source; each is loaded only when it is named. */
const sources: Readonly<Record<string, Load | undefined>> = {
  'ambassador-host': async () => (await import('./ambassador-host.ts')).ambassadorHost,
  connector: async () => (await import('./connector/index.ts')).connector,
  'contour-httpproxy': async () => (await import('./contour-httpproxy.ts')).contourHTTPProxy,
  crd: async () => (await import('./crd.ts')).crd,
  empty: async () => (await import('./empty.ts')).empty,
  'f5-transportserver': async () => (await import('./f5/f5-transportserver.ts')).f5TransportServer,
  'f5-virtualserver': async () => (await import('./f5/f5-virtualserver.ts')).f5VirtualServer,
  fake: async () => (await import('./fake.ts')).fake,
  'gateway-grpcroute': async () => (await import('./gateway/gateway-grpcroute.ts')).gatewayGRPCRoute,
  'gateway-httproute': async () => (await import('./gateway/gateway-httproute.ts')).gatewayHTTPRoute,
  'gateway-tcproute': async () => (await import('./gateway/gateway-tcproute.ts')).gatewayTCPRoute,
  'gateway-tlsroute': async () => (await import('./gateway/gateway-tlsroute.ts')).gatewayTLSRoute,
  'gateway-udproute': async () => (await import('./gateway/gateway-udproute.ts')).gatewayUDPRoute,
  'gloo-proxy': async () => (await import('./gloo-proxy.ts')).glooProxy,
  ingress: async () => (await import('./ingress.ts')).ingress,
  'istio-gateway': async () => (await import('./istio/istio-gateway.ts')).istioGateway,
  'istio-virtualservice': async () => (await import('./istio/istio-virtualservice.ts')).istioVirtualService,
  'kong-tcpingress': async () => (await import('./kong-tcpingress.ts')).kongTCPIngress,
  node: async () => (await import('./node.ts')).node,
  'openshift-route': async () => (await import('./openshift-route.ts')).openShiftRoute,
  pod: async () => (await import('./pod.ts')).pod,
  service: async () => (await import('./service/index.ts')).service,
  'skipper-routegroup': async () => (await import('./skipper-routegroup.ts')).skipperRouteGroup,
  'traefik-proxy': async () => (await import('./traefik-proxy/index.ts')).traefikProxy,
  unstructured: async () => (await import('./unstructured.ts')).unstructured,
};

/** Values of --source, sorted. */
export const sourceNames: readonly string[] = Object.keys(sources);

/** The definitions of the named sources, in order. Throws ConfigurationError on a name that is none. */
export const loadSources = (names: readonly string[]): Promise<readonly SourceDefinition[]> => Promise.all(names.map(loadSource));

async function loadSource(name: string): Promise<SourceDefinition> {
  const load = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (!load) throw new ConfigurationError(`--source=${name}: there is no such source; there are ${sourceNames.filter((n) => sources[n]).join(', ')}`);
  return load();
}
