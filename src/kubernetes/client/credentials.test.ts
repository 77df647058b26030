import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { Credentials, type Grant } from './credentials.ts';
import { runExecPlugin } from './exec-plugin.ts';
import { type Connection, type ExecPlugin, findConnection } from './kubeconfig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'external-dns-'));
after(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;
const connection = (fields: Partial<Connection>): Connection => ({ ...findConnection({ kubeconfig: '', server: 'https://192.0.2.1' }, { HOME: '/nowhere' }, '/nowhere'), ...fields });
const noPlugin = (): Promise<Grant> => Promise.reject(new Error('there is none'));

describe('credentials', () => {
  it('are a token, a user name with its password, or none', async () => {
    const header = async (fields: Partial<Connection>): Promise<string | undefined> => (await new Credentials(connection(fields), noPlugin).current(never)).authorization;
    assert.equal(await header({ token: { kind: 'text', text: 'a\n' }, username: 'me' }), 'Bearer a');
    assert.equal(await header({ username: 'me', password: 'ä' }), `Basic ${Buffer.from('me:ä').toString('base64')}`);
    assert.equal(await header({}), undefined);
  });

  it('read a token file again after a while, and at once when it was refused', async () => {
    const file = path.join(folder, 'token');
    let now = 0;
    const credentials = new Credentials(connection({ token: { kind: 'file', path: file } }), noPlugin, () => now);
    const header = async (): Promise<string | undefined> => (await credentials.current(never)).authorization;
    writeFileSync(file, 'one');
    assert.equal(await header(), 'Bearer one');
    writeFileSync(file, 'two');
    now = 9_000;
    assert.equal(await header(), 'Bearer one');
    now = 10_000;
    assert.equal(await header(), 'Bearer two');
    writeFileSync(file, 'three');
    credentials.refused();
    assert.equal(await header(), 'Bearer three');
    rmSync(file);
    credentials.refused();
    assert.equal(await header(), 'Bearer three', 'in the middle of a rotation');
  });

  it('name the file that cannot be read', async () => {
    const credentials = new Credentials(connection({ ca: { kind: 'file', path: '/nowhere/ca.crt' } }), noPlugin);
    await assert.rejects(credentials.current(never), (error) => error instanceof ConfigurationError && String(error.cause).includes('/nowhere/ca.crt'));
  });

  it('of a program are asked for once for all who wait, and again shortly before they expire or when they were refused', async () => {
    let runs = 0;
    let now = 0;
    const exec = { command: 'x' } as ExecPlugin;
    const credentials = new Credentials(connection({ exec }), () => Promise.resolve({ token: `t${++runs}`, cert: 'C', key: 'K', expiresAtMs: 100_000 }), () => now);
    const [first, second] = await Promise.all([credentials.current(never), credentials.current(never)]);
    assert.deepEqual([first.authorization, second.authorization, first.tls.cert, first.tls.key], ['Bearer t1', 'Bearer t1', 'C', 'K']);
    now = 89_000;
    assert.equal((await credentials.current(never)).authorization, 'Bearer t1');
    now = 91_000;
    assert.equal((await credentials.current(never)).authorization, 'Bearer t2');
    now = 0;
    credentials.refused();
    assert.equal((await credentials.current(never)).authorization, 'Bearer t3');
  });
});

describe('exec plugin', () => {
  const plugin = (script: string, fields: Partial<ExecPlugin> = {}): ExecPlugin => {
    const command = path.join(folder, `plugin-${Math.random()}`);
    writeFileSync(command, `#!/bin/sh\n${script}\n`);
    chmodSync(command, 0o700);
    return { command, args: [], env: {}, apiVersion: 'client.authentication.k8s.io/v1', installHint: 'brew install it', provideClusterInfo: false, ...fields };
  };
  const run = (p: ExecPlugin, ca?: string): Promise<Grant> => runExecPlugin(p, connection({}), ca, process.env, never);
  const credential = (status: object, apiVersion = 'client.authentication.k8s.io/v1'): string => `echo '${JSON.stringify({ apiVersion, kind: 'ExecCredential', status })}'`;

  it('gives a token with its end', async () => {
    const grant = await run(plugin(credential({ token: 'abc', expirationTimestamp: '2026-01-01T00:00:00Z' })));
    assert.deepEqual(grant, { token: 'abc', cert: undefined, key: undefined, expiresAtMs: Date.UTC(2026, 0, 1) });
    assert.equal((await run(plugin(credential({ token: 'abc' })))).expiresAtMs, Number.POSITIVE_INFINITY);
  });

  it('is told of the cluster, and that there is no terminal', async () => {
    const grant = await run(plugin(`printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(printf '%s %s' "$1 $A" "$KUBERNETES_EXEC_INFO" | base64 | tr -d '\\n')"`, { args: ['get'], env: { A: 'b' }, provideClusterInfo: true }), 'CA');
    const [arg, env, info = ''] = Buffer.from(grant.token ?? '', 'base64').toString().split(/ (.*) (?=\{)/).flatMap((s, i) => (i === 0 ? [s] : [s]));
    assert.deepEqual([arg, env], ['get', 'b']);
    const cluster = { server: 'https://192.0.2.1', 'certificate-authority-data': 'Q0E=' };
    assert.deepEqual(JSON.parse(info), { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', spec: { interactive: false, cluster } });
  });

  it('that is not installed ends the start, with the hint of the kubeconfig', () =>
    assert.rejects(run({ ...plugin(''), command: '/nowhere/login' }), (error) => error instanceof ConfigurationError && /"\/nowhere\/login".*\(ENOENT\).*: brew install it$/.test(error.message)));

  for (const [name, script, expected] of [
    ['fails', 'echo "please log in" >&2; exit 3', /ended with status 3: please log in$/],
    ['prints no JSON', 'echo secret', /did not print JSON$/],
    ['prints something else', 'echo "{}"', /did not print an ExecCredential$/],
    ['prints another version', credential({ token: 'secret' }, 'client.authentication.k8s.io/v1beta1'), /printed an ExecCredential of client.authentication.k8s.io\/v1beta1, not of client.authentication.k8s.io\/v1$/],
    ['gives nothing', credential({}), /gave neither a token nor a certificate$/],
    ['gives a certificate without its key', credential({ clientCertificateData: 'C' }), /gave a certificate without its key/],
  ] as const) {
    it(`that ${name} is tried again`, () => assert.rejects(run(plugin(script)), (error) => error instanceof SoftError && expected.test(error.message) && !error.message.includes('secret')));
  }
});
