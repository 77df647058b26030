import type { Endpoint } from '../../endpoint/endpoint.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { CloudflareClient } from './client.ts';
import { recordTypes } from './convert.ts';
import { findCredentials } from './credentials.ts';
import { CloudflareProvider } from './provider.ts';

/** Cloudflare DNS. Records are changed in batches, all or nothing. */
export const cloudflare: ProviderDefinition = {
  name: 'cloudflare',
  title: 'Cloudflare',
  credentials: [
    { name: 'CF_API_TOKEN', about: 'API token, or file:PATH of a file that holds it' },
    { name: 'CF_API_KEY', about: 'Global API Key, where there is no token' },
    { name: 'CF_API_EMAIL', about: 'e-mail address of the user whose Global API Key it is' },
    { name: 'CLOUDFLARE_API_TOKEN', about: 'API token, where none of the others is set' },
  ],
  flags: [
    'cloudflare-proxied',
    'cloudflare-custom-hostnames',
    'cloudflare-custom-hostnames-min-tls-version',
    'cloudflare-custom-hostnames-certificate-authority',
    'cloudflare-dns-records-per-page',
    'cloudflare-regional-services',
    'cloudflare-region-key',
    'cloudflare-record-comment',
  ],
  recordTypes,
  async create(setup): Promise<Provider> {
    const { options } = setup;
    const regionalServices = options.cloudflareRegionalServices || options.cloudflareRegionKey !== '';
    const client = new CloudflareClient(findCredentials(setup.env, setup.log), setup);
    const zoneIds = options.zoneIdFilter.map((id) => id.trim()).filter((id) => id !== '');
    const provider = new CloudflareProvider(client, {
      proxied: options.cloudflareProxied,
      comment: options.cloudflareRecordComment,
      customHostnames: options.cloudflareCustomHostnames,
      regionalServices,
      regionKey: options.cloudflareRegionKey,
      hostnames: {
        customHostnames: options.cloudflareCustomHostnames
          ? { minTlsVersion: options.cloudflareCustomHostnamesMinTlsVersion, certificateAuthority: options.cloudflareCustomHostnamesCertificateAuthority }
          : undefined,
        regionalServices,
      },
      recordsPerPage: recordsPerPage(options.cloudflareDnsRecordsPerPage),
      zoneIds,
      warn: warnOnce(setup),
    });
    return zoneEngine(provider, setup, {
      // as ExternalDNS v0.22: a zone that is named by its id needs no name that passes, another does
      managesZone: (zone) => zoneIds.length > 0 || setup.domainFilter.matches(zone.name),
      batch: { changes: options.batchChangeSize },
      // the client tries again by itself
      tries: 1,
      close: () => client.close(),
    });
  },
};

/** As ExternalDNS v0.22 does, any number is taken: none means the API's own default. */
const recordsPerPage = (asked: number): number => (asked > 0 ? Math.min(asked, 5000) : 100);

function warnOnce({ log }: ProviderSetup): (what: string, e: Endpoint, value: string) => void {
  const told = new Set<string>();
  return (what, e, value) => {
    const key = `${what} ${e.dnsName} ${e.recordType} ${value}`;
    if (told.has(key)) return;
    if (told.size > 10_000) told.clear();
    told.add(key);
    log.warning(what, { provider: 'cloudflare', name: e.dnsName, type: e.recordType, value });
  };
}
