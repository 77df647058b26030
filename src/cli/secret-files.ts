import { propertyOf } from '../config/flag.ts';
import { flags } from '../config/flags.ts';
import { readSecret, trimSecret } from '../config/secrets.ts';
import { messageOf } from '../errors.ts';
import type { FlagValue } from './values.ts';

/**
 * Puts the secrets that were given as files (`--FLAG-file=PATH`, `--FLAG=file:PATH`) in their places, and their paths beside them. Gives what is wrong.
 * `lenient`: a file that cannot be read is no problem, since nothing is done with the secret.
 */
export function readSecrets(values: Record<string, FlagValue>, lenient: boolean): string[] {
  const problems: string[] = [];
  for (const [name, { fileOf }] of [...flags].flatMap(([n, flag]) => ('fileOf' in flag && flag.fileOf !== undefined ? [[n, { fileOf: flag.fileOf }] as const] : []))) {
    const [property, fileProperty] = [propertyOf(fileOf, 'string'), propertyOf(name, 'string')];
    const [given, file] = [String(values[property] ?? ''), String(values[fileProperty] ?? '')];
    if (given !== '' && file !== '') {
      problems.push(`--${fileOf} and --${name} exclude each other; leave one out`);
      continue;
    }
    const path = file || (given.startsWith(fileForm) ? given.slice(fileForm.length) : '');
    if (path === '') {
      // a key of 32 bytes may well begin or end with a blank
      if (given !== '' && Buffer.byteLength(given) !== aesKeyBytes) values[property] = trimSecret(given);
      continue;
    }
    values[fileProperty] = path;
    values[property] = '';
    try {
      values[property] = readSecret(path);
    } catch (error) {
      if (!lenient) problems.push(`--${name}: ${messageOf(error)}`);
    }
  }
  return problems;
}

const fileForm = 'file:';
const aesKeyBytes = 32;
