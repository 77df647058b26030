import { formatAs, format as formatPlain, formatInteger, nilText } from './format.ts';
import { formatFloat, formatFloatAs } from './numbers.ts';
import { quote, quoteCharacter } from './quote.ts';
import { type Argument, dereference, numberOf, textOf } from './values.ts';

interface Verb {
  readonly letter: string;
  readonly plus: boolean;
  readonly minus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

/** Wider is refused, as Go does. */
const widest = 1_000_000;

/** Go's `Sprintf`, with its notes on what does not fit: `%!d(string=x)`, `%!s(MISSING)`, `%!(EXTRA int=1)`. */
export function printf(format: string, args: readonly Argument[]): string {
  let out = '';
  let at = 0;
  let next = 0;
  let reordered = false;

  /** `[2]`: the argument that is meant. False: it is malformed or there is no such argument. */
  const argumentIndex = (): boolean | undefined => {
    if (format[at] !== '[') return undefined;
    reordered = true;
    const close = format.indexOf(']', at);
    if (close < 0) {
      at++;
      return false;
    }
    const index = format.slice(at + 1, close);
    at = close + 1;
    if (!/^\d+$/.test(index) || Number(index) < 1 || Number(index) > args.length) return false;
    next = Number(index) - 1;
    return true;
  };
  const digits = (): number | undefined => {
    const from = at;
    while (isDigit(format[at])) at++;
    const size = Number(format.slice(from, at));
    if (size > widest) at = format.length;
    return at > from && size <= widest ? size : undefined;
  };
  const star = (): number | undefined => {
    at++;
    const arg = args[next];
    if (next < args.length) next++;
    const value = arg?.type.kind === 'int' ? numberOf(arg) : undefined;
    return value !== undefined && Math.abs(value) <= widest ? value : undefined;
  };

  while (at < format.length) {
    const percent = format.indexOf('%', at);
    if (percent < 0) {
      out += format.slice(at);
      break;
    }
    out += format.slice(at, percent);
    at = percent + 1;
    const flags = /^[+\-# 0]*/.exec(format.slice(at, at + 64))?.[0] ?? '';
    at += flags.length;
    let minus = flags.includes('-');
    let zero = flags.includes('0');
    let goodIndex = true;
    let afterIndex = false;
    const index = (): void => {
      const found = argumentIndex();
      if (found === false) goodIndex = false;
      afterIndex = found === true;
    };
    index();
    let width: number | undefined;
    if (format[at] === '*') {
      width = star();
      if (width === undefined) out += '%!(BADWIDTH)';
      else if (width < 0) {
        width = -width;
        minus = true;
        zero = false;
      }
      afterIndex = false;
    } else {
      width = digits();
      if (afterIndex && width !== undefined) goodIndex = false;
    }
    let precision: number | undefined;
    if (format[at] === '.' && at + 1 < format.length) {
      at++;
      if (afterIndex) goodIndex = false;
      index();
      if (format[at] === '*') {
        precision = star();
        if (precision === undefined) out += '%!(BADPREC)';
        else if (precision < 0) precision = undefined;
        afterIndex = false;
      } else precision = digits() ?? 0;
    }
    if (!afterIndex) index();
    const code = format.codePointAt(at);
    if (code === undefined) {
      out += '%!(NOVERB)';
      break;
    }
    const letter = String.fromCodePoint(code);
    at += letter.length;
    if (letter === '%') out += '%';
    else if (!goodIndex) out += `%!${letter}(BADINDEX)`;
    else if (next >= args.length) out += `%!${letter}(MISSING)`;
    else {
      const verb: Verb = { letter, plus: flags.includes('+'), minus, sharp: flags.includes('#'), space: flags.includes(' '), zero, width, precision };
      out += formatArgument(args[next], verb);
      next++;
    }
  }
  if (!reordered && next < args.length) {
    out += `%!(EXTRA ${args
      .slice(next)
      .map((arg) => (arg ? `${arg.type.name}=${formatPlain(arg)}` : nilText))
      .join(', ')})`;
  }
  return out;
}

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

function formatArgument(arg: Argument, verb: Verb): string {
  const { letter } = verb;
  if (letter === 'T') return pad(arg?.type.name ?? nilText, verb);
  if (letter === 'p') return arg?.type.kind === 'pointer' ? formatPlain(arg) : bad(arg, verb);
  if (!arg) return letter === 'v' ? pad(nilText, verb) : bad(arg, verb);
  if (letter === 'v' && verb.sharp) return goSyntax(arg);
  return formatAs(arg, 0, letter === 'v' && verb.plus, (value) => formatLeaf(value, letter === 'v' ? { ...verb, plus: false } : verb));
}

function formatLeaf(value: Argument, verb: Verb): string {
  if (!value) return verb.letter === 'v' ? pad(nilText, verb) : bad(value, verb);
  switch (value.type.kind) {
    case 'string':
      return formatText(textOf(value), verb) ?? bad(value, verb);
    case 'bool':
      return verb.letter === 'v' || verb.letter === 't' ? pad(String(value.raw === true), verb) : bad(value, verb);
    case 'int':
      return formatInt(numberOf(value), verb) ?? bad(value, verb);
    case 'float':
      return formatFloatVerb(numberOf(value), verb) ?? bad(value, verb);
    default:
      return verb.letter === 'v' ? pad(formatPlain(value), verb) : bad(value, verb);
  }
}

/** A value that the verb does not fit, shown as by `%v`, still with width and precision. */
function bad(value: Argument, verb: Verb): string {
  if (!value) return `%!${verb.letter}(${nilText})`;
  const shown = value.type.kind === 'pointer' ? formatPlain(value) : formatAs(value, 0, false, (leaf) => formatLeaf(leaf, { ...verb, letter: 'v' }));
  return `%!${verb.letter}(${value.type.name}=${shown})`;
}

/** Fills up to the width, counted in characters. */
function pad(text: string, verb: Verb): string {
  const missing = (verb.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (verb.minus) return text + ' '.repeat(missing);
  return (verb.zero ? '0' : ' ').repeat(missing) + text;
}

function formatText(text: string, verb: Verb): string | undefined {
  const cut = (): string => (verb.precision === undefined ? text : [...text].slice(0, verb.precision).join(''));
  switch (verb.letter) {
    case 'v':
    case 's':
      return pad(cut(), verb);
    case 'q':
      return pad(verb.sharp && canBackquote(text) ? `\`${cut()}\`` : quote(cut(), verb.plus), verb);
    case 'x':
    case 'X': {
      const bytes = [...Buffer.from(text)].slice(0, verb.precision).map((byte) => byte.toString(16).padStart(2, '0'));
      const hex = verb.space ? bytes.map((byte) => (verb.sharp ? `0x${byte}` : byte)).join(' ') : (verb.sharp && bytes.length ? '0x' : '') + bytes.join('');
      return pad(verb.letter === 'X' ? hex.toUpperCase() : hex, verb);
    }
    default:
      return undefined;
  }
}

/** A raw string can hold it: no backquote, and no control characters but tabs. */
const canBackquote = (text: string): boolean => [...text].every((c) => c !== '`' && c !== '\x7f' && c !== '\ufeff' && (c >= ' ' || c === '\t'));

const bases: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function formatInt(value: number, verb: Verb): string | undefined {
  const { letter } = verb;
  const isCharacter = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  if (letter === 'c') return pad(String.fromCodePoint(isCharacter ? value : 0xfffd), verb);
  if (letter === 'q') return pad(quoteCharacter(isCharacter ? value : 0xfffd, verb.plus), verb);
  if (letter === 'U') {
    const hex = BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase();
    const code = `U+${hex.padStart(Math.max(4, verb.precision ?? 0), '0')}`;
    return pad(verb.sharp && isCharacter && value > 0x1f ? `${code} '${String.fromCodePoint(value)}'` : code, { ...verb, zero: false });
  }
  const base = bases[letter];
  if (base === undefined) return undefined;
  if (verb.precision === 0 && value === 0) return pad('', { ...verb, zero: false });
  const sign = value < 0 ? '-' : verb.plus ? '+' : verb.space ? ' ' : '';
  let text = BigInt(Math.abs(value)).toString(base);
  const zeros = verb.precision ?? (verb.zero && !verb.minus && verb.width !== undefined ? verb.width - sign.length : 0);
  text = text.padStart(zeros, '0');
  if (verb.sharp && base === 2) text = `0b${text}`;
  if (verb.sharp && base === 8 && !text.startsWith('0')) text = `0${text}`;
  if (verb.sharp && base === 16) text = `0x${text}`;
  if (letter === 'O') text = `0o${text}`;
  if (letter === 'X') text = text.toUpperCase();
  return pad(sign + text, { ...verb, zero: false });
}

function formatFloatVerb(value: number, verb: Verb): string | undefined {
  const kind = verb.letter === 'v' ? 'g' : verb.letter.toLowerCase();
  if (kind !== 'e' && kind !== 'f' && kind !== 'g') return undefined;
  const text = formatFloatAs(value, kind, verb.precision);
  const cased = verb.letter === 'E' || verb.letter === 'G' ? text.toUpperCase() : text;
  const negative = cased.startsWith('-');
  const size = negative || cased.startsWith('+') ? cased.slice(1) : cased;
  const sign = negative ? '-' : verb.plus || cased.startsWith('+') ? '+' : verb.space ? ' ' : '';
  if (!verb.zero || verb.minus || !Number.isFinite(value)) return pad(sign + size, { ...verb, zero: false });
  return sign + size.padStart((verb.width ?? 0) - sign.length, '0');
}

/** `%#v`: as Go source would have it. */
function goSyntax(value: Argument, depth = 0): string {
  if (!value) return nilText;
  const { type } = value;
  if (depth > 100) return '...';
  switch (type.kind) {
    case 'string':
      return quote(textOf(value), false);
    case 'int':
      return formatInteger(numberOf(value));
    case 'float':
      return formatFloat(numberOf(value));
    case 'bool':
      return String(value.raw === true);
    case 'pointer': {
      const { value: target, nil } = dereference(value);
      return nil ? `(${type.name})(nil)` : `&${goSyntax(target, depth + 1)}`;
    }
    default:
      return `${type.name}${formatPlain(value)}`;
  }
}
