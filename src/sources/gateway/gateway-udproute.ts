import { UDPRoute } from '../../kubernetes/resources/gateway-api.ts';
import { defineRouteSource } from './route-source.ts';

/** UDPRoutes, on UDP listeners. */
export const gatewayUDPRoute = defineRouteSource({ name: 'gateway-udproute', resource: UDPRoute, protocols: ['UDP'] });
