import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { cached, type Credentials, credentialsOf } from './credentials.ts';

const never = new AbortController().signal;
const keys = { AWS_ACCESS_KEY_ID: 'AKIDUSER', AWS_SECRET_ACCESS_KEY: 'secret' };

describe('credentials that were fetched', () => {
  const minutes = (n: number): Date => new Date(n * 60_000);
  function source(...answers: readonly (Credentials | Error)[]) {
    const state = { now: 0, fetched: 0 };
    const fetch = async (): Promise<Credentials> => {
      const answer = answers[state.fetched++];
      if (!answer || answer instanceof Error) throw answer ?? new Error('no more');
      return answer;
    };
    return { state, source: cached(fetch, () => state.now) };
  }
  const named = (accessKeyId: string, expiration?: Date): Credentials => ({ accessKeyId, secretAccessKey: 's', ...(expiration && { expiration }) });

  it('are kept', async () => {
    const { state, source: s } = source(named('a'));
    await s.get(never);
    assert.equal((await s.get(never)).accessKeyId, 'a');
    assert.equal(state.fetched, 1);
  });

  it('are fetched once for all who ask at the same time', async () => {
    const { state, source: s } = source(named('a'));
    await Promise.all([s.get(never), s.get(never)]);
    assert.equal(state.fetched, 1);
  });

  it('are fetched anew before they expire', async () => {
    const { state, source: s } = source(named('a', minutes(60)), named('b', minutes(120)));
    await s.get(never);
    state.now = minutes(56).getTime();
    assert.equal((await s.get(never)).accessKeyId, 'b');
  });

  it('serve to their end where none can be fetched', async () => {
    const { state, source: s } = source(named('a', minutes(60)), new Error('down'), new Error('down'));
    await s.get(never);
    state.now = minutes(56).getTime();
    assert.equal((await s.get(never)).accessKeyId, 'a');
    state.now = minutes(61).getTime();
    await assert.rejects(s.get(never), /down/);
  });

  it('are fetched anew when AWS does not take them', async () => {
    const { source: s } = source(named('a'), named('b'));
    await s.get(never);
    s.forget();
    assert.equal((await s.get(never)).accessKeyId, 'b');
  });
});

