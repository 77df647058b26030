import { heldPath } from '../held.ts';
import { ConfigurationError } from '../../errors.ts';
import { describeHeld, type HeldPlan } from '../../plan/brake.ts';
import { askLocal, metricsAddressOf } from '../local.ts';
import type { Environment } from '../parse.ts';

const usage = 'usage: external-dns approve [CHECKSUM] [--metrics-address=ADDRESS]';

/**
 * Shows the deletions that the running process of this machine holds; with their checksum, lets them go.
 * Gives the exit status: 0 where nothing is held, or what is held was let go; 3 where something is held.
 */
export async function approve(argv: readonly string[], env: Environment, write: (text: string) => void, signal: AbortSignal): Promise<number> {
  const { checksum, address, help } = readArguments(argv, env);
  if (help) {
    write(`${usage}\nShows which deletions the process that runs here holds. With their checksum, they are let go.\n`);
    return 0;
  }
  if (checksum === undefined) {
    const { held } = await ask(address, 'GET', undefined, signal);
    write(shown(held));
    return held ? heldStatus : 0;
  }
  const { status, held } = await ask(address, 'POST', JSON.stringify({ checksum }), signal);
  if (status === 202) {
    write(`approved; ${held?.records.length ?? 0} records will be deleted\n`);
    return 0;
  }
  write(held ? `this is not what is held now\n${shown(held)}` : 'nothing is held\n');
  return 1;
}

function readArguments(argv: readonly string[], env: Environment): { readonly checksum: string | undefined; readonly address: string; readonly help: boolean } {
  let address = metricsAddressOf(env);
  let checksum: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (argument === '--help') return { checksum, address, help: true };
    if (argument === '--metrics-address') address = argv[++i] ?? '';
    else if (argument.startsWith('--metrics-address=')) address = argument.slice('--metrics-address='.length);
    else if (argument.startsWith('-') || checksum !== undefined) throw new ConfigurationError(`unexpected argument ${JSON.stringify(argument)}; ${usage}`);
    else checksum = argument;
  }
  return { checksum, address, help: false };
}

function shown(held: HeldPlan | null): string {
  if (!held) return 'nothing is held\n';
  return `${[...held.zones.map((zone) => `held: ${describeHeld(zone)}`), ...held.records.map((record) => `- ${record}`), `to let them go: external-dns approve ${held.checksum}`].join('\n')}\n`;
}

interface Answer {
  readonly status: number;
  readonly held: HeldPlan | null;
}

async function ask(address: string, method: 'GET' | 'POST', body: string | undefined, signal: AbortSignal): Promise<Answer> {
  const { status, text } = await askLocal({ address, method, path: heldPath, statuses: [200, 202, 409], ...(body !== undefined && { body }) }, signal);
  // written by the same program
  const { held } = JSON.parse(text) as { readonly held: HeldPlan | null };
  return { status, held };
}

/** Something is held: told apart from errors, for scripts. */
const heldStatus = 3;
