import type { PropertyOf, ValueOf } from './flag.ts';
import type { flagGroups } from './flags.ts';

type Groups = typeof flagGroups;
type Entry = { [G in keyof Groups]: { [N in keyof Groups[G] & string]: readonly [N, Groups[G][N]] }[keyof Groups[G] & string] }[keyof Groups];

/**
 * All settings of a process, from flags, environment and defaults; made from the table of flags.
 * Durations are in milliseconds (`--interval` is `intervalMs`). Unset texts are ''.
 */
export type Config = { readonly [E in Entry as PropertyOf<E[0], E[1]>]: ValueOf<E[1]> } & SecretFiles;

/** The properties of secret flags; they hold the secret, wherever it was given. */
export type SecretProperty = { [E in Entry as E[0]]: E[1] extends { readonly secret: true } ? PropertyOf<E[0], E[1]> : never }[Entry[0]];

/** Beside each secret that was given as a file its path, else ''. */
type SecretFiles = { readonly [P in `${SecretProperty}File`]: string };
