import { secretSource } from '../../config/secrets.ts';
import { ConfigurationError } from '../../errors.ts';
import { createHttpClient } from '../../http/client/index.ts';
import { tlsFiles } from '../../http/client/tls-files.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { Zone, ZoneProvider } from '../engine/zone-provider.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { type PiholeApi, timeoutMs } from './api.ts';
import { PiholeV5 } from './client-v5.ts';
import { PiholeV6 } from './client-v6.ts';
import { adjustEndpoint, entryText, recordTypes, toEndpoint, toEntry } from './convert.ts';

/** The local DNS records of a Pi-hole. One call a target; no zones, and no TXT records, so that there is no ownership. */
export const pihole: ProviderDefinition = {
  name: 'pihole',
  title: 'Pi-hole',
  credentials: [],
  flags: ['pihole-server', 'pihole-password', 'pihole-tls-skip-verify', 'pihole-api-version', 'tls-ca'],
  recordTypes,
  async create(setup): Promise<Provider> {
    const api = open(setup);
    const { options, log } = setup;
    if (options.registry === 'txt') log.warning('a Pi-hole holds no TXT records, so ownership is not kept: records are made, and never changed or removed; set --registry=noop', { provider: 'pihole' });
    return zoneEngine(zoneProvider(api), setup, { managesZone: () => true, tries, close: () => api.close() });
  },
};

function open({ options, env, metrics, log }: ProviderSetup): PiholeApi {
  const server = options.piholeServer;
  if (!/^https?:\/\//i.test(server) || !URL.canParse(server)) throw new ConfigurationError(`--pihole-server: ${server === '' ? 'the URL of the Pi-hole is missing' : `${JSON.stringify(server)} is no URL that begins with http:// or https://`}`);
  const files = tlsFiles({ ca: { path: options.tlsCa, setting: '--tls-ca' } }, log);
  const password = secretSource(options, 'piholePassword', log);
  const http = createHttpClient({ name: 'Pi-hole', baseUrl: server, timeoutMs, files, insecureSkipVerify: options.piholeTlsSkipVerify, env, metrics, log });
  return options.piholeApiVersion === '5' ? new PiholeV5(http, password) : new PiholeV6(http, password);
}

/** A Pi-hole is away for some seconds after each change of a CNAME: its resolver, and the API with it, starts anew. */
const tries = 5;
/** All names lie in one zone: the root. */
const everything: Zone = { id: 'pihole', name: '' };

function zoneProvider(api: PiholeApi): ZoneProvider {
  return {
    name: 'pihole',
    granularity: 'record',
    idempotent: true,
    recordTypes,
    limits: { singleValueTypes: api.severalAddresses ? ['CNAME'] : recordTypes },
    zones: async () => [everything],
    records: async (_zone, signal) => (await api.entries(signal)).map(toEndpoint),
    adjust: (endpoints) => endpoints.map((e) => adjustEndpoint(e, api.cnameTTL)),
    async apply(_zone, { before, after }, signal) {
      const [old, next] = [before && toEntry(before), after && toEntry(after)];
      // TXT records of the registry, of which the user was warned
      if (!old && !next) return;
      if (old && next && entryText(old) === entryText(next)) return;
      if (next?.name.includes('*')) throw new Error(`${next.name}: a Pi-hole answers no wildcards; give the names one by one`);
      if (!old || !next) return next ? api.add(next, signal) : old && api.remove(old, signal);
      // so that the name is never without an address; but of CNAMEs there can be only one
      if (api.severalAddresses && next.kind === 'host') {
        await api.add(next, signal);
        return api.remove(old, signal);
      }
      await api.remove(old, signal);
      await api.add(next, signal).catch(async (error: unknown) => {
        await api.add(old, signal).catch(() => {});
        throw error;
      });
    },
  };
}
