import assert from 'node:assert/strict';
import type { RawObject } from '../../src/kubernetes/object.ts';
import type { LogFields, Logger } from '../../src/log/logger.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeProvider } from './fake-provider.ts';
import { configOf, type Harness, line, startHarness } from './harness.ts';

/** A Service of type LoadBalancer that wants a name. */
export const service = (name: string, ips: readonly string[], hosts: readonly string[] = [`${name}.example.org`], annotations: Readonly<Record<string, string>> = {}): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', uid: name, annotations: { 'external-dns.kubernetes.io/hostname': hosts.join(','), ...annotations } },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: ips.map((t) => (/^[\d.]+$|:/.test(t) ? { ip: t } : { hostname: t })) } },
});

/** Services web0, web1 and so on with an address each. */
export const services = (count: number, first = 0): RawObject[] => Array.from({ length: count }, (_, i) => service(`web${first + i}`, [`192.0.2.${(first + i) % 250}`]));

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A small world: a cluster, a provider with the zone example.org, and the program between them. */
export interface World extends Harness {
  readonly cluster: FakeCluster;
  readonly provider: FakeProvider;
  readonly log: readonly LogLine[];
  /** The program ends and starts again with the same cluster and provider; the clock goes on. */
  restart(...flags: string[]): Promise<World>;
  wait(seconds: number): void;
  /** Records without the ownership TXT, in order: `web.example.org A 192.0.2.1`. */
  records(): string[];
  /** States of the names that are not in order. */
  states(): Record<string, string>;
}

/** Starts the program with further flags; `world` gives what is there already. */
export async function startWorld(flags: readonly string[] = [], world: { cluster: FakeCluster; provider: FakeProvider; nowMs?: number } = { cluster: new FakeCluster(), provider: zoneProvider() }): Promise<World> {
  const { cluster, provider, nowMs } = world;
  const log: LogLine[] = [];
  const named = new Set(flags.map((f) => f.split('=')[0]));
  const harness = await startHarness(cluster, provider, configOf(...(named.has('--source') ? [] : ['--source=service']), ...flags), recorder(log));
  if (nowMs !== undefined) harness.clock.nowMs = nowMs;
  return {
    ...harness,
    cluster,
    provider,
    log,
    restart: (...other) => startWorld(other.length ? other : flags, { cluster, provider, nowMs: harness.clock.nowMs }),
    wait: (seconds) => void (harness.clock.nowMs += seconds * 1000),
    records: () => [...provider.records.values()].filter((r) => !(r.recordType === 'TXT' && r.targets[0]?.includes('heritage='))).map(line).sort(),
    states: () => Object.fromEntries([...harness.synchronizer.statuses.entries()].map(([name, { state }]) => [name, state])),
  };
}

function zoneProvider(): FakeProvider {
  const provider = new FakeProvider();
  provider.zones = ['example.org'];
  return provider;
}

function recorder(lines: LogLine[]): Logger {
  const at = (level: string) => (message: string, fields: LogFields = {}) => void lines.push({ level, message, fields });
  return { level: 'info', debug() {}, info: at('info'), warning: at('warning'), error: at('error'), isEnabled: (level) => level !== 'debug' };
}

/** The only line of the log with this message. */
export function onlyLine(log: readonly LogLine[], message: RegExp): LogLine {
  const found = log.filter((l) => message.test(l.message));
  const [first] = found;
  assert.equal(found.length, 1, `${found.length} lines with ${message}`);
  assert.ok(first);
  return first;
}
