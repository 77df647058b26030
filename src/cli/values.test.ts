import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { FlagDefinition } from '../config/flag.ts';
import { parseBoolean, parseDurationMs, parseFlagValue, parseInteger, type Parsed } from './values.ts';

const valueOf = <T>(parsed: Parsed<T>): T | undefined => ('value' in parsed ? parsed.value : undefined);
const problemOf = (parsed: Parsed<unknown>): string => ('problem' in parsed ? parsed.problem : '');

describe('durations', () => {
  const good: readonly [text: string, ms: number, about: string][] = [
    ['30s', 30_000, 'a number and a unit'],
    ['1h2m3s', 3_723_000, 'several units'],
    ['5s1m', 65_000, 'units in any order'],
    ['1m1m', 120_000, 'a unit twice'],
    ['1.5m', 90_000, 'a fraction'],
    ['.5h', 1_800_000, 'a fraction without a leading zero'],
    ['1.h', 3_600_000, 'a point without a fraction'],
    ['2d', 172_800_000, 'days'],
    ['1w', 604_800_000, 'weeks'],
    ['3000000us', 3000, 'microseconds'],
    ['250µs', 0.25, 'the micro sign'],
    ['250μs', 0.25, 'the Greek letter mu'],
    ['1000000ns', 1, 'nanoseconds'],
    ['0', 0, 'a bare zero'],
    ['-0', 0, 'a bare zero with a sign'],
    ['0s', 0, 'zero with a unit'],
    ['+5s', 5000, 'a plus sign'],
    ['-1.5h', -5_400_000, 'a minus sign'],
  ];
  for (const [text, ms, about] of good) it(`${about}: ${text}`, () => assert.equal(valueOf(parseDurationMs(text)), ms));

  const bad: readonly [text: string, about: string][] = [
    ['', 'an empty text'],
    ['soon', 'a word'],
    ['1h 30m', 'a blank inside'],
    [' 5s', 'a blank before'],
    ['72', 'a number without a unit'],
    ['1y', 'years'],
    ['5S', 'capitals'],
    ['-', 'a sign alone'],
    ['--5s', 'two signs'],
    ['1h-5m', 'a sign inside'],
    ['.s', 'a point alone'],
    ['s', 'a unit alone'],
    ['5s5', 'a number at the end'],
    ['0x10s', 'hexadecimals'],
    ['1e3s', 'an exponent'],
    ['1,5s', 'a comma'],
    ['200000w', 'more than 292 years'],
  ];
  for (const [text, about] of bad) it(`refused is ${about}: "${text}"`, () => assert.notEqual(problemOf(parseDurationMs(text)), ''));

  it('a number without a unit names what is missing', () => assert.match(problemOf(parseDurationMs('72')), /72s/));
  it('an unknown unit names the known ones', () => assert.match(problemOf(parseDurationMs('1y')), /"y" is no unit; the units are ns, us, ms, s, m, h, d and w/));
  it('bare seconds, where they are allowed', () => {
    assert.equal(valueOf(parseDurationMs('72', true)), 72_000);
    assert.equal(valueOf(parseDurationMs('-1.5', true)), -1500);
    assert.equal(valueOf(parseDurationMs('1m12s', true)), 72_000);
  });

  it('are the sum of their parts', () => {
    const sizes = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
    const unit = fc.constantFrom(...(Object.keys(sizes) as (keyof typeof sizes)[]));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2000), unit), { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.map(([n, u]) => `${n}${u}`).join('');
        assert.equal(valueOf(parseDurationMs(text)), parts.reduce((sum, [n, u]) => sum + n * sizes[u], 0));
      }),
    );
  });
  it('never throw', () => fc.assert(fc.property(fc.string(), (text) => void parseDurationMs(text, true))));
});

