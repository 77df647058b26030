import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import { endpoint } from '../../endpoint/endpoint.ts';
import type { AzureRecordSet } from './client.ts';
import { normalForm, parseTags, privateShape, publicShape, relativeName, type Shape, toEndpoint, toProperties } from './convert.ts';

const set = (name: string, type: string, properties: AzureRecordSet['properties']): AzureRecordSet => ({ name, type, etag: 'e', properties: { TTL: 60, ...properties } });

describe('record sets of Azure as endpoints', () => {
  const cases: readonly { readonly title: string; readonly set: AzureRecordSet; readonly want: readonly [name: string, targets: readonly string[], tags?: string] | undefined; readonly shape?: Shape }[] = [
    { title: 'addresses', set: set('web', 'A', { ARecords: [{ ipv4Address: '192.0.2.1' }, { ipv4Address: '192.0.2.2' }] }), want: ['web.example.org', ['192.0.2.1', '192.0.2.2']] },
    { title: 'keys in another case', set: set('web', 'AAAA', { aaaaRecords: [{ IPv6Address: '2001:db8::1' }] }), want: ['web.example.org', ['2001:db8::1']] },
    { title: 'the zone itself', set: set('@', 'A', { ARecords: [{ ipv4Address: '192.0.2.1' }] }), want: ['example.org', ['192.0.2.1']] },
    { title: 'a CNAME', set: set('www', 'CNAME', { CNAMERecord: { cname: 'web.example.org.' } }), want: ['www.example.org', ['web.example.org']] },
    { title: 'an MX', set: set('@', 'MX', { MXRecords: [{ preference: 0, exchange: 'mail.example.org' }] }), want: ['example.org', ['0 mail.example.org']] },
    { title: 'name servers of a subdomain', set: set('sub', 'NS', { NSRecords: [{ nsdname: 'ns1.example.net.' }] }), want: ['sub.example.org', ['ns1.example.net']] },
    { title: 'all texts, each put together from its pieces', set: set('t', 'TXT', { TXTRecords: [{ value: ['one ', 'text'] }, { value: ['other'] }] }), want: ['t.example.org', ['one text', 'other']] },
    { title: 'metadata sorted by key', set: set('web', 'A', { ARecords: [{ ipv4Address: '192.0.2.1' }], metadata: { team: 'web', env: 'prod' } }), want: ['web.example.org', ['192.0.2.1'], 'env=prod,team=web'] },
    { title: 'the name servers of the zone itself are left out', set: set('@', 'NS', { NSRecords: [{ nsdname: 'ns1.example.net.' }] }), want: undefined },
    { title: 'an alias of an Azure resource is left out', set: set('alias', 'A', { ARecords: [], targetResource: { id: '/subscriptions/1/x' } }), want: undefined },
    { title: 'other types are left out', set: set('_sip._tcp', 'SRV', { SRVRecords: [{ priority: 1, weight: 1, port: 1, target: 'a.example.org' }] }), want: undefined },
    { title: 'what a virtual machine registers is left out', set: set('vm1', 'A', { aRecords: [{ ipv4Address: '10.0.0.1' }], isAutoRegistered: true }), want: undefined, shape: privateShape },
    { title: 'metadata of private zones do not count', set: set('web', 'A', { aRecords: [{ ipv4Address: '10.0.0.1' }], metadata: { a: 'b' } }), want: ['web.example.org', ['10.0.0.1']], shape: privateShape },
  ];
  for (const { title, set: given, want, shape = publicShape } of cases)
    it(title, () => {
      const found = toEndpoint(shape, 'example.org', given);
      assert.deepEqual(found && [found.dnsName, found.targets, ...found.providerSpecific.map((p) => p.value)], want);
      if (found) assert.equal(found.ttlSeconds, 60);
    });
});

