import { fromFiles } from '../../config/changing-files.ts';
import type { Change } from '../../endpoint/change.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { messageOf, SoftError } from '../../errors.ts';
import { TokenCache } from '../../http/auth/access-token.ts';
import { createHttpClient } from '../../http/client/index.ts';
import { each } from '../engine/each.ts';
import { checkWildcards } from '../engine/wildcards.ts';
import { type EngineOptions, zoneEngine } from '../engine/zone-engine.ts';
import type { Limits, Weight, ZoneProvider } from '../engine/zone-provider.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { GoogleDns, type ManagedZone, type RecordSet } from './client.ts';
import { googleRecordTypes, normalForm, toChange, toChangeIn, toEndpoints } from './convert.ts';
import { findCredentials } from './credentials.ts';
import { Metadata } from './metadata.ts';
import { RoutingPolicies } from './routing-policies.ts';
import { getToken } from './tokens.ts';

/** Google Cloud DNS. A call changes any number of record sets of a zone, all or none. */
export const google: ProviderDefinition = {
  name: 'google',
  title: 'Google Cloud DNS',
  credentials: [
    { name: 'GOOGLE_APPLICATION_CREDENTIALS', about: 'file of credentials: service account, user, or workload identity federation; without it the file of gcloud, then the metadata server' },
    { name: 'GCE_METADATA_HOST', about: 'address of the metadata server, where it is not 169.254.169.254' },
    { name: 'GOOGLE_CLOUD_PROJECT', about: 'project, where neither --google-project, the metadata server nor the credentials name one' },
  ],
  flags: ['google-project', 'google-batch-change-size', 'google-batch-change-interval', 'google-zone-visibility'],
  recordTypes: googleRecordTypes,
  async create(setup): Promise<Provider> {
    const { env, log, metrics } = setup;
    const found = findCredentials(env);
    const latest = fromFiles(found.file === undefined ? [] : [found.file], () => findCredentials(env), log);
    log.info('credentials of Google Cloud found', { type: found.credentials.type, origin: found.origin });
    const metadata = new Metadata(env, { log, metrics });
    const common = { env, log, metrics, timeoutMs: 60_000 };
    const login = createHttpClient({ ...common, name: 'Google sign-on', retries: { tries: 4 } });
    const http = createHttpClient({ ...common, name: 'Google Cloud DNS' });
    const tokens = new TokenCache((signal) => getToken(latest.current().credentials, { http: login, metadata, aws: async (...of) => (await import('./aws-identity.ts')).awsIdentity({ env, metrics, log })(...of) }, signal));
    const dns = new GoogleDns({ http, tokens, baseUrl: `https://dns.${found.universe}/dns/v1/`, project: projectFinder(setup, metadata, found.project) });
    return googleProvider(dns, setup, { close: async () => void (await Promise.all([http.close(), login.close(), metadata.close()])) });
  },
};

type Dns = Pick<GoogleDns, 'zones' | 'recordSets' | 'change'>;

/** The provider with its settings; apart from create() for tests. */
export function googleProvider(dns: Dns, setup: ProviderSetup, options: EngineOptions<ManagedZone>): Provider {
  const { googleBatchChangeSize, googleBatchChangeIntervalMs } = setup.options;
  return zoneEngine(googleZones(dns, setup), setup, { managesZone: (zone) => manages(zone, setup), batch: { changes: googleBatchChangeSize }, batchIntervalMs: googleBatchChangeIntervalMs, ...options });
}

/**
 * Of one change, by the quotas of a project (https://cloud.google.com/dns/quotas): 1,000 additions and 1,000 deletions, which as in ExternalDNS
 * v0.22 count together, and 100,000 bytes of data.
 */
const limits: Limits = {
  batch: { changes: 1000, bytes: 100_000, weigh },
  ttlSeconds: { default: 300, max: 2_147_483_647 },
};

