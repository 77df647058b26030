import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FormatError } from '../../dns/names.ts';
import { rdataBytes, rdataText } from '../../dns/rdata.ts';
import type { UpdateStep } from '../../dns/update.ts';
import type { ResourceRecord } from '../../dns/wire.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import { absences, canonical, toEndpoints, updateSteps } from './convert.ts';

const e = (name: string, type: string, targets: readonly string[], ttlSeconds = 0): Endpoint => endpoint({ dnsName: name, recordType: type, targets, ttlSeconds });
const create = (after: Endpoint): Change => ({ action: 'create', after });
const remove = (before: Endpoint): Change => ({ action: 'delete', before });
const update = (before: Endpoint, after: Endpoint): Change => ({ action: 'update', before, after });
const line = (s: UpdateStep): string => (s.step === 'add' ? `+ ${s.name} ${s.ttlSeconds} ${s.type} ${s.data}` : `- ${s.name} ${s.type} ${s.data}`);

/** What a server makes of a step, and gives back in a transfer. */
const stored = (step: UpdateStep): ResourceRecord => {
  const bytes = rdataBytes(step.type, step.data);
  return { name: step.name, type: step.type, class: 1, ttlSeconds: 60, data: rdataText(step.type, bytes, 0, bytes.length) };
};
const written = (wish: Endpoint): Endpoint[] => toEndpoints(updateSteps([create(wish)]).map(stored));

describe('records of a zone', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['A', '192.0.2.1', '192.0.2.1'],
    ['AAAA', '2001:0DB8:0:0:0:0:0:10', '2001:db8::10'],
    ['CNAME', 'lb.example.net.', 'lb.example.net'],
    ['CNAME', 'LB.example.net', 'LB.example.net'],
    ['CNAME', 'münchen.example.net', 'xn--mnchen-3ya.example.net'],
    ['NS', 'ns1.example.net', 'ns1.example.net'],
    ['PTR', 'web.example.org.', 'web.example.org'],
    ['DNAME', 'example.net', 'example.net'],
    ['MX', '10 mail.example.net.', '10 mail.example.net'],
    ['SRV', '10  5 5060 sip.example.net.', '10 5 5060 sip.example.net'],
    ['NAPTR', '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .', '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .'],
    ['NAPTR', '100 10 u E2U+sip "!^.*$!sip:a b@example.org!" .', '100 10 "u" "E2U+sip" "!^.*$!sip:a b@example.org!" .'],
    ['TXT', 'one', 'one'],
    ['TXT', '"one"', 'one'],
    ['TXT', 'v=spf1 include:example.net -all', 'v=spf1 include:example.net -all'],
    ['TXT', '"v=spf1 include:example.net -all"', 'v=spf1 include:example.net -all'],
    ['TXT', '"one" "two three"', '"one" "two three"'],
    ['TXT', '"say \\"hi\\""', 'say "hi"'],
    ['TXT', 'back\\slash', 'back\\slash'],
    ['TXT', '""', '""'],
    ['TXT', '" blanks "', '" blanks "'],
    ['TXT', '"\\"quoted\\""', '"\\"quoted\\""'],
    ['TXT', '"bell\\007"', '"bell\\007"'],
    ['TXT', '"\\255"', '"\\255"'],
    ['TXT', 'größe', 'größe'],
    ['TXT', '"half"open"', '"\\"half\\"open\\""'],
    ['TXT', `"${'a'.repeat(300)}"`, 'a'.repeat(300)],
    ['TXT', `"${'a'.repeat(255)}" "${'b'.repeat(45)}"`, `${'a'.repeat(255)}${'b'.repeat(45)}`],
    ['TXT', `"${'a'.repeat(200)}" "b"`, `"${'a'.repeat(200)}" "b"`],
  ];
  for (const [type, target, expected] of cases)
    it(`${type} ${target.slice(0, 60)} is read back as ${expected.slice(0, 60)}`, () => {
      const wish = canonical(e('web.example.org', type, [target]));
      assert.deepEqual(wish.targets, [expected]);
      assert.deepEqual(written(e('web.example.org', type, [target]))[0]?.targets, [expected]);
      assert.deepEqual(written(wish)[0]?.targets, [expected]);
    });

  it('have no properties, which would never be read back', () => assert.deepEqual(canonical(endpoint({ ...e('web.example.org', 'A', ['192.0.2.1']), providerSpecific: [{ name: 'alias', value: 'true' }] })).providerSpecific, []));

  it('with any text are read back as they are wished', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('"', '\\', ' ', '1', 'é', 'a') }), fc.string({ minLength: 250, maxLength: 600 }));
    fc.assert(
      fc.property(text, (target) => {
        // halves of characters cannot be in the DNS
        fc.pre(target !== '' && Buffer.from(target).toString() === target);
        const wish = canonical(e('web.example.org', 'TXT', [target]));
        assert.deepEqual(written(wish)[0]?.targets, wish.targets);
        assert.deepEqual(canonical(wish), wish);
        // what is read is taken out again, byte for byte
        const [there] = updateSteps([create(wish)]);
        const [gone] = updateSteps([remove(written(wish)[0] ?? wish)]);
        assert.deepEqual(gone && rdataBytes('TXT', gone.data), there && rdataBytes('TXT', there.data));
      }),
      { numRuns: 2000 },
    );
  });

  it('with any strings in a TXT record are taken out byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 255 }), { minLength: 1, maxLength: 4 }), (strings) => {
        const bytes = Buffer.concat(strings.flatMap((s) => [Buffer.from([s.length]), Buffer.from(s)]));
        const record: ResourceRecord = { name: 'web.example.org', type: 'TXT', class: 1, ttlSeconds: 60, data: rdataText('TXT', bytes, 0, bytes.length) };
        const [read] = toEndpoints([record]);
        assert.ok(read);
        assert.deepEqual(updateSteps([remove(read)]).map((s) => rdataBytes(s.type, s.data)), [bytes]);
        assert.deepEqual(canonical(read), read);
      }),
      { numRuns: 2000 },
    );
  });

  it('that are none are refused when written, not before', () => {
    for (const [type, target] of [['A', 'web'], ['AAAA', '192.0.2.1'], ['MX', 'mail.example.org'], ['SRV', '1 2 x a'], ['CNAME', 'a..b']] as const) {
      const wish = e('web.example.org', type, [target]);
      assert.deepEqual(canonical(wish), wish);
      assert.throws(() => updateSteps([create(wish)]).map(stored), FormatError);
    }
  });

  it('make one record set of a name and type, with the TTL of the first', () => {
    const record = (type: string, data: string, ttlSeconds: number): ResourceRecord => ({ name: 'Web.example.org', type, class: 1, ttlSeconds, data });
    assert.deepEqual(toEndpoints([record('A', '192.0.2.1', 60), record('TXT', '"x"', 5), record('A', '192.0.2.2', 30), record('A', '192.0.2.1', 60)]), [
      e('Web.example.org', 'A', ['192.0.2.1', '192.0.2.2'], 60),
      e('Web.example.org', 'TXT', ['x'], 5),
    ]);
  });

  it('are the same to the plan, however a wish is spelled', () => {
    for (const [type, target] of cases) if (!/[^ -~]/.test(target) && type !== 'TXT' && type !== 'NAPTR' && !target.includes('  ')) assert.ok(sameTargets(type, makeEndpoint('a', type, [target]).targets, canonical(e('a', type, [target])).targets), target);
  });
});

