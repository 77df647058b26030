/** Go's constants: quoted strings, characters and numbers. All functions give undefined for what is malformed. */

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const escape = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;

/** The text of `"..."` or `` `...` ``. */
export function unquote(literal: string): string | undefined {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '');
  return unescape(literal.slice(1, -1), '"');
}

/** The code point of `'x'`. */
export function unquoteCharacter(literal: string): number | undefined {
  const body = literal.slice(1, -1);
  const byte = /^\\(?:x([0-9a-fA-F]{2})|([0-7]{3}))$/.exec(body);
  if (byte) return byte[1] !== undefined ? Number.parseInt(byte[1], 16) : Number.parseInt(byte[2] ?? '', 8);
  const text = unescape(body, "'");
  const code = text?.codePointAt(0);
  return code !== undefined && text === String.fromCodePoint(code) ? code : undefined;
}

function unescape(body: string, quote: string): string | undefined {
  if (!body.includes('\\')) return body;
  // Escapes name bytes (\x, octal) as well as characters, so the text is put together as bytes.
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of body.matchAll(escape)) {
    parts.push(Buffer.from(body.slice(from, match.index)));
    const part = escaped(match, quote);
    if (part === undefined) return undefined;
    parts.push(part);
    from = match.index + match[0].length;
  }
  parts.push(Buffer.from(body.slice(from)));
  return Buffer.concat(parts).toString();
}

function escaped(match: RegExpExecArray, quote: string): Buffer | undefined {
  const [, hex, octal, short, long, other] = match;
  if (hex !== undefined) return Buffer.from([Number.parseInt(hex, 16)]);
  if (octal !== undefined) {
    const byte = Number.parseInt(octal, 8);
    return byte > 255 ? undefined : Buffer.from([byte]);
  }
  const digits = short ?? long;
  if (digits !== undefined) {
    const code = Number.parseInt(digits, 16);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : Buffer.from(String.fromCodePoint(code));
  }
  if (other === quote) return Buffer.from(quote);
  const code = other === undefined ? undefined : simpleEscapes[other];
  return code === undefined ? undefined : Buffer.from([code]);
}

export interface NumberLiteral {
  readonly value: number;
  readonly isInteger: boolean;
  readonly isFloat: boolean;
}

const integer = /^([+-]?)(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const hexFloat = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/;
const largest = (1n << 63n) - 1n;

/** `1`, `0x1F`, `1_000`, `017`, `1.5`, `1e3`. A text: what is wrong with it. */
export function parseNumber(literal: string): NumberLiteral | string {
  const match = integer.exec(literal);
  if (match) {
    const digits = literal.slice(match[1]?.length ?? 0).replaceAll('_', '');
    const size = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
    const signed = match[1] === '-' ? -size : size;
    if (signed > largest || signed < -largest - 1n) return `integer overflow: "${literal}"`;
    return { value: Number(signed), isInteger: true, isFloat: false };
  }
  const hex = hexFloat.exec(literal);
  if (hex && `${hex[2]}${hex[3]}` !== '') {
    const size = Number.parseInt(`${hex[2]}${hex[3]}`, 16) * 2 ** (Number(hex[4]) - 4 * (hex[3] ?? '').length);
    return float(hex[1] === '-' ? -size : size);
  }
  if (decimal.test(literal) && Number.isFinite(Number(literal))) {
    return /[.eE]/.test(literal) ? float(Number(literal)) : `integer overflow: "${literal}"`;
  }
  return `illegal number syntax: "${literal}"`;
}

const float = (value: number): NumberLiteral => ({ value, isInteger: Number.isSafeInteger(value), isFloat: true });
