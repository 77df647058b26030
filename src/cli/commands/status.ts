import { normalizeName } from '../../endpoint/name.ts';
import { ConfigurationError } from '../../errors.ts';
import { askLocal, metricsAddressOf } from '../local.ts';
import { type NameShown, namesPath } from '../names.ts';
import type { Environment } from '../parse.ts';

const usage = 'usage: external-dns status [NAME]... [--json] [--metrics-address=ADDRESS]';

/**
 * Shows the names that are not as the cluster wants them, as the running process of this machine sees them: state, since when, why, and when a change
 * that failed is tried again. Gives the exit status: 0 where there are none, 3 where there are.
 */
export async function status(argv: readonly string[], env: Environment, write: (text: string) => void, signal: AbortSignal): Promise<number> {
  const { names: wanted, json, address, help } = readArguments(argv, env);
  if (help) {
    write(`${usage}\nShows which names (or which of these) are not as the cluster wants them, since when and why, as the process that runs here sees it.\n`);
    return 0;
  }
  const { text } = await askLocal({ address, method: 'GET', path: namesPath, statuses: [200] }, signal);
  // written by the same program
  const all = (JSON.parse(text) as { readonly names: readonly NameShown[] }).names;
  const names = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(normalizeName(name)));
  if (json) write(`${JSON.stringify(names, undefined, 1)}\n`);
  else write(names.length === 0 ? 'all is in order\n' : names.map(lineOf).join(''));
  return names.length === 0 ? 0 : notInOrderStatus;
}

function lineOf({ name, state, since, reason, tries, nextTry }: NameShown): string {
  const again = nextTry === undefined ? '' : ` (tried ${tries === 1 ? 'once' : `${tries} times`}, next ${seconds(nextTry)})`;
  return `${printable(name)}  ${state} since ${seconds(since)}: ${printable(reason)}${again}\n`;
}

const seconds = (time: string): string => time.replace(/\.\d+Z$/, 'Z');

/** Objects and providers may say anything: nothing of it steers the terminal. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');

function readArguments(argv: readonly string[], env: Environment): { readonly names: readonly string[]; readonly json: boolean; readonly address: string; readonly help: boolean } {
  const names: string[] = [];
  let [json, help, address] = [false, false, metricsAddressOf(env)];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (argument === '--help') help = true;
    else if (argument === '--json') json = true;
    else if (argument === '--metrics-address') address = argv[++i] ?? '';
    else if (argument.startsWith('--metrics-address=')) address = argument.slice('--metrics-address='.length);
    else if (argument.startsWith('-')) throw new ConfigurationError(`unexpected argument ${JSON.stringify(argument)}; ${usage}`);
    else names.push(normalizeName(argument));
  }
  return { names, json, address, help };
}

/** Told apart from errors, for scripts; as that of approve. */
const notInOrderStatus = 3;
