import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeCluster } from '../../test/support/fake-cluster.ts';
import { FakeProvider } from '../../test/support/fake-provider.ts';
import { configOf, startHarness } from '../../test/support/harness.ts';
import { service } from '../../test/support/pains.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { createMetrics } from '../metrics/create-metrics.ts';

const record = (dnsName: string) => endpoint({ dnsName, recordType: 'A', targets: ['198.51.100.1'] });
const ownership = (dnsName: string, owner: string) => endpoint({ dnsName, recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=${owner}"`] });

async function started(...flags: string[]) {
  const [cluster, provider, metrics] = [new FakeCluster(), new FakeProvider(), createMetrics()];
  const harness = await startHarness(cluster, provider, configOf('--source=service', ...flags), undefined, metrics);
  const linesOf = async (name: string): Promise<string[]> => (await metrics.text()).split('\n').flatMap((line) => (line.startsWith(`external_dns_${name}`) ? [line.slice('external_dns_'.length + name.length)] : []));
  return { cluster, provider, ...harness, linesOf };
}

describe('metrics of records', () => {
  it('count those that keep us from a wanted name, by type, owner and domain, as long as they do', async () => {
    const { cluster, provider, sweep, linesOf } = await started();
    provider.put(record('web.example.org'), ownership('a-web.example.org', 'you'), record('api.example.org'), ownership('a-api.example.org', 'you'), record('example.net'), record('unwanted.example.org'));
    for (const [name, host] of [['web', 'web.example.org'], ['api', 'api.example.org'], ['apex', 'example.net'], ['free', 'free.example.org']] as const) cluster.put(service(name, ['192.0.2.1'], [host]));
    await sweep();
    const name = 'registry_skipped_records_owner_mismatch_per_sync';
    assert.deepEqual((await linesOf(name)).sort(), ['{record_type="A",owner="me",foreign_owner="",domain="example.net"} 1', '{record_type="A",owner="me",foreign_owner="you",domain="example.org"} 2']);
    for (const key of ['web.example.org|A|', 'a-web.example.org|TXT|', 'example.net|A|']) provider.records.delete(key);
    await sweep();
    await sweep();
    assert.deepEqual(await linesOf(name), ['{record_type="A",owner="me",foreign_owner="you",domain="example.org"} 1']);
  });

  it('count the sweeps in which something of the sources was not known', async () => {
    const { cluster, sweep, linesOf } = await started();
    await sweep();
    cluster.fail('services', 'services may not be listed');
    await sweep();
    await sweep();
    cluster.recover('services');
    await sweep();
    assert.deepEqual(await linesOf('source_errors_total'), [' 2']);
  });

  it('count what a cache of records answers, and what goes past it', async () => {
    const { cluster, clock, sweep, linesOf } = await started('--provider-cache-time=1h');
    cluster.put(service('web', ['192.0.2.1']));
    for (let i = 0; i < 3; i++) {
      await sweep();
      clock.nowMs += 60_000;
    }
    assert.deepEqual((await linesOf('provider_cache_records_calls')).sort(), ['{from_cache="false"} 1', '{from_cache="true"} 2']);
    assert.deepEqual(await linesOf('provider_cache_apply_changes_calls'), [' 1']);
  });
});
