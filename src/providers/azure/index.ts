import { fromFiles } from '../../config/changing-files.ts';
import { createDomainFilter, type DomainFilter } from '../../endpoint/domain-filter.ts';
import { TokenCache } from '../../http/auth/access-token.ts';
import { createHttpClient } from '../../http/client/index.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { AzureDns, type AzureZone, type Kind, privateZones, publicZones } from './client.ts';
import { privateShape, publicShape, type Shape } from './convert.ts';
import { readSettings } from './settings.ts';
import { getToken } from './tokens.ts';
import { azureZones } from './zones.ts';

const flags = ['azure-config-file', 'azure-resource-group', 'azure-subscription-id', 'azure-user-assigned-identity-client-id', 'azure-zones-cache-duration', 'azure-maxretries-count', 'zone-name-filter'] as const;

const credentials = [
  { name: 'AZURE_FEDERATED_TOKEN_FILE', about: 'token of the service account, for workload identity' },
  { name: 'AZURE_TENANT_ID, AZURE_CLIENT_ID', about: 'where azure.json has no tenantId and aadClientId' },
  { name: 'AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH', about: 'where azure.json names no kind of credentials' },
  { name: 'AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP', about: 'where neither flags nor azure.json name them' },
] as const;

/** Azure DNS. A call changes one record set. */
export const azure: ProviderDefinition = {
  name: 'azure',
  title: 'Azure DNS',
  credentials,
  flags,
  recordTypes: publicShape.recordTypes,
  create: (setup) => open('azure', publicZones, publicShape, setup),
};

export const azureDns: ProviderDefinition = { ...azure, name: 'azure-dns', create: (setup) => open('azure-dns', publicZones, publicShape, setup) };

/** Azure Private DNS: zones that only virtual networks see. */
export const azurePrivateDns: ProviderDefinition = {
  name: 'azure-private-dns',
  title: 'Azure Private DNS',
  credentials,
  flags,
  recordTypes: privateShape.recordTypes,
  create: (setup) => open('azure-private-dns', privateZones, privateShape, setup),
};

async function open(name: string, kind: Kind, shape: Shape, setup: ProviderSetup): Promise<Provider> {
  const { options, env, log, metrics } = setup;
  const settings = readSettings(options, env);
  // a secret in it may be exchanged
  const latest = fromFiles([options.azureConfigFile], () => readSettings(options, env), log);
  log.info('credentials of Azure found', { type: settings.credentials.type });
  const http = createHttpClient({ name: 'Azure', env, log, metrics, timeoutMs: 60_000, retries: { tries: triesOf(options.azureMaxretriesCount), firstWaitMs: 800, longestWaitMs: 60_000, longestRetryAfterMs: 60_000 } });
  const tokens = new TokenCache((signal) => getToken(latest.current(), http, env, signal));
  const dns = new AzureDns({ kind, http, tokens, resourceManager: settings.cloud.resourceManager, subscriptionId: settings.subscriptionId, resourceGroup: settings.resourceGroup });
  return azureProvider({ name, shape, dns, setup, zoneNameFilter: await createDomainFilter({ include: options.zoneNameFilter }), close: () => http.close() });
}

/** As Azure's own libraries count: a negative number means never, 0 the default of three. */
export const triesOf = (retries: number): number => (retries < 0 ? 1 : (retries || 3) + 1);

export interface AzureParts {
  readonly name: string;
  readonly shape: Shape;
  readonly dns: Pick<AzureDns, 'zones' | 'recordSets' | 'recordSet' | 'put' | 'delete'>;
  readonly setup: ProviderSetup;
  /** --zone-name-filter. */
  readonly zoneNameFilter: DomainFilter;
  readonly close?: () => Promise<void>;
}

/** The provider with its settings; apart from create() for tests. */
export function azureProvider({ name, shape, dns, setup, zoneNameFilter, close }: AzureParts): Provider {
  const { options, domainFilter } = setup;
  const ids = options.zoneIdFilter.filter(Boolean);
  // a domain below a zone does not select the zone: that is what --zone-name-filter is for
  const manages = (zone: AzureZone): boolean =>
    (domainFilter.matches(zone.name) && (ids.length === 0 || ids.some((id) => zone.id.endsWith(id)))) || (zoneNameFilter.configured && zoneNameFilter.matches(zone.name));
  return zoneEngine(azureZones(name, shape, dns), setup, {
    zonesCacheMs: options.azureZonesCacheDurationMs,
    managesZone: manages,
    // the client tries again by itself, as often as --azure-maxretries-count says
    tries: 1,
    ...(close && { close }),
  });
}
