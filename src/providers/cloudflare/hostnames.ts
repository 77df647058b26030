import type { Change } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { messageOf } from '../../errors.ts';
import type { Shortfall } from '../engine/zone-provider.ts';
import type { CloudflareClient, CustomHostname, CustomHostnameBody } from './client.ts';
import type { NameExtras } from './convert.ts';
import { addressTypes, readProperties } from './properties.ts';

export interface HostnameSettings {
  /** Undefined: custom hostnames are not managed. */
  readonly customHostnames: { readonly minTlsVersion: string; readonly certificateAuthority: string } | undefined;
  readonly regionalServices: boolean;
}

/** Custom and regional hostnames of one zone: what hangs on names, and is changed by calls of its own, one by one, after the records. */
export class Hostnames {
  readonly #client: CloudflareClient;
  readonly #zoneId: string;
  readonly #settings: HostnameSettings;
  /** By hostname. */
  #custom = new Map<string, CustomHostname>();
  /** Names of custom hostnames by the name that they lead to. */
  #byOrigin = new Map<string, string[]>();
  /** Region keys by name. */
  #regions = new Map<string, string>();
  #regionsError: Error | undefined;
  #isRead = false;

  constructor(client: CloudflareClient, zoneId: string, settings: HostnameSettings) {
    this.#client = client;
    this.#zoneId = zoneId;
    this.#settings = settings;
  }

