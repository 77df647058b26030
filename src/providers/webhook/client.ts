import { createHash } from 'node:crypto';
import type { ChangeGroup } from '../../endpoint/change.ts';
import { type DomainFilter, domainFilterFromJSON } from '../../endpoint/domain-filter.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { createHttpClient, type HttpClient, type HttpRequest, type HttpResponse, RequestError, retryAfterMs, statusError } from '../../http/client/index.ts';
import type { Known, ProviderSetup } from '../provider.ts';
import { measured } from '../engine/call-metrics.ts';
import { decodeEndpoints, encodeChanges, encodeEndpoints } from './convert.ts';
import { isMediaType, mediaType, paths } from './protocol.ts';

/** The negotiation is tried as often as ExternalDNS v0.22 does, with its waits. */
const negotiationTries = 5;
const negotiationWaits = { firstWaitMs: 500, factor: 1.5 };

/** An apply that was answered, but not with 204; or a call that was not made, since the provider has asked to wait. */
export class Refused extends SoftError {
  readonly status: number;
  constructor(status: number, what: string, options: ConstructorParameters<typeof SoftError>[1]) {
    super(`webhook provider: ${what}`, options);
    this.status = status;
  }
}

const tooManyRequests = 429;
/** However long it asks for: a mistake there must not be for ever. */
const longestQuietMs = 10 * 60_000;

/** What `GET /records` gave: the endpoints, unless the bytes are those of an earlier answer. */
export interface ReadRecords {
  readonly records?: readonly Endpoint[];
  /** Hash of the bytes. */
  readonly fingerprint: string;
}

/** The calls of the webhook protocol, one method each. Counts them in the metrics. */
export class WebhookClient {
  readonly #base: URL;
  readonly #negotiation: HttpClient;
  readonly #http: HttpClient;
  readonly #metrics: ProviderSetup['metrics'];
  /** Until when the provider has asked not to be called. */
  #quietUntilMs = 0;

  constructor({ options, env, metrics, log }: ProviderSetup) {
    if (!/^https?:\/\//i.test(options.webhookProviderUrl) || !URL.canParse(options.webhookProviderUrl))
      throw new ConfigurationError(`--webhook-provider-url: must be a URL, as in http://localhost:8888, not ${JSON.stringify(options.webhookProviderUrl)}`);
    this.#base = new URL(options.webhookProviderUrl);
    this.#metrics = metrics;
    const common = {
      name: 'webhook provider',
      headers: { accept: mediaType },
      // one limit for all of a call, as in ExternalDNS v0.22
      timeoutMs: options.webhookProviderReadTimeoutMs + options.webhookProviderWriteTimeoutMs,
      maxBodyBytes: Math.max(0, options.webhookProviderMaxBodySize),
      env,
      metrics,
      log,
    };
    this.#http = createHttpClient(common);
    this.#negotiation = createHttpClient({ ...common, retries: { tries: negotiationTries, ...negotiationWaits, statuses: (status) => status >= 500 } });
  }

  /** Rejects with SoftError, without a call, while the provider has asked to wait. */
  async #send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const leftMs = this.#quietUntilMs - performance.now();
    if (leftMs > 0) throw new Refused(tooManyRequests, 'it has asked to wait', { retryAfterMs: leftMs });
    const answer = await this.#http.request(request, signal);
    if (answer.status === tooManyRequests) this.#quietUntilMs = performance.now() + Math.min(longestQuietMs, retryAfterMs(answer.header('retry-after'), Date.now()) ?? 0);
    return answer;
  }

  /** Agrees on the version of the protocol, and learns which domains the provider serves. */
  async negotiate(signal: AbortSignal): Promise<DomainFilter> {
    try {
      const answer = await this.#negotiation.request({ method: 'GET', url: this.#base }, signal);
      if (answer.status < 200 || answer.status > 299) throw statusError('negotiation', answer);
      const contentType = answer.header('content-type');
      if (!isMediaType(contentType))
        throw new ConfigurationError(`--webhook-provider-url: ${this.#base.origin} does not speak version 1 of the webhook protocol: its content type is ${JSON.stringify(contentType ?? '')} instead of ${mediaType}`);
      return await domainFilterFromJSON(answer.json());
    } finally {
      await this.#negotiation.close();
    }
  }

