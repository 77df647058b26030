// Statuses of DNSEndpoints are written before anything is published, at some requests a second. Ours publishes first.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';
import { Rig, service as liveService } from '../support/process.ts';

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

interface WrittenEvent {
  readonly reason: string;
  readonly type: string;
  readonly note: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

describe('the status of an object in the running program', () => {
  it('says what became of it, once that is so, and again after a change', () =>
    Rig.with(async (rig) => {
      const put = (generation: number, target: string): void =>
        rig.api.put('dnsendpoints', { metadata: { name: 'web', namespace: 'default', uid: 'web', generation }, spec: { endpoints: [{ dnsName: 'web.example.org', recordType: 'A', targets: [target] }] } });
      const observed = (): unknown => (rig.api.get('dnsendpoints', 'web') as { status?: { observedGeneration?: number } } | undefined)?.status?.observedGeneration;
      rig.webhook.fault = (method, path) => (method === 'POST' && path === '/records' ? { status: 500 } : undefined);
      put(1, '192.0.2.1');
      rig.start('--source=crd');
      await rig.until('it was tried', () => rig.webhook.calls.includes('POST /records'));
      assert.deepEqual(rig.records(), []);
      rig.webhook.fault = () => undefined;
      await rig.untilRecords('web.example.org A 192.0.2.1');
      await rig.until('the status of the first generation', () => observed() === 1);
      put(2, '192.0.2.2');
      await rig.untilRecords('web.example.org A 192.0.2.2');
      await rig.until('the status of the second generation', () => observed() === 2);
    }));
});

describe('Events', () => {
  it('tell the owner of an object what became of its names', () =>
    Rig.with(async (rig) => {
      rig.api.install('events.k8s.io/v1', 'events', 'Event');
      const events = (): string[] => (rig.api.list('events') as unknown as WrittenEvent[]).map((e) => `${e.type} ${e.reason} ${e.regarding.kind}/${e.regarding.name} ${e.note}`);
      const until = (pattern: RegExp): Promise<void> => rig.until(`an Event like ${pattern}`, () => events().some((line) => pattern.test(line)));
      rig.webhook.put({ dnsName: 'taken.example.org', recordType: 'A', targets: ['198.51.100.1'] });
      rig.webhook.refused.add('bad.example.org');
      for (const name of ['web', 'taken', 'bad']) rig.api.put('services', liveService(name, '192.0.2.1'));
      rig.start('--events-emit=RecordReady', '--events-emit=RecordDeleted', '--events-emit=RecordError');
      await until(/^Normal RecordReady Service\/web \(external-dns\) record:web\.example\.org,owner:me,type:A,ttl:0,targets:192\.0\.2\.1$/);
      await until(/^Warning RecordError Service\/taken .*record:taken\.example\.org,owner:me,state:foreign,error:/);
      await until(/^Warning RecordError Service\/bad .*record:bad\.example\.org,owner:me,state:quarantined,error:.*400/);
      rig.api.put('services', liveService('web', '192.0.2.2'));
      await until(/^Normal RecordReady Service\/web .*targets:192\.0\.2\.2$/);
      rig.api.put('services', liveService('web', '192.0.2.2', { 'external-dns.kubernetes.io/hostname': 'other.example.org' }));
      await until(/^Normal RecordDeleted Service\/web .*record:web\.example\.org/);
      assert.ok(rig.running);
    }));

  it('tell of held deletions at the pod of the program, also at the end of a single run', () =>
    Rig.with(async (rig) => {
      rig.api.install('events.k8s.io/v1', 'events', 'Event');
      for (let i = 0; i < 25; i++) rig.api.put('services', liveService(`web${i}`, `192.0.2.${i + 1}`));
      rig.start('--once', '--events-emit=RecordError');
      assert.equal(await rig.ended(), 0);
      for (let i = 0; i < 25; i++) rig.api.remove('services', `web${i}`);
      rig.start();
      assert.equal(await rig.ended(), 1);
      const [event, ...more] = rig.api.list('events') as unknown as WrittenEvent[];
      assert.deepEqual(more, []);
      assert.deepEqual([event?.reason, event?.regarding.kind, event?.regarding.name], ['RecordError', 'Pod', hostname()]);
      assert.match(event?.note ?? '', /deletions are held: 25 of 25 records would be deleted/);
    }));

  for (const flags of [[], ['--dry-run', '--events-emit=RecordReady']])
    it(`are not written ${flags.length > 0 ? 'in a dry run' : 'without --events-emit'}`, () =>
      Rig.with(async (rig) => {
        rig.api.install('events.k8s.io/v1', 'events', 'Event');
        rig.api.put('services', liveService('web', '192.0.2.1'));
        rig.start('--interval=2s', ...flags);
        await rig.until('a change', () => /record (would be )?created/.test(rig.log));
        await rig.kill('SIGTERM');
        assert.deepEqual(rig.api.list('events'), []);
      }));
});
