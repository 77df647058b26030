import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { TokenCache } from '../../http/auth/access-token.ts';
import type { HttpClient, HttpRequest } from '../../http/client/index.ts';
import { responseOf } from '../../http/client/transport.ts';
import { type Credentials, findCredentials } from './credentials.ts';
import type { Metadata } from './metadata.ts';
import { getToken } from './tokens.ts';

const never = new AbortController().signal;
const dir = mkdtempSync(path.join(tmpdir(), 'google-'));
after(() => rmSync(dir, { recursive: true }));

function file(name: string, content: unknown): string {
  const at = path.join(dir, name);
  mkdirSync(path.dirname(at), { recursive: true });
  writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
  return at;
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const account = { type: 'service_account', project_id: 'p1', client_email: 'dns@p1.example', private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), private_key_id: 'k1', token_uri: 'https://oauth2.googleapis.com/token' };
const user = { type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' };
const federation = { type: 'external_account', audience: '//iam', subject_token_type: 'urn:ietf:params:oauth:token-type:jwt', token_url: 'https://sts.googleapis.com/v1/token' };

describe('application default credentials', () => {
  it('come from the file of the variable, with its project', () => {
    const { credentials, project, universe } = findCredentials({ GOOGLE_APPLICATION_CREDENTIALS: file('key.json', account) });
    assert.deepEqual([credentials.type, project, universe], ['service_account', 'p1', 'googleapis.com']);
  });

  it('come from the file of gcloud next', () => {
    file('home/.config/gcloud/application_default_credentials.json', user);
    assert.equal(findCredentials({ HOME: path.join(dir, 'home') }).credentials.type, 'authorized_user');
  });

  it('come from the metadata server last', () => assert.equal(findCredentials({ HOME: path.join(dir, 'nobody') }).credentials.type, 'metadata'));

  const wrong: readonly { readonly title: string; readonly content: unknown; readonly message: RegExp }[] = [
    { title: 'no JSON', content: 'secret nonsense', message: /is no JSON$/ },
    { title: 'an unknown type', content: { type: 'gdch' }, message: /of type "gdch" are not supported/ },
    { title: 'a missing field', content: { ...account, private_key: '' }, message: /need the field private_key/ },
    { title: 'an executable as source', content: { ...federation, credential_source: { executable: { command: 'x' } } }, message: /must have a file, a url or/ },
    { title: 'AWS as source without the address of STS', content: { ...federation, credential_source: { environment_id: 'aws1', url: 'http://x' } }, message: /need the field credential_source.regional_cred_verification_url/ },
  ];
  for (const { title, content, message } of wrong)
    it(`refuse ${title}, and name the file`, () => {
      const at = file('wrong.json', content);
      assert.throws(() => findCredentials({ GOOGLE_APPLICATION_CREDENTIALS: at }), (e) => e instanceof ConfigurationError && message.test(e.message) && e.message.includes(at) && !e.message.includes('nonsense'));
    });

  it('refuse a file that is not there', () => assert.throws(() => findCredentials({ GOOGLE_APPLICATION_CREDENTIALS: path.join(dir, 'none.json') }), ConfigurationError));
});

/** An HTTP client that notes requests, and answers each with the next of some answers. */
function web(...answers: readonly (readonly [status: number, body: unknown])[]): { http: HttpClient; requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  const left = [...answers];
  const request: HttpClient['request'] = async (r) => {
    requests.push(r);
    const [status, body] = left.shift() ?? [500, ''];
    return responseOf(status, {}, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  };
  return { http: { request, close: async () => {} }, requests };
}

const metadata = { token: async () => ({ value: 'of the machine', expiresAtMs: 0 }) } as unknown as Metadata;
const formOf = (request: HttpRequest | undefined): Record<string, string> => Object.fromEntries(new URLSearchParams(String(request?.body)));
const credentialsOf = (content: unknown): Credentials => findCredentials({ GOOGLE_APPLICATION_CREDENTIALS: file('c.json', content) }).credentials;

describe('access tokens of Google', () => {
  it('of a service account are asked for with a signed assertion', async () => {
    const { http, requests } = web([200, { access_token: 'ya29', expires_in: 3599 }]);
    const now = 1_700_000_000_000;
    assert.equal((await getToken(credentialsOf(account), { http, metadata, now: () => now }, never)).value, 'ya29');
    const [header = '', claims = '', signature = ''] = (formOf(requests[0])['assertion'] ?? '').split('.');
    assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature, 'base64url')));
    const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
    assert.deepEqual(decoded, { iss: 'dns@p1.example', scope: 'https://www.googleapis.com/auth/ndev.clouddns.readwrite', aud: account.token_uri, iat: now / 1000 - 60, exp: now / 1000 - 60 + 3600 });
  });

  it('of a user are asked for with the refresh token', async () => {
    const { http, requests } = web([200, { access_token: 'ya29' }]);
    await getToken(credentialsOf(user), { http, metadata }, never);
    assert.deepEqual([requests[0]?.url, formOf(requests[0])], ['https://oauth2.googleapis.com/token', { grant_type: 'refresh_token', client_id: 'c', client_secret: 's', refresh_token: 'r' }]);
  });

  it('of the machine come from the metadata server', async () => assert.equal((await getToken({ type: 'metadata' }, { http: web().http, metadata }, never)).value, 'of the machine'));

  it('by federation are exchanged for the token in a file, which is read each time', async () => {
    const token = file('token', 'first\n');
    const credentials = credentialsOf({ ...federation, credential_source: { file: token } });
    const { http, requests } = web([200, { access_token: 'a' }], [200, { access_token: 'b' }]);
    await getToken(credentials, { http, metadata }, never);
    writeFileSync(token, JSON.stringify('second'));
    await getToken(credentials, { http, metadata }, never);
    assert.deepEqual(requests.map((r) => formOf(r)['subject_token']), ['first', '"second"']);
    assert.equal(formOf(requests[0])['audience'], '//iam');
  });

  it('by federation with a JSON answer of a URL, and as a service account', async () => {
    const impersonation = 'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/dns@p1.example:generateAccessToken';
    const source = { url: 'http://169.254.1.1/token', headers: { 'x-key': 'k' }, format: { type: 'json', subject_token_field_name: 'id' } };
    const { http, requests } = web([200, { id: 'subject' }], [200, { access_token: 'exchanged' }], [200, { accessToken: 'account', expireTime: '2030-01-01T00:00:00Z' }]);
    const token = await getToken(credentialsOf({ ...federation, credential_source: source, service_account_impersonation_url: impersonation }), { http, metadata }, never);
    assert.deepEqual(token, { value: 'account', expiresAtMs: Date.parse('2030-01-01T00:00:00Z') });
    assert.deepEqual([requests[0]?.headers?.['x-key'], formOf(requests[1])['subject_token'], formOf(requests[1])['scope'], requests[2]?.headers?.['authorization']], ['k', 'subject', 'https://www.googleapis.com/auth/cloud-platform', 'Bearer exchanged']);
  });

  it('by federation with AWS are exchanged for a call that AWS would answer', async () => {
    const credentials = credentialsOf({ ...federation, subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request', credential_source: { environment_id: 'aws1', regional_cred_verification_url: 'https://sts.{region}.example' } });
    const { http, requests } = web([200, { access_token: 'a' }]);
    await getToken(credentials, { http, metadata, aws: async (url, audience) => `signed ${url} for ${audience}` }, never);
    assert.deepEqual([formOf(requests[0])['subject_token'], formOf(requests[0])['subject_token_type']], ['signed https://sts.{region}.example for //iam', 'urn:ietf:params:aws:token-type:aws4_request']);
  });

  it('as a service account by those of a user', async () => {
    const { http, requests } = web([200, { access_token: 'u' }], [200, { accessToken: 'account', expireTime: '2030-01-01T00:00:00Z' }]);
    const credentials = credentialsOf({ type: 'impersonated_service_account', source_credentials: user, service_account_impersonation_url: 'https://iamcredentials.googleapis.com/x' });
    assert.equal((await getToken(credentials, { http, metadata }, never)).value, 'account');
    assert.equal(requests[1]?.headers?.['authorization'], 'Bearer u');
  });

  it('that are refused tell why, without secrets', async () => {
    const error = await getToken(credentialsOf(user), { http: web([400, { error: 'invalid_grant', error_description: 'Token has been revoked.' }]).http, metadata }, never).catch((e: unknown) => e);
    assert.ok(error instanceof ConfigurationError);
    assert.match(messageOf(error), /invalid_grant: Token has been revoked\./);
    await assert.rejects(getToken(credentialsOf(user), { http: web([503, 'busy']).http, metadata }, never), SoftError);
  });

  it('are kept until shortly before they expire', async () => {
    let [now, issued] = [0, 0];
    const cache = new TokenCache(async () => ({ value: `t${++issued}`, expiresAtMs: now + 3_600_000 }), () => now);
    assert.deepEqual(await Promise.all([cache.get(never), cache.get(never)]), ['t1', 't1']);
    now = 3_600_000 - 5 * 60_000;
    assert.equal(await cache.get(never), 't1');
    now += 2 * 60_000;
    assert.equal(await cache.get(never), 't2');
    cache.drop('t1');
    assert.equal(await cache.get(never), 't2');
    cache.drop('t2');
    assert.equal(await cache.get(never), 't3');
  });
});
