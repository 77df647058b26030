import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../errors.ts';
import type { Config, SecretProperty } from './config.ts';
import { type FromFiles, fromFiles, type Warner } from './changing-files.ts';

type SecretOptions = Pick<Config, SecretProperty | `${SecretProperty}File`>;

/**
 * The secret of a flag, to be asked for before each request: where it was given as a file (--FLAG-file, or file:PATH), it is read again when that has
 * changed; a file that cannot be read or is empty is told of once, and what was read last stands.
 */
export const secretSource = (options: SecretOptions, property: SecretProperty, log: Warner): FromFiles<string> => fromSecret(options, property, (secret) => secret, log);

/** What is made of the secret of a flag, anew whenever its file has changed. `make` throws where it is of no use, with a message without the secret. */
export function fromSecret<T>(options: SecretOptions, property: SecretProperty, make: (secret: string) => T, log: Warner): FromFiles<T> {
  const path = options[`${property}File`];
  if (path === '' || path === undefined) {
    const value = make(options[property]);
    return { current: () => value };
  }
  return fromFiles([path], () => make(readSecret(path)), log);
}

/** The secret that stands alone in a file. Throws ConfigurationError. */
export function readSecret(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`the file ${path} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'}`, { cause: error });
  }
  const secret = trimSecret(text);
  if (secret === '') throw new ConfigurationError(`the file ${path} is empty; it must hold the secret alone`);
  return secret;
}

/** Without what editors and `echo` leave around it: blanks, line ends, a byte order mark, characters without width. */
export const trimSecret = (text: string): string => text.replace(/^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g, '');
