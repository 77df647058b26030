import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { endpoint } from '../../endpoint/endpoint.ts';
import type { ManagedZone, RecordSet } from './client.ts';
import { normalForm, toChange, toChangeIn, toEndpoints, toRecordSet } from './convert.ts';

const zone: ManagedZone = { id: 'org-zone', name: 'example.org.', number: '1', visibility: 'public', peering: false };
const set = (name: string, type: string, rrdatas: readonly string[], ttl = 300): RecordSet => ({ name, type, ttl, rrdatas });

describe('record sets of Cloud DNS as endpoints', () => {
  const cases: readonly { readonly title: string; readonly set: RecordSet; readonly want: readonly unknown[] | undefined }[] = [
    { title: 'addresses', set: set('web.example.org.', 'A', ['192.0.2.1', '192.0.2.2'], 60), want: ['web.example.org', 'A', ['192.0.2.1', '192.0.2.2'], 60] },
    { title: 'a host name loses its final dot', set: set('www.example.org.', 'CNAME', ['web.example.org.']), want: ['www.example.org', 'CNAME', ['web.example.org'], 300] },
    { title: 'the host of an MX loses its final dot', set: set('example.org.', 'MX', ['10 mail.example.org.']), want: ['example.org', 'MX', ['10 mail.example.org'], 300] },
    { title: 'a text stays in its quotes', set: set('t.example.org.', 'TXT', ['"v=spf1 -all"']), want: ['t.example.org', 'TXT', ['"v=spf1 -all"'], 300] },
    { title: 'name servers of a subdomain', set: set('sub.example.org.', 'NS', ['ns1.example.net.']), want: ['sub.example.org', 'NS', ['ns1.example.net'], 300] },
    { title: 'the name servers of the zone itself are left out', set: set('example.org.', 'NS', ['ns1.example.net.']), want: undefined },
    { title: 'the SOA is left out', set: set('example.org.', 'SOA', ['ns1 admin 1 2 3 4 5']), want: undefined },
    { title: 'types that are not managed are left out', set: set('example.org.', 'CAA', ['0 issue "ca.example"']), want: undefined },
    { title: 'a set with a routing policy is left out', set: { name: 'geo.example.org.', type: 'A', ttl: 300, rrdatas: [], routingPolicy: { wrr: {} } }, want: undefined },
  ];
  for (const { title, set: given, want } of cases)
    it(title, () => {
      const [found] = toEndpoints(zone, [given]);
      assert.deepEqual(found && [found.dnsName, found.recordType, found.targets, found.ttlSeconds], want);
    });
});

describe('endpoints as record sets of Cloud DNS', () => {
  const cases: readonly { readonly title: string; readonly type: string; readonly name?: string; readonly targets: readonly string[]; readonly want: RecordSet }[] = [
    { title: 'addresses', type: 'A', targets: ['192.0.2.1'], want: set('web.example.org.', 'A', ['192.0.2.1']) },
    { title: 'an address that stands twice counts once', type: 'A', targets: ['192.0.2.1', '192.0.2.1'], want: set('web.example.org.', 'A', ['192.0.2.1']) },
    { title: 'a host name gets its final dot', type: 'CNAME', targets: ['lb.example.net'], want: set('web.example.org.', 'CNAME', ['lb.example.net.']) },
    { title: 'the spelling of a host name stays, since a deletion must name what is stored', type: 'CNAME', targets: ['LB.Example.net'], want: set('web.example.org.', 'CNAME', ['LB.Example.net.']) },
    { title: 'a host name in Unicode becomes xn--', type: 'CNAME', targets: ['bücher.example'], want: set('web.example.org.', 'CNAME', ['xn--bcher-kva.example.']) },
    { title: 'a name in Unicode becomes xn--', type: 'A', name: 'Bücher.example', targets: ['192.0.2.1'], want: set('xn--bcher-kva.example.', 'A', ['192.0.2.1']) },
    { title: 'the hosts of MX and SRV get their final dots', type: 'MX', targets: ['10 mail.example.org', '20 mail2.example.org.'], want: set('web.example.org.', 'MX', ['10 mail.example.org.', '20 mail2.example.org.']) },
    { title: 'an SRV', type: 'SRV', targets: ['10 5 5060 sip.example.org'], want: set('web.example.org.', 'SRV', ['10 5 5060 sip.example.org.']) },
    { title: 'a text gets no dot', type: 'TXT', targets: ['"some text"'], want: set('web.example.org.', 'TXT', ['"some text"']) },
    { title: 'a NAPTR with its replacement', type: 'NAPTR', targets: ['100 10 "S" "SIP+D2U" "" _sip._udp.example.org'], want: set('web.example.org.', 'NAPTR', ['100 10 "S" "SIP+D2U" "" _sip._udp.example.org.']) },
  ];
  for (const { title, type, name = 'web.example.org', targets, want } of cases) it(title, () => assert.deepEqual(toRecordSet(endpoint({ dnsName: name, recordType: type, targets, ttlSeconds: 300 })), want));

  it('read and written again are what they were', () => {
    const sets = [set('web.example.org.', 'A', ['192.0.2.1'], 0), set('*.example.org.', 'CNAME', ['Web.Example.org.'], 60), set('t.example.org.', 'TXT', ['"a" "b"'], 5), set('_sip._tcp.example.org.', 'SRV', ['10 5 5060 sip.example.org.'], 60)];
    assert.deepEqual(toEndpoints(zone, sets).map(toRecordSet), sets);
  });
});

