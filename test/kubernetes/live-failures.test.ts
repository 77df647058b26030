import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../../src/errors.ts';
import type { ViewFailure } from '../../src/kubernetes/cluster.ts';
import type { Resource } from '../../src/kubernetes/object.ts';
import { DNSEndpoint, Service } from '../../src/kubernetes/resources/core.ts';
import { statusOf } from './fake-api.ts';
import { changesOf, names, never, service, until, withLive } from './live.ts';

const all = { namespace: '' };
const failure = (view: { readonly state: { readonly kind: string; readonly reason?: ViewFailure; readonly message?: string } }): string | undefined => view.state.reason;
const entry = (name: string): ReturnType<typeof service> => ({ metadata: { name, namespace: 'default' }, spec: { endpoints: [] } });

describe('a live cluster: what may not be read', () => {
  it('fails with the RBAC rule that is missing, and goes on when it is there', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('dnsendpoints', entry('a'));
      const message = 'dnsendpoints.externaldns.k8s.io is forbidden: User "system:serviceaccount:dns:external-dns" cannot list';
      api.fault = ({ path: at }) => (at.endsWith('/dnsendpoints') ? { status: 403, body: statusOf(403, 'Forbidden', message) } : undefined);
      const view = cluster.watch(DNSEndpoint, all);
      const services = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(services.state.kind, 'synced');
      assert.deepEqual(view.state.kind === 'failed' && [view.state.reason, view.state.everSynced, view.state.message], [
        'forbidden',
        false,
        'user "system:serviceaccount:dns:external-dns" may not list externaldns.k8s.io/dnsendpoints in the whole cluster (ClusterRole): the RBAC rule {apiGroups: ["externaldns.k8s.io"], resources: ["dnsendpoints"], verbs: ["get", "list", "watch"]} is missing',
      ]);
      api.fault = () => undefined;
      await until(() => view.state.kind === 'synced', 'it may be read');
      assert.equal(names(view), 'a');
    }));

  it('names the namespace where only one is read', () =>
    withLive({}, async ({ api, cluster }) => {
      api.fault = () => ({ status: 403, body: statusOf(403, 'Forbidden') });
      const view = cluster.watch(Service, { namespace: 'shop' });
      await cluster.settled(never);
      assert.match(view.state.kind === 'failed' ? view.state.message : '', /in namespace shop \(Role or ClusterRole\)/);
    }));

  it('tells what is forbidden from what is not installed', () =>
    withLive({ prepare: (api) => api.uninstall('dnsendpoints') }, async ({ api, cluster }) => {
      api.fault = ({ path: at }) => (at.endsWith('/dnsendpoints') ? { status: 403, body: statusOf(403, 'Forbidden') } : undefined);
      const view = cluster.watch(DNSEndpoint, all);
      await cluster.settled(never);
      assert.equal(failure(view), 'not-installed');
    }));
});

describe('a live cluster: what is not installed', () => {
  it('is told, waited for, and read when it comes', () =>
    withLive({ prepare: (api) => api.uninstall('dnsendpoints') }, async ({ api, cluster, warnings }) => {
      const view = cluster.watch(DNSEndpoint, { ...all, neededBy: '--source=crd' });
      await cluster.settled(never);
      assert.equal(failure(view), 'not-installed');
      assert.match(view.state.kind === 'failed' ? view.state.message : '', /^DNSEndpoint \(dnsendpoints of externaldns.k8s.io\/v1alpha1\) is not installed in the cluster; apply the .*, or leave out --source=crd; it is looked for/);
      await until(() => api.requests.filter(({ path: at }) => at === '/apis/externaldns.k8s.io/v1alpha1').length > 2, 'it was looked for');
      assert.equal(warnings.length, 1);
      api.install('externaldns.k8s.io/v1alpha1', 'dnsendpoints', 'DNSEndpoint');
      api.put('dnsendpoints', entry('a'));
      await until(() => view.state.kind === 'synced', 'it is read');
      assert.equal(names(view), 'a');
    }));

  it('keeps its content when it is taken away', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('dnsendpoints', entry('a'));
      const view = cluster.watch(DNSEndpoint, all);
      await cluster.settled(never);
      const told = changesOf(view);
      api.uninstall('dnsendpoints');
      await until(() => view.state.kind === 'failed', 'it is seen');
      assert.deepEqual(view.state.kind === 'failed' && [view.state.reason, view.state.everSynced], ['not-installed', true]);
      assert.equal(names(view), 'a');
      assert.deepEqual(told, ['(failed)']);
    }));

  it('reads the first version that is served', () =>
    withLive({}, async ({ api, cluster }) => {
      const twice: Resource = { ...DNSEndpoint, versions: ['v1', 'v1alpha1'] };
      api.put('dnsendpoints', entry('a'));
      const view = cluster.watch(twice, all);
      await cluster.settled(never);
      assert.equal(view.version, 'v1alpha1');
      assert.equal(names(view), 'a');
    }));
});

