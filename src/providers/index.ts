import { ConfigurationError } from '../errors.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from './provider.ts';

type Load = () => Promise<ProviderDefinition>;

/** All providers of --provider; each is loaded only when it is named. */
const providers: Readonly<Record<string, Load | undefined>> = {
  alibabacloud: undefined,
  aws: () => import('./aws/index.ts').then((m) => m.aws),
  'aws-sd': () => import('./aws-sd/index.ts').then((m) => m.awsSd),
  azure: () => import('./azure/index.ts').then((m) => m.azure),
  'azure-dns': () => import('./azure/index.ts').then((m) => m.azureDns),
  'azure-private-dns': () => import('./azure/index.ts').then((m) => m.azurePrivateDns),
  civo: undefined,
  cloudflare: () => import('./cloudflare/index.ts').then((m) => m.cloudflare),
  coredns: () => import('./coredns/index.ts').then((m) => m.coredns),
  dnsimple: undefined,
  exoscale: undefined,
  godaddy: undefined,
  google: () => import('./google/index.ts').then((m) => m.google),
  inmemory: () => import('./inmemory/index.ts').then((m) => m.inmemory),
  linode: undefined,
  ns1: undefined,
  oci: undefined,
  ovh: undefined,
  pdns: () => import('./pdns/index.ts').then((m) => m.pdns),
  pihole: () => import('./pihole/index.ts').then((m) => m.pihole),
  rfc2136: () => import('./rfc2136/index.ts').then((m) => m.rfc2136),
  scaleway: undefined,
  skydns: () => import('./coredns/index.ts').then((m) => m.coredns),
  webhook: () => import('./webhook/index.ts').then((m) => m.webhook),
};

/** Values of --provider, sorted. */
export const providerNames: readonly string[] = Object.keys(providers);

/** The definition of a provider. Throws ConfigurationError on a name that is none. */
export async function loadProvider(name: string): Promise<ProviderDefinition> {
  const load = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (load) return load();
  const there = providerNames.filter((n) => providers[n]).join(', ');
  throw new ConfigurationError(`--provider=${name}: ${Object.hasOwn(providers, name) ? 'is not built yet' : 'there is no such provider'}; there are ${there}`);
}

/** Opens the provider of --provider. Throws ConfigurationError where its settings are wrong. */
export async function createProvider(setup: ProviderSetup): Promise<Provider> {
  const definition = await loadProvider(setup.options.provider);
  return definition.create(setup);
}
