import { type IncomingMessage, request, type RequestOptions, type ServerResponse } from 'node:http';
import { variableOf } from '../config/flag.ts';
import { flags } from '../config/flags.ts';
import { ConfigurationError } from '../errors.ts';
import { parseListenAddress, send } from '../http/server.ts';
import type { Environment } from './parse.ts';

/** The connection comes from this machine, and names it by address or as localhost (no page of another name is behind it). */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return (address === '::1' || address.startsWith('127.')) && /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(headers.host ?? '');
}

/** Refuses a request that is not of this machine (in a cluster: of this pod); true: it was refused. `command`: what to run there instead. */
export function refusesStrangers(request: IncomingMessage, response: ServerResponse, command: string): boolean {
  if (isLocal(request)) return false;
  send(response, 403, `only from the machine itself, as with: kubectl exec POD -- external-dns ${command}\n`);
  return true;
}

export const sendJSON = (response: ServerResponse, status: number, value: unknown): void => send(response, status, `${JSON.stringify(value)}\n`, 'application/json');

/** What is asked of the process that runs here. */
export interface LocalCall {
  /** That of its metrics. */
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  /** Statuses of a right answer. */
  readonly statuses: readonly number[];
}

/** Asks the process that runs here. Throws ConfigurationError where none answers, or something else does. */
export async function askLocal({ address, method, path, body, statuses }: LocalCall, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
  const { host, port } = parseListenAddress(address, '--metrics-address');
  const target = host === '' || host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const answer = await exchange({ host: target, port, path, method, signal, headers }, body).catch((error: unknown) => {
    throw new ConfigurationError(`no process answers at ${target}:${port}; run this where external-dns runs (kubectl exec), and give its --metrics-address`, { cause: error });
  });
  if (!statuses.includes(answer.status))
    throw new ConfigurationError(`what answers at ${target}:${port} is no external-dns that can be asked for ${path} (status ${answer.status}: ${answer.text.trim()}); give the --metrics-address of the running one`);
  return answer;
}

/** The address of the metrics, where no argument gives another. */
export function metricsAddressOf(env: Environment): string {
  const flag = flags.get('metrics-address');
  return env[variableOf('metrics-address')] || (flag?.type === 'string' ? flag.default : '');
}

function exchange(options: RequestOptions, body: string | undefined): Promise<{ readonly status: number; readonly text: string }> {
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
