import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import { withProperty } from '../../endpoint/endpoint.ts';
import { adjustEndpoint, entryText, parseCname, parseHost, toEndpoint, toEntry } from './convert.ts';

describe('lines of a Pi-hole', () => {
  const cases: readonly (readonly [title: string, parse: typeof parseHost, line: string, want: string | undefined])[] = [
    ['an IPv4 address', parseHost, '192.0.2.1 web.example.org', 'web.example.org A 192.0.2.1 0'],
    ['an IPv6 address', parseHost, '2001:db8::1  web.example.org', 'web.example.org AAAA 2001:db8::1 0'],
    ['several names of an address', parseHost, '192.0.2.1 a.example.org b.example.org', undefined],
    ['an address alone', parseHost, '192.0.2.1', undefined],
    ['no address', parseHost, 'web.example.org 192.0.2.1', undefined],
    ['a CNAME', parseCname, 'www.example.org,web.example.org', 'www.example.org CNAME web.example.org 0'],
    ['a CNAME with a TTL', parseCname, 'www.example.org, web.example.org, 300', 'www.example.org CNAME web.example.org 300'],
    ['a CNAME of several names', parseCname, 'a.example.org,b.example.org,web.example.org', undefined],
    ['a name alone', parseCname, 'www.example.org', undefined],
  ];
  for (const [title, parse, line, want] of cases)
    it(`${want === undefined ? 'pass over' : 'give'} ${title}`, () => {
      const entry = parse(line);
      const e = entry && toEndpoint(entry);
      assert.equal(e && `${e.dnsName} ${e.recordType} ${e.targets.join()} ${e.ttlSeconds}`, want);
    });

  const texts: readonly (readonly [type: string, target: string, ttlSeconds: number, want: string | undefined])[] = [
    ['A', '192.0.2.1', 60, '192.0.2.1 web.example.org'],
    ['CNAME', 'lb.example.org.', 0, 'web.example.org,lb.example.org'],
    ['CNAME', 'lb.example.org', 60, 'web.example.org,lb.example.org,60'],
    ['TXT', 'x', 0, undefined],
  ];
  for (const [type, target, ttlSeconds, want] of texts)
    it(`${want === undefined ? 'are not made' : 'are made'} of ${type} records${ttlSeconds ? ' with a TTL' : ''}`, () => {
      const entry = toEntry(makeEndpoint('web.example.org', type, [target], { ttlSeconds }));
      assert.equal(entry && entryText(entry), want);
    });

  it('have no TTL for addresses, and no properties', () => {
    const wish = (type: string): ReturnType<typeof makeEndpoint> => withProperty(makeEndpoint('Web.example.org', type, ['x'], { ttlSeconds: 60 }), 'alias', 'true');
    const shown = ([type, cnameTTL]: readonly [string, boolean]): unknown[] => {
      const e = adjustEndpoint(wish(type), cnameTTL);
      return [e.dnsName, e.ttlSeconds, e.providerSpecific.length];
    };
    assert.deepEqual(([['A', true], ['CNAME', true], ['CNAME', false]] as const).map(shown), [['web.example.org', 0, 0], ['web.example.org', 60, 0], ['web.example.org', 0, 0]]);
  });
});
