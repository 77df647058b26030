import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Change, ChangeGroup } from '../endpoint/change.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { Brake, type BrakeSettings, describeHeld, type Holdings } from './brake.ts';

const a = (name: string, target = '192.0.2.1') => endpoint({ dnsName: name, recordType: 'A', targets: [target] });
const group = (name: string, ...changes: Change[]): ChangeGroup => ({ name, setIdentifier: '', changes, reason: 'test' });
const deletionOf = (name: string): ChangeGroup => group(name, { action: 'delete', before: a(name) });
const creationOf = (name: string): ChangeGroup => group(name, { action: 'create', after: a(name) });
const names = (from: number, to: number, zone = 'example.org'): string[] => Array.from({ length: to - from }, (_, i) => `n${from + i}.${zone}`);
const deletions = (from: number, to: number, zone?: string): ChangeGroup[] => names(from, to, zone).map(deletionOf);

/** A brake over zones with so many records of ours; what is done lessens them. */
function brakeOver(owned: Record<string, number>, settings: Partial<BrakeSettings> = {}, approved = '') {
  const stands = { ...owned };
  const holdings: Holdings = { zoneOf: (name) => name.slice(name.indexOf('.') + 1), owned: (zone, enough) => Math.min(enough, stands[zone] ?? 0) };
  const brake = new Brake({ maxDeletePercent: 50, maxDeleteMin: 20, ...settings }, holdings, approved);
  /** Plans at a time, and does what passes. */
  const plan = (groups: readonly ChangeGroup[], nowMs = 0): number => {
    const passed = brake.hold(groups, nowMs);
    brake.done(passed, nowMs);
    for (const g of passed) for (const c of g.changes) {
      const zone = holdings.zoneOf(g.name);
      stands[zone] = (stands[zone] ?? 0) + (c.action === 'create' ? 1 : c.action === 'delete' ? -1 : 0);
    }
    return passed.length;
  };
  return { brake, plan };
}