describe('the normal form of a wish for Cloud DNS', () => {
  const texts: readonly { readonly title: string; readonly given: string; readonly want: string }[] = [
    { title: 'a text without quotes is one string, blanks and all', given: 'v=spf1 -all', want: '"v=spf1 -all"' },
    { title: 'a text with quotes stays', given: '"v=spf1" "-all"', want: '"v=spf1" "-all"' },
    { title: 'quotes inside are escaped', given: 'a "b" \\', want: '"a \\"b\\" \\\\"' },
    { title: 'a string of more than 255 bytes is cut', given: `"${'a'.repeat(300)}"`, want: `"${'a'.repeat(255)}" "${'a'.repeat(45)}"` },
    { title: 'never inside a character', given: `${'a'.repeat(254)}ü`, want: `"${'a'.repeat(254)}" "ü"` },
  ];
  for (const { title, given, want } of texts) it(title, () => assert.deepEqual(normalForm(makeEndpoint('t.example.org', 'TXT', [given])).targets, [want]));

  it('has no properties and no set identifier, which cannot be stored', () => {
    const wish = endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'], setIdentifier: 'one', providerSpecific: [{ name: 'alias', value: 'true' }] });
    const { setIdentifier, providerSpecific } = normalForm(wish);
    assert.deepEqual([setIdentifier, providerSpecific], ['', []]);
  });

  it('is the same endpoint where there is nothing to do', () => {
    const wish = makeEndpoint('web.example.org', 'A', ['192.0.2.1']);
    assert.equal(normalForm(wish), wish);
  });
});

const a = (name: string, targets: readonly string[], ttlSeconds = 300) => makeEndpoint(name, 'A', targets, { ttlSeconds });

describe('changes of Cloud DNS', () => {
  it('are deletions of what was read and additions, in one call', () => {
    const changes: readonly Change[] = [
      { action: 'delete', before: a('old.example.org', ['192.0.2.1'], 60) },
      { action: 'update', before: a('web.example.org', ['192.0.2.1'], 120), after: a('web.example.org', ['192.0.2.2']) },
      { action: 'create', after: a('new.example.org', ['192.0.2.3']) },
    ];
    assert.deepEqual(toChange(changes), {
      deletions: [set('old.example.org.', 'A', ['192.0.2.1'], 60), set('web.example.org.', 'A', ['192.0.2.1'], 120)],
      additions: [set('web.example.org.', 'A', ['192.0.2.2']), set('new.example.org.', 'A', ['192.0.2.3'])],
    });
  });

  const [before, after] = [a('web.example.org', ['192.0.2.1', '192.0.2.9'], 60), a('web.example.org', ['192.0.2.2'])];
  const [old, fresh] = [set('web.example.org.', 'A', ['192.0.2.1'], 120), set('web.example.org.', 'A', ['192.0.2.2'])];
  const cases: readonly { readonly title: string; readonly change: Change; readonly standing: readonly RecordSet[]; readonly deletions?: readonly RecordSet[]; readonly additions?: readonly RecordSet[] }[] = [
    { title: 'an update replaces what stands there', change: { action: 'update', before, after }, standing: [old], deletions: [old], additions: [fresh] },
    { title: 'an update of what is not there makes it', change: { action: 'update', before, after }, standing: [], additions: [fresh] },
    { title: 'an update that is done already does nothing', change: { action: 'update', before, after }, standing: [fresh] },
    { title: 'a creation makes it', change: { action: 'create', after }, standing: [], additions: [fresh] },
    { title: 'a creation that is done already does nothing', change: { action: 'create', after }, standing: [fresh] },
    { title: 'a deletion takes what stands there', change: { action: 'delete', before }, standing: [old], deletions: [old] },
    { title: 'a deletion of what is not there does nothing', change: { action: 'delete', before }, standing: [] },
    { title: 'other types of the name do not count', change: { action: 'create', after }, standing: [set('web.example.org.', 'AAAA', ['2001:db8::1'])], additions: [fresh] },
  ];
  for (const { title, change, standing, deletions = [], additions = [] } of cases) it(`in one of several zones: ${title}`, () => assert.deepEqual(toChangeIn(zone, [change], standing), { deletions, additions }));

  it('in one of several zones never touch what was not read', () => {
    assert.throws(() => toChangeIn(zone, [{ action: 'create', after }], [old]), /org-zone.*web\.example\.org/);
    assert.throws(() => toChangeIn(zone, [{ action: 'delete', before }], [set('web.example.org.', 'A', ['192.0.2.77'])]), /another A record/);
    assert.throws(() => toChangeIn(zone, [{ action: 'delete', before }], [{ ...old, rrdatas: [], routingPolicy: {} }]), /another A record/);
  });
});
