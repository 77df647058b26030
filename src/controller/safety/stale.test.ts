import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { StaleRecords, type Waiting } from './stale.ts';

const name = 'web.example.org';
const record = (recordType: string, target: string, fields: Partial<Endpoint> = {}): Endpoint => endpoint({ dnsName: name, recordType, targets: [target], ...fields });
const mine = (recordType: string, target: string): Endpoint => record(recordType, target, { labels: { owner: 'me', resource: 'service/shop/web' } });
const waits: Waiting = (resource) => (resource === undefined || resource === 'service/shop/web' ? 'the load balancer has no address' : undefined);
const neverWaits: Waiting = () => undefined;

const keptTypes = (stale: StaleRecords, wanted: readonly Endpoint[], ours: readonly Endpoint[], waiting: Waiting, nowMs = 0): string[] =>
  stale.keep(name, wanted, ours, waiting, nowMs).map((k) => k.endpoint.recordType);

describe('StaleRecords', () => {
  const cases: readonly [about: string, wanted: readonly Endpoint[], ours: readonly Endpoint[], waiting: Waiting, kept: readonly string[]][] = [
    ['the record of an object that waits', [], [mine('A', '192.0.2.1')], waits, ['A']],
    ['each type of it', [], [mine('A', '192.0.2.1'), mine('AAAA', '2001:db8::1')], waits, ['A', 'AAAA']],
    ['nothing of an object that is gone', [], [mine('A', '192.0.2.1')], neverWaits, []],
    ['nothing of another object than the one that waits', [], [record('A', '192.0.2.1', { labels: { owner: 'me', resource: 'service/shop/old' } })], waits, []],
    ['a record of which the object is not known, while any waits', [], [record('A', '192.0.2.1')], waits, ['A']],
    ['nothing where the type is wanted by another', [record('A', '192.0.2.2')], [mine('A', '192.0.2.1')], waits, []],
    ['a type beside another that is wanted', [record('A', '192.0.2.2')], [mine('AAAA', '2001:db8::1')], waits, ['AAAA']],
    ['no address beside a wanted CNAME', [record('CNAME', 'lb.example.net')], [mine('A', '192.0.2.1')], waits, []],
    ['no CNAME beside a wanted address', [record('A', '192.0.2.2')], [mine('CNAME', 'lb.example.net')], waits, []],
    ['a CNAME beside a set with another identifier', [record('CNAME', 'lb.example.net', { setIdentifier: 'x' })], [mine('CNAME', 'lb.example.net')], waits, ['CNAME']],
  ];
  for (const [about, wanted, ours, waiting, kept] of cases) it(`keeps ${about}`, () => assert.deepEqual(keptTypes(new StaleRecords(60_000), wanted, ours, waiting), kept));

  it('keeps nothing when it is switched off', () => assert.deepEqual(keptTypes(new StaleRecords(0), [], [mine('A', '192.0.2.1')], waits), []));

  it('ends with the grace time, and is not begun anew while the object still waits', () => {
    const stale = new StaleRecords(60_000);
    const ours = [mine('A', '192.0.2.1')];
    assert.deepEqual(keptTypes(stale, [], ours, waits, 0), ['A']);
    assert.equal(stale.nextMs(0), 60_000);
    assert.deepEqual(keptTypes(stale, [], ours, waits, 59_999), ['A']);
    assert.deepEqual(stale.due(59_999), []);
    assert.deepEqual(stale.due(60_000), [name]);
    assert.deepEqual(keptTypes(stale, [], ours, waits, 60_000), []);
    assert.equal(stale.nextMs(60_000), undefined);
    // the deletion may have failed
    assert.deepEqual(keptTypes(stale, [], ours, waits, 120_000), []);
  });

  it('begins anew when the object had a target in between', () => {
    const stale = new StaleRecords(60_000);
    const ours = [mine('A', '192.0.2.1')];
    keptTypes(stale, [], ours, waits, 0);
    keptTypes(stale, [record('A', '192.0.2.1')], ours, neverWaits, 30_000);
    assert.equal(stale.nextMs(30_000), undefined);
    assert.deepEqual(keptTypes(stale, [], ours, waits, 80_000), ['A']);
    assert.equal(stale.nextMs(80_000), 140_000);
  });

  it('keeps the reverse record of a name that it keeps, and no other', () => {
    const stale = new StaleRecords(60_000);
    const reverse = (target: string): Endpoint => endpoint({ dnsName: '1.2.0.192.in-addr.arpa', recordType: 'PTR', targets: [target] });
    const kept = (target: string, nowMs: number): number => stale.keep('1.2.0.192.in-addr.arpa', [], [reverse(target)], neverWaits, nowMs).length;
    keptTypes(stale, [], [mine('A', '192.0.2.1')], waits, 0);
    assert.equal(kept('Web.example.org.', 10), 1);
    assert.equal(kept('api.example.org', 10), 0);
    assert.equal(kept('web.example.org', 60_000), 0);
  });

  it('wants the record as it stands, for its object', () => {
    const current = record('A', '192.0.2.1', { ttlSeconds: 60, labels: { owner: 'me', resource: 'service/shop/web' }, providerSpecific: [{ name: forceUpdateProperty, value: 'true' }, { name: 'aws/weight', value: '1' }] });
    const [kept] = new StaleRecords(60_000).keep(name, [], [current], waits, 0);
    assert.deepEqual(kept?.endpoint, record('A', '192.0.2.1', { ttlSeconds: 60, labels: { resource: 'service/shop/web' }, providerSpecific: [{ name: 'aws/weight', value: '1' }] }));
  });
});
