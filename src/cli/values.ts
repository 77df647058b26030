import type { FlagDefinition } from '../config/flag.ts';
import { nearest } from './nearest.ts';

/** A value as it is kept in the Config, or what is wrong with the text (a clause that follows the flag's name). */
export type Parsed<T> = { readonly value: T } | { readonly problem: string };

export type FlagValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

/** What a flag's texts (one, or several where it may be repeated) stand for. */
export function parseFlagValue(flag: FlagDefinition, texts: readonly string[]): Parsed<FlagValue> {
  const text = texts.at(-1) ?? '';
  switch (flag.type) {
    case 'string':
    // whether it is an expression is seen where it is compiled: the library takes longer to load than all the rest of the parser
    case 'regexp':
      return { value: text };
    case 'strings':
      return { value: texts };
    case 'bool':
      return parseBoolean(text);
    case 'int':
      return parseInteger(text, flag.wide === true);
    case 'duration':
      return parseDurationMs(text, flag.bareSeconds === true);
    case 'enum':
      return parseChoice(flag.synonyms?.[text] ?? text, flag.optional === true ? ['', ...flag.choices] : flag.choices);
    case 'enums': {
      for (const each of texts) {
        const choice = parseChoice(each, flag.choices);
        if ('problem' in choice) return choice;
      }
      return { value: texts };
    }
    case 'map':
      return parsePairs(texts);
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, false] as const),
]);

/** The words that Go's ParseBool knows. */
export function parseBoolean(text: string): Parsed<boolean> {
  const value = booleans.get(text);
  return value === undefined ? { problem: `${quote(text)} is neither true nor false; write true or false (or 1 or 0)` } : { value };
}

/** A decimal number, also with underscores and an exponent, if it is whole. Wide ones are 64 bits in Go, and are written as its whole literals. */
export function parseInteger(text: string, wide = false): Parsed<number> {
  const value = wide ? wideInteger(text) : decimal.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  // of the widest ones the last digits are lost: such a limit is none
  const fits = typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
  if (fits) return { value: Number(value) || 0 };
  return { problem: /^[+-]?\d*\.\d+$/.test(text) ? `${quote(text)} has a fraction; write a whole number` : `${quote(text)} is no whole number` };
}

const decimal = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+)?$/;

/** A whole literal as in Go; undefined for what is none. */
function wideInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/.exec(text) ?? [];
  if (digits === '') return undefined;
  const plain = digits.replaceAll('_', '');
  const value = BigInt(/^0\d/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === '-' ? -value : value;
}

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6, us: 1e-3, '\u00b5s': 1e-3, '\u03bcs': 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000,
};

/** The largest duration that Go can hold, of some 292 years. */
const longestMs = 2 ** 63 / 1e6;

/**
 * A duration as Go writes it, with days (d) and weeks (w): `1h30m`, `1.5d`, `-5s`, in any order of units. In milliseconds, with a fraction below.
 * With `bareSeconds` a number without a unit counts as seconds; else only 0 may stand without one.
 */
export function parseDurationMs(text: string, bareSeconds = false): Parsed<number> {
  const body = text.replace(/^[+-]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  const number = String.raw`(?:\d+\.?\d*|\.\d+)`;
  if (body === '0') return { value: 0 };
  if (bareSeconds && new RegExp(`^${number}$`).test(body)) return bounded(text, sign * Number(body) * 1000);
  const parts = [...body.matchAll(new RegExp(`(${number})([a-z\u00b5\u03bc]+)`, 'g'))];
  if (body === '' || parts.map((part) => part[0]).join('') !== body) {
    const hint = new RegExp(`^${number}$`).test(body) ? `write the unit, as in ${text}s or ${text}m` : 'write for example 30s, 5m, 1h30m or 2d';
    return { problem: `${quote(text)} is no duration; ${hint}` };
  }
  let totalMs = 0;
  for (const [, amount, unit = ''] of parts) {
    const each = unitMs[unit];
    if (each === undefined) return { problem: `${quote(text)} is no duration: ${quote(unit)} is no unit; the units are ns, us, ms, s, m, h, d and w` };
    totalMs += Number(amount) * each;
  }
  return bounded(text, sign * totalMs);
}

function bounded(text: string, value: number): Parsed<number> {
  return Math.abs(value) < longestMs ? { value: value === 0 ? 0 : value } : { problem: `${quote(text)} is too long a duration` };
}

function parseChoice(text: string, choices: readonly string[]): Parsed<string> {
  if (choices.includes(text)) return { value: text };
  const known = `known are: ${choices.filter(Boolean).join(', ')}`;
  if (text === '') return { problem: `it is empty; ${known}` };
  if (text.includes(',') && text.split(',').every((part) => choices.includes(part.trim()))) return { problem: `${quote(text)} is not known; give each value on its own, without commas` };
  const meant = nearest(text, choices);
  return { problem: `${quote(text)} is not known${meant === undefined ? '' : `; did you mean ${meant}?`}; ${known}` };
}

/** KEY=VALUE, or KEY:VALUE; a later pair replaces an earlier one with its key. */
function parsePairs(texts: readonly string[]): Parsed<Readonly<Record<string, string>>> {
  const pairs: [string, string][] = [];
  for (const text of texts) {
    const at = text.search(/[:=]/);
    if (at < 0) return { problem: `${quote(text)} is no pair; write KEY=VALUE` };
    pairs.push([text.slice(0, at), text.slice(at + 1)]);
  }
  return { value: Object.fromEntries(pairs) };
}

const quote = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
