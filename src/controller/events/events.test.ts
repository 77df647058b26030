import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endpoint, type ObjectRef } from '../../endpoint/endpoint.ts';
import { ApiError } from '../../kubernetes/client/api-error.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import type { RegistryOutcome } from '../../registries/registry.ts';
import { EventRecorder } from './event-recorder.ts';
import { eventOf, eventReasons, type Occurrence } from './event.ts';
import { occurrenceOfHeld, ownPod } from './held-events.ts';
import { occurrencesOfOutcome, occurrencesOfStatus } from './tell-events.ts';

const web: ObjectRef = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web', uid: 'u-1', source: 'service' };
const ready = (name: string, object: ObjectRef = web): Occurrence => ({ object, reason: 'RecordReady', action: 'Created', name, facts: 'owner:me,type:A,ttl:300,targets:192.0.2.1' });
const failed = (name: string, words: string): Occurrence => ({ object: web, reason: 'RecordError', action: 'FailedSync', name, facts: `owner:me,state:failed,error:${words}` });
const at = new Date('2026-01-02T03:04:05.678Z');

describe('an Event', () => {
  it('has the fields of ExternalDNS v0.22', () =>
    assert.deepEqual(eventOf([ready('web.example.org')], at, 'abc'), {
      metadata: { name: 'web.abc', namespace: 'shop' },
      eventTime: '2026-01-02T03:04:05.678000Z',
      reportingController: 'external-dns',
      reportingInstance: 'external-dns/source/service',
      action: 'Created',
      reason: 'RecordReady',
      type: 'Normal',
      note: '(external-dns) record:web.example.org,owner:me,type:A,ttl:300,targets:192.0.2.1',
      regarding: { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'shop', uid: 'u-1' },
      related: { apiVersion: 'v1', kind: 'Service', name: 'web', namespace: 'shop', uid: 'u-1' },
    }));
  it('of an object without a namespace lies in default', () => {
    const event = eventOf([ready('n1.example.org', { ...web, kind: 'Node', namespace: '', name: 'N:1_' })], at, 'abc');
    assert.deepEqual(event['metadata'], { name: 'n-1.abc', namespace: 'default' });
  });
  it('has a note of 1,024 bytes at most, whatever a provider says', () => {
    const event = eventOf([failed('web.example.org', '\u20ac'.repeat(100_000))], at, 'abc');
    assert.ok(Buffer.byteLength(String(event['note'])) <= 1024);
    assert.match(String(event['note']), /\u20ac\.\.\.$/);
  });
  it('names all records where they share one', () => {
    const note = String(eventOf([ready('a.example.org'), ready('b.example.org')], at, 'abc')['note']);
    assert.match(note, /records:2,first:a\.example\.org,.*names:a\.example\.org b\.example\.org$/);
  });
});

function recorder(options: { create?: (event: RawObject) => Promise<RawObject>; log?: Logger } = {}) {
  const written: RawObject[] = [];
  const clock = { nowMs: 1_000_000 };
  const create = options.create ?? (async (event) => event);
  const events = new EventRecorder({
    writer: {
      create: async (_resource, event) => {
        const made = await create(event);
        written.push(event);
        return made;
      },
    },
    reasons: new Set(eventReasons),
    log: options.log ?? silentLogger,
    stop: new AbortController().signal,
    now: () => clock.nowMs,
    retryMs: 1,
  });
  return { events, written, clock };
}

describe('the recorder', () => {
  it('writes one Event a record, and one for many of one object', async () => {
    const { events, written } = recorder();
    events.add(ready('a.example.org'));
    events.add(ready('b.example.org'));
    await events.idle();
    assert.equal(written.length, 2);
    for (let i = 0; i < 50; i++) events.add(ready(`n${i}.example.org`));
    await events.idle();
    assert.equal(written.length, 3);
    assert.match(String(written[2]?.['note']), /records:50/);
  });

  it('gives each Event a name of its own', async () => {
    const { events, written } = recorder();
    for (const name of ['a', 'b', 'c']) events.add(ready(name));
    await events.idle();
    assert.equal(new Set(written.map((e) => (e['metadata'] as { name: string }).name)).size, 3);
  });

  it('does not tell the same error twice in ten minutes', async () => {
    const { events, written, clock } = recorder();
    for (const minutes of [0, 5, 11]) {
      clock.nowMs = 1_000_000 + minutes * 60_000;
      events.add(failed('web.example.org', 'refused'));
      await events.idle();
    }
    assert.equal(written.length, 2);
  });

  it('writes 25 Events of an object, and one more every five minutes', async () => {
    const { events, written, clock } = recorder();
    for (let i = 0; i < 40; i++) {
      events.add(failed('web.example.org', `words ${i}`));
      await events.idle();
    }
    assert.equal(written.length, 25);
    clock.nowMs += 5 * 60_000;
    for (let i = 0; i < 5; i++) {
      events.add(failed('web.example.org', `others ${i}`));
      await events.idle();
    }
    assert.equal(written.length, 26);
  });

  it('leaves out what waits beyond a thousand, and says so', async () => {
    const warnings: unknown[] = [];
    const { events, written } = recorder({ log: { ...silentLogger, warning: (_message, fields) => void warnings.push(fields?.['count']) } });
    for (let i = 0; i < 1_200; i++) events.add(ready('x', { ...web, name: `web${i}` }));
    await events.idle();
    assert.equal(written.length, 1_000);
    assert.deepEqual(warnings, [200]);
  });

  it('tries again when the API fails, and not when it refuses; a missing right is told once', async () => {
    let left = 2;
    const passing = recorder({
      create: async (event) => {
        if (left-- > 0) throw new Error('connection reset');
        return event;
      },
    });
    passing.events.add(ready('a'));
    await passing.events.idle();
    assert.equal(passing.written.length, 1);
    let calls = 0;
    const warnings: string[] = [];
    const refused = recorder({
      create: async () => {
        calls++;
        throw new ApiError('may not create events', { status: 403, reason: 'Forbidden', fromApi: true });
      },
      log: { ...silentLogger, warning: (message) => void warnings.push(message) },
    });
    for (const name of ['a', 'b', 'c']) refused.events.add(ready(name));
    await refused.events.idle();
    assert.equal(calls, 3);
    assert.equal(warnings.length, 1);
  });
});

