import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { LoopDetector } from './loop-detector.ts';

const minuteMs = 60_000;
const record = (target: string, fields: Partial<Endpoint> = {}): Endpoint => endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: [target], ...fields });
const group = (...changes: Change[]): ChangeGroup => ({ name: 'web.example.org', setIdentifier: '', changes, reason: 'test' });
const update = (before: Endpoint, after: Endpoint): ChangeGroup => group({ action: 'update', before, after });
const ttl = update(record('192.0.2.1', { ttlSeconds: 300 }), record('192.0.2.1', { ttlSeconds: 60 }));

/** Applied so often, a minute apart. */
function repeated(change: ChangeGroup, times: number): LoopDetector {
  const detector = new LoopDetector();
  for (let i = 0; i < times; i++) detector.applied(change, i * minuteMs);
  return detector;
}

describe('LoopDetector', () => {
  it('lets a change be made three times', () => {
    assert.equal(repeated(ttl, 2).hinders(ttl, 2 * minuteMs), undefined);
    assert.match(repeated(ttl, 3).hinders(ttl, 3 * minuteMs) ?? '', /changed 3 times.*TTL wanted 60, read back 300/);
  });

  const cases: readonly [about: string, change: ChangeGroup, reason: RegExp][] = [
    ['targets', update(record('192.0.2.2'), record('192.0.2.1')), /type A: targets wanted 192\.0\.2\.1, read back 192\.0\.2\.2;/],
    ['a property', update(record('192.0.2.1'), record('192.0.2.1', { providerSpecific: [{ name: 'x/proxied', value: 'true' }] })), /property x\/proxied wanted true, read back none/],
    ['a record that vanishes', group({ action: 'create', after: record('192.0.2.1') }), /type A is wanted, and is not there/],
    ['a record that comes back', group({ action: 'delete', before: record('192.0.2.1') }), /type A is not wanted, and is there/],
    ['an ownership that is not kept', update(record('192.0.2.1'), record('192.0.2.1')), /its ownership is wanted, and is not there/],
  ];
  for (const [about, change, reason] of cases) it(`names ${about}`, () => assert.match(repeated(change, 3).hinders(change, 3 * minuteMs) ?? '', reason));

  it('waits longer each time, up to an hour', () => {
    const detector = repeated(ttl, 3);
    let nowMs = 2 * minuteMs;
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const againMs = detector.nextMs ?? 0;
      waits.push((againMs - nowMs) / minuteMs);
      assert.notEqual(detector.hinders(ttl, againMs - 1), undefined);
      assert.deepEqual(detector.due(againMs), ['web.example.org']);
      assert.equal(detector.hinders(ttl, againMs), undefined);
      nowMs = againMs;
      detector.applied(ttl, nowMs);
    }
    assert.deepEqual(waits, [5, 10, 20, 40, 60, 60]);
  });

  it('does not hinder another wish', () => {
    const detector = repeated(ttl, 3);
    const other = update(record('192.0.2.1', { ttlSeconds: 300 }), record('192.0.2.9', { ttlSeconds: 60 }));
    assert.equal(detector.hinders(other, 3 * minuteMs), undefined);
    detector.applied(other, 3 * minuteMs);
    assert.equal(detector.hinders(ttl, 4 * minuteMs), undefined, 'the count begins anew');
  });

  it('begins anew once the row was as it is wanted', () => {
    const detector = repeated(ttl, 3);
    detector.settled('web.example.org', '');
    assert.equal(detector.hinders(ttl, 3 * minuteMs), undefined);
    assert.equal(detector.nextMs, undefined);
  });

  it('forgets changes that a reading shows to have lasted, and keeps the others until they are settled', () => {
    const lasting = new LoopDetector();
    for (let i = 0; i < 5; i++) {
      lasting.applied(ttl, i * minuteMs);
      lasting.read(new Set(), i * minuteMs + 1);
    }
    assert.equal(lasting.hinders(ttl, 5 * minuteMs), undefined);

    const undone = new LoopDetector();
    for (let i = 0; i < 3; i++) {
      undone.applied(ttl, i * minuteMs);
      undone.read(new Set(['web.example.org']), i * minuteMs + 1);
    }
    // later readings show the same as the one before
    undone.read(new Set(), 3 * minuteMs);
    assert.notEqual(undone.hinders(ttl, 3 * minuteMs), undefined);
  });

  it('does not mind the order of targets', () => {
    const both = (targets: string[]): ChangeGroup => update(record('192.0.2.9'), { ...record(''), targets });
    assert.notEqual(repeated(both(['192.0.2.1', '192.0.2.2']), 3).hinders(both(['192.0.2.2', '192.0.2.1']), 3 * minuteMs), undefined);
  });

  it('does not count what happened long ago', () => {
    const detector = repeated(ttl, 2);
    detector.applied(ttl, 300 * minuteMs);
    assert.equal(detector.hinders(ttl, 300 * minuteMs), undefined);
  });
});
