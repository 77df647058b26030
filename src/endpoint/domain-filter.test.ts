import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../errors.ts';
import { allOf, createDomainFilter, type DomainFilterJSON, domainFilterFromJSON, everyDomain } from './domain-filter.ts';

const cases: { title: string; filter: DomainFilterJSON; passes: string[]; fails: string[] }[] = [
  { title: 'no filter takes all', filter: {}, passes: ['example.org', '*.x', ''], fails: [] },
  { title: 'a domain takes itself and all below it', filter: { include: ['example.org'] }, passes: ['example.org', 'A.Example.ORG.', '*.example.org'], fails: ['notexample.org', 'org', 'example.net'] },
  { title: 'a leading dot leaves the domain itself out', filter: { include: ['.example.org'] }, passes: ['a.example.org'], fails: ['example.org'] },
  { title: 'final dots, capitals and blanks of filters do not matter', filter: { include: [' EXAMPLE.org. ', ''] }, passes: ['a.example.org'], fails: ['a.example.net'] },
  { title: 'blank filters are none', filter: { include: ['', ' '], exclude: [''] }, passes: ['example.net'], fails: [] },
  { title: 'exclusion beats inclusion', filter: { include: ['example.org'], exclude: ['b.example.org'] }, passes: ['a.example.org'], fails: ['b.example.org', 'x.b.example.org'] },
  { title: 'an exclusion with a leading dot keeps the domain itself', filter: { exclude: ['.example.org'] }, passes: ['example.org', 'a.example.net'], fails: ['a.example.org'] },
  { title: 'Unicode and xn-- are one', filter: { include: ['bücher.example'] }, passes: ['xn--bcher-kva.example', 'www.BÜCHER.example'], fails: ['bucher.example'] },
  { title: 'any expression sets the plain lists aside', filter: { include: ['example.org'], regexExclude: '\\.net$' }, passes: ['a.example.com'], fails: ['a.example.net'] },
  { title: 'expressions find, exclusion first', filter: { regexInclude: 'b', regexExclude: '^a' }, passes: ['xb'], fails: ['ab', 'c'] },
  { title: 'expressions see lower case and Unicode', filter: { regexInclude: '^bücher\\.' }, passes: ['XN--BCHER-KVA.example.'], fails: ['bucher.example'] },
  { title: 'the RE2 syntax is known', filter: { regexInclude: '^(?P<a>\\Qw.x\\E)-[[:digit:]]{2}\\z' }, passes: ['w.x-12'], fails: ['wax-12', 'w.x-1'] },
];

describe('domain filter', () => {
  for (const { title, filter, passes, fails } of cases)
    it(title, async () => {
      const made = await createDomainFilter(filter);
      for (const name of passes) assert.ok(made.matches(name), name);
      for (const name of fails) assert.ok(!made.matches(name), name);
    });

  for (const pattern of ['^(web', '[a-', '^(?!old)', '(a)\\1'])
    it(`refuses ${pattern}`, async () => {
      await assert.rejects(createDomainFilter({ regexInclude: pattern }), ConfigurationError);
      await assert.rejects(createDomainFilter({ regexExclude: pattern }), ConfigurationError);
    });

  it('takes zones that are, hold or lie in a filtered domain', async () => {
    const filter = await createDomainFilter({ include: ['apps.example.org', '.example.net'], exclude: ['old.apps.example.org', '.b.example.net'] });
    for (const zone of ['apps.example.org', 'example.org', 'x.apps.example.org.', 'example.net', 'a.example.net', 'b.example.net']) assert.ok(filter.matchesZone(zone), zone);
    for (const zone of ['example.com', 'old.apps.example.org', 'notexample.org', 'c.b.example.net']) assert.ok(!filter.matchesZone(zone), zone);
  });

  it('reads what a provider sends, and gives it back', async () => {
    const filter = await domainFilterFromJSON({ Include: ['b.example', 'a.example'], exclude: null, other: 1 });
    assert.deepEqual(filter.toJSON(), { include: ['a.example', 'b.example'] });
    assert.deepEqual((await domainFilterFromJSON({ regexInclude: 'a+' })).toJSON(), { regexInclude: 'a+' });
    for (const none of [null, {}]) assert.equal((await domainFilterFromJSON(none)).configured, false);
    for (const bad of ['x', [], { include: 'a.example' }, { exclude: [7] }, { regexInclude: ['a'] }]) await assert.rejects(domainFilterFromJSON(bad), ConfigurationError);
    await assert.rejects(domainFilterFromJSON({ include: ['a'], regexInclude: 'b' }), ConfigurationError);
  });

  it('joins filters so that a name must pass each', async () => {
    const [a, b] = await Promise.all([createDomainFilter({ include: ['example.org'] }), createDomainFilter({ exclude: ['a.example.org'] })]);
    const both = allOf(a, everyDomain, b);
    assert.deepEqual(['b.example.org', 'a.example.org', 'example.net'].map((n) => both.matches(n)), [true, false, false]);
    assert.equal(allOf(everyDomain, a), a);
    assert.equal(allOf().configured, false);
  });
});
