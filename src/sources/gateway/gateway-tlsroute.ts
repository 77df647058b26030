import { TLSRoute } from '../../kubernetes/resources/gateway-api.ts';
import { defineRouteSource } from './route-source.ts';

/** TLSRoutes, on TLS listeners. */
export const gatewayTLSRoute = defineRouteSource({ name: 'gateway-tlsroute', resource: TLSRoute, protocols: ['TLS'] });