describe('what is told', () => {
  const wish = endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], ttlSeconds: 60, refs: [web], labels: { resource: 'service/shop/web' } });
  const stored = endpoint({ ...wish, refs: [], labels: { owner: 'me', resource: 'service/shop/web' } });
  const sources = { desired: { endpoints: () => [wish], objectOf: (resource: string) => (resource === 'service/shop/web' ? web : undefined) }, current: () => [stored], ownerId: 'me' };
  const outcome = (change: RegistryOutcome['group']['changes'][number]): RegistryOutcome => ({ group: { name: 'web.example.org', setIdentifier: '', changes: [change], reason: 'x' }, result: 'applied' });

  for (const [what, change, reason, action] of [
    ['a creation', { action: 'create', after: wish }, 'RecordReady', 'Created'],
    ['an update', { action: 'update', before: stored, after: wish }, 'RecordReady', 'Updated'],
    ['a deletion, while the object is there', { action: 'delete', before: stored }, 'RecordDeleted', 'Deleted'],
  ] as const)
    it(`${what} is ${reason} on the object`, () => {
      const [told, ...more] = occurrencesOfOutcome(outcome(change), sources);
      assert.deepEqual(more, []);
      assert.deepEqual([told?.reason, told?.action, told?.object, told?.facts], [reason, action, web, 'owner:me,type:A,ttl:60,targets:192.0.2.1']);
    });

  it('nothing of an object that is gone', () => assert.deepEqual(occurrencesOfOutcome(outcome({ action: 'delete', before: { ...stored, labels: { resource: 'service/shop/gone' } } }), sources), []));

  it('a refusal, with the words of the provider', () => {
    const [told] = occurrencesOfStatus('web.example.org', { state: 'failed', reason: 'the weight 256 is too large', since: at }, sources);
    assert.deepEqual([told?.reason, told?.object, told?.facts], ['RecordError', web, 'owner:me,state:failed,error:the weight 256 is too large']);
  });
  it('a held deletion, on the object of the record', () => {
    const gone = { ...sources, desired: { ...sources.desired, endpoints: () => [] } };
    assert.equal(occurrencesOfStatus('web.example.org', { state: 'held-by-brake', reason: 'held', since: at }, gone)[0]?.object, web);
  });
  it('nothing of a name that waits for its target', () => assert.deepEqual(occurrencesOfStatus('web.example.org', { state: 'pending', reason: 'x', since: at }, sources), []));
});

describe('held deletions', () => {
  const env = { POD_NAME: 'external-dns-0', POD_NAMESPACE: 'dns' };
  const options = { server: '', kubeconfig: '' };
  const never = new AbortController().signal;
  const plan = (checksum: string) => ({ checksum, zones: [{ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }], records: Array.from({ length: 12 }, (_, i) => `web${i}.example.org A`) });

  it('are told at the pod of the program, with the numbers and the first names', async () => {
    const pod = await ownPod(options, env, { get: async (_resource, namespace, name) => ({ metadata: { namespace, name, uid: 'u-7' } }) }, never);
    const event = eventOf([occurrenceOfHeld(plan('0123456789ab'), pod)], at, 'abc');
    assert.deepEqual([event['reason'], event['action'], event['type'], event['reportingInstance']], ['RecordError', 'DeletionsHeld', 'Warning', 'external-dns/external-dns-0']);
    assert.deepEqual(event['regarding'], { apiVersion: 'v1', kind: 'Pod', name: 'external-dns-0', namespace: 'dns', uid: 'u-7' });
    assert.match(String(event['note']), /^\(external-dns\) deletions are held: 40 of 40 records in zone example\.org would be deleted; .*external-dns approve 0123456789ab; first: web0\.example\.org A, web1.* and 2 more$/);
  });

  it('are told without the uid of the pod where that may not be read', async () => {
    const pod = await ownPod(options, env, { get: () => Promise.reject(new Error('forbidden')) }, never);
    assert.equal(eventOf([occurrenceOfHeld(plan('0123456789ab'), pod)], at, 'abc')['related'], undefined);
  });

  it('that have become others in the meantime are told as they are now', async () => {
    const pod = await ownPod(options, env, { get: async () => undefined }, never);
    const { events, written } = recorder();
    for (const checksum of ['a', 'b', 'c', 'd', 'e', 'f']) events.add(occurrenceOfHeld(plan(checksum), pod));
    await events.idle();
    assert.equal(written.length, 1);
    assert.match(String(written[0]?.['note']), /approve f;/);
  });
});