function weigh({ action, before, after }: Change): Weight {
  const targets = [...(before?.targets ?? []), ...(after?.targets ?? [])];
  return { changes: action === 'update' ? 2 : 1, values: targets.length, bytes: targets.reduce((sum, target) => sum + Buffer.byteLength(target) + 1, 0) };
}

/** Reading names one by one costs a call each; more names than this are read with their zone. */
const namesAtOnce = 8;

function googleZones(dns: Dns, setup: ProviderSetup): ZoneProvider<ManagedZone> {
  /** Zones that share their name with another that is managed. */
  let shared: ReadonlySet<string> = new Set();
  const routing = new RoutingPolicies(setup.log);
  const namesIn = (zone: ManagedZone, names: readonly string[], signal: AbortSignal): Promise<readonly RecordSet[]> =>
    each(names, namesAtOnce, (name) => dns.recordSets(zone.id, `${name}.`, signal)).then((sets) => sets.flat());
  return {
    name: 'google',
    granularity: 'zone',
    recordTypes: googleRecordTypes,
    limits,
    async zones(signal) {
      const zones = (await dns.zones(signal)).filter((zone) => !zone.peering);
      shared = sharedZones(zones.filter((zone) => manages(zone, setup)));
      return zones;
    },
    async records(zone, signal) {
      const sets = await dns.recordSets(zone.id, undefined, signal);
      routing.learn(zone, sets);
      return toEndpoints(zone, sets);
    },
    async recordsOf(zone, names, signal) {
      const sets = await namesIn(zone, names, signal);
      routing.learn(zone, sets, names);
      return toEndpoints(zone, sets);
    },
    adjust: (endpoints) => endpoints.filter((e) => !routing.hold(e)).map(normalForm),
    choose: (_name, matching) => matching.filter((zone) => normalizeName(zone.name) === normalizeName(matching[0]?.name ?? '')),
    async apply(zone, changes, signal) {
      checkWildcards(changes, 'Cloud DNS');
      if (!shared.has(zone.id)) return dns.change(zone.id, toChange(changes), signal);
      const names = [...new Set(changes.map(({ before, after }) => normalizeName((after ?? before).dnsName)))];
      const change = toChangeIn(zone, changes, await namesIn(zone, names, signal));
      if (change.additions.length + change.deletions.length > 0) await dns.change(zone.id, change, signal);
    },
  };
}

/** By --domain-filter (the zone itself must pass), --google-zone-visibility, and --zone-id-filter, which takes the end of a number or of a resource name. */
function manages(zone: ManagedZone, { options, domainFilter }: Pick<ProviderSetup, 'options' | 'domainFilter'>): boolean {
  const ids = options.zoneIdFilter.filter(Boolean);
  const visibility = options.googleZoneVisibility;
  return domainFilter.matches(zone.name) && (visibility === '' || visibility === zone.visibility) && (ids.length === 0 || ids.some((id) => zone.number.endsWith(id) || zone.id.endsWith(id)));
}

function sharedZones(zones: readonly ManagedZone[]): ReadonlySet<string> {
  const byName = new Map<string, string[]>();
  for (const { name, id } of zones) byName.set(normalizeName(name), [...(byName.get(normalizeName(name)) ?? []), id]);
  return new Set([...byName.values()].filter((ids) => ids.length > 1).flat());
}

/** The project of the flag, of the metadata server, of the credentials or of the environment; found when first needed, since the server may be late. */
function projectFinder({ options, env, log }: ProviderSetup, metadata: Metadata, ofCredentials: string): (signal: AbortSignal) => Promise<string> {
  let project = options.googleProject;
  return async (signal) => {
    if (project !== '') return project;
    try {
      project = await metadata.projectId(signal);
    } catch (error) {
      signal.throwIfAborted();
      project = ofCredentials || (env['GOOGLE_CLOUD_PROJECT'] ?? '');
      if (project === '') throw new SoftError(`the project is not known: set --google-project (${messageOf(error)})`, { cause: error });
    }
    log.info('project of Google Cloud found', { project });
    return project;
  };
}
