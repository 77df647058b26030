import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseTTL } from './ttl.ts';

describe('TTLs', () => {
  const cases: readonly (readonly [text: string, seconds: number | undefined])[] = [
    ['300', 300],
    ['+90', 90],
    ['007', 7],
    ['10m', 600],
    ['1h30m5s', 5405],
    ['.5h', 1800],
    ['1.5h', 5400],
    ['2.9s', 2],
    ['61000ms', 61],
    ['1000000us', 1],
    ['1', 1],
    ['2147483647', 2147483647],
    ['2147483648', undefined],
    ['0', undefined],
    ['900ms', undefined],
    ['-60', undefined],
    ['-1m', undefined],
    ['1d', undefined],
    [' 60', undefined],
    ['60.5', undefined],
    ['0x3c', undefined],
    ['1h 5m', undefined],
    ['', undefined],
    ['.s', undefined],
    ['soon', undefined],
  ];
  for (const [text, seconds] of cases) it(`${JSON.stringify(text)} is ${seconds ?? 'none'}`, () => assert.equal(parseTTL(text), seconds));

  it('hours, minutes and seconds add up', () => {
    const part = fc.integer({ min: 0, max: 1000 });
    fc.assert(fc.property(part, part, part, (h, m, s) => assert.equal(parseTTL(`${h}h${m}m${s}s`), h * 3600 + m * 60 + s || undefined)));
  });
});
