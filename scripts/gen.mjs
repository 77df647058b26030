#!/usr/bin/env node
// Writes the pages of docs/ that are made from tables of the program (src/cli/docs/pages.ts).
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const outdir = `.build/gen-${process.pid}`;
try {
  await build({
    entryPoints: ['src/cli/docs/pages.ts'],
    outfile: path.join(outdir, 'pages.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  const { pages } = await import(pathToFileURL(path.resolve(outdir, 'pages.mjs')).href);
  for (const page of pages) {
    const content = await page.make();
    if (contentOf(page.path) === content) continue;
    mkdirSync(path.dirname(page.path), { recursive: true });
    writeFileSync(page.path, content);
    console.log(`wrote ${page.path}`);
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