describe('a live cluster: the server', () => {
  it('that cannot be reached ends the start with its address', () =>
    withLive({}, async ({ api, cluster }) => {
      const { url } = api;
      await api.stop();
      const view = cluster.watch(Service, all);
      await assert.rejects(cluster.settled(never), (error) => error instanceof ConfigurationError && error.message.startsWith(`the API server at ${url} (--server) cannot be reached: connect ECONNREFUSED`));
      assert.equal(failure(view), 'unreachable');
    }));

  it('that is away for a moment changes nothing', () =>
    withLive({ timing: { failedAfterMs: 5000 } }, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      await until(() => api.watches === 1, 'it watches');
      const told = changesOf(view);
      let failures = 6;
      api.fault = () => (failures-- > 0 ? 'reset' : undefined);
      api.cut();
      await until(() => failures < 0 && api.watches === 1, 'it is back');
      api.put('services', service('b'));
      await until(() => view.size === 2, 'it goes on');
      assert.deepEqual(told, ['+default/b']);
      assert.equal(api.count('services', 'list'), 1);
    }));

  it('that is away for long makes the view fail, with its content, until it is back', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      await until(() => api.watches === 1, 'it watches');
      const told = changesOf(view);
      api.fault = () => 'reset';
      api.cut();
      await until(() => view.state.kind === 'failed', 'it has failed');
      assert.equal(failure(view), 'unreachable');
      assert.equal(names(view), 'a');
      api.fault = () => undefined;
      await until(() => view.state.kind === 'synced', 'it is back');
      assert.deepEqual(told, ['(failed)', '(synced)']);
    }));

  it('that refuses the credentials ends the start', () =>
    withLive({}, async ({ api, cluster }) => {
      api.fault = () => ({ status: 401, body: statusOf(401, 'Unauthorized') });
      cluster.watch(Service, all);
      await assert.rejects(cluster.settled(never), /does not accept the credentials of --server: renew them, or name others with --kubeconfig/);
    }));

  it('gets a token that is read anew when it has refused the old one', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'external-dns-'));
    const token = path.join(folder, 'token');
    const kubeconfig = path.join(folder, 'config');
    writeFileSync(token, 'first\n');
    writeFileSync(kubeconfig, JSON.stringify({ 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }], clusters: [{ name: 'k', cluster: { server: 'http://127.0.0.1:1' } }], users: [{ name: 'u', user: { tokenFile: 'token' } }] }));
    try {
      await withLive({ kubeconfig }, async ({ api, cluster }) => {
        let good = 'Bearer first';
        api.fault = ({ authorization }) => (authorization === good ? undefined : { status: 401, body: statusOf(401, 'Unauthorized') });
        const view = cluster.watch(Service, all);
        await cluster.settled(never);
        good = 'Bearer second';
        writeFileSync(token, 'second\n');
        api.cut();
        api.put('services', service('a'));
        await until(() => view.size === 1, 'it goes on');
        assert.equal(view.state.kind, 'synced');
        assert.equal(api.count('services', 'list'), 1);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is not waited for after the signal', () =>
    withLive({}, async ({ api, cluster }) => {
      api.fault = () => 'hang';
      cluster.watch(Service, all);
      const stop = new AbortController();
      const settled = assert.rejects(cluster.settled(stop.signal), { name: 'AbortError' });
      stop.abort();
      await settled;
    }));
});

