import { recordTypes } from '../../endpoint/endpoint.ts';
import { type DnsServer, startDnsServer } from '../../dns/server.ts';
import { parseListenAddress } from '../../http/server.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { ZoneProvider } from '../engine/zone-provider.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { MemoryZone } from './memory-zone.ts';

/** Zones in memory, for trying things out and for tests; served by DNS on the loopback where an address is given. */
export const inmemory: ProviderDefinition = {
  name: 'inmemory',
  title: 'In memory',
  credentials: [],
  flags: ['inmemory-zone', 'inmemory-dns-address'],
  recordTypes,
  async create(setup): Promise<Provider> {
    const zones = [...new Map(setup.options.inmemoryZone.map((name) => new MemoryZone(name, Math.floor(Date.now() / 1000))).map((zone) => [zone.name, zone])).values()];
    const server = await serve(zones, setup);
    return zoneEngine(zoneProvider(zones), setup, { batch: {}, batchIntervalMs: 0, tries: 1, close: async () => server?.close() });
  },
};

function zoneProvider(zones: readonly MemoryZone[]): ZoneProvider<MemoryZone> {
  return {
    name: 'inmemory',
    granularity: 'zone',
    setIdentifiers: true,
    zones: async () => zones,
    records: async (zone) => zone.all(),
    recordsOf: async (zone, names) => names.flatMap((name) => zone.records(name)),
    apply: async (zone, changes) => zone.apply(changes),
  };
}

async function serve(zones: readonly MemoryZone[], { options, log }: ProviderSetup): Promise<DnsServer | undefined> {
  if (options.inmemoryDnsAddress === '') return undefined;
  const setting = '--inmemory-dns-address';
  const { host, port } = parseListenAddress(options.inmemoryDnsAddress, setting);
  const server = await startDnsServer({ address: { host: host || '127.0.0.1', port }, setting, zones: () => zones, log });
  log.info('DNS server listens', { address: server.address.host.includes(':') ? `[${server.address.host}]:${server.address.port}` : `${server.address.host}:${server.address.port}`, zones: zones.map((z) => z.name) });
  return server;
}