describe('Brake', () => {
  const cases: readonly [about: string, owned: number, groups: readonly ChangeGroup[], passed: number, settings?: Partial<BrakeSettings>][] = [
    ['all records of a zone', 40, deletions(0, 40), 0],
    ['just over half', 40, deletions(0, 21), 0],
    ['half, which is not more than half', 40, deletions(0, 20), 20],
    ['fewer than the minimum, though it is all', 19, deletions(0, 19), 19],
    ['all, with the brake off', 40, deletions(0, 40), 40, { maxDeletePercent: 100 }],
    ['any share from the minimum on, with 0 percent', 1000, deletions(0, 20), 0, { maxDeletePercent: 0 }],
    ['any deletion at all', 1000, deletions(0, 1), 0, { maxDeletePercent: 0, maxDeleteMin: 0 }],
    ['all but creations, which are done', 40, [...deletions(0, 40), ...names(50, 53).map(creationOf)], 3],
    ['replacements, which do not count', 40, names(0, 40).map((n) => group(n, { action: 'delete', before: a(n) }, { action: 'create', after: a(n) })), 40],
    ['replacements by another set identifier', 40, names(0, 40).flatMap((n) => [deletionOf(n), { ...creationOf(n), setIdentifier: 'x' }]), 80],
  ];
  for (const [about, owned, groups, passed, settings] of cases)
    it(`decides on the deletion of ${about}`, () => assert.equal(brakeOver({ 'example.org': owned }, settings).plan(groups), passed));

  it('does what else is due at a name whose deletion it holds', () => {
    const { brake } = brakeOver({ 'example.org': 40 });
    const both = names(0, 40).map((n) => group(n, { action: 'delete', before: endpoint({ dnsName: n, recordType: 'AAAA', targets: ['2001:db8::1'] }) }, { action: 'update', before: a(n), after: a(n, '192.0.2.2') }));
    assert.deepEqual(brake.hold(both, 0).map((g) => g.changes.map((c) => c.action)), both.map(() => ['update']));
  });

  it('goes on in another run with the same numbers, also those that went shortly before', () => {
    const first = brakeOver({ 'example.org': 40 });
    assert.equal(first.plan(deletions(0, 15)), 15);
    assert.equal(first.plan(deletions(15, 30)), 0);
    const { held, bases } = first.brake;
    assert.deepEqual(held?.zones, [{ zone: 'example.org', deletions: 15, recent: 15, owned: 40 }]);
    assert.deepEqual(bases, { 'example.org': { owned: 40, recent: 15 } });
    // by itself it would be 15 of 525
    const next = brakeOver({ 'example.org': 525 });
    next.brake.resume(bases);
    assert.equal(next.plan(deletions(15, 30), 600_000), 0);
    assert.deepEqual([next.brake.held, next.brake.bases], [held, bases]);
    // what was held is wanted again
    assert.equal(next.plan([], 700_000), 0);
    assert.deepEqual([next.brake.held, next.brake.bases], [undefined, {}]);
    assert.equal(next.plan(deletions(15, 30), 700_000), 15);
  });

  it('holds what is left of a zone of which a part cannot be planned, and forgets nothing of it', () => {
    const { brake } = brakeOver({ 'example.org': 40 });
    const unknown = new Set(['example.org']);
    assert.equal(brake.hold(deletions(0, 40), 0).length, 0);
    assert.equal(brake.hold(deletions(0, 5), 0, unknown).length, 0);
    assert.equal(brake.hold([], 0, unknown).length, 0);
    assert.deepEqual(brake.bases, { 'example.org': { owned: 40, recent: 0 } });
    assert.equal(brake.hold(deletions(0, 5), 0).length, 5);
  });

  it('looks at each zone by itself', () => {
    const { brake, plan } = brakeOver({ 'example.org': 40, 'example.net': 100 });
    assert.equal(plan([...deletions(0, 40), ...deletions(0, 30, 'example.net')]), 30);
    assert.deepEqual(brake.held?.zones, [{ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }]);
    assert.equal(brake.heldNames.size, 40);
  });

  it('counts deletions in small steps together', () => {
    const { brake, plan } = brakeOver({ 'example.org': 40 });
    assert.equal(plan(deletions(0, 10), 0), 10);
    assert.equal(plan(deletions(10, 20), 20_000), 10);
    assert.equal(plan(deletions(20, 30), 40_000), 0);
    assert.deepEqual(brake.held?.zones, [{ zone: 'example.org', deletions: 10, recent: 20, owned: 40 }]);
    // the steps before do not become harmless by waiting
    assert.equal(plan(deletions(20, 30), 400_000), 0);
  });

  it('lets slow changes pass', () => {
    const { plan } = brakeOver({ 'example.org': 40 });
    for (let i = 0; i < 4; i++) assert.equal(plan(deletions(i * 10, i * 10 + 10), i * 61_000), 10);
  });

  it('measures by what stood when it began to hold', () => {
    const { plan } = brakeOver({ 'example.org': 40 });
    // all names are others now: the new ones would make the share of the old ones small
    assert.equal(plan([...deletions(0, 40), ...names(100, 180).map(creationOf)]), 80);
    assert.equal(plan(deletions(0, 40), 100_000), 0);
  });

  it('lets go when the plan has become small', () => {
    const { brake, plan } = brakeOver({ 'example.org': 40 });
    assert.equal(plan(deletions(0, 40)), 0);
    assert.equal(plan(deletions(0, 10)), 10);
    assert.equal(brake.held, undefined);
    assert.equal(brake.heldNames.size, 0);
  });

  it('is over when nothing is to be deleted any more', () => {
    const { brake, plan } = brakeOver({ 'example.org': 40 });
    plan(deletions(0, 40));
    plan([]);
    assert.equal(brake.held, undefined);
  });

  it('lets go what was approved, even where some of it has to be done again', () => {
    const { brake, plan } = brakeOver({ 'example.org': 40 });
    plan(deletions(0, 40));
    const checksum = brake.held?.checksum ?? '';
    assert.match(checksum, /^[0-9a-f]{12}$/);
    assert.equal(brake.approve('000000000000'), false);
    assert.equal(brake.approve(checksum), true);
    assert.equal(brake.hold(deletions(0, 40), 0).length, 40);
    brake.done(deletions(0, 10), 0);
    assert.equal(brake.hold(deletions(10, 40), 0).length, 30, 'the rest failed, and is tried again');
    brake.done(deletions(10, 40), 0);
    // and counts no more
    assert.equal(brake.hold(deletions(100, 110), 0).length, 10);
  });

  it('does not let go another plan than the one that was approved', () => {
    const { brake, plan } = brakeOver({ 'example.org': 40 });
    plan(deletions(0, 30));
    brake.approve(brake.held?.checksum ?? '');
    assert.equal(plan(deletions(0, 31)), 0);
    assert.equal(plan(deletions(0, 30)), 0, 'it has to be approved anew');
  });

  it('takes an approval from the start', () => {
    const first = brakeOver({ 'example.org': 40 });
    first.plan(deletions(0, 40));
    const checksum = first.brake.held?.checksum;
    assert.equal(brakeOver({ 'example.org': 40 }, {}, checksum).plan(deletions(0, 40).toReversed()), 40);
    assert.equal(brakeOver({ 'example.org': 40 }, {}, checksum).plan(deletions(0, 39)), 0);
  });

  it('holds any share from the minimum on while it is strict', () => {
    const { brake, plan } = brakeOver({ 'example.org': 1000 });
    brake.strict = true;
    assert.equal(plan(deletions(0, 19)), 19);
    assert.equal(plan(deletions(19, 20), 61_000), 1);
    assert.equal(plan(deletions(20, 40), 200_000), 0);
  });
});

describe('describeHeld', () => {
  it('tells the numbers', () => {
    assert.equal(describeHeld({ zone: 'example.org', deletions: 40, recent: 0, owned: 40 }), '40 of 40 records in zone example.org would be deleted');
    assert.equal(describeHeld({ zone: '', deletions: 10, recent: 20, owned: 40 }), '10 of 40 records would be deleted, after 20 that went within the last minute');
  });
});

describe('any deletions', () => {
  it('take no more than the share, or fewer than the minimum, within a minute', () => {
    const steps = fc.array(fc.record({ secondsLater: fc.integer({ min: 0, max: 90 }), count: fc.integer({ min: 1, max: 60 }) }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 30 }), (wishes, maxDeletePercent, maxDeleteMin) => {
        const total = 120;
        const { plan } = brakeOver({ 'example.org': total }, { maxDeletePercent, maxDeleteMin });
        const done: { readonly atMs: number; readonly count: number }[] = [];
        let [nowMs, wanted, gone] = [0, 0, 0];
        for (const { secondsLater, count } of wishes) {
          nowMs += secondsLater * 1000;
          wanted = Math.min(total, wanted + count);
          const passed = plan(deletions(gone, wanted), nowMs);
          gone += passed;
          done.push({ atMs: nowMs, count: passed });
          const recent = done.filter((d) => d.atMs > nowMs - 60_000).reduce((sum, d) => sum + d.count, 0);
          const owned = total - gone + recent;
          assert.ok(recent < maxDeleteMin || recent * 100 <= maxDeletePercent * owned, `${recent} of ${owned} went`);
        }
      }),
      { numRuns: 300 },
    );
  });
});
