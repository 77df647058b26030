import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Endpoint, endpoint, ownerLabel, resourceLabel } from '../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../endpoint/labels.ts';
import { planName } from './plan-name.ts';
import type { PlanRow, PlanRules } from './plan.ts';

const name = 'web.example.org';
const managed = new Set(['A', 'AAAA', 'CNAME', 'MX', 'TXT']);
const rules: PlanRules = { policy: 'sync', manages: (type) => managed.has(type), matches: (n) => n.endsWith('example.org'), ownerId: 'me', oldOwnerId: '' };
const noop: PlanRules = { ...rules, ownerId: undefined };

type Fields = Partial<Endpoint> & { readonly owner?: string; readonly resource?: string };

function record(recordType: string, targets: string | readonly string[], { owner, resource, ...fields }: Fields = {}): Endpoint {
  const labels = { ...(owner !== undefined && { [ownerLabel]: owner }), ...(resource !== undefined && { [resourceLabel]: resource }) };
  return endpoint({ dnsName: name, recordType, targets: typeof targets === 'string' ? [targets] : targets, labels, ...fields });
}

/** Changes as short texts: `update A 192.0.2.1 -> 192.0.2.2`. */
const changesOf = (rows: readonly PlanRow[]): string[] =>
  rows.flatMap((row) =>
    (row.group?.changes ?? []).map((c) => [c.action, (c.after ?? c.before).recordType, [c.before, c.after].flatMap((e) => (e ? [e.targets.join(',')] : [])).join(' -> ')].join(' ')),
  );

interface Case {
  readonly title: string;
  readonly desired?: readonly Endpoint[];
  readonly current?: readonly Endpoint[];
  readonly rules?: PlanRules;
  readonly decision: PlanRow['decision'];
  readonly changes?: readonly string[];
  readonly reason?: RegExp;
}

const [ip1, ip2, ip9, ip10] = ['192.0.2.1', '192.0.2.2', '192.0.2.9', '192.0.2.10'];
const mine = (type: string, targets: string | readonly string[], fields: Fields = {}): Endpoint => record(type, targets, { owner: 'me', ...fields });

const guarded: PlanRules = { ...rules, protects: (_name, _type, stands) => (stands ? '--protect-names matches it' : undefined) };

