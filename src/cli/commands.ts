import { nearest } from './nearest.ts';
import { SettingsError } from './settings-error.ts';

/** The commands and what they do, in the order of the help. */
export const commandSummaries = {
  run: 'Keeps the records in step until it is ended (the default).',
  status: 'Shows the names that are not as the cluster wants them, since when and why, as the running process sees it.',
  approve: 'Shows the deletions that the running process holds back, and lets them go.',
  rbac: 'Prints the Kubernetes roles that a process with these flags needs, and no more.',
} as const satisfies Readonly<Record<string, string>>;

export type CommandName = keyof typeof commandSummaries;

/**
 * The command that a command line names, and the arguments after it; `run` where it begins with a flag or is empty.
 * @throws SettingsError where there is no such command
 */
export function findCommand(argv: readonly string[]): { readonly name: CommandName; readonly argv: readonly string[] } {
  const [first = '', ...rest] = argv;
  if (first === '' || first.startsWith('-') || first.startsWith('@')) return { name: 'run', argv };
  if (isCommand(first)) return { name: first, argv: rest };
  const names = Object.keys(commandSummaries);
  const meant = nearest(first, names);
  throw new SettingsError([`unknown command ${JSON.stringify(first)}; ${meant === undefined ? `known are: ${names.join(', ')}; --help shows more` : `did you mean ${meant}?`}`]);
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commandSummaries, name);
