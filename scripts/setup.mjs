#!/usr/bin/env node
// Makes a checkout ready to run: installs the dependencies where they are missing or not those of package-lock.json, and
// builds where dist/ is missing or older than the sources. Says nothing where nothing is to be done.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from './glob.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 18)) stop(`Node.js 20.18.1 or later is needed; this is ${process.versions.node}.`);

if (dependenciesAreStale()) {
  console.log('Installing dependencies (npm ci) ...');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: 'inherit', shell: process.platform === 'win32' });
  if (error) stop(`npm cannot be started: ${error.message}`);
  if (status !== 0) stop('The dependencies cannot be installed. npm needs the package registry once, or a filled cache (npm ci --offline); behind a proxy set HTTPS_PROXY.');
}
if (buildIsStale()) {
  console.log('Building ...');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  if (status !== 0) stop('The build failed; the messages above say where.');
}

/** npm keeps what it has installed in node_modules/.package-lock.json. */
function dependenciesAreStale() {
  const installed = packagesOf('node_modules/.package-lock.json');
  if (!installed) return true;
  return Object.entries(packagesOf('package-lock.json') ?? {}).some(([name, wanted]) => name !== '' && installed[name]?.version !== wanted.version && !(wanted.optional && !installed[name]));
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function buildIsStale() {
  const built = modifiedAt('dist/main.mjs');
  const sources = [...globSync('src', (file) => file.endsWith('.ts') && !file.endsWith('.test.ts')), 'scripts/build.mjs', 'package-lock.json'];
  return built === undefined || sources.some((file) => (modifiedAt(file) ?? 0) > built);
}

function modifiedAt(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
