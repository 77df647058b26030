import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { data } from './cases.ts';
import { TemplateError } from './errors.ts';
import { tokenize } from './lexer.ts';
import { template } from './template.ts';

const pieces = ['{{', '}}', '{{-', '-}}', ' ', '\n', '/*', '*/', '"', '`', "'", '\\', '$x', '$', '.', '.name', '.list', ':=', '=', '|', ',', '(', ')', '1', '-3', '0x1F', '1.5e3', 'true', 'nil', 'if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'print', 'index', 'eq', 'printf', '"%d"', '"part"', 'ü', '😀', '!', 'text'];

/** Texts that look like templates, and some that do not. */
const texts = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.array(fc.constantFrom(...pieces.slice(4)), { maxLength: 12 }).map((parts) => `{{${parts.join(' ')}}}`),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe('the lexer', () => {
  it('cuts texts and actions into tokens', () => {
    const shown = tokenize('a {{- .Name | printf "%s" -}} b').map((token) => `${token.kind} ${token.text}`);
    assert.deepEqual(shown, ['text a', 'open {{- ', 'field .Name', 'space  ', 'pipe |', 'space  ', 'identifier printf', 'space  ', 'string "%s"', 'close  -}}', 'text b', 'end ']);
  });

  it('ends with one end or error, and its tokens stand in order and do not overlap, whatever the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tokens = tokenize(text);
        tokens.forEach((token, i) => assert.equal(token.kind === 'end' || token.kind === 'error', i === tokens.length - 1));
        let at = 0;
        for (const token of tokens) {
          assert.ok(token.start >= at && token.end >= token.start && token.end <= text.length);
          if (token.kind !== 'error') assert.equal(token.text, text.slice(token.start, token.end));
          at = token.end;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('any text at all', () => {
  it('is a template, or refused with a TemplateError', () => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          assert.equal(typeof template('main', text).render(data), 'string');
        } catch (error) {
          assert.ok(error instanceof TemplateError, String(error));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('without actions stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60 }).filter((text) => !text.includes('{{')),
        (text) => assert.equal(template('main', text).render(data), text),
      ),
    );
  });

  it('comes out of a quoted string as it went in', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => assert.equal(template('main', `{{printf "%s" ${JSON.stringify(text)}}}`).render(data), text)));
  });
});
