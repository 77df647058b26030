import { readFileSync } from 'node:fs';
import { type FromFiles, fromFiles, type Warner } from '../../config/changing-files.ts';
import { ConfigurationError } from '../../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How the API is told who asks. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Where they come from, for messages; never the secret itself. */
  readonly from: string;
}

/** The credentials, to be asked for before each request: a token in a file is read again when that has changed. Throws ConfigurationError. */
export function findCredentials(env: Environment, log: Warner): FromFiles<Credentials> {
  const token = env['CF_API_TOKEN'] || (env['CF_API_KEY'] && env['CF_API_EMAIL'] ? '' : env['CLOUDFLARE_API_TOKEN']);
  const path = token?.startsWith(fileForm) ? [token.slice(fileForm.length)] : [];
  return fromFiles(path, () => readCredentials(env), log);
}

/**
 * The first of CF_API_TOKEN, CF_API_KEY with CF_API_EMAIL, and CLOUDFLARE_API_TOKEN that is set. A token may stand in a file (`file:PATH`);
 * blanks around it do not count. Throws ConfigurationError.
 */
export function readCredentials(env: Environment): Credentials {
  const { CF_API_TOKEN: token, CF_API_KEY: key, CF_API_EMAIL: email, CLOUDFLARE_API_TOKEN: fallback } = env;
  if (token) return bearer('CF_API_TOKEN', token);
  if (key && email) return { headers: { 'x-auth-key': headerValue('CF_API_KEY', key), 'x-auth-email': headerValue('CF_API_EMAIL', email) }, from: 'CF_API_KEY and CF_API_EMAIL' };
  if (fallback) return bearer('CLOUDFLARE_API_TOKEN', fallback);
  const half = key ? '; CF_API_KEY alone is not enough' : email ? '; CF_API_EMAIL alone is not enough' : '';
  throw new ConfigurationError(`cloudflare: no credentials${half}; set CF_API_TOKEN to an API token (or to file:PATH), or both CF_API_KEY and CF_API_EMAIL`);
}

function bearer(variable: string, value: string): Credentials {
  const path = value.startsWith(fileForm) ? value.slice(fileForm.length) : undefined;
  const from = path === undefined ? variable : `${variable}=file:${path}`;
  return { headers: { authorization: `Bearer ${headerValue(from, path === undefined ? value : readToken(variable, path))}` }, from };
}

function readToken(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${variable}: the file ${path} cannot be read`, { cause: error });
  }
}

/** A value as it may stand in a header. What cannot be there would come back as an error that nobody understands. */
function headerValue(from: string, value: string): string {
  const trimmed = value.trim();
  if (trimmed === '') throw new ConfigurationError(`${from}: is empty; it must hold the credential itself`);
  if (/[^\x21-\x7e]/.test(trimmed)) throw new ConfigurationError(`${from}: holds blanks or characters that no credential has; it must hold the credential alone, without "Bearer" or the name of a key before it`);
  if (/^["'].*["']$/.test(trimmed)) throw new ConfigurationError(`${from}: stands in quotes; leave them out`);
  return trimmed;
}

const fileForm = 'file:';