describe('whole numbers', () => {
  const good: readonly [text: string, value: number, wide: boolean][] = [
    ['5', 5, false], ['+5', 5, false], ['-1', -1, false], ['007', 7, false], ['1e3', 1000, false], ['1_000', 1000, false], ['5.0', 5, false], ['0', 0, false], ['-0', 0, false],
    ['33554432', 33_554_432, true], ['0x10', 16, true], ['1_000', 1000, true], ['0o17', 15, true], ['017', 15, true], ['0b11', 3, true], ['-5', -5, true], ['9223372036854775807', 2 ** 63, true], ['0', 0, true],
  ];
  for (const [text, value, wide] of good) it(`${text}${wide ? ' (wide)' : ''} is ${value}`, () => assert.equal(valueOf(parseInteger(text, wide)), value));
  const bad: readonly [text: string, wide: boolean][] = [
    ['', false], ['many', false], ['0x10', false], ['1__0', false], ['_1', false], ['1_', false], ['1.5', false], ['5 ', false], ['NaN', false], ['Infinity', false], ['1e400', false], ['99999999999999999999', false], ['1.5', true], ['', true], ['1_', true], ['08', true], ['1e3', true], ['9223372036854775808', true],
  ];
  for (const [text, wide] of bad) it(`refused is "${text}"${wide ? ' (wide)' : ''}`, () => assert.notEqual(problemOf(parseInteger(text, wide)), ''));
  it('any safe integer', () => fc.assert(fc.property(fc.maxSafeInteger(), (n) => assert.equal(valueOf(parseInteger(String(n))), n === 0 ? 0 : n))));
});

describe('switches', () => {
  it('know the words of the environment', () => {
    for (const word of ['1', 't', 'T', 'true', 'TRUE', 'True']) assert.equal(valueOf(parseBoolean(word)), true, word);
    for (const word of ['0', 'f', 'F', 'false', 'FALSE', 'False']) assert.equal(valueOf(parseBoolean(word)), false, word);
  });
  it('know no others', () => {
    for (const word of ['yes', 'no', 'on', 'off', '', 'tRUE', ' true', '2']) assert.match(problemOf(parseBoolean(word)), /neither true nor false/, word);
  });
});

describe('other values', () => {
  const level: FlagDefinition = { type: 'enum', default: 'info', choices: ['info', 'warning'], synonyms: { warn: 'warning' }, help: '' };
  const zone: FlagDefinition = { type: 'enum', default: '', choices: ['public', 'private'], optional: true, help: '' };
  const source: FlagDefinition = { type: 'enums', default: [], choices: ['service', 'ingress'], help: '' };
  const map: FlagDefinition = { type: 'map', default: {}, help: '' };
  const regexp: FlagDefinition = { type: 'regexp', default: '', help: '' };

  it('a choice is taken as it is', () => assert.deepEqual(parseFlagValue(level, ['info']), { value: 'info' }));
  it('a synonym stands for its choice', () => assert.deepEqual(parseFlagValue(level, ['warn']), { value: 'warning' }));
  it('an unknown choice names the one that was meant, and all', () => assert.equal(problemOf(parseFlagValue(zone, ['pubic'])), '"pubic" is not known; did you mean public?; known are: public, private'));
  it('the empty choice, where there may be none', () => assert.deepEqual(parseFlagValue(zone, ['']), { value: '' }));
  it('the empty choice is refused elsewhere', () => assert.match(problemOf(parseFlagValue(level, [''])), /it is empty/));
  it('several choices', () => assert.deepEqual(parseFlagValue(source, ['service', 'ingress']), { value: ['service', 'ingress'] }));
  it('one unknown choice among several is refused', () => assert.match(problemOf(parseFlagValue(source, ['service', 'x'])), /"x" is not known/));
  it('choices joined by commas are told apart', () => assert.match(problemOf(parseFlagValue(source, ['service,ingress'])), /each value on its own/));
  it('pairs by equals sign or colon; only the first divides', () => assert.deepEqual(parseFlagValue(map, ['a=b=c', 'd:e', 'f=']), { value: { a: 'b=c', d: 'e', f: '' } }));
  it('a later pair replaces an earlier one', () => assert.deepEqual(parseFlagValue(map, ['a=1', 'a=2']), { value: { a: '2' } }));
  it('no pair without a divider', () => assert.match(problemOf(parseFlagValue(map, ['nokey'])), /write KEY=VALUE/));
  it('an expression is taken as it is', () => assert.deepEqual(parseFlagValue(regexp, [String.raw`\.example\.org$`]), { value: String.raw`\.example\.org$` }));
});
