import type { FromFiles } from '../../config/changing-files.ts';
import { ConfigurationError } from '../../errors.ts';
import type { HttpClient, HttpResponse } from '../../http/client/index.ts';
import { statusError } from '../../http/client/index.ts';
import type { PiholeApi } from './api.ts';
import { entryText, parseCname, parseHost, type PiholeEntry } from './convert.ts';

const scripts = { host: '/admin/scripts/pi-hole/php/customdns.php', cname: '/admin/scripts/pi-hole/php/customcname.php' } as const;

/**
 * The web interface of Pi-hole v5: forms, which want the cookie of a PHP session and the token that its pages carry. A name has one address
 * of each family there, and CNAMEs have no TTL.
 */
export class PiholeV5 implements PiholeApi {
  readonly severalAddresses = false;
  readonly cnameTTL = false;
  readonly #http: HttpClient;
  /** Read again for each sign-in. */
  readonly #password: FromFiles<string>;
  readonly #cookies = new Map<string, string>();
  /** undefined: not signed in. '': no password is needed. */
  #token: string | undefined;

  constructor(http: HttpClient, password: FromFiles<string>) {
    this.#http = http;
    this.#password = password;
    if (password.current() === '') this.#token = '';
  }

  async entries(signal: AbortSignal): Promise<readonly PiholeEntry[]> {
    const [hosts, cnames] = [await this.#list('host', signal), await this.#list('cname', signal)];
    return [
      ...hosts.flatMap(([name = '', address = '']) => parseHost(`${address} ${name}`) ?? []),
      ...cnames.flatMap(([name = '', target = '']) => parseCname(`${name},${target}`) ?? []),
    ];
  }

  async add(entry: PiholeEntry, signal: AbortSignal): Promise<void> {
    const { success, message } = await this.#act('add', entry, signal);
    if (success) return;
    // the answer is the same for this very entry and for another address of the name
    const there = (await this.entries(signal)).some((e) => entryText(e) === entryText(entry));
    if (!there) throw new Error(`adding ${entryText(entry)} to the Pi-hole: ${message}`);
  }

  async remove(entry: PiholeEntry, signal: AbortSignal): Promise<void> {
    const { success, message } = await this.#act('delete', entry, signal);
    if (success) return;
    const there = (await this.entries(signal)).some((e) => entryText(e) === entryText(entry));
    if (there) throw new Error(`removing ${entryText(entry)} from the Pi-hole: ${message}`);
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #list(kind: keyof typeof scripts, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    const { data } = (await this.#post(scripts[kind], { action: 'get' }, signal)) as { readonly data?: readonly (readonly string[])[] };
    return data ?? [];
  }

  async #act(action: 'add' | 'delete', { kind, name, target }: PiholeEntry, signal: AbortSignal): Promise<{ readonly success: boolean; readonly message: string }> {
    const { success, message } = (await this.#post(scripts[kind], { action, domain: name, [kind === 'host' ? 'ip' : 'target']: target }, signal)) as { readonly success?: unknown; readonly message?: unknown };
    return { success: success === true, message: String(message ?? '').slice(0, 300) };
  }

  async #post(url: string, fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> {
    const fresh = this.#token === undefined;
    const token = this.#token ?? (await this.#signIn(signal));
    const response = await this.#send('POST', url, { ...fields, ...(token && { token }) }, signal);
    const ended = /session expired|not allowed|wrong token|no token/i.test(response.text().slice(0, 500));
    if (ended && !fresh && this.#password.current() !== '') {
      this.#token = undefined;
      return this.#post(url, fields, signal);
    }
    if (ended) throw new ConfigurationError('--pihole-password: the Pi-hole wants a password, or another one');
    if (response.status === 404) throw new ConfigurationError(`--pihole-server: no Pi-hole v5 answers there; leave --pihole-api-version out for Pi-hole v6`);
    if (response.status !== 200) throw statusError('calling the Pi-hole', response);
    return response.json();
  }

  /** The page that is shown after signing in carries the token. */
  async #signIn(signal: AbortSignal): Promise<string> {
    for (const page of ['/admin/index.php?login', '/admin/login.php']) {
      let response = await this.#send('POST', page, { pw: this.#password.current() }, signal);
      for (let hops = 0; hops < 3 && response.status >= 300 && response.status < 400; hops++) response = await this.#send('GET', `/admin/${response.header('location')?.replace(/^.*\//, '') ?? ''}`, undefined, signal);
      if (response.status >= 400 && response.status !== 404) throw statusError('signing in to the Pi-hole', response);
      const token = /<[^>]*\bid=["']token["'][^>]*>([^<]+)</.exec(response.text())?.[1]?.trim();
      if (token) {
        this.#token = token;
        return token;
      }
    }
    throw new ConfigurationError('--pihole-password: the Pi-hole refuses it, or it is none of version 5');
  }

  async #send(method: 'GET' | 'POST', url: string, fields: Readonly<Record<string, string>> | undefined, signal: AbortSignal): Promise<HttpResponse> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await this.#http.request({
      method,
      url,
      headers: { ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }), ...(cookie && { cookie }) },
      ...(fields && { body: new URLSearchParams(fields).toString() }),
    }, signal);
    const [, name, value] = /^([^=;]+)=([^;]*)/.exec(response.header('set-cookie') ?? '') ?? [];
    if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    return response;
  }
}
