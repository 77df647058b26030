#!/usr/bin/env node
// Runs all unit tests (src/**/*.test.ts and test/**/*.test.ts) in one process: bundled by esbuild, run by Node's test runner.
//   node scripts/unit.mjs [TEXT ...]     only files whose path contains one of the texts
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { globSync } from './glob.mjs';
import path from 'node:path';
import { build } from 'esbuild';

const texts = process.argv.slice(2);
const files = ['src', 'test'].flatMap((dir) => globSync(dir, (file) => file.endsWith('.test.ts'))).filter((f) => texts.length === 0 || texts.some((t) => f.includes(t)));
if (files.length === 0) {
  console.error('no test file matches');
  process.exit(2);
}
const outdir = `.build/unit-${process.pid}`;
mkdirSync(outdir, { recursive: true });
const entry = path.join(outdir, 'all.ts');
writeFileSync(entry, files.map((f) => `import ${JSON.stringify(path.relative(outdir, f))};`).join('\n'));
let status = 1;
try {
  await build({
    entryPoints: [entry],
    outdir: path.join(outdir, 'out'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  status = spawnSync(process.execPath, ['--enable-source-maps', path.join(outdir, 'out', 'all.mjs')], { stdio: 'inherit', env: { ...process.env, NODE_TEST_CONTEXT: '' } }).status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exit(status);