const cases: readonly Case[] = [
  { title: 'a missing record is created', desired: [record('A', ip1)], decision: 'create', changes: ['create A 192.0.2.1'] },
  { title: 'a record as wanted needs nothing', desired: [record('A', ip1)], current: [mine('A', ip1)], decision: 'unchanged' },
  { title: 'another target is an update', desired: [record('A', ip2)], current: [mine('A', ip1)], decision: 'update', changes: ['update A 192.0.2.1 -> 192.0.2.2'], reason: /targets changed from 192\.0\.2\.1 to 192\.0\.2\.2/ },
  { title: 'an unwanted record is deleted', current: [mine('A', ip1)], decision: 'delete', changes: ['delete A 192.0.2.1'], reason: /no object wants it/ },
  { title: 'a final dot is no change', desired: [record('CNAME', 'lb.example.net.')], current: [mine('CNAME', 'lb.example.net')], decision: 'unchanged' },
  { title: 'a wished TTL is an update', desired: [record('A', ip1, { ttlSeconds: 60 })], current: [mine('A', ip1, { ttlSeconds: 300 })], decision: 'update', reason: /TTL changed from 300 to 60/, changes: ['update A 192.0.2.1 -> 192.0.2.1'] },
  { title: 'a TTL that is no longer wished for is no change', desired: [record('A', ip1)], current: [mine('A', ip1, { ttlSeconds: 300 })], decision: 'unchanged' },
  { title: 'a new property is an update', desired: [record('A', ip1, { providerSpecific: [{ name: 'x/a', value: '1' }] })], current: [mine('A', ip1)], decision: 'update', reason: /x\/a \(1\) is new/, changes: ['update A 192.0.2.1 -> 192.0.2.1'] },
  { title: 'a property that is gone is an update', desired: [record('A', ip1)], current: [mine('A', ip1, { providerSpecific: [{ name: 'x/a', value: '1' }] })], decision: 'update', reason: /no longer wanted/, changes: ['update A 192.0.2.1 -> 192.0.2.1'] },
  { title: 'ownership in an older form is an update', desired: [record('A', ip1)], current: [mine('A', ip1, { providerSpecific: [{ name: forceUpdateProperty, value: 'true' }] })], decision: 'update', reason: /ownership record is missing/, changes: ['update A 192.0.2.1 -> 192.0.2.1'] },
  // types
  { title: 'a type gives way before the other comes', desired: [record('A', ip1)], current: [mine('CNAME', 'lb.example.net')], decision: 'replace', changes: ['delete CNAME lb.example.net', 'create A 192.0.2.1'] },
  { title: 'addresses win against a CNAME', desired: [record('CNAME', 'a.example.net'), record('A', ip9)], decision: 'create', changes: ['create A 192.0.2.9'] },
  { title: 'a type that is not managed does not count', desired: [record('CNAME', 'a.example.net'), record('SRV', '0 0 1 x.')], current: [record('SRV', '0 0 2 x.')], decision: 'create', changes: ['create CNAME a.example.net'] },
  { title: 'each type is decided for itself', desired: [record('A', ip2), record('AAAA', '2001:db8::1')], current: [mine('A', ip1)], decision: 'replace', changes: ['update A 192.0.2.1 -> 192.0.2.2', 'create AAAA 2001:db8::1'] },
  // rivals
  { title: 'of rivals for a free name the lower address wins', desired: [record('A', ip10), record('A', ip9)], decision: 'create', changes: ['create A 192.0.2.9'] },
  { title: 'of rivals for a free name the one with fewer targets wins', desired: [record('A', [ip1, ip2]), record('A', ip9)], decision: 'create', changes: ['create A 192.0.2.9'] },
  { title: 'the holder keeps a name', desired: [record('A', ip1, { resource: 'b' }), record('A', ip2, { resource: 'a' })], current: [mine('A', ip2, { resource: 'a' })], decision: 'unchanged' },
  { title: 'a rival takes over when the holder is gone', desired: [record('A', ip1, { resource: 'b' })], current: [mine('A', ip2, { resource: 'a' })], decision: 'update', changes: ['update A 192.0.2.2 -> 192.0.2.1'] },
  // owners
  { title: "another owner's record is left alone", desired: [record('A', ip2)], current: [record('A', ip1, { owner: 'you' })], decision: 'foreign', reason: /held by owner "you"/ },
  { title: "nobody's record is left alone", desired: [record('A', ip2)], current: [record('A', ip1)], decision: 'foreign', reason: /held by nobody/ },
  { title: 'a foreign record that stands as wanted is told, too', desired: [record('A', ip1)], current: [record('A', ip1, { owner: 'you' })], decision: 'foreign', reason: /as wanted/ },
  { title: 'an unwanted foreign record is left alone', current: [record('A', ip1, { owner: 'you' })], decision: 'foreign' },
  { title: 'no type is added beside a foreign one', desired: [record('AAAA', '2001:db8::1')], current: [record('A', ip1, { owner: 'you' })], decision: 'foreign', reason: /cannot be added/ },
  { title: 'what is ours goes on beside a foreign type', desired: [record('A', ip2), record('AAAA', '2001:db8::2')], current: [mine('A', ip1), record('AAAA', '2001:db8::1')], decision: 'update', changes: ['update A 192.0.2.1 -> 192.0.2.2'] },
  { title: 'without a registry every record is ours', current: [record('A', ip1, { owner: 'you' })], rules: noop, decision: 'delete', changes: ['delete A 192.0.2.1'] },
  // policies
  { title: 'upsert-only does not delete', current: [mine('A', ip1)], rules: { ...rules, policy: 'upsert-only' }, decision: 'held-by-policy', reason: /policy upsert-only forbids to delete/ },
  { title: 'upsert-only creates beside what it does not delete', desired: [record('A', ip1)], current: [mine('CNAME', 'a.example.net')], rules: { ...rules, policy: 'upsert-only' }, decision: 'create', changes: ['create A 192.0.2.1'] },
  { title: 'create-only does not update', desired: [record('A', ip2)], current: [mine('A', ip1)], rules: { ...rules, policy: 'create-only' }, decision: 'held-by-policy' },
  // protection
  { title: 'a protected record is not changed', desired: [record('A', ip2)], current: [mine('A', ip1)], rules: guarded, decision: 'protected', reason: /not to be updated, since --protect-names/ },
  { title: 'a protected record is not deleted', current: [mine('A', ip1)], rules: guarded, decision: 'protected' },
  { title: 'a protected name keeps its type', desired: [record('A', ip1)], current: [mine('CNAME', 'a.example.net')], rules: guarded, decision: 'protected' },
  { title: 'a protected name comes as any other', desired: [record('A', ip1)], rules: guarded, decision: 'create', changes: ['create A 192.0.2.1'] },
  { title: 'a protected record as wanted is unchanged', desired: [record('A', ip1)], current: [mine('A', ip1)], rules: guarded, decision: 'unchanged' },
  // no targets
  { title: 'an entry without targets makes no record', desired: [record('A', [])], decision: 'unchanged' },
  { title: 'an entry without targets changes no record', desired: [record('A', [])], current: [mine('A', ip1)], decision: 'unchanged', reason: /no targets/ },
  { title: 'an entry without targets does not hinder another', desired: [record('A', []), record('A', ip2)], current: [mine('A', ip1)], decision: 'update', changes: ['update A 192.0.2.1 -> 192.0.2.2'] },
  // moves of owners
  { title: 'a record of the old owner is moved', desired: [record('A', ip1)], current: [record('A', ip1, { owner: 'old' })], rules: { ...rules, oldOwnerId: 'old' }, decision: 'update', changes: ['update A 192.0.2.1 -> 192.0.2.1'], reason: /moves from owner "old" to "me"/ },
  { title: 'a record of the new owner is not moved again', desired: [record('A', ip1)], current: [mine('A', ip1)], rules: { ...rules, oldOwnerId: 'old' }, decision: 'unchanged' },
  { title: 'a record of a third owner is not moved', desired: [record('A', ip1)], current: [record('A', ip1, { owner: 'you' })], rules: { ...rules, oldOwnerId: 'old' }, decision: 'foreign' },
];

