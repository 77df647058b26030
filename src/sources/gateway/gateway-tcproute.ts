import { TCPRoute } from '../../kubernetes/resources/gateway-api.ts';
import { defineRouteSource } from './route-source.ts';

/** TCPRoutes, on TCP listeners, and on TLS listeners, which hand on what they decrypt. */
export const gatewayTCPRoute = defineRouteSource({ name: 'gateway-tcproute', resource: TCPRoute, protocols: ['TCP', 'TLS'] });
