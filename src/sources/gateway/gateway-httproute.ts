import { HTTPRoute } from '../../kubernetes/resources/gateway-api.ts';
import { defineRouteSource } from './route-source.ts';

/** HTTPRoutes, on HTTP and HTTPS listeners. */
export const gatewayHTTPRoute = defineRouteSource({ name: 'gateway-httproute', resource: HTTPRoute, protocols: ['HTTP', 'HTTPS'] });
