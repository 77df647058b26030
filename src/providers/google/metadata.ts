import { SoftError } from '../../errors.ts';
import { type AccessToken, tokenOf } from '../../http/auth/access-token.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions, type HttpResponse } from '../../http/client/index.ts';

/** The metadata server of Google Cloud: who the machine (or on GKE the pod) is, and its tokens. Opened when first asked. */
export class Metadata {
  readonly #http: HttpClient;

  constructor(env: Readonly<Record<string, string | undefined>>, options: Pick<HttpClientOptions, 'metrics' | 'log'>) {
    this.#http = createHttpClient({
      ...options,
      name: 'Google metadata server',
      baseUrl: `http://${env['GCE_METADATA_HOST'] || defaultHost}/computeMetadata/v1/`,
      headers: { 'metadata-flavor': 'Google' },
      timeoutMs: 3000,
      // in a new pod of GKE it answers after some seconds only
      retries: { tries: 4, firstWaitMs: 500, longestWaitMs: 4000 },
      // never by a proxy: the address means another machine there
      env: {},
    });
  }

  async token(scope: string, signal: AbortSignal): Promise<AccessToken> {
    return tokenOf('metadata server', await this.#get('instance/service-accounts/default/token', { scopes: scope }, signal));
  }

  async projectId(signal: AbortSignal): Promise<string> {
    return (await this.#get('project/project-id', {}, signal)).text().trim();
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #get(url: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse> {
    const response = await this.#http.request({ method: 'GET', url, query }, signal);
    // 404 for the token: no service account yet, or none at all
    if (response.status !== 200) throw new SoftError(`Google metadata server: status ${response.status} for ${url}`);
    return response;
  }
}

/** An address, so that no DNS is needed. */
const defaultHost = '169.254.169.254';
