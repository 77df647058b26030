import type { Metrics } from '../../metrics/metrics.ts';
import type { Layer } from './types.ts';

/** Observes how long each try takes, with the labels of ExternalDNS v0.22: of the path only the last part, an empty status where no answer came. */
export const measure =
  (metrics: Metrics): Layer =>
  (next) =>
  async (request, signal) => {
    const started = performance.now();
    let status = '';
    try {
      const response = await next(request, signal);
      status = String(response.status);
      return response;
    } finally {
      const { protocol, host, pathname } = request.url;
      const path = pathname.slice(pathname.lastIndexOf('/') + 1);
      metrics.observe('http_request_duration_seconds', (performance.now() - started) / 1000, { handler: 'instrumented_http', scheme: protocol.slice(0, -1), host, path, method: request.method, status });
    }
  };