describe('a live cluster: writing', () => {
  const object = (name: string, more: Readonly<Record<string, unknown>> = {}): ReturnType<typeof service> => ({ metadata: { name, namespace: 'default', ...more } });

  it('patches a status, unless the object has gone or moved', () =>
    withLive({}, async ({ api, cluster: { writer } }) => {
      api.put('dnsendpoints', { ...entry('a'), status: { other: 1 } });
      assert.equal(await writer.patchStatus(DNSEndpoint, 'default', 'a', { observedGeneration: 3 }, never), true);
      assert.deepEqual((await writer.get(DNSEndpoint, 'default', 'a', never))?.['status'], { other: 1, observedGeneration: 3 });
      assert.equal(await writer.patchStatus(DNSEndpoint, 'default', 'gone', {}, never), false);
      api.fault = () => ({ status: 409, body: statusOf(409, 'Conflict') });
      assert.equal(await writer.patchStatus(DNSEndpoint, 'default', 'a', {}, never), false);
    }));

  it('sets annotations and takes them off, and leaves all else', () =>
    withLive({}, async ({ api, cluster: { writer } }) => {
      api.put('dnsendpoints', { ...entry('a'), metadata: { name: 'a', namespace: 'default', annotations: { old: '1', kept: '2' } } });
      const before = await writer.get(DNSEndpoint, 'default', 'a', never);
      assert.equal(await writer.patchAnnotations(DNSEndpoint, 'default', 'a', { old: null, made: '3' }, never), true);
      const after = await writer.get(DNSEndpoint, 'default', 'a', never);
      assert.deepEqual((after?.['metadata'] as { annotations?: unknown } | undefined)?.annotations, { kept: '2', made: '3' });
      assert.deepEqual(after?.['spec'], before?.['spec']);
      assert.equal(await writer.patchAnnotations(DNSEndpoint, 'default', 'gone', { made: '3' }, never), false);
      api.fault = () => ({ status: 403, body: statusOf(403, 'Forbidden') });
      await assert.rejects(writer.patchAnnotations(DNSEndpoint, 'default', 'a', {}, never), /resources: \["dnsendpoints"\], verbs: \["patch"\]\} is missing/);
    }));

  it('creates, compares and swaps, and deletes', () =>
    withLive({}, async ({ cluster: { writer } }) => {
      const created = await writer.create(DNSEndpoint, object('a'), never);
      assert.equal(created['kind'], 'DNSEndpoint');
      await assert.rejects(writer.create(DNSEndpoint, object('a'), never), { reason: 'AlreadyExists', status: 409 });
      await writer.replace(DNSEndpoint, { ...object('a', created['metadata'] as Record<string, unknown>), spec: { x: 1 } }, never);
      await assert.rejects(writer.replace(DNSEndpoint, { ...created, spec: { x: 2 } }, never), { reason: 'Conflict' });
      assert.deepEqual((await writer.get(DNSEndpoint, 'default', 'a', never))?.['spec'], { x: 1 });
      await writer.delete(DNSEndpoint, 'default', 'a', never);
      await writer.delete(DNSEndpoint, 'default', 'a', never);
      assert.equal(await writer.get(DNSEndpoint, 'default', 'a', never), undefined);
    }));

  it('names the rule that is missing', () =>
    withLive({}, async ({ api, cluster: { writer } }) => {
      api.fault = () => ({ status: 403, body: statusOf(403, 'Forbidden') });
      await assert.rejects(writer.patchStatus(DNSEndpoint, 'default', 'a', {}, never), /the RBAC rule \{apiGroups: \["externaldns.k8s.io"\], resources: \["dnsendpoints\/status"\], verbs: \["patch"\]\} is missing/);
    }));

  it('updates a status that may not be patched, as with the rights for ExternalDNS v0.22', () =>
    withLive({}, async ({ api, cluster: { writer } }) => {
      api.put('dnsendpoints', { ...object('a'), status: { other: 1 } });
      let forbidden = 'PATCH';
      let overtaken = true;
      api.fault = ({ method, path: at }) => {
        if (method === forbidden) return { status: 403, body: statusOf(403, 'Forbidden') };
        if (method !== 'PUT' || !overtaken) return undefined;
        overtaken = false;
        return { status: 409, body: statusOf(409, 'Conflict', at) };
      };
      const methods = async (generation: number): Promise<readonly string[]> => {
        const before = api.requests.length;
        assert.equal(await writer.patchStatus(DNSEndpoint, 'default', 'a', { observedGeneration: generation }, never), true);
        return api.requests.slice(before).map(({ method }) => method);
      };
      assert.deepEqual(await methods(3), ['PATCH', 'GET', 'PUT', 'GET', 'PUT']);
      assert.deepEqual((await writer.get(DNSEndpoint, 'default', 'a', never))?.['status'], { other: 1, observedGeneration: 3 });
      assert.deepEqual(await methods(4), ['GET', 'PUT'], 'a patch is not tried each time');
      assert.equal(await writer.patchStatus(DNSEndpoint, 'default', 'gone', {}, never), false);
      forbidden = 'PUT';
      assert.deepEqual(await methods(5), ['GET', 'PUT', 'PATCH'], 'the rights are others by now');
      assert.deepEqual(await methods(6), ['PATCH']);
    }));

  it('does not create twice what may have been done', () =>
    withLive({}, async ({ api, cluster: { writer } }) => {
      api.fault = () => 'reset';
      await assert.rejects(writer.create(DNSEndpoint, object('a'), never), /cannot be reached/);
      assert.equal(api.requests.length, 1);
    }));
});
