import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCommandLine } from '../../cli/parse.ts';
import { type Endpoint, endpoint, type EndpointFields } from '../../endpoint/endpoint.ts';
import { ConfigurationError } from '../../errors.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { createWrappers } from './index.ts';
import { endpointProblem } from './validation.ts';

const everything = { matches: (name: string) => name !== '' };

function wrappers(flags: readonly string[] = [], log: Logger = silentLogger, filter = everything) {
  const settings = parseCommandLine(['--source=fake', '--policy=sync', ...(flags.some((f) => f.startsWith('--provider=')) ? [] : ['--provider=webhook']), ...flags], {});
  if ('exit' in settings) throw new Error('the flags ask for help');
  return createWrappers(settings.config, filter, log);
}

const e = (recordType: string, targets: readonly string[], more: Partial<EndpointFields> = {}): Endpoint => endpoint({ dnsName: 'web.example.org', recordType, targets, ...more });
const shown = (endpoints: readonly Endpoint[]) => endpoints.map((x) => `${x.dnsName} ${x.recordType} ${x.targets.join(',')}`);
const problems: string[] = [];

function perName(flags: readonly string[], ...endpoints: Endpoint[]): readonly string[] {
  problems.length = 0;
  return shown(wrappers(flags).perName(endpoints, (_, reason) => problems.push(reason)));
}

describe('default targets', () => {
  it('serve endpoints without targets, whatever their type, by their own form', () => {
    const given = e('CNAME', [], { ttlSeconds: 60, setIdentifier: 's', labels: { resource: 'crd/a/b' } });
    assert.deepEqual(perName(['--default-targets=203.0.113.1', '--default-targets=front.example.net.'], given, e('A', ['192.0.2.1'])), [
      'web.example.org A 203.0.113.1',
      'web.example.org CNAME front.example.net',
      'web.example.org A 192.0.2.1',
    ]);
    const [first] = wrappers(['--default-targets=203.0.113.1']).perName([given], () => {});
    assert.deepEqual([first?.ttlSeconds, first?.setIdentifier, first?.labels], [60, 's', { resource: 'crd/a/b' }]);
  });
  it('serve all where forced, and equal ones become one', () =>
    assert.deepEqual(perName(['--default-targets=203.0.113.1', '--force-default-targets'], e('A', ['192.0.2.1']), e('TXT', ['text'])), ['web.example.org A 203.0.113.1']));
  it('there are none: an endpoint without targets goes on to the plan, which makes no record of it', () => {
    assert.equal(perName([], e('A', [])).length, 1);
    assert.deepEqual(problems, []);
  });
});

