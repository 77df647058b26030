import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint, type EndpointFields } from './endpoint.ts';
import { mergeEndpoints, mergeIgnoringTTL } from './merge.ts';

const e = (recordType: string, targets: readonly string[], more: Partial<EndpointFields> = {}): Endpoint => endpoint({ dnsName: 'web.example.org', recordType, targets, ...more });
const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Service', namespace: 'web', name, uid: name, source: 'service' });
const shown = (endpoints: readonly Endpoint[]) => endpoints.map((x) => `${x.recordType} ${x.targets.join(',')} ${x.ttlSeconds} ${x.setIdentifier}`.trim());

describe('merging endpoints', () => {
  it('joins targets, sorted, each once; the first gives labels, all give their objects', () => {
    const merged = mergeEndpoints([
      e('A', ['192.0.2.9', '192.0.2.1'], { labels: { resource: 'a' }, refs: [ref('a')] }),
      e('A', ['192.0.2.10', '192.0.2.9'], { labels: { resource: 'b' }, refs: [ref('b'), ref('a')] }),
    ]);
    assert.deepEqual(shown(merged), ['A 192.0.2.1,192.0.2.10,192.0.2.9 0']);
    assert.deepEqual(merged[0]?.labels, { resource: 'a' });
    assert.deepEqual(merged[0]?.refs.map((r) => r.name), ['a', 'b']);
  });

  it('keeps names, types, set identifiers and TTLs apart', () => {
    const apart = [e('A', ['192.0.2.1']), e('AAAA', ['2001:db8::1']), e('A', ['192.0.2.1'], { setIdentifier: 's' }), e('A', ['192.0.2.1'], { ttlSeconds: 60 }), e('A', ['192.0.2.1'], { dnsName: 'x.example.org' })];
    assert.deepEqual(mergeEndpoints(apart), apart);
  });

  it('joins only equal CNAMEs', () => {
    assert.deepEqual(shown(mergeEndpoints([e('CNAME', ['b.example.net']), e('CNAME', ['a.example.net']), e('CNAME', ['b.example.net'])])), ['CNAME b.example.net 0', 'CNAME a.example.net 0']);
  });

  it('joins whatever the TTL where the source wants it, with that of the first', () => {
    const both = [e('A', ['192.0.2.2'], { ttlSeconds: 900 }), e('A', ['192.0.2.1'], { ttlSeconds: 30 })];
    assert.deepEqual(shown(mergeIgnoringTTL(both)), ['A 192.0.2.1,192.0.2.2 900']);
    assert.equal(mergeEndpoints(both).length, 2);
  });

  it('keeps an endpoint without targets, for default targets', () => assert.deepEqual(shown(mergeEndpoints([e('CNAME', [])])), ['CNAME  0']));

  it('gives back what needs no change', () => {
    const one = [e('A', ['192.0.2.1'])];
    assert.equal(mergeEndpoints(one), one);
  });
});
