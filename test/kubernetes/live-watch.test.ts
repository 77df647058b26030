import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DNSEndpoint, Service } from '../../src/kubernetes/resources/core.ts';
import { statusOf } from './fake-api.ts';
import { changesOf, names, never, service, until, withLive } from './live.ts';

const all = { namespace: '' };

describe('a live cluster: list and watch', () => {
  it('lists in pages and gives all objects in one batch', () =>
    withLive({}, async ({ api, cluster }) => {
      for (let i = 0; i < 1100; i++) api.put('services', service(`s${i}`));
      const view = cluster.watch(Service, all);
      const told = changesOf(view);
      assert.equal(view.state.kind, 'syncing');
      await cluster.settled(never);
      assert.equal(view.size, 1100);
      assert.equal(view.version, 'v1');
      assert.deepEqual(told.map((batch) => batch.split(' ').length), [1100, 1]);
      assert.equal(told[1], '(synced)');
      assert.equal(api.requests.filter(({ query }) => query.get('limit') === '500').length, 3);
      assert.equal(view.get('default', 's7')?.apiVersion, 'v1');
      assert.equal(view.get('default', 's7')?.kind, 'Service');
    }));

  it('does not count the pages of a list for the rate limit', () =>
    withLive({ burst: 1 }, async ({ api, cluster }) => {
      for (let i = 0; i < 1600; i++) api.put('services', service(`s${i}`));
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(view.size, 1600);
      assert.equal(api.watches, 0);
    }));

  it('follows what comes, changes and goes', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      const told = changesOf(view);
      api.put('services', service('b'));
      api.put('services', service('a', '192.0.2.2'));
      api.remove('services', 'b');
      await until(() => told.join(' ').includes('-default/b') || (told.length > 0 && view.size === 1), 'all is seen');
      assert.equal(view.get('default', 'a')?.status.loadBalancer.ingress[0]?.ip, '192.0.2.2');
      assert.equal(names(view), 'a');
    }));

  it('does not take for a change what sources do not read, but notes its version', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      const told = changesOf(view);
      const before = view.get('default', 'a');
      const version = before?.metadata.resourceVersion;
      api.put('services', { ...service('a'), spec: { type: 'LoadBalancer', sessionAffinity: 'ClientIP' } });
      api.put('services', service('z'));
      await until(() => view.size === 2, 'the last is seen');
      assert.deepEqual(told, ['+default/z']);
      assert.equal(view.get('default', 'a'), before);
      assert.notEqual(before?.metadata.resourceVersion, version);
    }));

  it('resumes where it was when the connection is cut in the middle of a line', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      await until(() => api.watches === 1, 'it watches');
      const told = changesOf(view);
      api.put('services', service('b'));
      api.cut('{"type":"ADDED","object":{"metadata":{"na');
      api.put('services', service('c'));
      await until(() => view.size === 3, 'it has caught up');
      assert.equal(api.count('services', 'list'), 1);
      assert.equal(told.filter((t) => t.includes('+default/b')).length, 1);
    }));

  it('resumes after a line that is no event, without a new list', () =>
    withLive({}, async ({ api, cluster }) => {
      const view = cluster.watch(Service, all);
      for (const rubbish of ['<html>\n', '{"type":3}\n']) {
        await until(() => api.watches === 1, 'it watches');
        const watches = api.count('services', 'watch');
        api.say(rubbish);
        await until(() => api.count('services', 'watch') > watches, 'it has resumed');
      }
      api.put('services', service('a'));
      await until(() => view.size === 1, 'it goes on');
      assert.equal(api.count('services', 'list'), 1);
    }));

  it('lists anew where a watch gives nothing but rubbish', () =>
    withLive({}, async ({ api, cluster }) => {
      cluster.watch(Service, all);
      await cluster.settled(never);
      let rubbish = 3;
      api.fault = ({ query }) => (query.has('watch') && rubbish-- > 0 ? { status: 200, body: 'rubbish\n' } : undefined);
      api.cut();
      await until(() => api.count('services', 'list') === 2, 'it has listed anew');
    }));

  for (const goneByEvent of [false, true]) {
    it(`lists anew and gives the exact difference when it is too far behind, told by ${goneByEvent ? 'an event' : 'a status'}`, () =>
      withLive({}, async ({ api, cluster }) => {
        for (const name of ['a', 'b', 'c']) api.put('services', service(name));
        const view = cluster.watch(Service, all);
        await until(() => api.watches === 1, 'it watches');
        const told = changesOf(view);
        api.goneByEvent = goneByEvent;
        api.fault = ({ query }) => (query.has('watch') ? { status: 503 } : undefined);
        api.cut();
        await until(() => api.watches === 0, 'it is cut');
        api.put('services', service('b', '192.0.2.9'));
        api.remove('services', 'c');
        api.put('services', service('d'));
        api.compact();
        api.fault = () => undefined;
        await until(() => view.get('default', 'd') !== undefined, 'it has listed');
        assert.deepEqual(told.filter((t) => !t.startsWith('(')), ['+default/d -default/c ~default/b']);
        assert.equal(api.count('services', 'list'), 2);
      }));
  }

  it('goes on from a bookmark', () =>
    withLive({}, async ({ api, cluster }) => {
      const view = cluster.watch(Service, all);
      await until(() => api.watches === 1, 'it watches');
      for (let i = 0; i < 5; i++) api.tick();
      api.bookmark();
      api.put('services', service('a'));
      await until(() => view.size === 1, 'the bookmark is read');
      api.compact();
      api.cut();
      api.put('services', service('b'));
      await until(() => view.size === 2, 'it goes on');
      assert.equal(api.count('services', 'list'), 1);
    }));

  it('cuts a watch that has become silent, and resumes it', () =>
    withLive({ timing: { silenceMs: 15 } }, async ({ api, cluster }) => {
      const view = cluster.watch(Service, all);
      await until(() => api.watches === 1, 'it watches');
      api.bookmark();
      await until(() => api.count('services', 'watch') === 2, 'it has resumed');
      api.put('services', service('a'));
      await until(() => view.size === 1, 'it goes on');
      assert.equal(api.count('services', 'list'), 1);
    }));

  it('lists all over when the pages that are left have expired', () =>
    withLive({}, async ({ api, cluster }) => {
      for (let i = 0; i < 1200; i++) api.put('services', service(`s${i}`));
      let pages = 0;
      api.fault = ({ query }) => {
        if (query.has('continue') && ++pages === 2) {
          api.remove('services', 's0');
          api.compact();
        }
        return undefined;
      };
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(view.size, 1199);
      assert.equal(view.get('default', 's0'), undefined);
    }));

  it('tries again what fails for a time', () =>
    withLive({}, async ({ api, cluster }) => {
      for (let i = 0; i < 700; i++) api.put('services', service(`s${i}`));
      const faults = [{ status: 429, headers: { 'retry-after': '0' } }, { status: 500 }, 'reset' as const, { status: 200, body: 'rubbish' }, { status: 503 }];
      api.fault = ({ query }) => (query.has('watch') ? undefined : faults.shift());
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(view.size, 700);
      assert.equal(faults.length, 0);
    }));

  it('waits as long as it is asked to', () =>
    withLive({}, async ({ api, cluster }) => {
      const body = { ...statusOf(429, 'TooManyRequests'), details: { retryAfterSeconds: 0.04 } };
      let first = 0;
      let second = 0;
      api.fault = ({ query }) => {
        if (query.has('watch')) return undefined;
        if (first > 0) return void (second ||= performance.now());
        first = performance.now();
        return { status: 429, body };
      };
      cluster.watch(Service, all);
      await cluster.settled(never);
      assert.ok(second - first >= 38, `only ${second - first} ms`);
    }));

  it('leaves a request alone that hangs', () =>
    withLive({ requestTimeoutMs: 30 }, async ({ api, cluster }) => {
      api.put('services', service('a'));
      let hangs = 1;
      api.fault = ({ query }) => (!query.has('watch') && hangs-- > 0 ? 'hang' : undefined);
      const view = cluster.watch(Service, all);
      await until(() => view.size === 1, 'it has listed');
    }));

  it('leaves out objects without a name, with one warning', () =>
    withLive({}, async ({ api, cluster, warnings }) => {
      api.fault = ({ query }) => (query.has('watch') ? undefined : { status: 200, body: { metadata: { resourceVersion: '1' }, items: [{}, 3, { metadata: { name: 'a' } }, { metadata: null }] } });
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(names(view), 'a');
      assert.deepEqual(warnings, ['object without a name is left out services']);
    }));
});

