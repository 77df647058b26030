import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '../../errors.ts';
import type { Connection, Material } from './kubeconfig.ts';

/** What a request is sent with. */
export interface Identity {
  /** The Authorization header; undefined: none is sent. */
  readonly authorization: string | undefined;
  /** PEM texts, all optional. */
  readonly tls: TlsMaterial;
}

export interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** What a program or a file gave, for a time. */
export interface Grant {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** On the clock of Date.now(); Infinity: until it is refused. */
  readonly expiresAtMs: number;
}

/** Credentials that renew themselves: files are read again when they may have changed, programs run again when what they gave expires. */
export class Credentials {
  readonly #connection: Connection;
  readonly #runPlugin: (signal: AbortSignal) => Promise<Grant>;
  readonly #now: () => number;
  readonly #files = new Map<string, { text: string; readAtMs: number }>();
  #grant: Grant | undefined;
  #running: Promise<Grant> | undefined;

  constructor(connection: Connection, runPlugin: (signal: AbortSignal) => Promise<Grant>, now: () => number = Date.now) {
    this.#connection = connection;
    this.#runPlugin = runPlugin;
    this.#now = now;
  }

  async current(signal: AbortSignal): Promise<Identity> {
    const { ca, clientCertificate, clientKey, token, username, password, exec } = this.#connection;
    const grant = exec ? await this.#granted(signal) : undefined;
    const bearer = grant?.token ?? (token && (await this.#read(token, tokenAgeMs)).trim());
    return {
      authorization: bearer ? `Bearer ${bearer}` : username ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` : undefined,
      tls: {
        ca: ca && (await this.#read(ca, certificateAgeMs)),
        cert: grant?.cert ?? (clientCertificate && (await this.#read(clientCertificate, certificateAgeMs))),
        key: grant?.key ?? (clientKey && (await this.#read(clientKey, certificateAgeMs))),
      },
    };
  }

  /** The server refused what `current` gave: everything is read and run again. */
  refused(): void {
    this.#grant = undefined;
    for (const file of this.#files.values()) file.readAtMs = Number.NEGATIVE_INFINITY;
  }

  async #granted(signal: AbortSignal): Promise<Grant> {
    if (this.#grant && this.#grant.expiresAtMs - leewayMs > this.#now()) return this.#grant;
    // one run for all who wait
    this.#running ??= this.#runPlugin(signal).finally(() => (this.#running = undefined));
    this.#grant = await this.#running;
    return this.#grant;
  }

  async #read(material: Material, maxAgeMs: number): Promise<string> {
    if (material.kind === 'text') return material.text;
    const known = this.#files.get(material.path);
    const now = this.#now();
    if (known && now - known.readAtMs < maxAgeMs) return known.text;
    try {
      const text = await readFile(material.path, 'utf8');
      this.#files.set(material.path, { text, readAtMs: now });
      return text;
    } catch (error) {
      // in the middle of a rotation: what was read last may well be good still
      if (known) return known.text;
      throw new ConfigurationError(`credentials for the cluster (${this.#connection.origin}) cannot be read`, { cause: error });
    }
  }
}

/** Kubelets write a new token when 80 % of its life is over, so a re-read now and then is enough; reading costs nothing. */
const tokenAgeMs = 10_000;
const certificateAgeMs = 60_000;
/** A token is renewed before it ends on the way. */
const leewayMs = 10_000;
