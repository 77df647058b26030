// How many calls of the API the whole core makes with Cloudflare: the figures of docs/providers/cloudflare.md.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createDomainFilter } from '../src/endpoint/domain-filter.ts';
import type { RawObject } from '../src/kubernetes/object.ts';
import { silentLogger } from '../src/log/logger.ts';
import { noMetrics } from '../src/metrics/metrics.ts';
import { cloudflare } from '../src/providers/cloudflare/index.ts';
import { FakeCluster } from './support/fake-cluster.ts';
import { startFakeCloudflare } from './support/fake-cloudflare.ts';
import type { FakeProvider } from './support/fake-provider.ts';
import { configOf, startHarness } from './support/harness.ts';

const service = (name: string, ip: string): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default', uid: name, annotations: { 'external-dns.kubernetes.io/hostname': `${name}.example.org` } },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: [{ ip }] } },
});

it('Cloudflare is asked for what is to be changed alone', async () => {
  const ofSomebodyElse = Array.from({ length: 2_000 }, (_, i) => ({ name: `h${i}.example.org`, type: 'A', content: '192.0.2.1' }));
  const api = await startFakeCloudflare([{ name: 'example.org', records: ofSomebodyElse }]);
  const options = configOf('--source=service', '--provider=cloudflare', '--batch-change-interval=0s');
  const provider = await cloudflare.create({ options, env: { CF_API_TOKEN: 'secret', CLOUDFLARE_BASE_URL: api.url }, domainFilter: await createDomainFilter({}), log: silentLogger, metrics: noMetrics, signal: new AbortController().signal });
  try {
    const cluster = new FakeCluster();
    const harness = await startHarness(cluster, provider as unknown as FakeProvider, options);
    cluster.put(service('web', '192.0.2.1'));
    assert.equal((await harness.sweep()).error, undefined);
    const records = 'zones/zone1/dns_records';
    const [list, batch] = [`GET ${records}`, `POST ${records}/batch`];
    assert.deepEqual(api.taken(), ['GET zones', list, list, list, batch]);
    const owned = (): string[] => (api.zones[0]?.records ?? []).slice(2_000).map((r) => `${r.name} ${r.type}`).sort();
    assert.deepEqual(owned(), ['a-web.example.org TXT', 'web.example.org A']);

    harness.clock.nowMs += 60_000;
    cluster.put(service('new', '192.0.2.2'));
    await harness.event();
    assert.deepEqual(api.taken(), [list, batch]);
    assert.equal(owned().length, 4);

    harness.clock.nowMs += 60_000;
    cluster.put(service('new', '192.0.2.3'));
    await harness.event();
    assert.deepEqual(api.taken(), [list, batch]);

    harness.clock.nowMs += 60_000;
    await harness.sweep();
    assert.deepEqual(api.taken(), ['GET zones', list, list, list]);
    // right after a reading an update needs no other
    cluster.put(service('new', '192.0.2.4'));
    await harness.event();
    assert.deepEqual(api.taken(), [batch]);
    assert.equal(api.zones[0]?.records.length, 2_004);
  } finally {
    await provider.close?.();
    await api.close();
  }
});
