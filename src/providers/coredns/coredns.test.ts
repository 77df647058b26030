import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { authority, serverCertificate, serverKey } from '../../../test/kubernetes/certificates.ts';
import { FakeEtcd } from '../../../test/support/fake-etcd.ts';
import type { Config } from '../../config/config.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { planName } from '../../plan/plan-name.ts';
import type { Provider } from '../provider.ts';
import { coredns } from './index.ts';

const never = new AbortController().signal;
interface Setting {
  readonly env?: (urls: readonly string[]) => Record<string, string>;
  readonly settings?: Partial<Config>;
  readonly members?: number;
  /** They speak TLS, as server.example.org. */
  readonly secure?: boolean;
}

async function withEtcd(setting: Setting, work: (provider: Provider, etcd: FakeEtcd, members: readonly FakeEtcd[]) => Promise<void>): Promise<void> {
  const members = await Promise.all(Array.from({ length: setting.members ?? 1 }, () => FakeEtcd.start(setting.secure ? { cert: serverCertificate, key: serverKey } : undefined)));
  const urls = members.map((m) => m.url);
  const options = { corednsPrefix: '/skydns/', corednsStrictlyOwned: false, txtOwnerId: 'me', batchChangeIntervalMs: 0, ...setting.settings };
  try {
    const provider = await coredns.create({ options: options as unknown as Config, env: { ETCD_URLS: urls.join(','), ...setting.env?.(urls) }, domainFilter: await createDomainFilter({}), log: silentLogger, metrics: noMetrics, signal: never });
    await work(provider, members[0] ?? assert.fail(), members);
    await provider.close?.();
  } finally {
    for (const member of members) await member.close();
  }
}

const a = (name: string, ...targets: string[]): Endpoint => makeEndpoint(name, 'A', targets);
const group = (name: string, ...changes: Change[]): ChangeGroup => ({ name, setIdentifier: '', changes, reason: 'test' });
const short = (records: readonly Endpoint[] | undefined): string[] | undefined => records?.map((r) => `${r.dnsName} ${r.targets.join(',')}`);
const host = (address: string): object => ({ host: address, targetstrip: 1 });

