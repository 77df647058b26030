#!/usr/bin/env node
// Runs test/chaos/chaos.ts; see there.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const outfile = `.build/chaos-${process.pid}.mjs`;
try {
  await build({ entryPoints: ['test/chaos/chaos.ts'], outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20', packages: 'external', sourcemap: 'inline', logLevel: 'warning' });
  process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(outfile, { force: true });
}
