import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, send } from '../http/server.ts';
import type { HeldPlan } from '../plan/brake.ts';
import { refusesStrangers, sendJSON } from './local.ts';

/** Where the held plan is shown (GET) and approved (POST), beside the metrics. */
export const heldPath = '/held';

export interface Approvals {
  readonly held: HeldPlan | undefined;
  /** false: this is not what is held. */
  approve(checksum: string): boolean;
}

/** Answers requests for the held plan; only those of this machine (in a cluster: of this pod). `approvals`: undefined until all is open. */
export async function serveHeld(request: IncomingMessage, response: ServerResponse, approvals: Approvals | undefined): Promise<void> {
  if (refusesStrangers(request, response, 'approve')) return;
  if (request.method === 'GET') return sendJSON(response, 200, { held: approvals?.held ?? null });
  if (request.method !== 'POST') return send(response.setHeader('allow', 'GET, POST'), 405, 'method not allowed');
  // a page in a browser on this machine cannot send this type without being allowed to
  if (request.headers['content-type'] !== 'application/json') return send(response, 415, 'application/json is expected');
  const checksum = checksumOf((await readBody(request, longestBodyBytes)).toString('utf8'));
  if (checksum === undefined) return send(response, 400, 'a body like {"checksum": "0123456789ab"} is expected');
  return sendJSON(response, approvals?.approve(checksum) ? 202 : 409, { held: approvals?.held ?? null });
}

function checksumOf(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const checksum = typeof value === 'object' && value !== null && 'checksum' in value ? value.checksum : undefined;
    return typeof checksum === 'string' ? checksum : undefined;
  } catch {
    return undefined;
  }
}

const longestBodyBytes = 1024;
