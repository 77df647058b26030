/** Resources of Traefik Proxy: what sources read of them. */
import { asRecord, asText, keepHead, recordList } from '../keep.ts';
import type { KubeObject, RawObject, Resource } from '../object.ts';

/** An IngressRoute, IngressRouteTCP or IngressRouteUDP; the last has no rules. */
export interface TraefikRouteObject extends KubeObject {
  /** `match` is the rule of a router; '' where there is none. */
  readonly spec: { readonly routes: readonly { readonly match: string }[] };
}

const keepRoute = (raw: RawObject): TraefikRouteObject => ({
  ...keepHead(raw),
  spec: { routes: recordList(asRecord(raw['spec'])['routes'], (route) => ({ match: asText(route['match']) ?? '' })) },
});

const keepUDPRoute = (raw: RawObject): TraefikRouteObject => ({ ...keepHead(raw), spec: { routes: [] } });

const route = (group: string, kind: string): Resource<TraefikRouteObject> => ({
  group,
  versions: ['v1alpha1'],
  plural: `${kind.toLowerCase()}s`,
  kind,
  namespaced: true,
  install: 'install the custom resource definitions of Traefik',
  keep: kind === 'IngressRouteUDP' ? keepUDPRoute : keepRoute,
});

const kinds = ['IngressRoute', 'IngressRouteTCP', 'IngressRouteUDP'] as const;

/** The three kinds in the group of Traefik 2.10 and later. */
export const traefikRoutes = kinds.map((kind) => route('traefik.io', kind));
/** The three kinds in the group of Traefik 2, which Traefik 3 no longer has. */
export const legacyTraefikRoutes = kinds.map((kind) => route('traefik.containo.us', kind));
