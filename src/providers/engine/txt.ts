/** TXT data in the master file form that many APIs keep: one or more strings of up to 255 bytes, each in quotes. */

/** The most bytes in one string (RFC 1035, section 3.3). */
export const longestString = 255;

/** A text in quotes; one that has them is taken as it is, but for strings that are too long, which are cut. */
export function normalText(target: string): string {
  const strings = quotedStrings(target);
  if (strings === undefined) return quoted(target.replace(/[\\"]/g, '\\$&'));
  return strings.every((s) => Buffer.byteLength(s) <= longestString) ? target : strings.map(quoted).join(' ');
}

/** What is between the quotes of each string, with its escapes; undefined where it is not in this form. */
export function quotedStrings(text: string): readonly string[] | undefined {
  if (!/^\s*"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*\s*$/s.test(text)) return undefined;
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(([, inside = '']) => inside);
}

const quoted = (text: string): string => pieces(text).map((p) => `"${p}"`).join(' ');

/** A text cut into pieces of up to 255 bytes, never inside a character or an escape. */
export function pieces(text: string): readonly string[] {
  const found: string[] = [];
  let [piece, bytes] = ['', 0];
  for (const [unit] of text.matchAll(/\\\d{3}|\\.|./gsu)) {
    const size = Buffer.byteLength(unit);
    if (bytes + size > longestString) {
      found.push(piece);
      [piece, bytes] = ['', 0];
    }
    piece += unit;
    bytes += size;
  }
  return [...found, piece];
}
