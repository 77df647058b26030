import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hostsOfRule } from './rule.ts';

describe('hostsOfRule', () => {
  const cases: readonly [about: string, rule: string, hosts: readonly string[]][] = [
    ['reads one host', 'Host(`a.example.org`)', ['a.example.org']],
    ['reads all hosts of one matcher', 'Host(`a.example.org`,`b.example.org` , `c.example.org`)', ['a.example.org', 'b.example.org', 'c.example.org']],
    ['reads double quotes', 'Host("a.example.org")', ['a.example.org']],
    ['reads escapes in double quotes', String.raw`Host("a\.example.org", "b\"c")`, ['a.example.org', 'b"c']],
    ['reads HostHeader and HostSNI', 'HostHeader(`a.example.org`) || HostSNI(`b.example.org`)', ['a.example.org', 'b.example.org']],
    ['takes matchers in any case, as Traefik does', 'host(`a.example.org`) || HOSTSNI(`b.example.org`)', ['a.example.org', 'b.example.org']],
    ['passes over patterns', 'HostRegexp(`^a$`) || HostSNIRegexp(`^b$`)', []],
    ['passes over other matchers', 'Header(`Host`, `h.example.org`) && Host(`a.example.org`) && Query(`q`, `q.example.org`)', ['a.example.org']],
    ['is not fooled by a matcher within a text', 'Path(`/Host(x)`) && Header(`X`, "Host(`b`)") && Host(`a.example.org`)', ['a.example.org']],
    ['passes over the star for all hosts', 'HostSNI(`*`) || HostSNI(`*.a.example.org`)', ['*.a.example.org']],
    ['passes over empty names and blanks around names', 'Host(``, ` a.example.org `)', ['a.example.org']],
    ['passes over a negated host', 'Host(`a.example.org`) && !Host(`b.example.org`)', ['a.example.org']],
    ['passes over hosts in a negated group', '!(Host(`a.example.org`) || PathPrefix(`/a`)) && Host(`b.example.org`)', ['b.example.org']],
    ['counts a host that is negated twice', '!(PathPrefix(`/a`) || !Host(`a.example.org`)) && !!Host(`b.example.org`)', ['a.example.org', 'b.example.org']],
    ['negates no further than the next matcher', '! PathPrefix(`/a`) && Host(`a.example.org`)', ['a.example.org']],
    ['reads over blanks and lines', '(Host (\n `a.example.org`,\n `b.example.org` )\n||Host(`c.example.org`)) && Method(`GET`, `POST`)', ['a.example.org', 'b.example.org', 'c.example.org']],
    ['keeps the case of names', 'Host(`Shop.Example.ORG`)', ['Shop.Example.ORG']],
    ['reads nothing of an empty rule', '', []],
  ];
  for (const [about, rule, hosts] of cases) it(about, () => assert.deepEqual(hostsOfRule(rule), { hosts, problem: undefined }));

  const broken: readonly [about: string, rule: string, hosts: readonly string[], problem: RegExp][] = [
    ['an open parenthesis', 'Host(`a.example.org`', ['a.example.org'], /missing/],
    ['a parenthesis too many', 'Host(`a.example.org`)) && Host(`b.example.org`)', ['a.example.org', 'b.example.org'], /too many at 22/],
    ['an unknown sign', 'Host(`a.example.org`); PathPrefix(`/a`)', ['a.example.org'], /";" at 22/],
    ['a text without a matcher', '`a.example.org`', [], /outside/],
    ['a group within a matcher', 'Host(Foo(`a.example.org`), `b.example.org`)', ['b.example.org'], /^$/],
    ['an open quote', 'Host(`a.example.org`) || Host(`b', ['a.example.org'], /not closed at 31/],
  ];
  for (const [about, rule, hosts, problem] of broken)
    it(`reads what it can beside ${about}`, () => {
      const found = hostsOfRule(rule);
      assert.deepEqual(found.hosts, hosts);
      assert.match(found.problem ?? '', problem);
    });

  const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}\.example\.org$/);
  /** A rule and the hosts that it names where `negated` is false. */
  const { rule } = fc.letrec<{ rule: { text: string; positive: string[]; negative: string[] } }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(fc.constantFrom('Host', 'HostSNI', 'HostHeader'), fc.array(host, { minLength: 1, maxLength: 3 }), fc.constantFrom('`', '"')).map(([name, hosts, quote]) => ({
        text: `${name}(${hosts.map((h) => quote + h + quote).join(', ')})`,
        positive: hosts,
        negative: [],
      })),
      fc.constantFrom('PathPrefix(`/x`)', 'HostRegexp(`.+`)', 'Header(`Host`, "h")').map((text) => ({ text, positive: [], negative: [] })),
      tie('rule').map((r) => ({ text: `!(${r.text})`, positive: r.negative, negative: r.positive })),
      fc.tuple(tie('rule'), fc.constantFrom('&&', '||', ' && ', '\n|| '), tie('rule')).map(([a, operator, b]) => ({
        text: `(${a.text})${operator}(${b.text})`,
        positive: [...a.positive, ...b.positive],
        negative: [...a.negative, ...b.negative],
      })),
    ),
  }));

  it('finds exactly the hosts that are not negated, however a rule is nested', () => {
    fc.assert(
      fc.property(rule, ({ text, positive }) => {
        assert.deepEqual(hostsOfRule(text), { hosts: positive, problem: undefined });
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, and ends quickly on long nonsense', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('`', '"', '(', ')', '!', '&&', '\\', 'Host', 'a.', ' ', ',', '\n') }), (text) => {
      hostsOfRule(text);
    }));
    assert.match(hostsOfRule('!('.repeat(50_000) + 'Host(`a`)').problem ?? '', /missing/);
    assert.match(hostsOfRule('"\\'.repeat(50_000)).problem ?? '', /not closed at 1/);
  });
});