  /**
   * All records; with the fingerprint of an earlier reading, none where it still holds. Rejects with SoftError.
   * To see that nothing has changed, the answer is hashed as it comes and not kept: only where it is another one, it is asked for again.
   */
  async records(since: string | undefined, signal: AbortSignal, known?: Known): Promise<ReadRecords> {
    return this.#counted('records', async () => {
      if (since !== undefined && (await this.#read(undefined, signal)) === since) return { fingerprint: since };
      const chunks: Buffer[] = [];
      const fingerprint = await this.#read(chunks, signal);
      return { fingerprint, records: decode('records', chunks, known) };
    });
  }

  /** Reads the records' text into `chunks`, and gives its hash. */
  async #read(chunks: Buffer[] | undefined, signal: AbortSignal): Promise<string> {
    let hash = createHash('sha256');
    const onBody = {
      start() {
        hash = createHash('sha256');
        chunks?.splice(0);
      },
      chunk(data: Buffer) {
        hash.update(data);
        chunks?.push(data);
      },
    };
    const answer = await this.#again(() => this.#send({ method: 'GET', url: this.#url(paths.records), onBody }, signal), signal);
    if (answer.status !== 200) throw this.#unwanted('reading records', answer);
    return hash.digest('base64');
  }

  /** The provider's form of wished endpoints. Rejects with SoftError. */
  async adjust(endpoints: readonly Endpoint[], signal: AbortSignal): Promise<readonly Endpoint[]> {
    return this.#counted('adjustendpoints', async () => {
      const body = encodeEndpoints(endpoints);
      const answer = await this.#again(() => this.#send({ method: 'POST', url: this.#url(paths.adjustEndpoints), headers: { 'content-type': mediaType }, body }, signal), signal);
      if (answer.status !== 200) throw this.#unwanted('adjusting endpoints', answer);
      return decode('adjusted endpoints', [answer.body]);
    });
  }

  /** Applies groups of changes in one call. Rejects with Refused for any answer but 204, with RequestError for none. */
  async apply(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<void> {
    return this.#counted('applychanges', async () => {
      const answer = await this.#send({ method: 'POST', url: this.#url(paths.records), headers: { 'content-type': mediaType }, body: encodeChanges(groups) }, signal);
      if (answer.status === 204) return;
      const error = statusError('', answer);
      throw new Refused(answer.status, `changes were answered with status ${answer.status} instead of 204`, { retryAfterMs: error instanceof SoftError ? error.retryAfterMs : undefined });
    });
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  #url(path: string): URL {
    const url = new URL(this.#base);
    url.pathname = url.pathname.replace(/\/+$/, '') + path;
    return url;
  }

  /** A connection that was kept open may have been closed by the other side in the meantime: what changes nothing is sent once more. */
  async #again(call: () => Promise<HttpResponse>, signal: AbortSignal): Promise<HttpResponse> {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !(error instanceof RequestError) || error.kind !== 'closed') throw error;
      return call();
    }
  }

  #unwanted(what: string, answer: HttpResponse): SoftError {
    const error = statusError(`webhook provider: ${what}`, answer);
    return error instanceof SoftError ? error : new SoftError(error.message);
  }

  async #counted<T>(call: 'records' | 'adjustendpoints' | 'applychanges', work: () => Promise<T>): Promise<T> {
    this.#metrics.add(`webhook_provider_${call}_requests_total`);
    try {
      return await measured(this.#metrics, { provider: 'webhook', call: titles[call], zone: '' }, work);
    } catch (error) {
      this.#metrics.add(`webhook_provider_${call}_errors_total`);
      throw error;
    }
  }
}

/** How metrics of all providers call them. */
const titles = { records: 'records', adjustendpoints: 'adjust', applychanges: 'apply' } as const;

function decode(what: string, chunks: Buffer[], known?: Known): Endpoint[] {
  try {
    return decodeEndpoints(chunks, known);
  } catch (error) {
    // the parser's message quotes what it read, which may be long
    const reason = error instanceof SyntaxError ? 'no JSON' : messageOf(error);
    throw new SoftError(`webhook provider: its ${what} cannot be read: ${reason}`);
  }
}
