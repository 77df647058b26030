import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compareTargets, sameTargets } from './targets.ts';

describe('equal targets', () => {
  const equal: [title: string, type: string, a: string[], b: string[]][] = [
    ['order does not matter', 'A', ['192.0.2.2', '192.0.2.1'], ['192.0.2.1', '192.0.2.2']],
    ['IPv6 addresses are compared by value', 'AAAA', ['2001:DB8:0:0::1'], ['2001:db8::0001']],
    ['an address that holds an IPv4 address has one value', 'AAAA', ['::ffff:192.0.2.1'], ['::FFFF:c000:201']],
    ['case does not matter', 'CNAME', ['LB.example.net'], ['lb.Example.NET']],
    ['a final dot of a host does not matter', 'CNAME', ['lb.example.net.'], ['lb.example.net']],
    ['xn-- is Unicode', 'CNAME', ['bücher.example'], ['xn--bcher-kva.example']],
    ['the host of an MX is compared as a host', 'MX', ['10 mx.example.org.'], ['10 MX.example.org']],
    ['the host of an alias is compared as a host', 'A', ['lb.example.net.'], ['lb.example.net']],
    ['none and none', 'A', [], []],
  ];
  for (const [title, type, a, b] of equal) it(title, () => assert.ok(sameTargets(type, a, b)));

  const different: [title: string, type: string, a: string[], b: string[]][] = [
    ['another address', 'A', ['192.0.2.1'], ['192.0.2.2']],
    ['one more', 'A', ['192.0.2.1'], ['192.0.2.1', '192.0.2.2']],
    ['another one twice', 'A', ['192.0.2.1', '192.0.2.1'], ['192.0.2.1', '192.0.2.2']],
    ['a final dot in a TXT', 'TXT', ['"a."'], ['"a"']],
    ['another preference', 'MX', ['10 mx.example.org'], ['20 mx.example.org']],
  ];
  for (const [title, type, a, b] of different) it(`${title} is a difference`, () => assert.ok(!sameTargets(type, a, b)));
});

describe('rivals', () => {
  const before: [title: string, a: string[], b: string[]][] = [
    ['fewer targets come first', ['192.0.2.200'], ['192.0.2.1', '192.0.2.2']],
    ['addresses are compared as numbers', ['192.0.2.9'], ['192.0.2.10']],
    ['IPv6 addresses, too', ['2001:db8::9'], ['2001:db8::10']],
    ['IPv4 comes before IPv6', ['203.0.113.1'], ['2001:db8::1']],
    ['an address comes before a name', ['192.0.2.1'], ['1-2.example.net']],
    ['names are in text order', ['alpha.example.net'], ['zebra.example.net']],
    ['the first pair that differs decides', ['192.0.2.1', '192.0.2.8'], ['192.0.2.1', '192.0.2.9']],
  ];
  for (const [title, a, b] of before)
    it(title, () => {
      assert.ok(compareTargets(a, b) < 0);
      assert.ok(compareTargets(b, a) > 0);
    });

  it('never says that both come first, whatever the order of their targets', () => {
    const target = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
    fc.assert(
      fc.property(fc.array(target, { maxLength: 4 }), fc.array(target, { maxLength: 4 }), (a, b) => {
        assert.equal(Math.sign(compareTargets(a, b)), -Math.sign(compareTargets(b, a)) || 0);
        assert.equal(compareTargets(a, b), compareTargets(a.toReversed(), b.toReversed()));
        assert.ok(sameTargets('A', a, a.toReversed()));
      }),
    );
  });
});
