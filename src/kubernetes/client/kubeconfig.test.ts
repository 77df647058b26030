import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { findConnection } from './kubeconfig.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'external-dns-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
function write(content: unknown, at = `config-${++files}`): string {
  const file = path.join(folder, at);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

const config = (user: unknown = {}, cluster: object = {}, context: object = {}): object => ({
  'current-context': 'prod',
  contexts: [{ name: 'prod', context: { cluster: 'k', user: 'u', ...context } }],
  clusters: [{ name: 'k', cluster: { server: 'https://api.example.org:6443/k8s/', ...cluster } }],
  users: [{ name: 'u', user }],
});
const nothing = { HOME: '/nowhere' };
const read = (content: unknown, server = ''): ReturnType<typeof findConnection> => findConnection({ kubeconfig: write(content), server }, nothing, '/nowhere');
const refusal = (content: unknown): string => {
  try {
    read(content);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.message.replaceAll(folder, '');
  }
  return 'accepted';
};

describe('kubeconfig', () => {
  it('gives the server, the namespace and where they come from', () => {
    const connection = read(config({}, {}, { namespace: 'dns' }));
    assert.equal(connection.server, 'https://api.example.org:6443/k8s');
    assert.equal(connection.namespace, 'dns');
    assert.match(connection.origin, /^context "prod" of .*config-\d+$/);
  });

  it('reads certificates from data and from files beside it', () => {
    const data = Buffer.from('PEM').toString('base64');
    const connection = read(config({ 'client-certificate': 'tls/client.crt', 'client-key': '/etc/client.key' }, { 'certificate-authority-data': data }));
    assert.deepEqual(connection.ca, { kind: 'text', text: 'PEM' });
    assert.deepEqual(connection.clientCertificate, { kind: 'file', path: path.join(folder, 'tls/client.crt') });
    assert.deepEqual(connection.clientKey, { kind: 'file', path: '/etc/client.key' });
  });

  it('reads tokens, a file of one first, and a user name with its password', () => {
    assert.deepEqual(read(config({ token: 'secret' })).token, { kind: 'text', text: 'secret' });
    assert.deepEqual(read(config({ token: 'secret', tokenFile: 'token' })).token, { kind: 'file', path: path.join(folder, 'token') });
    const { username, password } = read(config({ username: 'me', password: 'secret' }));
    assert.deepEqual([username, password], ['me', 'secret']);
  });

  it('reads how TLS and a proxy are used', () => {
    const { tlsServerName, insecureSkipTlsVerify, proxyUrl } = read(config({}, { 'tls-server-name': 'kubernetes', 'insecure-skip-tls-verify': true, 'proxy-url': 'http://proxy.example.org:3128' }));
    assert.deepEqual([tlsServerName, insecureSkipTlsVerify, proxyUrl], ['kubernetes', true, 'http://proxy.example.org:3128']);
  });

  it('reads an exec plugin, whose path is beside it', () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './bin/login', args: ['get', 'token'], env: [{ name: 'A', value: 'b' }], installHint: 'brew install login', interactiveMode: 'IfAvailable', provideClusterInfo: true };
    assert.deepEqual(read(config({ exec })).exec, {
      apiVersion: exec.apiVersion,
      command: path.join(folder, 'bin/login'),
      args: ['get', 'token'],
      env: { A: 'b' },
      installHint: 'brew install login',
      provideClusterInfo: true,
    });
    assert.equal(read(config({ exec: { ...exec, command: 'login' } })).exec?.command, 'login');
  });

  it('takes --server instead of the URL, with the credentials of the context', () => {
    const connection = read(config({ token: 'secret' }), 'https://other.example.org/');
    assert.equal(connection.server, 'https://other.example.org');
    assert.ok(connection.token);
  });

  for (const [server, cluster, expected] of [
    ['192.0.2.1:8080', {}, 'http://192.0.2.1:8080'],
    ['api.example.org', { 'certificate-authority': 'ca.crt' }, 'https://api.example.org'],
  ] as const) {
    it(`takes ${server} as ${expected}`, () => assert.equal(read(config({}, { server, ...cluster })).server, expected));
  }

  for (const [name, content, expected] of [
    ['without a current context', { ...config(), 'current-context': '' }, /^kubeconfig \/config-\d+ has no current-context: set one with "kubectl config use-context" \(known: "prod"\)$/],
    ['whose context is not there', { ...config(), 'current-context': 'test' }, /current-context "test" is not among its contexts \("prod"\)/],
    ['whose cluster is not there', { ...config(), clusters: [] }, /names the cluster "k", which is not there/],
    ['whose user is not there', { ...config(), users: null }, /names the user "u", which is not there/],
    ['without a server', config({}, { server: '' }), /cluster "k" of \/config-\d+: server "" is no URL such as/],
    ['with a server that is no URL', config({}, { server: 'ftp://x' }), /server "ftp:\/\/x" is no URL/],
    ['with an auth-provider', config({ 'auth-provider': { name: 'gcp' } }), /user "u" uses the auth-provider "gcp", which Kubernetes has removed: use the exec plugin/],
    ['with an exec plugin of an old version', config({ exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'x' } }), /has the apiVersion "client.authentication.k8s.io\/v1alpha1": only/],
    ['with an exec plugin that wants a terminal', config({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', interactiveMode: 'Always' } }), /asks for a terminal/],
    ['with an exec plugin without a command', config({ exec: { apiVersion: 'client.authentication.k8s.io/v1' } }), /has no command/],
    ['that is a list', [1], /holds no map/],
  ] as const) {
    it(`is refused ${name}`, () => assert.match(refusal(content), expected));
  }

  it('does not show what it holds when it is broken', () => assert.match(refusal('users: [token: secret\n: x'), /^kubeconfig \/config-\d+ is not YAML$/));

  it('that is named must be there', () => assert.throws(() => findConnection({ kubeconfig: '/nowhere/config', server: '' }, nothing), /kubeconfig \/nowhere\/config cannot be read/));
});

describe('the choice of a cluster', () => {
  it('merges the files of KUBECONFIG, the first that says something wins', () => {
    const first = write({ 'current-context': 'prod', users: [{ name: 'u', user: { token: 'first' } }] });
    const second = write(config({ token: 'second' }));
    const connection = findConnection({ kubeconfig: '', server: '' }, { ...nothing, KUBECONFIG: ['/nowhere/config', first, second].join(path.delimiter) });
    assert.deepEqual(connection.token, { kind: 'text', text: 'first' });
    assert.equal(connection.server, 'https://api.example.org:6443/k8s');
  });

  it('falls to ~/.kube/config, and to the service account of the pod', () => {
    write(config({ token: 'home' }), 'home/.kube/config');
    const home = path.join(folder, 'home');
    assert.deepEqual(findConnection({ kubeconfig: '', server: '' }, { HOME: home }).token, { kind: 'text', text: 'home' });
    const account = path.dirname(write('token', 'account/token'));
    write('CA', 'account/ca.crt');
    write('dns\n', 'account/namespace');
    const pod = { ...nothing, KUBERNETES_SERVICE_HOST: '2001:db8::1', KUBERNETES_SERVICE_PORT: '443' };
    const connection = findConnection({ kubeconfig: '', server: '' }, pod, account);
    assert.equal(connection.server, 'https://[2001:db8::1]:443');
    assert.equal(connection.namespace, 'dns');
    assert.deepEqual(connection.token, { kind: 'file', path: path.join(account, 'token') });
    assert.deepEqual(connection.ca, { kind: 'file', path: path.join(account, 'ca.crt') });
    assert.equal(findConnection({ kubeconfig: '', server: 'http://127.0.0.1:8001' }, pod, account).server, 'http://127.0.0.1:8001');
  });

  it('asks --server without credentials where there are none', () => {
    const connection = findConnection({ kubeconfig: '', server: 'http://127.0.0.1:8001' }, nothing, '/nowhere');
    assert.deepEqual([connection.server, connection.origin, connection.token], ['http://127.0.0.1:8001', '--server', undefined]);
  });

  it('says what is missing where nothing is known', () => {
    assert.throws(() => findConnection({ kubeconfig: '', server: '' }, nothing, '/nowhere'), /no Kubernetes cluster is configured: no kubeconfig is there/);
    assert.throws(() => findConnection({ kubeconfig: '', server: '' }, { ...nothing, KUBERNETES_SERVICE_HOST: 'h', KUBERNETES_SERVICE_PORT: '1' }, '/nowhere'), /automountServiceAccountToken: true/);
  });
});
