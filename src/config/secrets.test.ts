import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseCommandLine } from '../cli/parse.ts';
import type { Config } from './config.ts';
import { flags } from './flags.ts';
import { secretSource, trimSecret } from './secrets.ts';

const base = ['--provider=inmemory', '--source=service', '--policy=sync'];
const secretFlags = [...flags].flatMap(([name, flag]) => ('secret' in flag ? [name] : []));
let folder = '';
before(() => void (folder = mkdtempSync(path.join(tmpdir(), 'secrets-'))));
after(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
};

function configOf(args: readonly string[], env: Record<string, string> = {}): Config {
  const settings = parseCommandLine([...base, ...args], env);
  if ('exit' in settings) throw new Error('the flags ask for help');
  assert.deepEqual(settings.warnings, []);
  return settings.config;
}

describe('every secret flag', () => {
  for (const name of secretFlags)
    it(`--${name} may be given as a file, in three ways`, () => {
      const at = file(name, '\ufeff  geheim \r\n');
      const variable = `EXTERNAL_DNS_${name.replaceAll('-', '_').toUpperCase()}`;
      const property = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      for (const config of [configOf([`--${name}-file=${at}`]), configOf([`--${name}=file:${at}`]), configOf([], { [`${variable}_FILE`]: at })]) {
        assert.equal(Reflect.get(config, property), 'geheim');
        assert.equal(Reflect.get(config, `${property}File`), at);
      }
    });
  it('is found', () => assert.ok(secretFlags.length >= 10));
});

describe('a secret file', () => {
  for (const [what, args, problem] of [
    ['that is not there', () => ['--pdns-api-key-file=/nowhere/key'], /--pdns-api-key-file: the file \/nowhere\/key cannot be read: ENOENT/],
    ['that is empty', () => [`--pdns-api-key=file:${file('empty', '\n')}`], /is empty; it must hold the secret alone/],
    ['beside the secret itself', () => ['--pdns-api-key=geheim', '--pdns-api-key-file=/x'], /^--pdns-api-key and --pdns-api-key-file exclude each other; leave one out$/m],
  ] as const)
    it(`${what} is refused`, () => assert.throws(() => configOf(args()), (error: Error) => problem.test((error as Error & { problems: readonly string[] }).problems.join('\n'))));
});

describe('a secret that is given itself', () => {
  it('is trimmed', () => assert.equal(configOf(['--pdns-api-key=geheim\n']).pdnsApiKey, 'geheim'));
  it('is left as it is where it is a key of 32 bytes', () => assert.equal(configOf([`--txt-encrypt-aes-key=${' '.repeat(32)}`]).txtEncryptAesKey, ' '.repeat(32)));
  it('loses what cannot be seen', () => assert.equal(trimSecret('\u200b\ufeff geheim\u200d\n'), 'geheim'));
});

describe('a source of a secret', () => {
  it('reads the file again when it has changed, as a mounted Secret does', () => {
    let nowMs = 0;
    const link = path.join(folder, 'mounted');
    symlinkSync(file('first', 'one\n'), link);
    const source = secretSource(configOf([`--pdns-api-key-file=${link}`]), 'pdnsApiKey', () => nowMs);
    assert.equal(source.current(), 'one');
    symlinkSync(file('second', 'another\n'), `${link}.new`);
    renameSync(`${link}.new`, link);
    assert.equal(source.current(), 'one');
    nowMs += 1_000;
    assert.equal(source.current(), 'another');
    unlinkSync(link);
    nowMs += 1_000;
    assert.equal(source.current(), 'another');
    file('mounted', '\n');
    nowMs += 1_000;
    assert.equal(source.current(), 'another');
    file('mounted', 'third');
    nowMs += 1_000;
    assert.equal(source.current(), 'third');
  });
  it('gives what was given where there is no file', () => assert.equal(secretSource(configOf(['--pdns-api-key=geheim']), 'pdnsApiKey').current(), 'geheim'));
});
