import { Pool, ProxyAgent, type Dispatcher } from 'undici';
import { ConfigurationError } from '../../errors.ts';
import { proxyFor } from '../../http/client/proxy.ts';
import type { TlsMaterial } from './credentials.ts';
import type { Connection } from './kubeconfig.ts';

/** The connections to the API server: kept alive, through a proxy where one is named, made anew when certificates are rotated. */
export class Transport {
  readonly #connection: Connection;
  readonly #proxy: string;
  readonly #timeoutMs: number;
  #dispatcher: Dispatcher | undefined;
  #material = '';

  /** `timeoutMs`: for connecting, and for each wait for an answer; 0: without end. */
  constructor(connection: Connection, env: NodeJS.ProcessEnv, timeoutMs: number) {
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
    this.#proxy = connection.proxyUrl || (proxyFor(new URL(connection.server), env)?.href ?? '');
    if (this.#proxy && !/^(https?|socks5h?):\/\//i.test(this.#proxy)) throw new ConfigurationError(`the proxy for the cluster (${connection.origin}) must be an http, https or socks5 URL`);
  }

  dispatcher(tls: TlsMaterial): Dispatcher {
    const material = JSON.stringify([tls.ca, tls.cert, tls.key]);
    if (this.#dispatcher && material === this.#material) return this.#dispatcher;
    // what runs on the old connections (watches) ends in its own time
    this.#dispatcher?.close().catch(() => {});
    this.#material = material;
    this.#dispatcher = this.#open(tls);
    return this.#dispatcher;
  }

  async destroy(): Promise<void> {
    await this.#dispatcher?.destroy();
  }

  #open(tls: TlsMaterial): Dispatcher {
    const { server, tlsServerName, insecureSkipTlsVerify } = this.#connection;
    const { origin } = new URL(server);
    const options = {
      ...(tls.ca !== undefined && { ca: tls.ca }),
      ...(tls.cert !== undefined && { cert: tls.cert }),
      ...(tls.key !== undefined && { key: tls.key }),
      ...(tlsServerName && { servername: tlsServerName }),
      ...(insecureSkipTlsVerify && { rejectUnauthorized: false }),
      timeout: this.#timeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveProbeMs,
    };
    const timeouts = { headersTimeout: this.#timeoutMs, bodyTimeout: this.#timeoutMs };
    // a pool without limit: each watch holds a connection of its own
    return this.#proxy ? new ProxyAgent({ uri: this.#proxy, requestTls: options, ...timeouts }) : new Pool(origin, { connect: options, ...timeouts });
  }
}

/** Dead peers of watches, which send nothing for a long time, are found by the kernel. */
const keepAliveProbeMs = 30_000;
