import { readFileSync, statSync } from 'node:fs';
import type { Config, SecretProperty } from './config.ts';

/** A secret that may be exchanged while the process runs. */
export interface SecretSource {
  /** The secret as it is now, without blanks around it. A file is read again when it has changed; while it cannot be read or is empty, what was read last stands. */
  current(): string;
}

/** The secret of a flag: read again from its file where it was given as one (--FLAG-file, or file:PATH), else what was given. */
export function secretSource(options: Pick<Config, SecretProperty | `${SecretProperty}File`>, property: SecretProperty, now: () => number = Date.now): SecretSource {
  const path = options[`${property}File`];
  let secret = options[property];
  if (path === '' || path === undefined) return { current: () => secret };
  let seen = '';
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  return {
    current() {
      if (now() - lookedAtMs < lookAgainMs) return secret;
      lookedAtMs = now();
      try {
        const { mtimeMs, size, ino } = statSync(path);
        const state = `${mtimeMs} ${size} ${ino}`;
        if (state !== seen) secret = trimSecret(readFileSync(path, 'utf8')) || secret;
        seen = state;
      } catch {
        // in the middle of an exchange
      }
      return secret;
    },
  };
}

/** Without what editors and `echo` leave around it: blanks, line ends, a byte order mark, characters without width. */
export const trimSecret = (text: string): string => text.replace(/^[\s\u200b-\u200d\u2060\ufeff]+|[\s\u200b-\u200d\u2060\ufeff]+$/g, '');

const lookAgainMs = 1_000;
