import { DnsClient } from '../../dns/client.ts';
import { recordTypes } from '../../endpoint/endpoint.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { Provider, ProviderDefinition, ProviderSetup } from '../provider.ts';
import { DnsZones } from './dns-zones.ts';
import { Hosts } from './hosts.ts';
import { addressesOf, keyOf, refuseKerberos, zonesOf } from './settings.ts';

/** DNS servers that take dynamic updates (RFC 2136) and give zones by transfer: BIND, Knot DNS, PowerDNS, Microsoft DNS. */
export const rfc2136: ProviderDefinition = {
  name: 'rfc2136',
  title: 'RFC 2136 (BIND, Knot DNS and others)',
  credentials: [
    { name: '--rfc2136-tsig-keyname', about: 'Name of the TSIG key.' },
    { name: '--rfc2136-tsig-secret', about: 'The TSIG key in base64.' },
    { name: '--rfc2136-tsig-secret-alg', about: 'Algorithm of the TSIG key.' },
    { name: '--tls-client-cert, --tls-client-cert-key', about: 'Client certificate, with --rfc2136-use-tls.' },
  ],
  flags: [
    'rfc2136-host', 'rfc2136-port', 'rfc2136-zone', 'rfc2136-insecure', 'rfc2136-tsig-keyname', 'rfc2136-tsig-secret', 'rfc2136-tsig-secret-alg', 'rfc2136-axfr', 'rfc2136-tsig-axfr', 'rfc2136-min-ttl',
    'rfc2136-gss-tsig', 'rfc2136-kerberos-username', 'rfc2136-kerberos-password', 'rfc2136-kerberos-realm', 'rfc2136-batch-change-size', 'rfc2136-use-tls', 'rfc2136-skip-tls-verify',
    'rfc2136-load-balancing-strategy',
  ],
  recordTypes,
  async create(setup): Promise<Provider> {
    refuseKerberos(setup.options);
    const key = keyOf(setup.options, setup.log);
    return provider(addressesOf(setup).map((address) => new DnsClient({ address, ...(key && { key: () => key.current() }) })), setup);
  },
};

/** The provider for these servers. */
export function provider(clients: readonly DnsClient[], setup: ProviderSetup): Provider {
  const { options, log } = setup;
  const { rfc2136Axfr: transfers, rfc2136LoadBalancingStrategy: strategy, policy } = options;
  if (!transfers && policy !== 'create-only') log.warning('records cannot be read without --rfc2136-axfr: they are only created, never changed or deleted', { policy });
  const hosts = new Hosts(clients, strategy, log);
  const zones = new DnsZones({ hosts, zones: zonesOf(options), transfers, minTtlSeconds: Math.floor(options.rfc2136MinTtlMs / 1000) });
  log.info('DNS servers configured', { servers: clients.map((c) => c.name), zones: zonesOf(options).map((zone) => zone || '.') });
  const engine = zoneEngine(zones, setup, {
    // all zones that were given are managed
    managesZone: () => true,
    batch: { changes: options.rfc2136BatchChangeSize },
    batchIntervalMs: 0,
    tries: 1,
    close: async () => hosts.close(),
  });
  return {
    name: engine.name,
    // as in ExternalDNS v0.22, names outside of the zones are planned, and fail in `apply`
    domainFilter: setup.domainFilter,
    async snapshot(signal, since) {
      const { records = [], unreadable } = await engine.snapshot(signal);
      if (unreadable.length > 0 || !transfers) return { records, unreadable };
      const { fingerprint } = zones;
      return fingerprint === since ? { fingerprint, unreadable } : { records, fingerprint, unreadable };
    },
    ...(engine.recordsOf && { recordsOf: engine.recordsOf }),
    adjust: (endpoints, signal) => engine.adjust(endpoints, signal),
    async apply(groups, signal) {
      const outcomes = await engine.apply(groups, signal);
      return outcomes.map((o) => (o.result === 'skipped' ? { group: o.group, result: 'failed', error: new Error(`${o.reason}; add its zone with --rfc2136-zone, or leave the name out with --domain-filter`), state: 'unchanged' } : o));
    },
    zoneOf: (name) => engine.zoneOf?.(name),
    close: async () => engine.close?.(),
  };
}