describe('endpoints that no zone could hold', () => {
  const cases: readonly (readonly [what: string, endpoint: Endpoint, problem: RegExp | undefined])[] = [
    ['an address', e('A', ['192.0.2.1']), undefined],
    ['a CNAME to what looks like an address', e('CNAME', ['192.0.2.991']), /looks like an address/],
    ['an A record with an IPv6 address', e('A', ['2001:db8::1']), /is no IPv4 address/],
    ['an A record with one host among addresses', e('A', ['192.0.2.1', 'www.example.net']), /"www.example.net" is no IPv4/],
    ['an address with zeros', e('A', ['192.0.02.1']), /no IPv4/],
    ['an IPv4 address in IPv6 form', e('AAAA', ['::ffff:192.0.2.1']), undefined],
    ['an AAAA record with a zone index', e('AAAA', ['fe80::1%eth0']), /no IPv6/],
    ['an alias to a host', e('A', ['lb.example.net'], { providerSpecific: [{ name: 'alias', value: 'true' }] }), undefined],
    ['an alias to a wildcard record', e('A', ['*.example.org'], { providerSpecific: [{ name: 'alias', value: 'true' }] }), undefined],
    ['an alias of one type', e('A', ['lb.example.net'], { providerSpecific: [{ name: 'alias', value: 'A' }] }), undefined],
    ['no alias to a host', e('A', ['lb.example.net'], { providerSpecific: [{ name: 'alias', value: 'false' }] }), /no IPv4/],
    ['an alias TXT', e('TXT', ['x'], { providerSpecific: [{ name: 'alias', value: 'true' }] }), /cannot be an alias/],
    ['a host', e('CNAME', ['lb.example.net.']), undefined],
    ['a host with an underscore', e('CNAME', ['_dmarc.example.net']), undefined],
    ['a host of a template without value', e('CNAME', ['<no value>']), /no value/],
    ['an empty host', e('CNAME', ['']), /is empty/],
    ['a URL', e('CNAME', ['https://lb.example.net']), /no DNS name/],
    ['a wildcard as target', e('CNAME', ['*.example.net']), /\*/],
    ['an MX target', e('MX', [' 10  mx.example.org ']), undefined],
    ['an MX target without preference', e('MX', ['mx.example.org']), /preference/],
    ['an MX target with too large a preference', e('MX', ['65536 mx.example.org']), /preference/],
    ['an SRV target', e('SRV', ['0 50 30080 web.example.org.']), undefined],
    ['an SRV target without final dot', e('SRV', ['0 50 30080 web.example.org']), /final dot/],
    ['a reverse record', e('PTR', ['web.example.org'], { dnsName: '1.2.0.192.IN-ADDR.ARPA' }), undefined],
    ['a reverse record of another name', e('PTR', ['web.example.org']), /in-addr\.arpa/],
    ['a reverse record of the zone of all', e('PTR', ['web.example.org'], { dnsName: 'in-addr.arpa' }), /in-addr\.arpa/],
    ['a reverse record that points to an address', e('PTR', ['192.0.2.1'], { dnsName: '1.2.0.192.in-addr.arpa' }), /is an address/],
    ['any text', e('TXT', ['<no value> *']), undefined],
    ['a type that is not known', e('CAA', ['0 issue "ca.example.net"']), undefined],
    ['a name that is none', e('A', ['192.0.2.1'], { dnsName: 'a..example.org' }), /empty label/],
  ];
  for (const [what, given, problem] of cases)
    it(`${what}: ${problem ? 'left out' : 'kept'}`, () => {
      const found = endpointProblem(given);
      if (problem) assert.match(found ?? '', problem);
      else assert.equal(found, undefined);
    });
  it('do not hinder the others of their name', () => assert.deepEqual(perName([], e('A', ['2001:db8::1']), e('AAAA', ['2001:db8::1'])), ['web.example.org AAAA 2001:db8::1']));
});

describe('equal endpoints of several sources', () => {
  it('are one, with label and TTL of the first, and the objects of both', () => {
    const ref = (name: string) => [{ apiVersion: 'v1', kind: 'Service', namespace: 'a', name, uid: name, source: 'service' }];
    const duplicates: Endpoint[] = [];
    const first = e('A', ['192.0.2.2', '192.0.2.1'], { ttlSeconds: 600, labels: { resource: 'crd/a/b' }, refs: ref('x') });
    const second = e('A', ['192.0.2.1', '192.0.2.2'], { ttlSeconds: 30, labels: { resource: 'ingress/a/b' }, refs: ref('y') });
    const [only, ...more] = wrappers().perName([first, second], assert.fail, (d) => duplicates.push(d));
    assert.equal(more.length, 0);
    assert.deepEqual([only?.ttlSeconds, only?.labels, only?.refs.map((r) => r.name)], [600, { resource: 'crd/a/b' }, ['x', 'y']]);
    assert.deepEqual(duplicates.map((d) => d.ttlSeconds), [30]);
  });
  it('that differ in targets or set identifier stay', () => assert.equal(perName([], e('A', ['192.0.2.1']), e('A', ['192.0.2.2']), e('A', ['192.0.2.1'], { setIdentifier: 's' })).length, 3));
});

