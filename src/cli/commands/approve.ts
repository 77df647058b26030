import { request, type RequestOptions } from 'node:http';
import { variableOf } from '../../config/flag.ts';
import { flags } from '../../config/flags.ts';
import { heldPath } from '../held.ts';
import { ConfigurationError } from '../../errors.ts';
import { parseListenAddress } from '../../http/server.ts';
import { describeHeld, type HeldPlan } from '../../plan/brake.ts';
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
  const flag = flags.get('metrics-address');
  let address = env[variableOf('metrics-address')] || (flag?.type === 'string' ? flag.default : '');
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

async function ask(address: string, method: string, body: string | undefined, signal: AbortSignal): Promise<Answer> {
  const { host, port } = parseListenAddress(address, '--metrics-address');
  const target = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const { status, text } = await send({ host: target, port, path: heldPath, method, signal, ...(body !== undefined && { headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } }) }, body).catch((error: unknown) => {
    throw new ConfigurationError(`no process answers at ${target}:${port}; run this where external-dns runs (kubectl exec), and give its --metrics-address`, { cause: error });
  });
  if (status !== 200 && status !== 202 && status !== 409) throw new ConfigurationError(`what answers at ${target}:${port} has no held plan to show (status ${status}: ${text.trim()}); give the --metrics-address of the running external-dns`);
  // written by the same program
  const { held } = JSON.parse(text) as { readonly held: HeldPlan | null };
  return { status, held };
}

function send(options: RequestOptions, body: string | undefined): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, timeout: timeoutMs }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve({ status: response.statusCode ?? 0, text })).on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('it does not answer'))).on('error', reject);
    sent.end(body);
  });
}

const timeoutMs = 10_000;
/** Something is held: told apart from errors, for scripts. */
const heldStatus = 3;
