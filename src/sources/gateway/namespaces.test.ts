import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LabelSelectorSpec } from '../../kubernetes/resources/gateway-api.ts';
import { matchesSelector } from '../../kubernetes/selector.ts';
import { namespaceRule, selectorOf } from './namespaces.ts';

const expressions = (...matchExpressions: LabelSelectorSpec['matchExpressions']): LabelSelectorSpec => ({ matchLabels: {}, matchExpressions });

describe('namespaceRule', () => {
  for (const [from, expected] of [
    ['', 'same'],
    ['All', 'all'],
    ['Same', 'same'],
    ['None', 'none'],
    ['Selector', 'none'],
    ['Friends', 'none'],
  ] as const)
    it(`takes from: "${from}" without a selector as ${expected}`, () => assert.equal(namespaceRule({ from, selector: undefined }, 'same'), expected));

  it('lets in nothing where nothing is written and that is the default', () => assert.equal(namespaceRule({ from: '', selector: undefined }, 'none'), 'none'));

  it('lets in all where the selector is empty', () => assert.deepEqual(namespaceRule({ from: 'Selector', selector: expressions() }, 'same'), []));
});

describe('selectorOf', () => {
  for (const [name, spec, blue] of [
    ['equal labels', { matchLabels: { team: 'blue' }, matchExpressions: [] }, true],
    ['other labels', { matchLabels: { team: 'red' }, matchExpressions: [] }, false],
    ['In', expressions({ key: 'team', operator: 'In', values: ['red', 'blue'] }), true],
    ['NotIn', expressions({ key: 'team', operator: 'NotIn', values: ['blue'] }), false],
    ['Exists', expressions({ key: 'team', operator: 'Exists', values: [] }), true],
    ['DoesNotExist', expressions({ key: 'team', operator: 'DoesNotExist', values: [] }), false],
    ['labels and expressions together', { matchLabels: { team: 'blue' }, matchExpressions: [{ key: 'tier', operator: 'Exists', values: [] }] }, false],
  ] as const)
    it(`${blue ? 'fits' : 'does not fit'} by ${name}`, () => {
      const selector = selectorOf(spec);
      assert.ok(selector);
      assert.equal(matchesSelector(selector, { team: 'blue' }), blue);
    });

  for (const [name, spec] of [
    ['an operator that does not exist', expressions({ key: 'team', operator: 'Like', values: ['b'] })],
    ['In without values', expressions({ key: 'team', operator: 'In', values: [] })],
    ['NotIn without values', expressions({ key: 'team', operator: 'NotIn', values: [] })],
    ['Exists with values', expressions({ key: 'team', operator: 'Exists', values: ['b'] })],
    ['DoesNotExist with values', expressions({ key: 'team', operator: 'DoesNotExist', values: ['b'] })],
  ] as const)
    it(`refuses ${name}`, () => assert.equal(selectorOf(spec), undefined));
});