describe('NAT64', () => {
  it('adds the IPv4 addresses of those IPv6 targets that lie in a network', () =>
    assert.deepEqual(perName(['--nat64-networks=2001:db8:96::/96,64:ff9b::/96'], e('AAAA', ['2001:db8:96::c633:6401', '2001:db8:1::1', '64:ff9b::192.0.2.33'])), [
      'web.example.org AAAA 2001:db8:1::1,2001:db8:96::c633:6401,64:ff9b::192.0.2.33',
      'web.example.org A 198.51.100.1,192.0.2.33',
    ]));
  for (const net of ['2001:db8:96::/64', '192.0.2.0/24', 'nonsense', '2001:db8::'])
    it(`refuses ${net}`, () => assert.throws(() => wrappers([`--nat64-networks=${net}`]), (error) => error instanceof ConfigurationError && error.message.includes(net)));
});

describe('target nets', () => {
  const mixed = [e('A', ['192.0.2.6', '192.0.2.206', '198.51.100.6']), e('AAAA', ['2001:db8:b::5']), e('CNAME', ['lb.example.net'])];
  it('keep only targets within, so no host names', () => assert.deepEqual(perName(['--target-net-filter=192.0.2.0/25'], ...mixed), ['web.example.org A 192.0.2.6']));
  it('excluded leave all others, host names too', () =>
    assert.deepEqual(perName(['--exclude-target-net=192.0.2.128/25', '--exclude-target-net=2001:db8:b::/48'], ...mixed), ['web.example.org A 192.0.2.6,198.51.100.6', 'web.example.org CNAME lb.example.net']));
  it('may be written as IPv4 mapped into IPv6', () => {
    assert.deepEqual(perName(['--target-net-filter=::ffff:192.0.2.0/121'], ...mixed), ['web.example.org A 192.0.2.6']);
    assert.deepEqual(perName(['--exclude-target-net=::ffff:0:0/96'], ...mixed), ['web.example.org AAAA 2001:db8:b::5', 'web.example.org CNAME lb.example.net']);
  });
  it('are no nets where the address is cut short', () => assert.deepEqual(perName(['--target-net-filter=192.0.2/24'], ...mixed).length, mixed.length));
  it('see what NAT64 made', () => assert.deepEqual(perName(['--nat64-networks=64:ff9b::/96', '--target-net-filter=192.0.2.0/24'], e('AAAA', ['64:ff9b::c000:0201'])), ['web.example.org A 192.0.2.1']));
  it('that are none are not used, with a warning', () => {
    const warned: unknown[] = [];
    const log = { ...silentLogger, warning: (_: string, fields?: Readonly<Record<string, unknown>>) => warned.push(fields?.['value']) };
    assert.deepEqual(shown(wrappers(['--target-net-filter=nonsense, 192.0.2.0/33'], log).perName([e('A', ['192.0.2.1'])], assert.fail)), ['web.example.org A 192.0.2.1']);
    assert.deepEqual(warned, ['nonsense', '192.0.2.0/33']);
  });
});

