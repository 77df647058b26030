// Statuses of DNSEndpoints are written before anything is published, at some requests a second. Ours publishes first.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';

const endpointObject = (name: string, generation: number, target: string): RawObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name, namespace: 'shop', uid: name, generation },
  spec: { endpoints: [{ dnsName: `${name}.example.org`, recordType: 'A', targets: [target] }] },
});

describe('the status of an object', () => {
  it('is written once what it says is published', async () => {
    const world = await startWorld(['--source=crd']);
    for (let i = 0; i < 50; i++) world.cluster.put(endpointObject(`n${i}`, 1, '192.0.2.1'));
    const seen: number[] = [];
    world.cluster.writer.patchStatus = async (_resource, _namespace, name, status) => {
      assert.ok(world.records().includes(`${name}.example.org A 192.0.2.1`));
      seen.push(Number(status['observedGeneration']));
      return true;
    };
    await running(world, async ({ pass }) => {
      await pass(1);
      assert.deepEqual(seen, Array.from({ length: 50 }, () => 1));
    });
  });

  it('that cannot be written holds nothing up', async () => {
    const world = await startWorld(['--source=crd']);
    world.cluster.writer.patchStatus = async () => {
      throw new Error('may not patch dnsendpoints/status');
    };
    world.cluster.put(endpointObject('web', 1, '192.0.2.1'));
    await running(world, async ({ controller, pass }) => {
      await pass(1);
      world.cluster.put(endpointObject('web', 2, '192.0.2.2'));
      controller.changed();
      await pass(1);
      assert.deepEqual(world.records(), ['web.example.org A 192.0.2.2']);
    });
  });
});
