// Random histories of a small cluster: objects come, change and go, other owners write, the provider fails now and then, and the process is
// killed and started again. At the end all is as the cluster wants it, and what belongs to others is byte for byte as they left it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Endpoint, endpoint } from '../src/endpoint/endpoint.ts';
import type { RawObject } from '../src/kubernetes/object.ts';
import { FakeCluster } from './support/fake-cluster.ts';
import { FakeProvider, type Fault, recordKey } from './support/fake-provider.ts';
import { configOf, type Harness, startHarness } from './support/harness.ts';

const names = ['a.example.org', 'b.example.org', 'c.example.org', '*.d.example.org'] as const;
const targets = ['192.0.2.1', '192.0.2.2', '2001:db8::1', 'lb.example.net'] as const;

const service = (i: number, hosts: readonly string[], ips: readonly string[]): RawObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: `s${i}`, namespace: 'default', uid: `u${i}`, annotations: { 'external-dns.kubernetes.io/hostname': hosts.join(',') } },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: ips.map((t) => (/^[\d.]+$|:/.test(t) ? { ip: t } : { hostname: t })) } },
});

type Step =
  | { kind: 'put'; i: number; hosts: string[]; ips: string[] }
  | { kind: 'remove'; i: number }
  | { kind: 'foreign'; name: string; owner: string | undefined; target: string }
  | { kind: 'fault'; read: boolean; apply: Fault }
  | { kind: 'event' }
  | { kind: 'sweep' }
  | { kind: 'restart' }
  | { kind: 'wait'; seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), i: fc.nat(4), hosts: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }), ips: fc.uniqueArray(fc.constantFrom(...targets), { maxLength: 2 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), i: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('foreign' as const), name: fc.constantFrom(...names), owner: fc.constantFrom(undefined, 'other'), target: fc.constantFrom('198.51.100.1', '198.51.100.2') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fault' as const), read: fc.boolean(), apply: fc.constantFrom<Fault>('none', 'before', 'after', 'half') }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'event' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'sweep' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 9, 30, 700) }) },
);

describe('random histories', () => {
  it('end in the right state, and leave what is not ours byte for byte as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const [cluster, provider] = [new FakeCluster(), new FakeProvider()];
        const options = configOf('--source=service');
        const objects = new Map<number, RawObject>();
        const foreign = new Map<string, string>();
        let harness: Harness = await startHarness(cluster, provider, options);
        const keepsForeign = (): void => {
          for (const [key, record] of foreign) assert.equal(JSON.stringify(provider.records.get(key)), record, `${key} belongs to another`);
        };
        for (const s of steps) {
          if (s.kind === 'put') {
            const object = service(s.i, s.hosts, s.ips);
            objects.set(s.i, object);
            cluster.put(object);
          } else if (s.kind === 'remove') {
            const object = objects.get(s.i);
            if (object) cluster.remove(object);
            objects.delete(s.i);
          } else if (s.kind === 'foreign') {
            // others respect what stands there, as we do
            if ([...provider.records.values()].some((r) => r.dnsName === s.name || r.dnsName === `a-${s.name}`)) continue;
            const records: Endpoint[] = [endpoint({ dnsName: s.name, recordType: 'A', targets: [s.target] })];
            if (s.owner) records.push(endpoint({ dnsName: `a-${s.name}`, recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=${s.owner},external-dns/resource=service/default/x"`] }));
            provider.put(...records);
            for (const record of records) foreign.set(recordKey(record), JSON.stringify(record));
          } else if (s.kind === 'fault') {
            [provider.readFault, provider.applyFault] = [s.read, s.apply];
          } else if (s.kind === 'event') await harness.event();
          else if (s.kind === 'sweep') await harness.sweep();
          else if (s.kind === 'restart') harness = await startHarness(cluster, provider, options);
          else harness.clock.nowMs += s.seconds * 1000;
          keepsForeign();
        }
        // quiet: all converges, and a further sweep changes nothing
        [provider.readFault, provider.applyFault] = [false, 'none'];
        for (let i = 0; i < 3; i++) {
          harness.clock.nowMs += 700_000;
          assert.equal((await harness.sweep()).error, undefined);
        }
        keepsForeign();
        const before = provider.applied.length;
        harness.clock.nowMs += 700_000;
        const last = await harness.sweep();
        assert.equal(provider.applied.length, before, 'a further sweep changes something');
        assert.equal(last.failed, 0);

        const held = new Map([...provider.records.values()].filter((r) => !foreign.has(recordKey(r))).map((r) => [recordKey(r), r]));
        for (const name of names) {
          const isForeign = [...foreign.keys()].some((key) => key.startsWith(`${name}|`));
          const wanted = harness.desired.endpoints(name);
          const types = new Set(wanted.map((e) => e.recordType));
          if (types.size > 1) types.delete('CNAME');
          for (const type of ['A', 'AAAA', 'CNAME']) {
            const record = held.get(`${name}|${type}|`);
            assert.equal(record !== undefined, !isForeign && types.has(type), `${name} ${type} is ${record ? 'there' : 'missing'}`);
            if (record) assert.ok(wanted.some((e) => e.recordType === type && e.targets.every((t) => record.targets.includes(t))), `${name} ${type} points elsewhere`);
            // no record without its ownership
            if (record) assert.ok(held.has(`${type.toLowerCase()}-${name}|TXT|`), `${name} ${type} has no ownership`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
