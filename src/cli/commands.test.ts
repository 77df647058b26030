import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCommand } from './commands.ts';
import { nearest } from './nearest.ts';

describe('the command', () => {
  it('is run where none is named', () => {
    assert.deepEqual(findCommand([]), { name: 'run', argv: [] });
    assert.deepEqual(findCommand(['--once', 'x']), { name: 'run', argv: ['--once', 'x'] });
    assert.deepEqual(findCommand(['@flags']), { name: 'run', argv: ['@flags'] });
  });
  it('is the first argument', () => assert.deepEqual(findCommand(['run', '--once']), { name: 'run', argv: ['--once'] }));
  it('is refused where it is not known', () => {
    assert.throws(() => findCommand(['fly']), /unknown command "fly"; known are: .*run/);
    assert.throws(() => findCommand(['toString']), /unknown command/);
  });
});

describe('the word that was meant', () => {
  const words = ['domain-filter', 'domain-name', 'dry-run', 'once', 'crd'];
  for (const [word, meant] of [
    ['domain-fliter', 'domain-filter'],
    ['domainfilter', 'domain-filter'],
    ['dry', 'dry-run'],
    ['CRD', 'crd'],
    ['onc', 'once'],
    ['crx', undefined],
    ['quite-another', undefined],
    ['', undefined],
  ] as const)
    it(`for "${word}" is ${meant ?? 'none'}`, () => assert.equal(nearest(word, words), meant));
});