describe('a live cluster: views', () => {
  it('are shared by all who ask for the same', () =>
    withLive({}, async ({ api, cluster }) => {
      const view = cluster.watch(Service, all);
      assert.equal(cluster.watch(Service, all), view);
      assert.notEqual(cluster.watch(Service, { namespace: 'shop' }), view);
      assert.equal(cluster.watch(DNSEndpoint, all), cluster.watch(DNSEndpoint, all));
      await cluster.settled(never);
      assert.equal(api.count('services', 'list'), 2);
      assert.equal(api.requests.filter(({ path }) => path === '/api/v1/namespaces/shop/services' ).length > 0, true);
    }));

  it('may be many, without a warning of Node.js', () =>
    withLive({}, async ({ cluster }) => {
      const warnings: string[] = [];
      const note = (warning: Error): void => void warnings.push(warning.message);
      process.on('warning', note);
      for (let i = 0; i < 30; i++) cluster.watch(Service, { namespace: `n${i}` });
      await cluster.settled(never);
      await sleep(5);
      process.off('warning', note);
      assert.deepEqual(warnings, []);
    }));

  it('read all again when whole objects are asked for later', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('services', { ...service('a'), metadata: { name: 'a', namespace: 'default', managedFields: [{}], finalizers: ['x'] }, data: 1 });
      const view = cluster.watch(Service, all);
      await cluster.settled(never);
      assert.equal(view.get('default', 'a')?.raw, undefined);
      cluster.watch(Service, { namespace: '', whole: true });
      assert.equal(view.state.kind, 'syncing');
      await cluster.settled(never);
      const whole = view.get('default', 'a');
      assert.equal(whole?.raw?.['data'], 1);
      assert.equal(whole?.raw?.['kind'], 'Service');
      assert.deepEqual(Object.keys(whole?.raw?.['metadata'] ?? {}).sort(), ['finalizers', 'name', 'namespace', 'resourceVersion']);
      assert.equal(whole?.spec.type, 'LoadBalancer');
    }));

  it('take whole objects from the start when they are asked for at once', () =>
    withLive({}, async ({ api, cluster }) => {
      api.put('services', service('a'));
      const view = cluster.watch(Service, all);
      cluster.watch(Service, { namespace: '', whole: true });
      await cluster.settled(never);
      assert.ok(view.get('default', 'a')?.raw);
      assert.equal(api.count('services', 'list'), 1);
    }));
});