describe('plan of a name', () => {
  for (const c of cases)
    it(c.title, () => {
      const rows = planName(name, c.desired ?? [], c.current ?? [], c.rules ?? rules);
      assert.deepEqual(changesOf(rows), c.changes ?? []);
      assert.deepEqual(rows.map((r) => r.decision), [c.decision]);
      if (c.reason) assert.match(rows[0]?.reason ?? '', c.reason);
    });

  it('has no rows outside of the filter', () => assert.deepEqual(planName('web.example.net', [record('A', ip1)], [mine('A', ip2)], rules), []));

  it('has a row for each set identifier', () => {
    const rows = planName(name, [record('A', ip2, { setIdentifier: 'b' })], [mine('A', ip1, { setIdentifier: 'a' }), mine('A', ip1, { setIdentifier: 'b' })], rules);
    assert.deepEqual(rows.map((r) => [r.setIdentifier, r.decision]), [['a', 'delete'], ['b', 'update']]);
  });

  it('gives created records our ownership, and updated ones that of the record that they replace', () => {
    const [created] = planName(name, [record('A', ip1, { resource: 'r' })], [], rules);
    assert.deepEqual(created?.group?.changes[0]?.after?.labels, { owner: 'me', resource: 'r' });
    const [updated] = planName(name, [record('A', ip2)], [record('A', ip1, { owner: 'old', resource: 'r' })], { ...rules, oldOwnerId: 'old' });
    assert.deepEqual(updated?.group?.changes.map((c) => [c.before?.labels, c.after?.labels]), [[{ owner: 'me', resource: 'r' }, { owner: 'me' }]]);
    assert.deepEqual(planName(name, [record('A', ip1)], [], noop)[0]?.group?.changes[0]?.after?.labels, {});
    assert.deepEqual(planName(name, [record('A', ip2)], [record('A', ip1)], noop)[0]?.group?.changes[0]?.after?.labels, { owner: '' });
  });

  it('tells of rivals that lost, and of types that had to stay', () => {
    const [row] = planName(name, [record('A', ip2, { resource: 'b' }), record('A', ip1, { resource: 'a' }), record('CNAME', 'x.example.net', { resource: 'c' })], [], rules);
    const [cname, second] = ['c wants a CNAME to x.example.net, which cannot stand beside other types and gives way to a', 'b wants A 192.0.2.2, too, but a has the targets that come first'];
    assert.deepEqual(row?.conflicts, [cname, second]);
    assert.deepEqual(row?.losers?.map((l) => [l.endpoint.labels['resource'], l.reason]), [['c', cname], ['b', second]]);
  });

  it('does not take for a loser who gets the same targets from another, or has won with another type', () => {
    const [row] = planName(name, [record('A', ip1, { resource: 'b', ttlSeconds: 60 }), record('A', ip1, { resource: 'a' }), record('CNAME', 'x.example.net', { resource: 'a' })], [], rules);
    assert.equal(row?.conflicts?.length, 2);
    assert.equal(row?.losers, undefined);
  });
});

