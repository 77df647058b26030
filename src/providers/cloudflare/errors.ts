import { ConfigurationError } from '../../errors.ts';
import { type HttpResponse, isPassing, statusError } from '../../http/client/index.ts';

/** What the API has refused, with its own numbers for the reason. */
export class RefusedError extends Error {
  readonly codes: readonly number[];
  constructor(message: string, codes: readonly number[]) {
    super(message);
    this.codes = codes;
  }
}

/** Numbers of the API that say that its picture of the records is not ours. */
export const recordIsGone = 81044;
export const recordIsThere: readonly number[] = [81053, 81054, 81057, 81058];

/** Numbers that stand for wrong credentials, and what is most likely wrong. */
const credentialHints: Readonly<Record<number, string>> = {
  6003: 'the credential has no valid form: a token must stand alone, without quotes, blanks or "Bearer", and a Global API Key goes into CF_API_KEY with CF_API_EMAIL',
  6103: 'CF_API_KEY has no valid form: it must be the Global API Key, and a token goes into CF_API_TOKEN',
  6111: 'the token has no valid form: it must stand alone, without quotes, blanks or "Bearer", and a Global API Key goes into CF_API_KEY with CF_API_EMAIL',
  9103: 'CF_API_KEY and CF_API_EMAIL do not belong together, or the key was changed',
  9106: 'no credentials arrived: a proxy may take the headers off',
  9107: 'no credentials arrived: a proxy may take the headers off',
  9109: 'the token is not valid, or not for this zone: give it Zone:Read and DNS:Edit for all zones that are managed, and check the zone id and the addresses that it may be used from',
  10000: 'the token is wrong, has ended, or lacks a permission: it needs Zone:Read and DNS:Edit for all zones that are managed',
};

/** Statuses with which a number of the list above means credentials; with others some mean something else. */
const credentialStatuses: Readonly<Record<number, readonly number[]>> = { 9103: [401, 403] };

/** What is likely wrong with a record that was refused. */
const recordHints: Readonly<Record<number, string>> = {
  9021: 'the least TTL is 60 s, in Enterprise zones 30 s; without a TTL it is automatic',
  9301: 'tags are part of paid plans',
  1456: 'leave out --cloudflare-custom-hostnames-certificate-authority: choosing it is part of Enterprise plans',
  1404: 'Cloudflare for SaaS is not enabled for this zone; enable it or leave out --cloudflare-custom-hostnames',
};

/** The error that an answer stands for; undefined where it is a success. `what` names the call, `credentials` where they come from. */
export function answerError(what: string, response: HttpResponse, credentials: string): Error | undefined {
  const body = bodyOf(response);
  if (response.status < 300 && body?.success !== false) return undefined;
  const reasons = reasonsOf(body);
  const codes = reasons.map((r) => r.code);
  const detail = reasons.map((r) => `${r.message} (${r.code})`).join(': ');
  if (isPassing(response.status)) return statusError(what, response, detail);
  // the more special reason stands deeper, so later
  const wrong = codes.findLast((code) => code in credentialHints && (credentialStatuses[code]?.includes(response.status) ?? response.status >= 400));
  const message = `${what}: status ${response.status}${detail && `: ${detail}`}`;
  if (wrong !== undefined) return new ConfigurationError(`${message}; ${credentialHints[wrong]} (credentials of ${credentials})`);
  if (response.status === 401) return new ConfigurationError(`${message}; check ${credentials}`);
  const hint = codes.map((code) => recordHints[code]).find((h) => h !== undefined);
  return new RefusedError(`${message}${hint ? `; ${hint}` : ''}`, codes);
}

interface Reason {
  readonly code: number;
  readonly message: string;
}

interface ErrorBody {
  readonly success?: boolean;
  readonly errors?: readonly (Partial<Reason> & { readonly error_chain?: readonly Partial<Reason>[] })[] | null;
}

/** Trouble on the way (a proxy, a gateway) answers with HTML. */
function bodyOf(response: HttpResponse): ErrorBody | undefined {
  try {
    return response.json() as ErrorBody;
  } catch {
    return undefined;
  }
}

function reasonsOf(body: ErrorBody | undefined): readonly Reason[] {
  const errors = Array.isArray(body?.errors) ? body.errors : [];
  return errors.flatMap((e) => [e, ...(e.error_chain ?? [])]).map(({ code = 0, message = '' }) => ({ code, message: message.slice(0, longestMessage) }));
}

/** Of one reason: an answer may quote a whole batch. */
const longestMessage = 300;
