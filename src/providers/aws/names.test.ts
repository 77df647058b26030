import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bareZoneId, readName, writeName } from './names.ts';

describe('names of Route 53', () => {
  const cases: readonly { title: string; stored: string; name: string }[] = [
    { title: 'have a final dot', stored: 'web.example.org.', name: 'web.example.org' },
    { title: 'have an escaped asterisk', stored: '\\052.example.org.', name: '*.example.org' },
    { title: 'may have it in the middle', stored: 'a.\\052.example.org.', name: 'a.*.example.org' },
    { title: 'have other signs escaped, too', stored: 'a\\100b.example.org.', name: 'a@b.example.org' },
    { title: 'may have a backslash', stored: 'a\\134b.example.org.', name: 'a\\b.example.org' },
    { title: 'are in UTF-8', stored: 'b\\303\\274cher.example.org.', name: 'bücher.example.org' },
    { title: 'keep what is no escape', stored: 'a\\9b.example.org.', name: 'a\\9b.example.org' },
  ];
  for (const { title, stored, name } of cases) it(title, () => assert.equal(readName(stored), name));

  it('are sent as they are where they are plain', () => assert.equal(writeName('*.a_b-c.example.org'), '*.a_b-c.example.org'));
  it('are sent with escapes else', () => assert.equal(writeName('a@b.ü.example.org'), 'a\\100b.\\303\\274.example.org'));
  it('come back as they were sent', () => fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (label) => assert.equal(readName(`${writeName(`${label}.example.org`)}.`), `${label}.example.org`))));
});

it('ids of zones have no path', () => assert.deepEqual(['/hostedzone/Z1', 'hostedzone/Z1', ' Z1 '].map(bareZoneId), ['Z1', 'Z1', 'Z1']));