describe('endpoints as record sets of Azure', () => {
  const cases: readonly { readonly title: string; readonly type: string; readonly targets: readonly string[]; readonly want: object; readonly shape?: Shape }[] = [
    { title: 'addresses', type: 'A', targets: ['192.0.2.1', '192.0.2.1', '192.0.2.2'], want: { TTL: 60, ARecords: [{ ipv4Address: '192.0.2.1' }, { ipv4Address: '192.0.2.2' }] } },
    { title: 'in a private zone', type: 'AAAA', targets: ['2001:db8::1'], want: { ttl: 60, aaaaRecords: [{ ipv6Address: '2001:db8::1' }] }, shape: privateShape },
    { title: 'a CNAME', type: 'CNAME', targets: ['lb.example.net'], want: { TTL: 60, CNAMERecord: { cname: 'lb.example.net' } } },
    { title: 'a target in Unicode becomes xn--', type: 'CNAME', targets: ['bücher.example'], want: { TTL: 60, CNAMERecord: { cname: 'xn--bcher-kva.example' } } },
    { title: 'MX', type: 'MX', targets: ['10 a.example.org', '20  b.example.org'], want: { TTL: 60, MXRecords: [{ preference: 10, exchange: 'a.example.org' }, { preference: 20, exchange: 'b.example.org' }] } },
    { title: 'NS', type: 'NS', targets: ['ns1.example.net'], want: { TTL: 60, NSRecords: [{ nsdname: 'ns1.example.net' }] } },
    { title: 'all texts, quotes and all', type: 'TXT', targets: ['"heritage=x"', 'v=spf1 -all'], want: { TTL: 60, TXTRecords: [{ value: ['"heritage=x"'] }, { value: ['v=spf1 -all'] }] } },
    { title: 'a long text in pieces', type: 'TXT', targets: ['a'.repeat(300)], want: { TTL: 60, TXTRecords: [{ value: ['a'.repeat(255), 'a'.repeat(45)] }] } },
  ];
  for (const { title, type, targets, want, shape = publicShape } of cases) it(title, () => assert.deepEqual(toProperties(shape, endpoint({ dnsName: 'web.example.org', recordType: type, targets, ttlSeconds: 60 })), want));

  it('with tags as metadata, in public zones only', () => {
    const tagged = makeEndpoint('web.example.org', 'A', ['192.0.2.1'], { ttlSeconds: 60, providerSpecific: [{ name: 'azure/tags', value: 'team=web,env=prod' }] });
    assert.deepEqual(toProperties(publicShape, tagged)['metadata'], { team: 'web', env: 'prod' });
    assert.equal(toProperties(privateShape, tagged)['metadata'], undefined);
  });

  for (const target of ['mail.example.org', 'ten mail.example.org', '10 '])
    it(`refuse the MX target "${target}"`, () => assert.throws(() => toProperties(publicShape, endpoint({ dnsName: 'example.org', recordType: 'MX', targets: [target] })), /must be a preference and a host/));

  it('written and read again are what they were', () => {
    for (const [type, targets] of [['A', ['192.0.2.1']], ['CNAME', ['a.example.net']], ['MX', ['10 a.example.org']], ['TXT', ['x'.repeat(600), '"y"']], ['NS', ['ns1.example.net']]] as const) {
      const wish = makeEndpoint('web.example.org', type, targets, { ttlSeconds: 60 });
      assert.deepEqual(toEndpoint(publicShape, 'example.org', set('web', type, toProperties(publicShape, wish))), wish);
    }
  });
});

describe('names of record sets', () => {
  const cases: readonly { readonly name: string; readonly zone: string; readonly want: string }[] = [
    { name: 'web.example.org', zone: 'example.org', want: 'web' },
    { name: 'a.b.example.org', zone: 'example.org', want: 'a.b' },
    { name: 'example.org', zone: 'example.org', want: '@' },
    { name: '*.example.org', zone: 'example.org', want: '*' },
    { name: 'Web.Example.org', zone: 'example.org', want: 'web' },
    { name: 'www.bücher.example', zone: 'xn--bcher-kva.example', want: 'www' },
    { name: 'bücher.example.org', zone: 'example.org', want: 'xn--bcher-kva' },
  ];
  for (const { name, zone, want } of cases) it(`${name} in ${zone} is ${want}`, () => assert.equal(relativeName(name, zone), want));
  it('never cross the border of a label', () => assert.throws(() => relativeName('notexample.org', 'example.org'), /does not lie in zone/));
});

describe('tags', () => {
  const cases: readonly { readonly text: string; readonly want: Record<string, string> }[] = [
    { text: ' team=web , env = prod,broken, =none, empty=, note=a=b', want: { team: 'web', env: 'prod', note: 'a=b' } },
    { text: '', want: {} },
    { text: 'a=1,a=2', want: { a: '2' } },
  ];
  for (const { text, want } of cases) it(`"${text}"`, () => assert.deepEqual(Object.fromEntries(parseTags(text)), want));

  const wish = (value: string) => endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], setIdentifier: 'x', providerSpecific: [{ name: 'alias', value: 'true' }, { name: 'azure/tags', value }] });
  it('of a wish have one spelling, whatever their order', () => {
    for (const text of ['b=2,a=1', ' a=1 ,b=2']) assert.deepEqual(normalForm(publicShape, wish(text)).providerSpecific, [{ name: 'azure/tags', value: 'a=1,b=2' }]);
    assert.deepEqual(normalForm(publicShape, wish('none')).providerSpecific, []);
  });
  it('of a record are spelled as those of a wish, so that it is not written again', () => {
    const stored = set('web', 'A', { ARecords: [{ ipv4Address: '192.0.2.1' }], metadata: { b: '2', a: '1' } });
    assert.deepEqual(toEndpoint(publicShape, 'example.org', stored)?.providerSpecific, normalForm(publicShape, wish('b=2,a=1')).providerSpecific);
  });
  it('have no effect in private zones', () => assert.deepEqual(normalForm(privateShape, wish('a=1')).providerSpecific, []));
  it('a normal wish stays the same endpoint', () => {
    const normal = makeEndpoint('web.example.org', 'A', ['192.0.2.1'], { providerSpecific: [{ name: 'azure/tags', value: 'a=1,b=2' }] });
    assert.equal(normalForm(publicShape, normal), normal);
  });
});
