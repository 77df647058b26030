/** Cuts a template into tokens: text, and what stands inside of `{{` and `}}`. */

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'punctuation'
  | 'leftParen'
  | 'rightParen'
  | 'dot'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'bool'
  | 'nil'
  | 'number'
  | 'character'
  | 'string'
  | 'rawString'
  | 'end'
  | 'error';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of an error its message. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const keywords = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);

const spaces = /[ \t\r\n]+/y;
const word = /[\p{L}\p{Nd}_]+/uy;
const wordCharacter = /[\p{L}\p{Nd}_]/uy;
/** What may follow a word. */
const terminator = /[ \t\r\n.,|:()]|\}\}|$/y;
const quoted = /"(?:[^"\\\n]|\\[^\n])*"/y;
const rawQuoted = /`[^`]*`/y;
const character = /'(?:[^'\\\n]|\\[^\n])*'/y;
const number = /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)/y;
const comment = /\/\*[^]*?\*\//y;

/** The tokens of a text; the last one is `end`, or `error`. Never throws. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp, from = at): string | undefined => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, end: number): void => {
    tokens.push({ kind, text: text.slice(at, end), start: at, end });
    at = end;
  };
  const fail = (message: string): Token[] => {
    tokens.push({ kind: 'error', text: message, start: at, end: at });
    return tokens;
  };
  const skipSpaces = (): void => {
    at += match(spaces)?.length ?? 0;
  };

  for (;;) {
    const open = text.indexOf('{{', at);
    const trimLeft = open >= 0 && text[open + 2] === '-' && match(spaces, open + 3) !== undefined;
    const textEnd = open < 0 ? text.length : trimLeft ? endWithoutSpaces(text, at, open) : open;
    if (textEnd > at) push('text', textEnd);
    if (open < 0) {
      push('end', at);
      return tokens;
    }
    at = open;
    const inside = open + (trimLeft ? 4 : 2);
    if (text.startsWith('/*', inside)) {
      const whole = match(comment, inside);
      if (whole === undefined) return fail('unclosed comment');
      at = inside + whole.length;
      const close = closing(text, at);
      if (!close) return fail('comment ends before closing delimiter');
      at = close.end;
      if (close.trim) skipSpaces();
      continue;
    }
    push('open', inside);
    let depth = 0;
    for (;;) {
      const close = closing(text, at);
      if (close) {
        if (depth > 0) return fail('unclosed left paren');
        push('close', close.end);
        if (close.trim) skipSpaces();
        break;
      }
      const c = text[at];
      if (c === undefined) return fail('unclosed action');
      const space = match(spaces);
      if (space !== undefined) {
        // The last blank before a trim marker belongs to the marker.
        push('space', closing(text, at + space.length - 1) ? at + Math.max(space.length - 1, 1) : at + space.length);
        continue;
      }
      if (c === '"' || c === '`' || c === "'") {
        const [pattern, kind, name] = c === '"' ? ([quoted, 'string', 'quoted string'] as const) : c === '`' ? ([rawQuoted, 'rawString', 'raw quoted string'] as const) : ([character, 'character', 'character constant'] as const);
        const whole = match(pattern);
        if (whole === undefined) return fail(`unterminated ${name}`);
        push(kind, at + whole.length);
      } else if (c === ':') {
        if (text[at + 1] !== '=') return fail('expected :=');
        push('declare', at + 2);
      } else if (c === '=') push('assign', at + 1);
      else if (c === '|') push('pipe', at + 1);
      else if (c === '(') {
        depth++;
        push('leftParen', at + 1);
      } else if (c === ')') {
        if (--depth < 0) return fail('unexpected right paren');
        push('rightParen', at + 1);
      } else if (c === '$' || (c === '.' && !isDigit(text[at + 1]))) {
        const name = match(word, at + 1) ?? '';
        const end = at + 1 + name.length;
        if (match(terminator, end) === undefined) return fail(badCharacter(text, end));
        push(c === '$' ? 'variable' : name ? 'field' : 'dot', end);
      } else if (c === '.' || c === '+' || c === '-' || isDigit(c)) {
        const whole = match(number) ?? c;
        const end = at + whole.length;
        if (match(wordCharacter, end) !== undefined) return fail(`bad number syntax: "${text.slice(at, end + 1)}"`);
        push('number', end);
      } else {
        const name = match(word);
        if (name !== undefined) {
          const end = at + name.length;
          if (match(terminator, end) === undefined) return fail(badCharacter(text, end));
          push(keywords.has(name) ? 'keyword' : name === 'true' || name === 'false' ? 'bool' : name === 'nil' ? 'nil' : 'identifier', end);
        } else if (c > ' ' && c <= '~') push('punctuation', at + 1);
        else return fail(`unrecognized character in action: ${describeCharacter(text, at)}`);
      }
    }
  }
}

/** The closing delimiter at a place, with or without a trim marker. */
function closing(text: string, at: number): { end: number; trim: boolean } | undefined {
  if (text.startsWith('}}', at)) return { end: at + 2, trim: false };
  if (isSpace(text[at]) && text.startsWith('-}}', at + 1)) return { end: at + 4, trim: true };
  return undefined;
}

function endWithoutSpaces(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpace(text[end - 1])) end--;
  return end;
}

const isSpace = (c: string | undefined): boolean => c === ' ' || c === '\t' || c === '\r' || c === '\n';
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

const badCharacter = (text: string, at: number): string => `bad character ${describeCharacter(text, at)}`;

/** `U+0021 '!'` */
function describeCharacter(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(code)}'`;
}
