import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseCommandLine } from '../cli/parse.ts';
import type { Config } from './config.ts';
import { flags } from './flags.ts';
import { fromSecret, secretSource, trimSecret } from './secrets.ts';

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
  const warnings: string[] = [];
  const log = { warning: (message: string, fields: Readonly<Record<string, string>>) => void warnings.push(`${message}: ${String(fields['reason']).replace(/the file \S+ /, '')}`) };

  it('reads the file again as soon as it has changed, as a mounted Secret does, and keeps what it had while the file is of no use', () => {
    const link = path.join(folder, 'mounted');
    symlinkSync(file('first', 'one\n'), link);
    const source = secretSource(configOf([`--pdns-api-key-file=${link}`]), 'pdnsApiKey', log);
    assert.equal(source.current(), 'one');
    symlinkSync(file('second', 'two\n'), `${link}.new`);
    renameSync(`${link}.new`, link);
    assert.equal(source.current(), 'two');
    unlinkSync(link);
    assert.deepEqual([source.current(), source.current()], ['two', 'two']);
    assert.deepEqual(warnings.splice(0), ['changed file cannot be used; what was read before stays in use: cannot be read: ENOENT']);
    file('mounted', '\n');
    assert.equal(source.current(), 'two');
    file('mounted', 'three');
    assert.equal(source.current(), 'three');
    // a file is told of anew after it was good again
    file('mounted', '');
    assert.deepEqual([source.current(), source.current()], ['three', 'three']);
    assert.deepEqual(warnings.splice(0), ['changed file cannot be used; what was read before stays in use: is empty; it must hold the secret alone']);
  });

  it('notices a change that leaves size and time as they were, by another file in its place', () => {
    const at = file('same', 'abc');
    const source = secretSource(configOf([`--pdns-api-key-file=${at}`]), 'pdnsApiKey', log);
    const time = new Date(1_700_000_000_000);
    utimesSync(at, time, time);
    assert.equal(source.current(), 'abc');
    utimesSync(file('other', 'xyz'), time, time);
    renameSync(path.join(folder, 'other'), at);
    assert.equal(source.current(), 'xyz');
  });

  it('makes something of it anew with each change only, and keeps what it had where that is not possible', () => {
    const at = file('number', '1');
    const source = fromSecret(configOf([`--pdns-api-key-file=${at}`]), 'pdnsApiKey', (secret) => {
      if (!/^\d+$/.test(secret)) throw new Error('is no number');
      return { number: Number(secret) };
    }, log);
    const first = source.current();
    assert.equal(source.current(), first);
    file('number', 'none');
    assert.equal(source.current(), first);
    assert.deepEqual(warnings.splice(0), ['changed file cannot be used; what was read before stays in use: is no number']);
    file('number', '22');
    assert.deepEqual(source.current(), { number: 22 });
  });

  it('gives what was given where there is no file', () => assert.equal(secretSource(configOf(['--pdns-api-key=geheim']), 'pdnsApiKey', log).current(), 'geheim'));
});