describe('credentials are found', () => {
  const asked: { path: string; query: URLSearchParams; authorization: string | undefined }[] = [];
  let folder = '';
  let url = '';
  let refuse = false;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', query: new URLSearchParams(body), authorization: request.headers.authorization });
      if (request.url === '/pod') return response.end(JSON.stringify({ AccessKeyId: 'AKIDPOD', SecretAccessKey: 's', Token: 't', Expiration: new Date(Date.now() + 3600_000).toISOString() }));
      if (refuse) return response.writeHead(403).end('<ErrorResponse><Error><Code>AccessDenied</Code><Message>User is not authorized</Message></Error></ErrorResponse>');
      response.end(`<R><X><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(Date.now() + 3600_000).toISOString()}</Expiration></Credentials></X></R>`);
    });
  });
  const names = ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
  const saved = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'aws-credentials-'));
    writeFileSync(path.join(folder, 'credentials'), '[default]\naws_access_key_id = AKIDFILE\naws_secret_access_key = s\n[second]\naws_access_key_id = AKIDSECOND\naws_secret_access_key = s\n[role]\nrole_arn = arn:aws:iam::111122223333:role/dns\nsource_profile = second\nexternal_id = ext\n');
    writeFileSync(path.join(folder, 'token'), 'web-token\n');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // the SDK reads these itself
    for (const name of names) delete process.env[name];
  });
  after(() => {
    for (const name of names) if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const find = (env: Record<string, string>, { externalId = '', ...options }: { profile?: string; role?: string; externalId?: string } = {}): Promise<Credentials> => {
    asked.length = 0;
    return credentialsOf({ profile: '', role: '', externalId: { current: () => externalId }, region: '', ...options, env: { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', AWS_ENDPOINT_URL_STS: url, ...env }, metrics: noMetrics, log: silentLogger }).get(never);
  };
  const withProcess = async <T>(variables: Record<string, string>, work: () => Promise<T>): Promise<T> => {
    const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
    Object.assign(process.env, variables);
    try {
      return await work();
    } finally {
      for (const [name, value] of Object.entries(before)) if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  const inFiles = (env: Record<string, string>, options: { profile?: string } = {}): Promise<Credentials> => find({ AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'credentials'), ...env }, options);

  it('in the environment', async () => assert.deepEqual(await find({ ...keys, AWS_SESSION_TOKEN: 't' }), { accessKeyId: 'AKIDUSER', secretAccessKey: 'secret', sessionToken: 't' }));

  it('by the token of a service account', async () => {
    assert.equal((await find({ AWS_WEB_IDENTITY_TOKEN_FILE: path.join(folder, 'token'), AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/dns' })).accessKeyId, 'ASIAROLE');
    const [call] = asked;
    assert.deepEqual([call?.query.get('Action'), call?.query.get('WebIdentityToken'), call?.query.get('RoleArn'), call?.authorization], ['AssumeRoleWithWebIdentity', 'web-token', 'arn:aws:iam::111122223333:role/dns', undefined]);
  });

  it('by a role, with its external id', async () => {
    const role = await find(keys, { role: 'arn:aws:iam::111122223333:role/dns', externalId: 'ext-1' });
    assert.deepEqual([role.accessKeyId, role.sessionToken], ['ASIAROLE', 't']);
    const [call] = asked;
    assert.deepEqual([call?.query.get('Action'), call?.query.get('ExternalId'), /Credential=AKIDUSER\//.test(call?.authorization ?? '')], ['AssumeRole', 'ext-1', true]);
  });

  it('not where the role is refused; the message names the action', async () => {
    refuse = true;
    await assert.rejects(find(keys, { role: 'arn:aws:iam::111122223333:role/dns' }), (e) => e instanceof ConfigurationError && /allow the action sts:AssumeRole/.test(e.message)).finally(() => (refuse = false));
  });

  it('in the environment by the older names', async () => assert.equal((await find({ AWS_ACCESS_KEY: 'AKIDOLD', AWS_SECRET_KEY: 's' })).accessKeyId, 'AKIDOLD'));
  it('in a file', async () => assert.equal((await inFiles({})).accessKeyId, 'AKIDFILE'));
  it('in the profile of the environment', async () => assert.equal((await inFiles({ AWS_PROFILE: 'second' })).accessKeyId, 'AKIDSECOND'));
  it('in the profile of its older variable', async () => assert.equal((await inFiles({ AWS_DEFAULT_PROFILE: 'second' })).accessKeyId, 'AKIDSECOND'));
  it('in a profile, which goes before the environment', async () => assert.equal((await inFiles(keys, { profile: 'second' })).accessKeyId, 'AKIDSECOND'));

  it('in a profile with a role', async () => {
    assert.equal((await inFiles({}, { profile: 'role' })).accessKeyId, 'ASIAROLE');
    const [call] = asked;
    assert.deepEqual([call?.query.get('ExternalId'), /Credential=AKIDSECOND\//.test(call?.authorization ?? '')], ['ext', true]);
  });

  it('at the endpoint of the pod', () =>
    withProcess({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/pod`, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'pod-token' }, async () => {
      assert.equal((await find({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/pod` })).accessKeyId, 'AKIDPOD');
      assert.equal(asked[0]?.authorization, 'pod-token');
    }));

  it('not in a profile that is not there', () => assert.rejects(inFiles(keys, { profile: 'third' }), (e) => e instanceof ConfigurationError && /profile "third"/.test(e.message)));
  it('nowhere, and the message says what to do', () => assert.rejects(find({}), (e) => e instanceof ConfigurationError && /no AWS credentials were found.*pod identity/.test(e.message)));
});
