import type { Change, ChangeGroup, Outcome } from '../../src/endpoint/change.ts';
import { everyDomain } from '../../src/endpoint/domain-filter.ts';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { type Logger, silentLogger } from '../../src/log/logger.ts';
import { noMetrics } from '../../src/metrics/metrics.ts';
import type { Provider, ProviderSetup } from '../../src/providers/provider.ts';
import { rfc2136 } from '../../src/providers/rfc2136/index.ts';

export const testKey = { name: 'externaldns-key', algorithm: 'hmac-sha256', secret: Buffer.from('a key for tests, of 32 bytes all.') } as const;

/** The provider as flags make it; by default with a key and transfers. */
export const openRfc2136 = (options: Partial<ProviderSetup['options']>, log?: Logger): Promise<Provider> => rfc2136.create(rfc2136Setup(options, log));

export function rfc2136Setup(options: Partial<ProviderSetup['options']>, log: Logger = silentLogger): ProviderSetup {
  const defaults = {
    policy: 'sync', zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0, tlsCa: '', tlsClientCert: '', tlsClientCertKey: '',
    rfc2136Host: ['127.0.0.1'], rfc2136Port: 0, rfc2136Zone: ['example.org'], rfc2136Insecure: false, rfc2136TsigKeyname: testKey.name, rfc2136TsigSecret: testKey.secret.toString('base64'),
    rfc2136TsigSecretAlg: testKey.algorithm, rfc2136Axfr: true, rfc2136MinTtlMs: 0, rfc2136GssTsig: false, rfc2136BatchChangeSize: 50, rfc2136UseTls: false, rfc2136SkipTlsVerify: false,
    rfc2136LoadBalancingStrategy: 'disabled',
  };
  return { options: { ...defaults, ...options } as unknown as ProviderSetup['options'], env: {}, domainFilter: everyDomain, log, metrics: noMetrics, signal: new AbortController().signal };
}

export const record = (dnsName: string, recordType: string, targets: readonly string[], ttlSeconds = 60): Endpoint => endpoint({ dnsName, recordType, targets, ttlSeconds });
export const address = (name: string, ...targets: string[]): Endpoint => record(name, 'A', targets.length ? targets : ['192.0.2.1']);
export const create = (after: Endpoint): Change => ({ action: 'create', after });
export const remove = (before: Endpoint): Change => ({ action: 'delete', before });
export const update = (before: Endpoint, after: Endpoint): Change => ({ action: 'update', before, after });
export const group = (...changes: Change[]): ChangeGroup => ({ name: (changes[0]?.after ?? changes[0]?.before)?.dnsName ?? '', setIdentifier: '', changes, reason: 'test' });
export const results = (outcomes: readonly Outcome[]): string[] => outcomes.map((o) => `${o.group.name} ${o.result}${o.result === 'failed' ? ` ${o.state}` : ''}`);
/** `NAME TTL TYPE TARGETS`, sorted. */
export const lines = (records: readonly Endpoint[] | undefined): string[] => (records ?? []).map((e) => `${e.dnsName} ${e.ttlSeconds} ${e.recordType} ${e.targets.toSorted().join(' | ')}`).sort();
