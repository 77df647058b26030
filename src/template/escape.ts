import { isPrintable } from './quote.ts';

const html: Readonly<Record<string, string>> = { '\0': '\ufffd', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** For texts within HTML. */
export const escapeHtml = (text: string): string => [...text].map((c) => html[c] ?? c).join('');

const javaScript: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"', '<': '\\u003C', '>': '\\u003E', '&': '\\u0026', '=': '\\u003D' };

/** For texts within a string of JavaScript. */
export const escapeJavaScript = (text: string): string =>
  [...text]
    .map((c) => {
      const known = javaScript[c];
      if (known !== undefined) return known;
      const code = c.codePointAt(0) ?? 0;
      if (code < 0x20) return `\\u00${hex(code, 2)}`;
      return code < 0x80 || isPrintable(c) ? c : `\\u${hex(code, 4)}`;
    })
    .join('');

const hex = (code: number, digits: number): string => code.toString(16).toUpperCase().padStart(digits, '0');

/** For texts within the query of a URL; blanks become `+`. */
export const escapeQuery = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
    .replace(/%20/g, '+')
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
