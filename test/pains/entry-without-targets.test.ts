// A DNSEndpoint entry that has lost its targets asks for no record, but neither for the end of the one that stands.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startWorld } from '../support/pains.ts';

const dnsEndpoint = (targets: readonly string[]) => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name: 'web', namespace: 'dns', uid: 'web', generation: 1 },
  spec: { endpoints: [{ dnsName: 'web.example.org', recordType: 'A', targets }] },
});

describe('an entry without targets', () => {
  it('makes no record, and leaves the one that stands', async () => {
    const world = await startWorld(['--source=crd', '--stale-grace=0s']);
    world.cluster.put(dnsEndpoint([]));
    await world.sweep();
    assert.deepEqual(world.records(), []);
    world.cluster.put(dnsEndpoint(['192.0.2.1']));
    await world.sweep();
    world.cluster.put(dnsEndpoint([]));
    await world.sweep();
    assert.deepEqual(world.records(), ['web.example.org A 192.0.2.1']);
    world.cluster.remove(dnsEndpoint([]));
    await world.sweep();
    assert.deepEqual(world.records(), []);
  });
});
