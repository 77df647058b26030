import { readFileSync } from 'node:fs';
import { SettingsError } from './settings-error.ts';

/**
 * Replaces each `@FILE` before `--` by the lines of the file, one argument a line; empty lines and those that begin with # are left out.
 * @throws SettingsError where a file cannot be read
 */
export function expandFiles(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  const before = end < 0 ? argv : argv.slice(0, end);
  return [...before.flatMap((argument) => (argument.startsWith('@') ? linesOf(argument.slice(1)) : [argument])), ...argv.slice(before.length)];
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new SettingsError([`cannot read the file of arguments @${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
