import { GRPCRoute } from '../../kubernetes/resources/gateway-api.ts';
import { defineRouteSource } from './route-source.ts';

/** GRPCRoutes, on HTTP and HTTPS listeners. */
export const gatewayGRPCRoute = defineRouteSource({ name: 'gateway-grpcroute', resource: GRPCRoute, protocols: ['HTTP', 'HTTPS'] });