describe('reverse records', () => {
  const managed = ['--managed-record-types=A', '--managed-record-types=AAAA', '--managed-record-types=PTR'];
  const request = (value: string) => ({ providerSpecific: [{ name: 'record-type', value }] });
  const names = (flags: readonly string[], ...endpoints: Endpoint[]) => wrappers([...managed, ...flags]).ptrContributions(endpoints).map((c) => c.reverseName);

  it('are made where PTR is managed', () => assert.deepEqual([wrappers().makesPTR, wrappers(managed).makesPTR], [false, true]));
  it('are asked for by all addresses with --create-ptr, but not by wildcards and hosts', () =>
    assert.deepEqual(names(['--create-ptr'], e('A', ['192.0.2.1', '192.0.2.2']), e('A', ['192.0.2.3'], { dnsName: '*.example.org' }), e('CNAME', ['lb.example.net'])), ['1.2.0.192.in-addr.arpa', '2.2.0.192.in-addr.arpa']));
  it('are asked for, and against, by the property record-type', () => {
    assert.deepEqual(names([], e('A', ['192.0.2.1'], request('pTr')), e('A', ['192.0.2.2']), e('A', ['192.0.2.3'], request(''))), ['1.2.0.192.in-addr.arpa']);
    assert.deepEqual(names(['--create-ptr'], e('A', ['192.0.2.1'], request('none')), e('A', ['192.0.2.2'])), ['2.2.0.192.in-addr.arpa']);
  });
  it('are not made for names that the domain filter keeps out', () => {
    const filter = { matches: (name: string) => name.endsWith('.example.org') };
    assert.deepEqual(wrappers([...managed, '--create-ptr'], silentLogger, filter).ptrContributions([e('A', ['192.0.2.1'], { dnsName: 'web.example.net' })]), []);
  });
  it('hold all names of an address, with the least TTL, and no labels', () => {
    const made = wrappers(managed).ptrEndpoint('1.2.0.192.in-addr.arpa', [
      { reverseName: '1.2.0.192.in-addr.arpa', target: 'a.example.org', ttlSeconds: 300 },
      { reverseName: '1.2.0.192.in-addr.arpa', target: 'b.example.org', ttlSeconds: 60 },
    ]);
    assert.deepEqual(made, endpoint({ dnsName: '1.2.0.192.in-addr.arpa', recordType: 'PTR', targets: ['a.example.org', 'b.example.org'], ttlSeconds: 60 }));
    assert.equal(wrappers(managed).ptrEndpoint('1.2.0.192.in-addr.arpa', []), undefined);
  });
  it('leave no request behind', () => assert.deepEqual(wrappers(managed).withoutPTRRequest([e('CNAME', ['a.example.net'], request('ptr'))])[0]?.providerSpecific, []));
});

describe('the last touches', () => {
  const finish = (flags: readonly string[], given: Endpoint) => wrappers(flags).finish([given])[0];

  it('give --min-ttl only where no TTL is set', () => {
    assert.equal(finish(['--min-ttl=72.9s'], e('A', ['192.0.2.1']))?.ttlSeconds, 72);
    assert.equal(finish(['--min-ttl=5m'], e('A', ['192.0.2.1'], { ttlSeconds: 10 }))?.ttlSeconds, 10);
    assert.equal(finish(['--min-ttl=900ms'], e('A', ['192.0.2.1']))?.ttlSeconds, 0);
  });

  const properties = ['webhook/b', 'aws/weight', 'scw/priority', 'azure/tags', 'coredns/group', 'external-dns.kubernetes.io/cloudflare-proxied', 'alias', 'webhook/a'].map((name) => ({ name, value: 'x' }));
  const kept: readonly (readonly [provider: string, names: readonly string[]])[] = [
    ['webhook', ['alias', 'webhook/a', 'webhook/b']],
    ['aws', ['alias', 'aws/weight']],
    ['azure', ['alias', 'azure/tags']],
    ['azure-private-dns', ['alias', 'azure/tags']],
    ['scaleway', ['alias', 'scw/priority']],
    ['coredns', ['alias', 'coredns/group']],
    ['skydns', ['alias', 'coredns/group']],
    ['inmemory', ['alias']],
  ];
  for (const [provider, names] of kept)
    it(`leave to ${provider} only its own properties, sorted`, () =>
      assert.deepEqual(finish([`--provider=${provider}`], e('CNAME', ['a.example.net'], { providerSpecific: properties }))?.providerSpecific.map((p) => p.name), names));
  it('leave all to cloudflare', () => assert.equal(finish(['--provider=cloudflare'], e('A', ['192.0.2.1'], { providerSpecific: properties }))?.providerSpecific.length, properties.length));

  it('make CNAMEs aliases with --prefer-alias, but where the object says otherwise', () => {
    assert.deepEqual(finish(['--prefer-alias'], e('CNAME', ['a.example.net']))?.providerSpecific, [{ name: 'alias', value: 'true' }]);
    assert.deepEqual(finish(['--prefer-alias'], e('CNAME', ['a.example.net'], { providerSpecific: [{ name: 'alias', value: 'false' }] }))?.providerSpecific, [{ name: 'alias', value: 'false' }]);
    assert.deepEqual(finish(['--prefer-alias'], e('A', ['192.0.2.1']))?.providerSpecific, []);
  });
});
