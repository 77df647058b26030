import type { FromFiles } from '../../config/changing-files.ts';
import { ConfigurationError } from '../../errors.ts';
import type { HttpClient, HttpRequest, HttpResponse } from '../../http/client/index.ts';
import { statusError } from '../../http/client/index.ts';
import type { PiholeApi } from './api.ts';
import { entryText, parseCname, parseHost, type PiholeEntry } from './convert.ts';

const lists = { host: '/api/config/dns/hosts', cname: '/api/config/dns/cnameRecords' } as const;

/** The REST API of Pi-hole v6. With a password it works in a session, which is opened when it is needed and again when it has ended. */
export class PiholeV6 implements PiholeApi {
  readonly severalAddresses = true;
  readonly cnameTTL = true;
  readonly #http: HttpClient;
  /** Read again for each sign-in. */
  readonly #password: FromFiles<string>;
  /** undefined: no session is open. '': none is needed. */
  #session: string | undefined;
  /** Lines as they were read, where they are spelled in another way, by ours. */
  readonly #spelled = new Map<string, string>();

  constructor(http: HttpClient, password: FromFiles<string>) {
    this.#http = http;
    this.#password = password;
    if (password.current() === '') this.#session = '';
  }

  async entries(signal: AbortSignal): Promise<readonly PiholeEntry[]> {
    const hosts = await this.#list('host', signal);
    const cnames = await this.#list('cname', signal);
    this.#spelled.clear();
    return [...this.#read(hosts, parseHost), ...this.#read(cnames, parseCname)];
  }

  async add(entry: PiholeEntry, signal: AbortSignal): Promise<void> {
    const response = await this.#call({ method: 'PUT', url: `${lists[entry.kind]}/${encodeURIComponent(entryText(entry))}` }, signal);
    if (isGood(response) || /Item already present/i.test(detailOf(response))) return;
    throw failure(`adding ${entryText(entry)} to the Pi-hole`, response);
  }

  async remove(entry: PiholeEntry, signal: AbortSignal): Promise<void> {
    const text = entryText(entry);
    const response = await this.#call({ method: 'DELETE', url: `${lists[entry.kind]}/${encodeURIComponent(this.#spelled.get(text) ?? text)}` }, signal);
    if (!isGood(response) && response.status !== 404) throw failure(`removing ${text} from the Pi-hole`, response);
  }

  /** Ends the session: a Pi-hole has few of them. */
  async close(): Promise<void> {
    if (this.#session) await this.#http.request({ method: 'DELETE', url: '/api/auth', headers: sessionHeader(this.#session), timeoutMs: logoutTimeoutMs }, never).catch(() => {});
    await this.#http.close();
  }

  async #list(kind: keyof typeof lists, signal: AbortSignal): Promise<readonly string[]> {
    const response = await this.#call({ method: 'GET', url: lists[kind] }, signal);
    if (!isGood(response)) throw failure('reading the local records of the Pi-hole', response);
    const { config } = response.json() as { readonly config?: { readonly dns?: { readonly hosts?: readonly string[]; readonly cnameRecords?: readonly string[] } } };
    return (kind === 'host' ? config?.dns?.hosts : config?.dns?.cnameRecords) ?? [];
  }

  #read(lines: readonly string[], parse: (text: string) => PiholeEntry | undefined): PiholeEntry[] {
    return lines.flatMap((line) => {
      const entry = parse(line);
      if (!entry) return [];
      const text = entryText(entry);
      if (text !== line) this.#spelled.set(text, line);
      return [entry];
    });
  }

  /** `renewed`: in a session that was opened since the call was refused. */
  async #call(request: HttpRequest, signal: AbortSignal, renewed = false): Promise<HttpResponse> {
    const session = this.#session ?? (await this.#signIn(signal));
    const response = await this.#http.request({ ...request, headers: sessionHeader(session) }, signal);
    if (response.status !== 401 || renewed || this.#password.current() === '') return response;
    this.#session = undefined;
    return this.#call(request, signal, true);
  }

  async #signIn(signal: AbortSignal): Promise<string> {
    const response = await this.#http.request({ method: 'POST', url: '/api/auth', json: { password: this.#password.current() } }, signal);
    if (response.status === 401) throw new ConfigurationError('--pihole-password: the Pi-hole refuses it');
    // it is the right one, but wants a one-time code, too
    if (response.status === 400) throw new ConfigurationError(`--pihole-password: ${detailOf(response) || 'the Pi-hole refuses it'}; with two-factor authentication give an application password, and set webserver.api.app_sudo in the Pi-hole`);
    if (!isGood(response)) throw failure('signing in to the Pi-hole', response);
    const { session } = response.json() as { readonly session?: { readonly sid?: string | null } };
    this.#session = session?.sid ?? '';
    return this.#session;
  }
}

const never = new AbortController().signal;
const logoutTimeoutMs = 2000;
const sessionHeader = (session: string): Record<string, string> => (session ? { 'x-ftl-sid': session } : {});
const isGood = ({ status }: HttpResponse): boolean => status === 200 || status === 201 || status === 204;

function failure(what: string, response: HttpResponse): Error {
  if (response.status === 404) return new ConfigurationError(`${what}: there is no API of Pi-hole v6; look at --pihole-server, or set --pihole-api-version=5 for Pi-hole v5`);
  const detail = detailOf(response);
  // sessions of application passwords may only read; lists that the environment sets, and all where it is read-only, cannot be changed
  if (response.status === 403 || /environment variable/i.test(detail)) return new ConfigurationError(`${what}: ${detail || `status ${response.status}`}; let it change its local records by the API (webserver.api.app_sudo for application passwords; no FTLCONF_dns_hosts, FTLCONF_dns_cnameRecords, FTLCONF_misc_readOnly)`);
  return statusError(what, response, detail);
}

/** `{"error": {"key": ..., "message": ..., "hint": ...}}`. */
function detailOf(response: HttpResponse): string {
  try {
    const { error } = response.json() as { readonly error?: { readonly message?: unknown; readonly hint?: unknown } };
    return [error?.message, error?.hint].filter((t) => typeof t === 'string').join(': ').slice(0, 300);
  } catch {
    return '';
  }
}