describe('CoreDNS with etcd', () => {
  it('reads all pages', () =>
    withEtcd({}, async (provider, etcd) => {
      for (let i = 0; i < 5001; i++) etcd.put(`/skydns/org/example/h${i}/k`, host('192.0.2.1'));
      assert.equal((await provider.snapshot(never)).records?.length, 5001);
      assert.equal(etcd.calls.length, 2);
    }));

  it('reads again only what was changed', () =>
    withEtcd({}, async (provider, etcd) => {
      etcd.put('/skydns/org/example/a/k', host('192.0.2.1'));
      etcd.put('/skydns/org/example/b/k', host('192.0.2.2'));
      const first = await provider.snapshot(never);
      etcd.put('/other', 'x');
      const second = await provider.snapshot(never, first.fingerprint);
      assert.deepEqual([second.records, second.fingerprint], [undefined, first.fingerprint]);
      etcd.put('/skydns/org/example/a/k', host('192.0.2.3'));
      const third = await provider.snapshot(never, second.fingerprint);
      assert.deepEqual(short(third.records)?.sort(), ['a.example.org 192.0.2.3', 'b.example.org 192.0.2.2']);
      etcd.remove('/skydns/org/example/a/k');
      assert.deepEqual(short((await provider.snapshot(never, third.fingerprint)).records), ['b.example.org 192.0.2.2']);
    }));

  it('reads single names, without those that begin alike or lie below', () =>
    withEtcd({}, async (provider, etcd) => {
      await provider.snapshot(never);
      for (const key of ['web/k', 'web2/k', 'web/sub/k']) etcd.put(`/skydns/org/example/${key}`, host('192.0.2.1'));
      assert.deepEqual(short(await provider.recordsOf?.(['web.example.org', 'none.example.org'], never)), ['web.example.org 192.0.2.1']);
      etcd.remove('/skydns/org/example/web/k');
      assert.deepEqual(short(await provider.recordsOf?.(['web.example.org'], never)), []);
    }));

  it('removes all keys of a name at once, and none that begins alike', () =>
    withEtcd({}, async (provider, etcd) => {
      etcd.put('/skydns/org/example/web/a', host('192.0.2.1'));
      etcd.put('/skydns/org/example/web/b', host('192.0.2.2'));
      // the key of the name itself, as other programs write it
      etcd.put('/skydns/org/example/web', { host: '192.0.2.3' });
      etcd.put('/skydns/org/example/web2/a', host('192.0.2.1'));
      await provider.snapshot(never);
      const [outcome] = await provider.apply([group('web.example.org', { action: 'delete', before: a('web.example.org', '192.0.2.1', '192.0.2.2', '192.0.2.3') })], never);
      assert.deepEqual([outcome?.result, [...etcd.keys.keys()]], ['applied', ['/skydns/org/example/web2/a']]);
    }));

  it('leaves no ownership behind, neither when it changes nor when its record goes', () =>
    withEtcd({}, async (provider, etcd) => {
      const ownership = (resource: string): Endpoint => makeEndpoint('a-web.example.org', 'TXT', [`"heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/${resource}"`]);
      await provider.snapshot(never);
      const steps: readonly (readonly Change[])[] = [
        [{ action: 'create', after: a('web.example.org', '192.0.2.1') }, { action: 'create', after: ownership('one') }],
        [{ action: 'update', before: a('web.example.org', '192.0.2.1'), after: a('web.example.org', '192.0.2.2') }, { action: 'update', before: ownership('one'), after: ownership('two') }],
        [{ action: 'delete', before: a('web.example.org', '192.0.2.2') }, { action: 'delete', before: ownership('two') }],
      ];
      const left: number[] = [];
      for (const changes of steps) {
        assert.deepEqual((await provider.apply([group('web.example.org', ...changes)], never)).map((o) => o.result), ['applied']);
        left.push(etcd.keys.size);
      }
      assert.deepEqual(left, [2, 2, 0]);
    }));

  it('has nothing to do again for a name with addresses of both families', () =>
    withEtcd({}, async (provider, etcd) => {
      const wishes = await provider.adjust([a('web.example.org', '192.0.2.1'), makeEndpoint('web.example.org', 'AAAA', ['2001:db8::1'])], never);
      await provider.snapshot(never);
      await provider.apply([group('web.example.org', ...wishes.map((after): Change => ({ action: 'create', after })))], never);
      const { records = [] } = await provider.snapshot(never);
      const rules = { policy: 'sync', manages: () => true, matches: () => true, ownerId: undefined, oldOwnerId: '' } as const;
      assert.deepEqual([records.length, etcd.keys.size, planName('web.example.org', wishes, records, rules).flatMap((row) => row.group ?? [])], [2, 2, []]);
    }));

  it('writes the groups of a run in one transaction', () =>
    withEtcd({}, async (provider, etcd) => {
      await provider.snapshot(never);
      await provider.apply(['a', 'b', 'c'].map((n) => group(`${n}.example.org`, { action: 'create', after: a(`${n}.example.org`, '192.0.2.1') })), never);
      assert.deepEqual([etcd.keys.size, etcd.calls.filter((c) => c === 'kv/txn').length], [3, 1]);
    }));

  it('does not write over what somebody else has changed, and reads it again', () =>
    withEtcd({}, async (provider, etcd) => {
      etcd.put('/skydns/org/example/web/a', host('192.0.2.1'));
      const { fingerprint } = await provider.snapshot(never);
      etcd.put('/skydns/org/example/web/a', host('192.0.2.9'));
      const [outcome] = await provider.apply([group('web.example.org', { action: 'delete', before: a('web.example.org', '192.0.2.1') })], never);
      assert.ok(outcome?.result === 'failed' && outcome.error instanceof SoftError && outcome.state === 'unknown');
      assert.deepEqual(short((await provider.snapshot(never, fingerprint)).records), ['web.example.org 192.0.2.9']);
    }));

  it('leaves a name alone whose key cannot be read, and no other', () =>
    withEtcd({}, async (provider, etcd) => {
      etcd.put('/skydns/org/example/bad/k', 'no JSON');
      etcd.put('/skydns/org/example/good/k', host('192.0.2.1'));
      const { records, unreadable } = await provider.snapshot(never);
      assert.deepEqual([short(records), unreadable.map((u) => u.zone)], [['good.example.org 192.0.2.1'], ['bad.example.org']]);
    }));

  for (const [title, settings, want] of [
    ['with --coredns-strictly-owned only its own', { corednsStrictlyOwned: true }, ['mine.example.org 192.0.2.1']],
    ['without it all', {}, ['mine.example.org 192.0.2.1', 'theirs.example.org 192.0.2.1']],
  ] as const)
    it(`reads ${title}`, () =>
      withEtcd({ settings }, async (provider, etcd) => {
        etcd.put('/skydns/org/example/mine/k', { ...host('192.0.2.1'), owner: 'me' });
        etcd.put('/skydns/org/example/theirs/k', { ...host('192.0.2.1'), owner: 'you' });
        assert.deepEqual(short((await provider.snapshot(never)).records), want);
      }));

  it('asks another member where one is down or has no leader', () =>
    withEtcd({ members: 3, env: (urls) => ({ ETCD_URLS: ['http://127.0.0.1:1', ...urls].join(',') }) }, async (provider, _etcd, [lame, good, idle]) => {
      if (lame) lame.broken = 503;
      for (let i = 0; i < 2; i++) assert.deepEqual((await provider.snapshot(never)).records ?? [], []);
      assert.deepEqual([lame?.calls.length, good?.calls.length, idle?.calls.length], [1, 2, 0]);
    }));

  const credentials = { ETCD_USERNAME: 'dns', ETCD_PASSWORD: 'geheim' };
  it('signs in, and again when its token has ended', () =>
    withEtcd({ env: () => credentials }, async (provider, etcd) => {
      etcd.user = { name: 'dns', password: 'geheim' };
      await provider.snapshot(never);
      etcd.tokens.clear();
      await provider.snapshot(never);
      assert.deepEqual(etcd.calls, ['auth/authenticate', 'kv/range', 'kv/range', 'auth/authenticate', 'kv/range']);
    }));
  it('needs no user where etcd wants none', () => withEtcd({ env: () => credentials }, async (provider) => assert.deepEqual((await provider.snapshot(never)).records, [])));
  it('says that the password is wrong, without it', () =>
    withEtcd({ env: () => credentials }, async (provider, etcd) => {
      etcd.user = { name: 'dns', password: 'other' };
      await assert.rejects(provider.snapshot(never), (error: Error) => /ETCD_PASSWORD/.test(error.message) && !/geheim/.test(error.message));
    }));

  const folder = mkdtempSync(path.join(tmpdir(), 'etcd-'));
  after(() => rmSync(folder, { recursive: true }));
  const names: readonly (readonly [title: string, env: Record<string, string>, trusted: boolean])[] = [
    ['trusts a certificate for ETCD_TLS_SERVER_NAME', { ETCD_TLS_SERVER_NAME: 'server.example.org' }, true],
    ['trusts no certificate for another name', { ETCD_TLS_SERVER_NAME: 'other.example.org' }, false],
    ['trusts no certificate for another host than that of the URL, where no name is given', {}, false],
    ['trusts any certificate where that is asked for', { ETCD_TLS_SERVER_NAME: 'other.example.org', ETCD_TLS_INSECURE: 'true' }, true],
  ];
  for (const [title, env, trusted] of names)
    it(title, () => {
      const ca = path.join(folder, 'ca.pem');
      writeFileSync(ca, authority);
      return withEtcd({ secure: true, env: () => ({ ETCD_CA_FILE: ca, ...env }) }, async (provider, etcd) => {
        const reading = provider.snapshot(never);
        if (trusted) assert.deepEqual((await reading).records, []);
        else await assert.rejects(reading, /ERR_TLS_CERT_ALTNAME_INVALID/);
        assert.equal(etcd.calls.length > 0, trusted);
      });
    });

  for (const [env, want] of [
    [{ ETCD_URLS: '127.0.0.1:2379' }, /ETCD_URLS/],
    [{ ETCD_URLS: 'https://127.0.0.1:2379', ETCD_CERT_FILE: '/client.pem' }, /ETCD_KEY_FILE/],
    [{ ETCD_URLS: 'https://127.0.0.1:2379', ETCD_CA_FILE: '/nonexistent/ca.pem' }, /ETCD_CA_FILE/],
  ] as const)
    it(`refuses ${JSON.stringify(env)}`, () => assert.rejects(withEtcd({ env: () => env }, async () => {}), (error: Error) => error instanceof ConfigurationError && want.test(error.message)));
});
