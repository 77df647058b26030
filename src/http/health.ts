import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../log/logger.ts';
import { openHttpServer, send, type HttpServer } from './server.ts';

/** Whether something is well; where it is not, why. With reasons though it is well: what is to be known of it. */
export interface Health {
  readonly ok: boolean;
  readonly reasons: readonly string[];
}

export interface HealthOptions {
  readonly address: string;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** Whether the process does its work, or must be started anew. */
  alive(): Health;
  /** Whether the first synchronization is done, and the next ones can be. */
  ready(): Health;
  /** Further paths; they answer every method. */
  readonly routes?: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void | Promise<void>>>;
  readonly log: Logger;
}

/**
 * Serves /metrics, /healthz and /livez (alive), /readyz (ready).
 * @throws ConfigurationError where the address cannot be used
 */
export async function serveHealth({ address, metrics, alive, ready, routes = {}, log }: HealthOptions): Promise<HttpServer> {
  const server = await openHttpServer({
    address,
    setting: '--metrics-address',
    async handle(request, response) {
      const path = request.url?.split('?', 1)[0] ?? '';
      const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
      if (route) return route(request, response);
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD');
        return send(response, 405, 'method not allowed');
      }
      switch (path) {
        case '/metrics':
          return send(response, 200, await metrics.text(), metrics.contentType);
        case '/healthz':
        case '/livez':
          return sendHealth(response, alive());
        case '/readyz':
          return sendHealth(response, ready());
        default:
          return send(response, 404, 'not found; there are /metrics, /healthz, /livez and /readyz');
      }
    },
    onError: (error) => log.error('request to the metrics server failed', { reason: error instanceof Error ? error.message : String(error) }),
  });
  log.debug('metrics and health are served', { host: server.address.host, port: server.address.port });
  return server;
}

function sendHealth(response: Parameters<typeof send>[0], { ok, reasons }: Health): void {
  send(response, ok ? 200 : 503, ok && reasons.length === 0 ? 'OK' : `${[ok ? 'OK' : 'not well', ...reasons].join('\n')}\n`);
}
