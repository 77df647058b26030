import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { FromFiles } from '../../config/changing-files.ts';
import { proxyFor } from './proxy.ts';
import { trustedAuthorities } from './trust.ts';

export interface TlsOptions {
  /** Authorities in PEM; given, only these are trusted. */
  readonly ca?: string;
  /** Client certificate and its key in PEM. */
  readonly cert?: string;
  readonly key?: string;
  /** In place of these three: what is asked for before each request. Where it has changed, new connections are opened. */
  readonly files?: FromFiles<Pick<TlsOptions, 'ca' | 'cert' | 'key'>>;
  readonly insecureSkipVerify?: boolean;
  /** Name that the certificate must be for, where it is not that of the host. */
  readonly serverName?: string;
}

/** The connections of one client: direct ones, and those through each proxy that the environment names. Opened when first needed. */
export class Agents {
  readonly #tls: TlsOptions;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #byProxy = new Map<string, Dispatcher>();
  #context: SecureContext | undefined;
  /** With which the connections are open. */
  #material: Pick<TlsOptions, 'ca' | 'cert' | 'key'>;

  constructor(tls: TlsOptions, env: Readonly<Record<string, string | undefined>>) {
    this.#tls = tls;
    this.#env = env;
    this.#material = tls.files?.current() ?? tls;
  }

  for(url: URL): Dispatcher {
    this.#renew();
    const proxy = proxyFor(url, this.#env);
    const key = `${url.protocol}${proxy?.href ?? ''}`;
    let agent = this.#byProxy.get(key);
    if (!agent) {
      agent = this.#open(url.protocol === 'https:', proxy);
      this.#byProxy.set(key, agent);
    }
    return agent;
  }

  async close(): Promise<void> {
    const agents = [...this.#byProxy.values()];
    this.#byProxy.clear();
    await Promise.allSettled(agents.map((agent) => agent.destroy()));
  }

  /** Requests under way end on the connections that they have. */
  #renew(): void {
    const material = this.#tls.files?.current() ?? this.#tls;
    if (material === this.#material) return;
    this.#material = material;
    this.#context = undefined;
    for (const agent of this.#byProxy.values()) agent.close().catch(() => {});
    this.#byProxy.clear();
  }

  #open(secure: boolean, proxy: URL | undefined): Dispatcher {
    const tls = secure ? this.#tlsOptions() : {};
    // the limits of time are those of a request, kept by the transport
    const common = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: keepAliveMs, connections: maxConnections };
    if (!proxy) return new Agent({ ...common, connect: { ...tls, timeout: connectTimeoutMs } });
    const proxyTls = proxy.protocol === 'https:' ? { secureContext: this.#secureContext() } : {};
    return new ProxyAgent({ ...common, uri: proxy.href, requestTls: { ...tls, timeout: connectTimeoutMs }, proxyTls: { ...proxyTls, timeout: connectTimeoutMs }, proxyTunnel: secure });
  }

  #tlsOptions(): object {
    const { insecureSkipVerify, serverName } = this.#tls;
    return { secureContext: this.#secureContext(), ...(insecureSkipVerify && { rejectUnauthorized: false }), ...(serverName && { servername: serverName }) };
  }

  /** Made once: parsing some 150 certificates for each connection would take longer than connecting. */
  #secureContext(): SecureContext {
    const { ca, cert, key } = this.#material;
    return (this.#context ??= createSecureContext({ ca: ca === undefined ? [...trustedAuthorities(this.#env)] : ca, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }));
  }
}

const connectTimeoutMs = 30_000;
const keepAliveMs = 30_000;
/** For each host. */
const maxConnections = 32;
