import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { endpoint } from './endpoint.ts';
import { endpointFromJSON, endpointToJSON } from './json.ts';

describe('endpoint as JSON', () => {
  it('leaves out what is not set', () => {
    assert.deepEqual(endpointToJSON(endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: ['192.0.2.1'] })), { dnsName: 'a.example.org', recordType: 'A', targets: ['192.0.2.1'] });
  });
  it('leaves out empty names and values of properties', () => {
    const providerSpecific = [{ name: 'a', value: '' }, { name: '', value: 'x' }, { name: 'b', value: 'y' }];
    assert.deepEqual(endpointToJSON(endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: [], providerSpecific })).providerSpecific, [{ name: 'a' }, { value: 'x' }, { name: 'b', value: 'y' }]);
  });
  it('comes back as it was', () => {
    const text = fc.stringMatching(/^[a-z/]{1,8}$/);
    const any = fc.record({
      dnsName: text,
      recordType: text,
      targets: fc.array(text),
      setIdentifier: fc.string(),
      ttlSeconds: fc.nat(),
      labels: fc.dictionary(text, fc.string(), { noNullPrototype: true }),
      providerSpecific: fc.array(fc.record({ name: text, value: fc.string() }, { noNullPrototype: true })),
    });
    fc.assert(fc.property(any, (fields) => assert.deepEqual(endpointFromJSON(JSON.parse(JSON.stringify(endpointToJSON(endpoint(fields))))), endpoint(fields))));
  });
  it('passes over fields of a wrong type', () => {
    const read = endpointFromJSON({ dnsName: 'a.example.org.', recordType: 7, targets: ['x', 1], recordTTL: '60', labels: { a: 'b', c: 1 }, providerSpecific: [null, { name: 'alias', value: 'true' }], more: {} });
    assert.deepEqual(read, endpoint({ dnsName: 'a.example.org.', recordType: '', targets: ['x'], labels: { a: 'b' }, providerSpecific: [{ name: 'alias', value: 'true' }] }));
  });
  it('knows properties under the former annotation prefix', () => {
    const providerSpecific = [
      { name: 'external-dns.alpha.kubernetes.io/cloudflare-proxied', value: 'true' },
      { name: 'external-dns.alpha.kubernetes.io/cloudflare-tags', value: 'old' },
      { name: 'external-dns.kubernetes.io/cloudflare-tags', value: 'new' },
    ];
    assert.deepEqual(endpointFromJSON({ providerSpecific }).providerSpecific, [
      { name: 'external-dns.kubernetes.io/cloudflare-proxied', value: 'true' },
      { name: 'external-dns.kubernetes.io/cloudflare-tags', value: 'new' },
    ]);
  });
  for (const bad of [null, 'x', 1, []]) it(`refuses ${JSON.stringify(bad)}`, () => assert.throws(() => endpointFromJSON(bad), /must be a JSON object/));
});
