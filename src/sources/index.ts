import { ConfigurationError } from '../errors.ts';
import type { SourceDefinition } from './source.ts';

type Load = () => Promise<SourceDefinition>;

/** All sources of --source; each is loaded only when it is named. */
const sources: Readonly<Record<string, Load | undefined>> = {
  'ambassador-host': undefined,
  connector: () => import('./connector/index.ts').then((m) => m.connector),
  'contour-httpproxy': undefined,
  crd: undefined,
  empty: undefined,
  'f5-transportserver': undefined,
  'f5-virtualserver': undefined,
  fake: undefined,
  'gateway-grpcroute': undefined,
  'gateway-httproute': undefined,
  'gateway-tcproute': undefined,
  'gateway-tlsroute': undefined,
  'gateway-udproute': undefined,
  'gloo-proxy': undefined,
  ingress: undefined,
  'istio-gateway': undefined,
  'istio-virtualservice': undefined,
  'kong-tcpingress': undefined,
  node: undefined,
  'openshift-route': undefined,
  pod: undefined,
  service: undefined,
  'skipper-routegroup': undefined,
  'traefik-proxy': undefined,
  unstructured: undefined,
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
