import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

/** What each folder may import, beside itself. The order is that of the way of the data; nothing imports upwards. */
const base = ['errors.ts', 'endpoint', 'log', 'metrics', 'config'];
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': [],
  log: ['errors.ts', 'config'],
  config: ['errors.ts'],
  metrics: ['errors.ts', 'config'],
  endpoint: ['errors.ts'],
  template: ['errors.ts'],
  dns: [...base, 'http'],
  http: base,
  kubernetes: [...base, 'http', 'template'],
  sources: [...base, 'kubernetes', 'template'],
  plan: base,
  registries: [...base, 'kubernetes', 'http'],
  providers: [...base, 'dns', 'http'],
  controller: [...base, 'kubernetes', 'sources', 'plan', 'registries', 'providers'],
  cli: [...base, 'kubernetes', 'http', 'sources', 'plan', 'registries', 'providers', 'controller', 'template'],
  'main.ts': ['cli'],
};
/** Parts that plug-ins share; everything else below sources/, providers/ and registries/ is a plug-in of its own. */
const shared: Readonly<Record<string, readonly string[]>> = {
  sources: ['source.ts', 'index.ts', 'common', 'wrappers', 'engine'],
  providers: ['provider.ts', 'index.ts', 'engine'],
  registries: ['registry.ts', 'index.ts', 'common'],
};

const root = 'src';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts'));
const imports = files.flatMap((file) =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+\.ts)'/g)].map(([, to]) => ({ file, to: path.normalize(path.join(path.dirname(file), to ?? '')) })),
);
const top = (file: string): string => file.split(path.sep)[0] ?? '';

describe('imports go one way', () => {
  it('sees the imports', () => assert.ok(imports.length > 100, `only ${imports.length} imports were found`));

  it('along the arrows between folders', () => {
    const wrong = imports.filter(({ file, to }) => top(file) !== top(to) && !mayImport[top(file)]?.includes(top(to)));
    assert.deepEqual(wrong, []);
  });

  it('never from one plug-in to another', () => {
    const plugin = (file: string): string | undefined => {
      const [folder = '', second = ''] = file.split(path.sep);
      return shared[folder]?.includes(second) === false ? `${folder}/${second.replace(/(-[a-z]+)?\.ts$/, '$1')}` : undefined;
    };
    const wrong = imports.filter(({ file, to }) => plugin(file) !== undefined && plugin(to) !== undefined && top(file) === top(to) && plugin(file)?.replace(/\.ts$/, '') !== plugin(to)?.replace(/\.ts$/, ''));
    assert.deepEqual(wrong, []);
  });

  it('has no folder without a rule', () => assert.deepEqual([...new Set(files.map(top))].filter((f) => !(f in mayImport) && f !== 'main.ts'), []));
});
