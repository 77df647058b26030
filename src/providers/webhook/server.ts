import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../../config/config.ts';
import { describe } from '../../endpoint/endpoint.ts';
import { messageOf } from '../../errors.ts';
import { BodyTooLarge, type HttpServer, openHttpServer, readBody } from '../../http/server.ts';
import type { Logger } from '../../log/logger.ts';
import type { Provider } from '../provider.ts';
import { decodeEndpoints, encodeEndpoints } from './convert.ts';
import { groupsFromJSON } from './groups.ts';
import { mediaType, paths } from './protocol.ts';

/** Where ExternalDNS v0.22 serves, too. */
const defaultAddress = '127.0.0.1:8888';

export interface WebhookServerOptions {
  readonly provider: Provider;
  readonly options: Pick<Config, 'dryRun' | 'webhookProviderReadTimeoutMs' | 'webhookProviderWriteTimeoutMs' | 'webhookProviderReadHeaderTimeoutMs' | 'webhookProviderIdleTimeoutMs' | 'webhookProviderMaxBodySize'>;
  readonly log: Logger;
  readonly address?: string;
}

/** Serves a provider by the webhook protocol until `stop`; changes under way are ended first. Rejects with ConfigurationError where the address is taken. */
export async function serveWebhook(provider: Provider, options: Config, log: Logger, stop: AbortSignal): Promise<void> {
  const server = await openWebhookServer({ provider, options, log });
  log.info('webhook server listens', { address: `${server.address.host}:${server.address.port}`, provider: provider.name });
  try {
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await server.close();
    await provider.close?.();
  }
}

/** Opens the server; for tests and serveWebhook. `close` waits for changes under way. */
export async function openWebhookServer(settings: WebhookServerOptions): Promise<HttpServer> {
  const { options, log, address = defaultAddress } = settings;
  const handlers = new Handlers(settings);
  const server = await openHttpServer({
    address,
    setting: '--webhook-server',
    handle: (request, response) => handlers.handle(request, response),
    onError: (error) => {
      if (!(error instanceof BodyTooLarge)) log.error('webhook request failed', { reason: messageOf(error) });
    },
    limits: { headersTimeoutMs: options.webhookProviderReadHeaderTimeoutMs, requestTimeoutMs: options.webhookProviderReadTimeoutMs, idleTimeoutMs: options.webhookProviderIdleTimeoutMs },
  });
  return {
    address: server.address,
    close: async () => {
      await handlers.idle();
      await server.close();
    },
  };
}

/** The answers have the statuses of ExternalDNS v0.22: 400 for a wrong method or body, 413 for a large one, 500 where the provider fails, no text. */
class Handlers {
  readonly #settings: WebhookServerOptions;
  /** Changes are applied one call after the other. */
  #applying: Promise<unknown> = Promise.resolve();

  constructor(settings: WebhookServerOptions) {
    this.#settings = settings;
  }

  async idle(): Promise<void> {
    await this.#applying.catch(() => {});
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0] ?? '/';
    // an answer that nobody reads must not keep its connection for ever
    const { webhookProviderWriteTimeoutMs } = this.#settings.options;
    const send = (status: number, body?: Buffer): void => {
      if (webhookProviderWriteTimeoutMs > 0) {
        const timer = setTimeout(() => response.destroy(), webhookProviderWriteTimeoutMs);
        response.once('close', () => clearTimeout(timer));
      }
      response.writeHead(status, body && { 'content-type': mediaType, 'content-length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (path === paths.records && request.method === 'GET') return this.#records(send);
    if (path === paths.records && request.method === 'POST') return this.#apply(request, send);
    if (path === paths.adjustEndpoints && request.method === 'POST') return this.#adjust(request, send);
    if (path === paths.records || path === paths.adjustEndpoints) return send(400);
    if (path === paths.health) return void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('ok');
    return send(200, Buffer.from(JSON.stringify(this.#settings.provider.domainFilter.toJSON())));
  }

  async #records(send: Answer): Promise<void> {
    const { provider, log } = this.#settings;
    try {
      const { records = [], unreadable } = await provider.snapshot(never);
      const [first] = unreadable;
      // a list without the records of a zone would say that they are gone
      if (first) throw new Error(`zone ${first.zone} cannot be read`, { cause: first.error });
      send(200, encodeEndpoints(records));
    } catch (error) {
      log.error('records cannot be read', { reason: messageOf(error) });
      send(500);
    }
  }

  async #adjust(request: IncomingMessage, send: Answer): Promise<void> {
    const { provider, log } = this.#settings;
    const endpoints = await this.#decode(request, send, (body) => decodeEndpoints([body]));
    if (!endpoints) return;
    try {
      send(200, encodeEndpoints(await provider.adjust(endpoints, never)));
    } catch (error) {
      log.error('endpoints cannot be adjusted', { reason: messageOf(error) });
      send(500);
    }
  }

  async #apply(request: IncomingMessage, send: Answer): Promise<void> {
    const { provider, log, options } = this.#settings;
    const groups = await this.#decode(request, send, (body) => groupsFromJSON(JSON.parse(body.toString('utf8'))));
    if (!groups) return;
    if (options.dryRun) {
      for (const change of groups.flatMap((g) => g.changes)) log.info('record would be changed', { action: change.action, record: describe(change.after ?? change.before) });
      return send(204);
    }
    const applied = this.#applying.then(() => provider.apply(groups, never));
    this.#applying = applied.catch(() => {});
    try {
      const failed = (await applied).filter((outcome) => outcome.result === 'failed');
      for (const { group, error } of failed) log.error('record cannot be changed', { name: group.name, reason: messageOf(error) });
      send(failed.length ? 500 : 204);
    } catch (error) {
      log.error('changes cannot be applied', { reason: messageOf(error) });
      send(500);
    }
  }

  /** The body as `decode` reads it; undefined: it was answered that this is not possible. */
  async #decode<T>(request: IncomingMessage, send: Answer, decode: (body: Buffer) => T): Promise<T | undefined> {
    const { log, options } = this.#settings;
    try {
      return decode(await readBody(request, Math.max(0, options.webhookProviderMaxBodySize)));
    } catch (error) {
      const tooLarge = error instanceof BodyTooLarge;
      log.error('body of a request cannot be read', { path: request.url ?? '', reason: error instanceof SyntaxError ? 'no JSON' : messageOf(error) });
      send(tooLarge ? 413 : 400);
      return undefined;
    }
  }
}

type Answer = (status: number, body?: Buffer) => void;

const never = new AbortController().signal;
