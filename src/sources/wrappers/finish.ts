import type { Config } from '../../config/config.ts';
import { type Endpoint, property, type ProviderSpecificProperty, withProperty } from '../../endpoint/endpoint.ts';

/** Prefix of the properties of providers that are not called like their prefix. */
const propertyPrefixes: Readonly<Record<string, string | undefined>> = {
  'azure-dns': 'azure/',
  'azure-private-dns': 'azure/',
  scaleway: 'scw/',
  skydns: 'coredns/',
};

/** Gives the last touches: --min-ttl where no TTL is set, only properties that the provider knows (sorted), --prefer-alias. */
export function finisher(options: Pick<Config, 'minTtlMs' | 'provider' | 'preferAlias'>): (endpoints: readonly Endpoint[]) => readonly Endpoint[] {
  const minTTLSeconds = Math.floor(options.minTtlMs / 1000);
  const keeps = propertyFilter(options.provider);
  return (endpoints) =>
    endpoints.map((e) => {
      let finished = e;
      if (e.ttlSeconds <= 0 && minTTLSeconds > 0) finished = { ...finished, ttlSeconds: minTTLSeconds };
      if (e.providerSpecific.length) finished = { ...finished, providerSpecific: e.providerSpecific.filter(keeps).sort(byName) };
      if (options.preferAlias && e.recordType === 'CNAME' && property(e, 'alias') === undefined) finished = withProperty(finished, 'alias', 'true');
      return finished;
    });
}

/** Properties without a slash are for all providers. Those of Cloudflare are full names of annotations, so there all are kept. */
function propertyFilter(provider: string): (property: ProviderSpecificProperty) => boolean {
  if (provider === '' || provider === 'cloudflare') return () => true;
  const prefix = propertyPrefixes[provider] ?? `${provider}/`;
  return ({ name }) => !name.includes('/') || name.startsWith(prefix);
}

const byName = (a: ProviderSpecificProperty, b: ProviderSpecificProperty): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
