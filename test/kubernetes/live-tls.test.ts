import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Service } from '../../src/kubernetes/resources/core.ts';
import { authority, clientCertificate, clientKey, serverCertificate, serverKey } from './certificates.ts';
import { never, service, until, withLive } from './live.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'external-dns-'));
after(() => rmSync(folder, { recursive: true }));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const tls = { cert: serverCertificate, key: serverKey, ca: authority, requestCert: true, rejectUnauthorized: false };
const all = { namespace: '' };

function kubeconfig(cluster: object, user: object = {}): string {
  const file = path.join(folder, `config-${Math.random()}`);
  writeFileSync(file, JSON.stringify({ 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }], clusters: [{ name: 'k', cluster: { server: 'https://127.0.0.1:1', ...cluster } }], users: [{ name: 'u', user }] }));
  return file;
}
const trusted = { 'certificate-authority-data': base64(authority), 'tls-server-name': 'server.example.org' };

describe('a live cluster over TLS', () => {
  it('is trusted by the authority and the server name of the kubeconfig', () =>
    withLive({ tls, kubeconfig: kubeconfig(trusted) }, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(view.size, 1);
    }));

  it('gets the client certificate, also when its files are changed', () => {
    const [cert, key] = [path.join(folder, 'client.crt'), path.join(folder, 'client.key')];
    writeFileSync(cert, '');
    writeFileSync(key, '');
    return withLive({ tls: { ...tls, rejectUnauthorized: true }, kubeconfig: kubeconfig(trusted, { 'client-certificate': cert, 'client-key': key }), timing: { failedAfterMs: 5000 } }, async ({ cluster }) => {
      const view = cluster.watch(Service, all);
      writeFileSync(cert, clientCertificate);
      writeFileSync(key, clientKey);
      await until(() => view.state.kind === 'synced', 'the new certificate is used');
    });
  });

  it('need not be trusted where that is asked for', () =>
    withLive({ tls, kubeconfig: kubeconfig({ 'insecure-skip-tls-verify': true }) }, async ({ cluster }) => {
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(view.state.kind, 'synced');
    }));

  for (const [name, cluster, hint] of [
    ['of an unknown authority', {}, /name the authority that signed its certificate in the kubeconfig \(certificate-authority\)$/],
    ['of another name', { 'certificate-authority-data': base64(authority) }, /use a host name of its certificate, or name one in the kubeconfig \(tls-server-name\)$/],
  ] as const) {
    it(`is refused with a certificate ${name}, and the message says what to do`, () =>
      withLive({ tls, kubeconfig: kubeconfig(cluster) }, async (live) => {
        live.cluster.watch(Service, all);
        await assert.rejects(live.cluster.settled(never), hint);
      }));
  }

  it('is reached through the proxy of the kubeconfig', async () => {
    const proxy = createServer();
    const hosts: string[] = [];
    const sockets: Socket[] = [];
    proxy.on('connect', (request, socket: Socket) => {
      hosts.push(request.url ?? '');
      const upstream = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
      sockets.push(socket, upstream);
      for (const end of [socket, upstream]) end.on('error', () => {});
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    try {
      await withLive({ tls, kubeconfig: kubeconfig({ ...trusted, 'proxy-url': url }) }, async ({ api, cluster }) => {
        const view = cluster.watch(Service, all);
        await cluster.settled(never);
        assert.equal(view.state.kind, 'synced');
        assert.equal(hosts[0], api.url.slice('https://'.length));
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    }
  });
});
