import { secretSource } from '../../config/secrets.ts';
import type { DomainFilter } from '../../endpoint/domain-filter.ts';
import { normalizeName, unicodeName } from '../../endpoint/name.ts';
import { ConfigurationError } from '../../errors.ts';
import { tlsFiles } from '../../http/client/tls-files.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { ZoneProvider } from '../engine/zone-provider.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { PdnsClient, type PdnsZone } from './client.ts';
import { adjustEndpoint, disabledRecords, recordTypes, toEndpoints, toRecordSets } from './convert.ts';
import { Zones } from './zones.ts';

/** PowerDNS Authoritative Server. One call changes many record sets of a zone, all or none; an apex CNAME is written as ALIAS. */
export const pdns: ProviderDefinition = {
  name: 'pdns',
  title: 'PowerDNS',
  credentials: [],
  flags: ['pdns-server', 'pdns-server-id', 'pdns-api-key', 'pdns-skip-tls-verify', 'tls-ca', 'tls-client-cert', 'tls-client-cert-key'],
  recordTypes,
  async create(setup): Promise<Provider> {
    const client = open(setup);
    return zoneEngine(zoneProvider(client, setup), setup, {
      managesZone: (zone) => managesZone(setup.domainFilter, zone.name),
      // the client of the API tries again by itself
      tries: 1,
      batch: { changes: 1000 },
      batchIntervalMs: 0,
      close: () => client.close(),
    });
  },
};

function open({ options, env, metrics, log }: ProviderSetup): PdnsClient {
  if (options.pdnsApiKey === '') throw new ConfigurationError('--pdns-api-key: the API of PowerDNS wants a key; set it to the api-key of pdns.conf');
  const files = tlsFiles({
    ca: { path: options.tlsCa, setting: '--tls-ca' },
    cert: { path: options.tlsClientCert, setting: '--tls-client-cert' },
    key: { path: options.tlsClientCertKey, setting: '--tls-client-cert-key' },
  }, log);
  const apiKey = secretSource(options, 'pdnsApiKey', log);
  return new PdnsClient({ server: options.pdnsServer, serverId: options.pdnsServerId, apiKey: () => apiKey.current(), files, insecureSkipVerify: options.pdnsSkipTlsVerify, env, metrics, log });
}

/**
 * Zones that the filter takes, and zones above a domain of the filter. Not the zone of `.example.org` itself: with a dot the filter
 * means what is below, and the zones with it, as in ExternalDNS v0.22.
 */
export function managesZone(filter: DomainFilter, zoneName: string): boolean {
  if (filter.matches(zoneName)) return true;
  const { include = [] } = filter.toJSON();
  if (include.length === 0) return filter.matchesZone(zoneName);
  return include.some((domain) => domain.replace(/^\./, '').endsWith(`.${unicodeName(zoneName)}`));
}

/** So many names are asked for one by one; for more the whole zone is read. */
const mostNamesAsked = 25;

function zoneProvider(client: PdnsClient, { log }: ProviderSetup): ZoneProvider<PdnsZone> {
  const zones = new Zones();
  /** Names of zones whose NS records somebody wishes for. */
  const told = new Set<string>();
  /** Servers before 4.6 give the whole zone whatever name they are asked for. */
  let asksByName = true;
  return {
    name: 'pdns',
    granularity: 'zone',
    idempotent: true,
    recordTypes,
    limits: { ttlSeconds: { default: 300, max: 2 ** 31 - 1 } },
    async zones(signal) {
      const listed = await client.zones(signal);
      for (const zone of zones.listed(listed)) log.warning('zone is a copy from a primary server: what is changed in it is lost with the next transfer', { provider: 'pdns', zone: zone.name, kind: zone.kind ?? '' });
      return listed;
    },
    async records(zone, signal) {
      const read = await client.zone(zone.id, undefined, signal);
      zones.read(zone.id, read, disabledRecords(read.rrsets ?? []));
      return toEndpoints(read.rrsets ?? [], zone.name);
    },
    async recordsOf(zone, names, signal) {
      const wanted = new Set(names);
      if (!asksByName || names.length > mostNamesAsked) return (await this.records(zone, signal)).filter((e) => wanted.has(normalizeName(e.dnsName)));
      const records = [];
      for (const name of names) {
        const { rrsets = [] } = await client.zone(zone.id, `${name}.`, signal);
        if (rrsets.some((set) => normalizeName(set.name) !== name)) {
          asksByName = false;
          return this.recordsOf?.(zone, names, signal) ?? [];
        }
        zones.readName(zone.id, name, disabledRecords(rrsets));
        records.push(...toEndpoints(rrsets, zone.name));
      }
      return records;
    },
    version: (zone) => zones.version(zone),
    adjust: (endpoints) =>
      endpoints.flatMap((e) => {
        if (e.recordType !== 'NS' || !zones.isApex(normalizeName(e.dnsName))) return [adjustEndpoint(e, (name) => zones.isApex(name))];
        if (!told.has(e.dnsName)) log.warning('record is left out: the NS records of a zone are not changed', { provider: 'pdns', name: e.dnsName, targets: e.targets });
        told.add(e.dnsName);
        return [];
      }),
    async apply(zone, changes, signal) {
      await client.patch(zone.id, toRecordSets(changes, zone.name, zones.disabled(zone.id)), signal);
    },
    async finish(zone, _complete, signal) {
      // only where the server does not do it by itself
      if (zones.wantsRectify(zone)) await client.rectify(zone.id, signal);
    },
  };
}
