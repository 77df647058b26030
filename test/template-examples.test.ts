import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { goType } from '../src/kubernetes/go-types/index.ts';
import { sourceNames } from '../src/sources/index.ts';
import { keepHead } from '../src/kubernetes/keep.ts';
import type { KubeObject, RawObject } from '../src/kubernetes/object.ts';
import { goData, manifestData } from '../src/sources/common/template-data.ts';
import { templateFunctions } from '../src/sources/common/template-functions.ts';
import { builtins } from '../src/template/functions.ts';
import { template } from '../src/template/template.ts';

const page = readFileSync('docs/templates.md', 'utf8');
const raw: RawObject = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '');
const object: KubeObject = { ...keepHead(raw), raw };

/** As a source does it: by the names in Go, then by those of the manifest. */
function render(text: string): string {
  const compiled = template('docs', text, templateFunctions('service'));
  try {
    return compiled.render(goData(object, 'service'));
  } catch {
    return compiled.render(manifestData(object), { missingKeyFails: true });
  }
}

describe('the page about templates', () => {
  const examples = [...page.matchAll(/```text\n(.*?)```/gs)].flatMap(([, block = '']) => block.trimEnd().split('\n'));
  assert.ok(examples.length > 25);
  for (const example of examples) {
    const [, text = '', expected] = /^(.*?) +-> (.*)$/.exec(example) ?? [];
    it(`says what ${text} prints`, () => assert.equal(render(text).trimEnd(), expected));
  }

  it('names all functions', () => {
    for (const name of Object.keys({ ...builtins, ...templateFunctions('') })) if (name !== 'call') assert.match(page, new RegExp(`\`[^\`]*\\b${name}\\b`), name);
  });

  it('is about a kind that has a type', () => assert.ok(goType(object.apiVersion, object.kind)));

  it('names only sources that there are', () => {
    const table = page.slice(page.indexOf('| source |'), page.indexOf('## An object'));
    for (const [, cell = ''] of table.matchAll(/^\| (`.*?) \|/gm)) for (const [, name = ''] of cell.matchAll(/`(.*?)`/g)) assert.ok(sourceNames.includes(name), name);
  });
});