describe('the steps of an update', () => {
  const web = (targets: readonly string[], ttl = 60): Endpoint => e('web.example.org', 'A', targets, ttl);
  const cases: readonly (readonly [string, readonly Change[], readonly string[]])[] = [
    ['add the records of a new set', [create(web(['192.0.2.1', '192.0.2.2']))], ['+ web.example.org 60 A 192.0.2.1', '+ web.example.org 60 A 192.0.2.2']],
    ['remove just the records of a set', [remove(web(['192.0.2.1', '192.0.2.2']))], ['- web.example.org A 192.0.2.1', '- web.example.org A 192.0.2.2']],
    ['leave alone what stays', [update(web(['192.0.2.1', '192.0.2.2']), web(['192.0.2.2', '192.0.2.3']))], ['- web.example.org A 192.0.2.1', '+ web.example.org 60 A 192.0.2.3']],
    ['write all anew for another TTL', [update(web(['192.0.2.1']), web(['192.0.2.1'], 30))], ['- web.example.org A 192.0.2.1', '+ web.example.org 30 A 192.0.2.1']],
    ['are none where nothing differs', [update(web(['192.0.2.1']), web(['192.0.2.1']))], []],
    [
      'keep the order, so that an address gives way to an alias',
      [remove(web(['192.0.2.1'])), create(e('web.example.org', 'CNAME', ['lb.example.net'], 60))],
      ['- web.example.org A 192.0.2.1', '+ web.example.org 60 CNAME lb.example.net'],
    ],
    [
      'add name servers before they remove others, since the last one of a zone stays',
      [update(e('example.org', 'NS', ['a.example.net'], 60), e('example.org', 'NS', ['b.example.net'], 60))],
      ['+ example.org 60 NS b.example.net', '- example.org NS a.example.net'],
    ],
    [
      'add name servers anew for another TTL, and remove none',
      [update(e('example.org', 'NS', ['a.example.net'], 60), e('example.org', 'NS', ['a.example.net'], 30))],
      ['+ example.org 30 NS a.example.net'],
    ],
    ['write names of other scripts as the DNS knows them', [create(e('münchen.example.org', 'A', ['192.0.2.1']))], ['+ xn--mnchen-3ya.example.org 0 A 192.0.2.1']],
  ];
  for (const [what, changes, lines] of cases) it(what, () => assert.deepEqual(updateSteps(changes).map(line), lines));
});

describe('what must not be there', () => {
  const at = (type: string): Endpoint => e('Web.example.org', type, ['x']);
  it('is an alias beside other records', () => assert.deepEqual(absences([create(at('A')), create(at('TXT'))]), [{ name: 'web.example.org', type: 'CNAME' }]));
  it('are other records beside an alias', () => assert.deepEqual(absences([create(at('CNAME'))]).map((a) => a.type), ['A', 'AAAA', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR', 'DNAME']));
  it('is nothing that goes at the same time', () => {
    assert.deepEqual(absences([remove(at('CNAME')), create(at('A'))]), []);
    assert.ok(!absences([remove(at('A')), create(at('CNAME'))]).some((a) => a.type === 'A'));
  });
  it('does not matter to changes and deletions', () => assert.deepEqual(absences([update(at('A'), at('A')), remove(at('CNAME'))]), []));
});
