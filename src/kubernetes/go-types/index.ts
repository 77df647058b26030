import type { Methods, StructType } from '../../template/values.ts';
import type { RawObject } from '../object.ts';
import { contourTypes } from './contour.ts';
import { coreTypes } from './core.ts';
import { f5Types } from './f5.ts';
import { gatewayTypes } from './gateway.ts';
import { istioTypes } from './istio.ts';
import { metaTypes } from './meta.ts';
import { networkingTypes } from './networking.ts';
import { openshiftTypes } from './openshift.ts';
import { glooTypes, skipperTypes, traefikTypes } from './own.ts';
import { filled, Schema } from './schema.ts';
import { specialMethods, specialTypes } from './special.ts';

/** How Go reads the objects of a kind. */
export interface KindType {
  readonly struct: StructType;
  /** The object with the fields that Go writes even where they are empty. */
  fill(raw: RawObject): RawObject;
}

// Schemas read their texts at first use, so that a program without templates pays nothing for them.
const parent = new Schema(metaTypes, { types: specialTypes, methods: specialMethods, getters: ['ObjectMeta'] });
const core = new Schema(coreTypes, { parent });
const networking = new Schema(networkingTypes, { parent });
const gateway = new Schema(gatewayTypes, { parent });
const istio = new Schema(istioTypes, { parent });
const contour = new Schema(contourTypes, { parent });
const f5 = new Schema(f5Types, { parent });
const openshift = new Schema(openshiftTypes, { parent });
const skipper = new Schema(skipperTypes, { parent, package: 'source' });
const traefik = new Schema(traefikTypes, { parent, package: 'source' });
const gloo = new Schema(glooTypes, { parent, package: 'source' });

/** By group and kind; '' for the core group. */
const kinds: Readonly<Record<string, Schema>> = {
  '/Service': core,
  '/Node': core,
  '/Pod': core,
  'networking.k8s.io/Ingress': networking,
  'gateway.networking.k8s.io/HTTPRoute': gateway,
  'gateway.networking.k8s.io/GRPCRoute': gateway,
  'gateway.networking.k8s.io/TLSRoute': gateway,
  'gateway.networking.k8s.io/TCPRoute': gateway,
  'gateway.networking.k8s.io/UDPRoute': gateway,
  'networking.istio.io/Gateway': istio,
  'networking.istio.io/VirtualService': istio,
  'projectcontour.io/HTTPProxy': contour,
  'cis.f5.com/VirtualServer': f5,
  'cis.f5.com/TransportServer': f5,
  'route.openshift.io/Route': openshift,
  'zalando.org/RouteGroup': skipper,
  'traefik.io/IngressRoute': traefik,
  'traefik.io/IngressRouteTCP': traefik,
  'traefik.io/IngressRouteUDP': traefik,
  'traefik.containo.us/IngressRoute': traefik,
  'traefik.containo.us/IngressRouteTCP': traefik,
  'traefik.containo.us/IngressRouteUDP': traefik,
  'gloo.solo.io/Proxy': gloo,
};

const made = new Map<string, KindType>();

/** The type of a kind; undefined where objects are not read into a type. */
export function goType(apiVersion: string, kind: string): KindType | undefined {
  const slash = apiVersion.indexOf('/');
  const key = `${slash < 0 ? '' : apiVersion.slice(0, slash)}/${kind}`;
  const known = made.get(key);
  if (known) return known;
  const schema = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  if (!schema) return undefined;
  const struct = schema.struct(kind);
  const type: KindType = { struct, fill: (raw) => filled(struct, raw) as RawObject };
  made.set(key, type);
  return type;
}

/** What can be called on objects of every kind, those without a type as well. */
export const objectMethods = (): Methods => parent.struct('Unstructured').methods;

/** Group and kind of all that have a type, as `group/Kind`. */
export const typedKinds: readonly string[] = Object.keys(kinds);
