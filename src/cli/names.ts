import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NameStatus } from '../controller/status.ts';
import { send } from '../http/server.ts';
import { refusesStrangers, sendJSON } from './local.ts';

/** Where the names are shown that are not in order, beside the metrics. */
export const namesPath = '/names';

/** A name that is not in order, as JSON. */
export interface NameShown {
  readonly name: string;
  readonly state: NameStatus['state'];
  readonly reason: string;
  /** As in `2026-01-02T03:04:05.678Z`. */
  readonly since: string;
  /** Of a change that failed: how often it was tried, and when it is tried again. */
  readonly tries?: number;
  readonly nextTry?: string;
}

/** Answers requests for the names that are not in order; only those of this machine. `statuses`: undefined until all is open. */
export function serveNames(request: IncomingMessage, response: ServerResponse, statuses: Iterable<readonly [name: string, status: NameStatus]> | undefined): void {
  if (refusesStrangers(request, response, 'status')) return;
  if (request.method !== 'GET') return send(response.setHeader('allow', 'GET'), 405, 'method not allowed');
  const names = [...(statuses ?? [])].map(([name, status]) => shown(name, status)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return sendJSON(response, 200, { names });
}

const shown = (name: string, { state, reason, since, retry }: NameStatus): NameShown => ({ name, state, reason, since: since.toISOString(), ...(retry && { tries: retry.tries, nextTry: retry.at.toISOString() }) });