  /** `anew`: also if it was read before. A zone whose regions cannot be read is served without them: changes that need them say so. */
  async read(anew: boolean, signal: AbortSignal): Promise<void> {
    if (this.#isRead && !anew) return;
    const { customHostnames, regionalServices } = this.#settings;
    if (customHostnames) this.#custom = new Map((await this.#client.customHostnames(this.#zoneId, signal)).map((c) => [c.hostname, c]));
    this.#index();
    this.#regionsError = undefined;
    if (regionalServices)
      try {
        this.#regions = new Map((await this.#client.regionalHostnames(this.#zoneId, signal)).map((r) => [normalizeName(r.hostname), r.region_key]));
      } catch (error) {
        if (signal.aborted) throw error;
        this.#regionsError = error instanceof Error ? error : new Error(String(error));
      }
    this.#isRead = true;
  }

  of(name: string): NameExtras {
    return { customHostnames: this.#byOrigin.get(name) ?? [], regionKey: this.#settings.regionalServices ? (this.#regions.get(name) ?? '') : undefined };
  }

  /** Brings what hangs on the names of some changes up to date. `stands`: whether a name still has records that lead to addresses. */
  async apply(changes: readonly Change[], stands: (name: string) => boolean, signal: AbortSignal): Promise<readonly Shortfall[]> {
    const missing: Shortfall[] = [];
    if (!this.#settings.customHostnames && !this.#settings.regionalServices) return missing;
    await this.read(false, signal);
    for (const [name, ofName] of byName(changes)) {
      const change = ofName.find((c) => c.action !== 'delete') ?? ofName[0];
      if (!change) continue;
      const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
        try {
          await work();
        } catch (error) {
          missing.push({ change, error: new Error(`the record is written, but not its ${what}: ${messageOf(error)}`, { cause: error }) });
        }
      };
      for (const { what, work } of [...this.#customSteps(name, ofName, stands(name), signal), ...this.#regionSteps(name, ofName, stands(name), signal)]) await attempt(what, work);
    }
    return missing;
  }

  #customSteps(name: string, changes: readonly Change[], stands: boolean, signal: AbortSignal): readonly Step[] {
    const settings = this.#settings.customHostnames;
    if (!settings) return [];
    const afters = changes.flatMap((c) => (c.after ? [c.after] : []));
    // the records that are left keep what they have
    if (afters.length === 0 && stands) return [];
    const wanted = afters.map((e) => readProperties(e).customHostnames).find((h) => h.length > 0) ?? [];
    const had = new Set(changes.flatMap((c) => (c.before ? readProperties(c.before).customHostnames : [])));
    const goes = [...had].filter((h) => !wanted.includes(h) && normalizeName(this.#custom.get(h)?.custom_origin_server ?? '') === name);
    const comes = wanted.filter((h) => normalizeName(this.#custom.get(h)?.custom_origin_server ?? '') !== name);
    const step = (hostname: string, work: () => Promise<void>): Step => ({ what: `custom hostname ${hostname}`, work });
    return [
      ...goes.map((hostname) =>
        step(hostname, async () => {
          const known = this.#custom.get(hostname);
          if (known) await this.#client.deleteCustomHostname(this.#zoneId, known.id, signal);
          this.#custom.delete(hostname);
          this.#index();
        }),
      ),
      ...comes.map((hostname) =>
        step(hostname, async () => {
          const other = this.#custom.get(hostname);
          if (other) throw new Error(`it leads to ${other.custom_origin_server ?? 'the default origin'} already; remove it there first`);
          const body = customHostnameBody(hostname, name, settings);
          this.#custom.set(hostname, { ...body, ...(await this.#client.createCustomHostname(this.#zoneId, body, signal)) });
          this.#index();
        }),
      ),
    ];
  }

  #regionSteps(name: string, changes: readonly Change[], stands: boolean, signal: AbortSignal): readonly Step[] {
    if (!this.#settings.regionalServices) return [];
    const afters = changes.flatMap((c) => (c.after ? [c.after] : []));
    if (afters.length === 0 && stands) return [];
    const wanted = afters.map((e) => readProperties(e).regionKey ?? '').find((key) => key !== '') ?? '';
    const current = this.#regions.get(name) ?? '';
    const step = (work: () => Promise<void>): readonly Step[] => [{ what: `region${wanted && ` ${wanted}`}`, work }];
    const error = this.#regionsError;
    if (error) return wanted === '' ? [] : step(() => Promise.reject(error));
    if (wanted === current) return [];
    return step(async () => {
      if (wanted === '') await this.#client.deleteRegionalHostname(this.#zoneId, name, signal);
      else if (current === '') await this.#client.createRegionalHostname(this.#zoneId, { hostname: name, region_key: wanted }, signal);
      else await this.#client.changeRegionalHostname(this.#zoneId, { hostname: name, region_key: wanted }, signal);
      if (wanted === '') this.#regions.delete(name);
      else this.#regions.set(name, wanted);
    });
  }

  #index(): void {
    this.#byOrigin = new Map();
    for (const { hostname, custom_origin_server: origin } of this.#custom.values()) {
      if (!origin) continue;
      const name = normalizeName(origin);
      this.#byOrigin.set(name, [...(this.#byOrigin.get(name) ?? []), hostname].sort());
    }
  }
}

interface Step {
  readonly what: string;
  readonly work: () => Promise<void>;
}

const customHostnameBody = (hostname: string, origin: string, { minTlsVersion, certificateAuthority }: NonNullable<HostnameSettings['customHostnames']>): CustomHostnameBody => ({
  hostname,
  custom_origin_server: origin,
  ssl: {
    type: 'dv',
    method: 'http',
    bundle_method: 'ubiquitous',
    // naming none is refused in all but Enterprise zones, so it is left out there
    ...(certificateAuthority !== 'none' && { certificate_authority: certificateAuthority }),
    settings: { min_tls_version: minTlsVersion },
  },
});

/** The changes of records that lead to addresses, by name; those of A records first. */
function byName(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const names = new Map<string, Change[]>();
  const endpointOf = (c: Change): Endpoint => c.after ?? c.before;
  for (const change of changes.filter((c) => addressTypes.has(endpointOf(c).recordType)).toSorted((a, b) => (endpointOf(a).recordType < endpointOf(b).recordType ? -1 : 1))) {
    const name = normalizeName(endpointOf(change).dnsName);
    names.set(name, [...(names.get(name) ?? []), change]);
  }
  return names;
}
