import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, it } from 'node:test';
import { Rig, service } from '../support/process.ts';

interface WrittenEvent {
  readonly reason: string;
  readonly type: string;
  readonly note: string;
  readonly regarding: { readonly kind: string; readonly name: string };
}

describe('Events', () => {
  it('tell the owner of an object what became of its names', () =>
    Rig.with(async (rig) => {
      rig.api.install('events.k8s.io/v1', 'events', 'Event');
      const events = (): string[] => (rig.api.list('events') as unknown as WrittenEvent[]).map((e) => `${e.type} ${e.reason} ${e.regarding.kind}/${e.regarding.name} ${e.note}`);
      const until = (pattern: RegExp): Promise<void> => rig.until(`an Event like ${pattern}`, () => events().some((line) => pattern.test(line)));
      rig.webhook.put({ dnsName: 'taken.example.org', recordType: 'A', targets: ['198.51.100.1'] });
      rig.webhook.refused.add('bad.example.org');
      for (const name of ['web', 'taken', 'bad']) rig.api.put('services', service(name, '192.0.2.1'));
      rig.start('--events-emit=RecordReady', '--events-emit=RecordDeleted', '--events-emit=RecordError');
      await until(/^Normal RecordReady Service\/web \(external-dns\) record:web\.example\.org,owner:me,type:A,ttl:0,targets:192\.0\.2\.1$/);
      await until(/^Warning RecordError Service\/taken .*record:taken\.example\.org,owner:me,state:foreign,error:/);
      await until(/^Warning RecordError Service\/bad .*record:bad\.example\.org,owner:me,state:quarantined,error:.*400/);
      rig.api.put('services', service('web', '192.0.2.2'));
      await until(/^Normal RecordReady Service\/web .*targets:192\.0\.2\.2$/);
      rig.api.put('services', service('web', '192.0.2.2', { 'external-dns.kubernetes.io/hostname': 'other.example.org' }));
      await until(/^Normal RecordDeleted Service\/web .*record:web\.example\.org/);
      assert.ok(rig.running);
    }));

  it('tell of held deletions at the pod of the program, also at the end of a single run', () =>
    Rig.with(async (rig) => {
      rig.api.install('events.k8s.io/v1', 'events', 'Event');
      for (let i = 0; i < 25; i++) rig.api.put('services', service(`web${i}`, `192.0.2.${i + 1}`));
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
        rig.api.put('services', service('web', '192.0.2.1'));
        rig.start('--interval=2s', ...flags);
        await rig.until('a change', () => /record (would be )?created/.test(rig.log));
        await rig.kill('SIGTERM');
        assert.deepEqual(rig.api.list('events'), []);
      }));
});
