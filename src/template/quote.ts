/** Go's quoted texts: `%q`. */

const escapes: Readonly<Record<number, string>> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

export const isPrintable = (character: string): boolean => printable.test(character);

/** In double quotes. `onlyAscii`: other characters as escapes. */
export const quote = (text: string, onlyAscii: boolean): string => `"${[...text].map((c) => escaped(c, '"', onlyAscii)).join('')}"`;

/** A character by its code, in single quotes. */
export const quoteCharacter = (code: number, onlyAscii: boolean): string => `'${escaped(String.fromCodePoint(code), "'", onlyAscii)}'`;

function escaped(character: string, mark: string, onlyAscii: boolean): string {
  if (character === mark || character === '\\') return `\\${character}`;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x20 && code < 0x7f) return character;
  if (code >= 0x80 && !onlyAscii && isPrintable(character)) return character;
  const short = escapes[code];
  if (short !== undefined) return short;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