const anyRules = fc.record({ policy: fc.constantFrom('sync', 'upsert-only', 'create-only'), ownerId: fc.constantFrom('me', undefined), oldOwnerId: fc.constantFrom('', 'old') }).map((r) => ({ ...rules, ...r }));
const targetsOf: Record<string, readonly string[]> = { A: [ip1, ip2, ip10], AAAA: ['2001:db8::1', '2001:DB8::1', '2001:db8::2'], CNAME: ['a.example.net', 'b.example.net.'], MX: ['10 mx.example.org'] };
const anyRecord = (owners: readonly (string | undefined)[]): fc.Arbitrary<Endpoint> =>
  fc.constantFrom('A', 'AAAA', 'CNAME', 'MX').chain((recordType) =>
    fc
      .record({
        targets: fc.subarray([...(targetsOf[recordType] ?? [])]),
        setIdentifier: fc.constantFrom('', '', 'x'),
        ttlSeconds: fc.constantFrom(0, 60, 300),
        owner: fc.constantFrom(...owners),
        resource: fc.constantFrom('a', 'b', undefined),
        providerSpecific: fc.constantFrom([], [{ name: 'x/y', value: '1' }]),
      })
      .map(({ targets, owner, resource, ...fields }) => record(recordType, targets, { ...fields, ...(owner && { owner }), ...(resource && { resource }) })),
  );
const key = (e: Endpoint): string => `${e.recordType} ${e.setIdentifier}`;
const anyDesired = fc.array(anyRecord([undefined]), { maxLength: 5 });
const anyCurrent = fc.uniqueArray(anyRecord(['me', 'old', 'you', undefined]).filter((e) => e.targets.length > 0), { maxLength: 5, selector: key });

function applied(current: readonly Endpoint[], rows: readonly PlanRow[]): Endpoint[] {
  const state = new Map(current.map((e) => [key(e), e]));
  for (const { before, after } of rows.flatMap((r) => r.group?.changes ?? [])) {
    if (before) state.delete(key(before));
    if (after) state.set(key(after), endpoint({ ...after, refs: [] }));
  }
  return [...state.values()];
}

describe('any plan', () => {
  it('leaves nothing to be done once it is applied', () => {
    fc.assert(
      fc.property(anyDesired, anyCurrent, anyRules, (desired, current, r) => {
        const rows = planName(name, desired, current, r);
        assert.deepEqual(changesOf(planName(name, desired, applied(current, rows), r)), []);
      }),
      { numRuns: 500 },
    );
  });
  it('does not depend on the order of what it is given', () => {
    const shuffled = <T>(list: fc.Arbitrary<T[]>) => list.chain((l) => fc.tuple(fc.constant(l), fc.shuffledSubarray(l, { minLength: l.length })));
    fc.assert(
      fc.property(shuffled(anyDesired), shuffled(anyCurrent), anyRules, ([desired, desired2], [current, current2], r) => {
        const [a, b] = [planName(name, desired, current, r), planName(name, desired2, current2, r)];
        assert.deepEqual(b.map((row) => [row.decision, row.reason, row.group]), a.map((row) => [row.decision, row.reason, row.group]));
      }),
      { numRuns: 500 },
    );
  });
  it('never touches what is not ours', () => {
    fc.assert(
      fc.property(anyDesired, anyCurrent, fc.constantFrom('', 'old'), (desired, current, oldOwnerId) => {
        const rows = planName(name, desired, current, { ...rules, oldOwnerId });
        const left = new Set(applied(current, rows));
        for (const e of current) if (e.labels[ownerLabel] !== 'me' && (e.labels[ownerLabel] ?? 'nobody') !== oldOwnerId) assert.ok(left.has(e));
      }),
      { numRuns: 500 },
    );
  });
});
