import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matchesSelector, parseSelector } from './selector.ts';

describe('label selectors', () => {
  const labels = { tier: 'front', 'example.com/zone': 'dmz', empty: '', cores: '8' };
  const cases: readonly (readonly [selector: string, matches: boolean])[] = [
    ['', true],
    ['  ', true],
    ['tier=front', true],
    ['tier==front', true],
    ['tier = front , cores', true],
    ['tier=back', false],
    ['tier!=back', true],
    ['tier!=front', false],
    ['missing!=anything', true],
    ['tier in (front, back)', true],
    ['tier in(back)', false],
    ['missing in (front)', false],
    ['tier notin (back)', true],
    ['tier notin (front,back)', false],
    ['missing notin (front)', true],
    ['tier', true],
    ['missing', false],
    ['!missing', true],
    ['!tier', false],
    ['empty=', true],
    ['empty in (,x)', true],
    ['empty in ()', true],
    ['tier in ()', false],
    ['tier notin ()', true],
    ['tier=,cores', false],
    ['example.com/zone=dmz', true],
    ['cores > 4', true],
    ['cores>8', false],
    ['cores<9', true],
    ['tier>1', false],
    ['tier=front,!tier', false],
    ['in=x', false],
    ['notin', false],
    ['toString', false],
  ];
  for (const [selector, matches] of cases)
    it(`${JSON.stringify(selector)} ${matches ? 'matches' : 'does not match'}`, () => assert.equal(matchesSelector(parseSelector(selector), labels), matches));

  const wrong = ['zone in (dmz', 'zone in dmz', 'expose===', 'a b', 'a,', ',a', '=a', 'a>b', 'a=b c', '-a=b', 'a=b-', 'A.B/x/y=1', 'a(', '!', `a=${'x'.repeat(64)}`, `${'x'.repeat(64)}=a`, 'a=b,,c'];
  for (const selector of wrong) it(`${JSON.stringify(selector).slice(0, 40)} is refused, with the selector in the message`, () => assert.throws(() => parseSelector(selector), /^Error: label selector ".*": .+/));

  it('reads any text or refuses it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'in', 'notin', ' ', '(', ')', ',', '=', '!', '>', '<', '/', '.', '-', '1') }), (text) => {
        try {
          assert.ok(Array.isArray(parseSelector(text)));
        } catch (error) {
          assert.match(String(error), /label selector/);
        }
      }),
    );
  });
});
