import { readFileSync } from 'node:fs';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { type AccessToken, requestToken, tokenError } from '../../http/auth/access-token.ts';
import { signJWT } from '../../http/auth/jwt.ts';
import { type HttpClient, requestName, statusError } from '../../http/client/index.ts';
import { fieldsOf, textOf } from '../../http/json.ts';
import type { AwsIdentity } from './aws-identity.ts';
import type { Credentials, SubjectToken } from './credentials.ts';
import type { Metadata } from './metadata.ts';

/** Reads and writes records, and lists zones. */
const dnsScope = 'https://www.googleapis.com/auth/ndev.clouddns.readwrite';
/** What the call needs that exchanges a token for one of a service account. */
const platformScope = 'https://www.googleapis.com/auth/cloud-platform';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
/** The longest that Google accepts. */
const lifetimeSeconds = 3600;

export interface TokenEnds {
  readonly http: HttpClient;
  readonly metadata: Metadata;
  /** For federation with AWS. */
  readonly aws?: AwsIdentity;
  readonly now?: () => number;
}

/** Gets an access token for Cloud DNS. */
export function getToken(credentials: Credentials, ends: TokenEnds, signal: AbortSignal, scope = dnsScope): Promise<AccessToken> {
  switch (credentials.type) {
    case 'metadata':
      return ends.metadata.token(scope, signal);
    case 'service_account':
      return serviceAccountToken(credentials, ends, scope, signal);
    case 'authorized_user': {
      const form = { grant_type: 'refresh_token', client_id: credentials.clientId, client_secret: credentials.clientSecret, refresh_token: credentials.refreshToken };
      return requestToken(ends.http, { url: credentials.tokenUrl, form, what: 'user credentials' }, signal);
    }
    case 'external_account':
      return federatedToken(credentials, ends, scope, signal);
    case 'impersonated_service_account':
      return getToken(credentials.source, ends, signal, platformScope).then((source) => impersonate(source, credentials, ends, scope, signal));
  }
}

function serviceAccountToken(account: Credentials & { readonly type: 'service_account' }, { http, now = Date.now }: TokenEnds, scope: string, signal: AbortSignal): Promise<AccessToken> {
  // a minute back: Google refuses tokens of the future, and clocks differ
  const issuedAt = Math.floor(now() / 1000) - 60;
  const claims = { iss: account.email, scope, aud: account.tokenUrl, iat: issuedAt, exp: issuedAt + lifetimeSeconds };
  const assertion = signJWT(account.keyId === '' ? {} : { kid: account.keyId }, claims, account.privateKey, `key of service account ${account.email}`);
  return requestToken(http, { url: account.tokenUrl, form: { grant_type: jwtBearer, assertion }, what: `service account ${account.email}` }, signal);
}

async function federatedToken(account: Credentials & { readonly type: 'external_account' }, ends: TokenEnds, scope: string, signal: AbortSignal): Promise<AccessToken> {
  const impersonates = account.impersonationUrl !== '';
  const form = {
    grant_type: tokenExchange,
    audience: account.audience,
    scope: impersonates ? platformScope : scope,
    requested_token_type: accessTokenType,
    subject_token: await readSubject(account, ends, signal),
    subject_token_type: account.subjectTokenType,
    ...(account.workforceProject !== '' && account.clientId === '' && { options: JSON.stringify({ userProject: account.workforceProject }) }),
  };
  const headers: Record<string, string> = account.clientId === '' ? {} : { authorization: `Basic ${Buffer.from(`${account.clientId}:${account.clientSecret}`).toString('base64')}` };
  const token = await requestToken(ends.http, { url: account.tokenUrl, form, headers, what: 'workload identity federation' }, signal);
  return impersonates ? impersonate(token, { impersonationUrl: account.impersonationUrl, delegates: [] }, ends, scope, signal) : token;
}

async function impersonate(source: AccessToken, account: { readonly impersonationUrl: string; readonly delegates: readonly string[] }, { http }: TokenEnds, scope: string, signal: AbortSignal): Promise<AccessToken> {
  const url = account.impersonationUrl;
  const what = 'impersonation of a service account';
  const json = { scope: [scope], lifetime: `${lifetimeSeconds}s`, ...(account.delegates.length > 0 && { delegates: account.delegates }) };
  const response = await http.request({ method: 'POST', url, headers: { authorization: `Bearer ${source.value}` }, json, idempotent: true }, signal);
  if (response.status !== 200) throw tokenError(what, url, response);
  const answer = fieldsOf(response.json());
  const [value, expires] = [textOf(answer['accessToken']), Date.parse(textOf(answer['expireTime']))];
  if (value === '' || Number.isNaN(expires)) throw new SoftError(`${what}: the answer has no access token`);
  return { value, expiresAtMs: expires };
}

async function readSubject({ subject, audience }: { readonly subject: SubjectToken; readonly audience: string }, { http, aws }: TokenEnds, signal: AbortSignal): Promise<string> {
  if ('awsUrl' in subject) {
    if (!aws) throw new Error('credentials of AWS are not at hand here');
    return aws(subject.awsUrl, audience, signal);
  }
  const origin = 'file' in subject ? subject.file : requestName('GET', new URL(subject.url));
  const text = 'file' in subject ? readTokenFile(subject.file) : await fetchText(subject.url, subject.headers, http, signal);
  if (subject.field === '') return text.trim();
  let token = '';
  try {
    token = textOf(fieldsOf(JSON.parse(text))[subject.field]);
  } catch {
    // told below, without the text, which holds the token
  }
  if (token === '') throw new ConfigurationError(`workload identity federation: ${origin} is no JSON with the field ${subject.field}`);
  return token;
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`workload identity federation: the token file ${file} cannot be read`, { cause: error });
  }
}

async function fetchText(url: string, headers: Readonly<Record<string, string>>, http: HttpClient, signal: AbortSignal): Promise<string> {
  const response = await http.request({ method: 'GET', url, headers }, signal);
  if (response.status !== 200) throw statusError(`workload identity federation: ${requestName('GET', new URL(url))}`, response);
  return response.text();
}

