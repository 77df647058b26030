#!/usr/bin/env node
// Bundles the program into dist/ (or --outdir DIR): one entry, and a chunk for each plug-in that is loaded only when named.
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const at = process.argv.indexOf('--outdir');
const outdir = at < 0 ? 'dist' : process.argv[at + 1];

rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: { main: 'src/main.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
  // CommonJS dependencies call require() for Node's own modules
  banner: { js: "import { createRequire as externalDnsRequire } from 'node:module'; const require = externalDnsRequire(import.meta.url);" },
});
