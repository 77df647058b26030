import type { Logger } from '../../log/logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { createHttpClient, type HttpClient, type HttpResponse } from '../client/index.ts';
import type { Credentials, CredentialsSource } from './credentials.ts';
import { type AwsFailure, awsError, isOfCredentials, isThrottled } from './errors.ts';
import { type AwsService, endpointOf, type ServiceEndpoint } from './endpoints.ts';
import { trustOf } from './settings.ts';
import { signedHeaders } from './signing.ts';

export interface AwsClientOptions {
  readonly service: AwsService;
  /** '' for services without regions. */
  readonly region: string;
  readonly credentials: CredentialsSource;
  /** How often a call is tried at most (--aws-api-retries). */
  readonly tries: number;
  /** Waited before the second try; doubled with each further one. By default 250 ms. */
  readonly firstWaitMs?: number;
  readonly rateLimit?: { readonly perSecond: number; readonly burst?: number };
  /** Reads the code and the message of a failed answer. */
  readonly failureOf: (response: HttpResponse) => AwsFailure;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface AwsCall {
  /** Of IAM, as `route53:ListHostedZones`. */
  readonly action: string;
  /** What it is called for, for messages: `zone Z123 (example.org)`. */
  readonly object: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it may be made again when it is not known what became of it. */
  readonly idempotent: boolean;
}

/** Tries of a call by --aws-api-retries, where 0 means as many as it takes: so many that a run ends all the same. */
export const triesOf = (apiRetries: number): number => (apiRetries === 0 ? 20 : Math.max(1, apiRetries));

/** Signed calls of one service of AWS with one set of credentials. Failed answers reject with the errors of awsError(). */
export class AwsClient {
  readonly #options: AwsClientOptions;
  readonly #endpoint: ServiceEndpoint;
  readonly #http: HttpClient;

  constructor(options: AwsClientOptions) {
    const { service, region, env, metrics, log, tries, firstWaitMs = 250, rateLimit, failureOf } = options;
    this.#options = options;
    this.#endpoint = endpointOf(service, region, env);
    this.#http = createHttpClient({
      name: service,
      timeoutMs,
      ...trustOf(env),
      env,
      metrics,
      log,
      retries: { tries: Math.max(1, tries), firstWaitMs },
      ...(rateLimit && { rateLimit }),
      perTry: [
        // AWS answers calls that come too soon with the status of a wrong request
        (next) => async (request, signal) => {
          const response = await next(request, signal);
          return response.status === 400 && isThrottled(failureOf(response).code) ? { ...response, status: 429 } : response;
        },
        // each try has a signature of its own: the time is part of it
        (next) => async (request, signal) => {
          const { url, method, headers = {}, body } = request;
          const signed = await signedHeaders({ url, method, headers, body: typeof body === 'string' ? body : '' }, service, this.#endpoint, await options.credentials.get(signal));
          return next({ ...request, headers: signed }, signal);
        },
      ],
    });
  }

  async call(call: AwsCall, signal: AbortSignal): Promise<HttpResponse> {
    const { failureOf, credentials } = this.#options;
    let response = await this.#send(call, signal);
    if (response.status >= 400 && isOfCredentials(failureOf(response).code)) {
      const before = await credentials.get(signal);
      credentials.forget();
      // they may have been renewed in their file meanwhile
      if (!sameCredentials(before, await credentials.get(signal))) response = await this.#send(call, signal);
    }
    if (response.status < 300) return response;
    throw awsError(call.action, call.object, response, failureOf(response));
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  #send({ method, path, query = {}, headers = {}, body, idempotent }: AwsCall, signal: AbortSignal): Promise<HttpResponse> {
    const url = new URL(`${this.#endpoint.url.replace(/\/+$/, '')}${path}`);
    // no +, which signatures do not know
    url.search = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${escaped(String(value))}`])).join('&');
    return this.#http.request({ method, url, headers, ...(body !== undefined && { body }), ...(idempotent && { idempotent }) }, signal);
  }
}

const timeoutMs = 60_000;

const sameCredentials = (a: Credentials, b: Credentials): boolean => a.accessKeyId === b.accessKeyId && a.secretAccessKey === b.secretAccessKey && a.sessionToken === b.sessionToken;

const escaped = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
