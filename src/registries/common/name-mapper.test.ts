import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Affixes, NameMapper } from './name-mapper.ts';

const mapper = (affixes: Partial<Affixes> = {}, types: readonly string[] = ['A', 'AAAA', 'CNAME']): NameMapper => new NameMapper({ prefix: '', suffix: '', wildcardReplacement: '', ...affixes }, types);

const names: readonly { title: string; affixes: Partial<Affixes>; record: string; type: string; txt: string; untyped: string }[] = [
  { title: 'the type stands before the name', affixes: {}, record: 'web.example.org', type: 'A', txt: 'a-web.example.org', untyped: 'web.example.org' },
  { title: 'a prefix stands before the type', affixes: { prefix: 'own-' }, record: 'web.example.org', type: 'CNAME', txt: 'own-cname-web.example.org', untyped: 'own-web.example.org' },
  { title: 'a prefix may end in a dot', affixes: { prefix: 'txt.' }, record: 'web.example.org', type: 'A', txt: 'txt.a-web.example.org', untyped: 'txt.web.example.org' },
  { title: 'the type may be in the prefix', affixes: { prefix: 'own-%{record_type}.' }, record: 'example.org', type: 'AAAA', txt: 'own-aaaa.example.org', untyped: 'own-.example.org' },
  { title: 'a suffix ends the first label', affixes: { suffix: '-own' }, record: 'web.example.org', type: 'A', txt: 'a-web-own.example.org', untyped: 'web-own.example.org' },
  { title: 'the type may be in the suffix', affixes: { suffix: '-%{record_type}-own' }, record: 'web.example.org', type: 'A', txt: 'web-a-own.example.org', untyped: 'web--own.example.org' },
  { title: 'a suffix may have dots', affixes: { suffix: '.own' }, record: 'web.example.org', type: 'A', txt: 'a-web.own.example.org', untyped: 'web.own.example.org' },
  { title: 'affixes are in small letters', affixes: { prefix: 'OWN-' }, record: 'web.example.org', type: 'A', txt: 'own-a-web.example.org', untyped: 'own-web.example.org' },
  { title: 'a final dot of the record is left out', affixes: {}, record: 'web.example.org.', type: 'A', txt: 'a-web.example.org', untyped: 'web.example.org' },
  { title: 'the asterisk stays where it is not replaced', affixes: {}, record: '*.example.org', type: 'A', txt: 'a-*.example.org', untyped: '*.example.org' },
  { title: 'the asterisk can be replaced', affixes: { wildcardReplacement: 'Any' }, record: '*.example.org', type: 'A', txt: 'a-any.example.org', untyped: 'any.example.org' },
];

describe('names of ownership records', () => {
  for (const { title, affixes, record, type, txt, untyped } of names)
    it(title, () => {
      assert.equal(mapper(affixes).typedName(record, type), txt);
      assert.equal(mapper(affixes).untypedName(record), untyped);
    });

  const readings: readonly [title: string, affixes: Partial<Affixes>, txt: string, readings: readonly [name: string, type: string][]][] = [
    ['a name with type', {}, 'A-Web.example.org.', [['web.example.org', 'A']]],
    ['a name of the old form', {}, 'web.example.org', [['web.example.org', '']]],
    ['a host that looks like a type', {}, 'a-a-team.example.org', [['a-team.example.org', 'A']]],
    ['a name without our prefix', { prefix: 'own-' }, 'a-web.example.org', []],
    ['a name without our suffix', { suffix: '-own' }, 'a-web.example.org', []],
    ['fewer labels than the suffix has', { suffix: '.own.x' }, 'a', []],
    ['the old form with a type in the prefix', { prefix: '%{record_type}-own.' }, '-own.web.example.org', [['web.example.org', '']]],
    ['the xn-- form of a name in Unicode', {}, 'xn--a-bcher-p2a.example.org', [['xn--bcher-kva.example.org', 'A']]],
    ['the xn-- form with a type in the suffix', { suffix: '-%{record_type}-own' }, 'xn--bcher-kva-a-own.example.org', [['xn--bcher-kva.example.org', 'A']]],
    ['the xn-- form with a suffix, in the old form', { suffix: '-own' }, 'xn--bcher-kva-own.example.org', [['xn--bcher-kva.example.org', '']]],
    ['a name in Unicode', {}, 'a-bücher.example.org', [['xn--bcher-kva.example.org', 'A']]],
    ['a record below the owned one', {}, '_external-dns-aaaa.example.org', [['example.org', 'AAAA']]],
  ];
  for (const [title, affixes, txt, expected] of readings)
    it(`reads ${title}`, () => assert.deepEqual(mapper(affixes).read(txt).map((r) => [r.name, r.recordType]), expected));

  it('looks for types that ExternalDNS v0.22 does not know only where they are managed', () => {
    assert.deepEqual(mapper().read('caa-web.example.org'), [{ name: 'caa-web.example.org', recordType: '' }]);
    assert.deepEqual(mapper({}, ['A', 'CAA']).read('caa-web.example.org'), [{ name: 'caa-web.example.org', recordType: '' }, { name: 'web.example.org', recordType: 'CAA' }]);
  });

  it('knows which names share an ownership record', () => {
    const replacing = mapper({ wildcardReplacement: 'any' });
    assert.equal(replacing.twin('*.example.org'), 'any.example.org');
    assert.equal(replacing.twin('any.example.org'), '*.example.org');
    assert.equal(replacing.twin('web.example.org'), undefined);
    assert.equal(mapper().twin('*.example.org'), undefined);
  });

  it('reads back every name that it gives', () => {
    const label = fc.stringMatching(/^[a-z0-9_]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((l) => !l.startsWith('xn--') && !l.startsWith('_external-dns-'));
    const affix = fc.constantFrom('', 'own-', 'txt.', '%{record_type}-own.', 'x.%{record_type}-');
    const affixes = fc.oneof(affix.map((prefix) => ({ prefix })), fc.constantFrom('-own', '-%{record_type}-own', '.own').map((suffix) => ({ suffix })));
    fc.assert(
      fc.property(affixes, fc.array(label, { minLength: 2, maxLength: 4 }), fc.constantFrom('A', 'AAAA', 'CNAME', 'MX', 'TXT'), (a, labels, type) => {
        const name = labels.join('.');
        const m = mapper(a);
        assert.deepEqual(m.read(m.typedName(name, type)), [{ name, recordType: type }]);
        assert.deepEqual(m.read(m.innerName(name, type)), [{ name, recordType: type }]);
      }),
    );
  });
});
