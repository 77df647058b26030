import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FakePihole, piholePassword, startPihole } from '../../../test/support/fake-pihole.ts';
import type { Config } from '../../config/config.ts';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { createDomainFilter } from '../../endpoint/domain-filter.ts';
import { ConfigurationError } from '../../errors.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import type { Provider } from '../provider.ts';
import { pihole } from './index.ts';

const never = new AbortController().signal;

interface Setting {
  readonly version: 5 | 6;
  readonly settings?: Partial<Config>;
  readonly log?: Logger;
  readonly held?: Partial<Pick<FakePihole, 'hosts' | 'cnames'>>;
}

async function withPihole({ version, settings = {}, log = silentLogger, held }: Setting, work: (provider: Provider, fake: FakePihole) => Promise<void>): Promise<void> {
  const fake = await startPihole(version, held);
  const options = { piholeServer: `${fake.http.url}/`, piholePassword, piholeApiVersion: String(version), piholeTlsSkipVerify: false, tlsCa: '', registry: 'noop', zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0, ...settings };
  try {
    const provider = await pihole.create({ options: options as unknown as Config, env: {}, domainFilter: await createDomainFilter({}), log, metrics: noMetrics, signal: never });
    await work(provider, fake);
    await provider.close?.();
  } finally {
    await fake.http.close();
  }
}

const e = (name: string, type: string, targets: readonly string[], ttlSeconds = 0): ReturnType<typeof makeEndpoint> => makeEndpoint(name, type, targets, { ttlSeconds });
const apply = (provider: Provider, change: Change): Promise<readonly Outcome[]> => {
  const group: ChangeGroup = { name: 'web.example.org', setIdentifier: '', changes: [change], reason: 'test' };
  return provider.apply([group], never);
};
const before = e('web.example.org', 'CNAME', ['lb.example.org'], 300);

for (const version of [6, 5] as const)
  describe(`Pi-hole v${version}`, () => {
    it('reads addresses and CNAMEs', () =>
      withPihole({ version, held: { hosts: ['192.0.2.1 web.example.org', '2001:db8::1 web.example.org'], cnames: ['www.example.org,web.example.org'] } }, async (provider) => {
        const { records = [] } = await provider.snapshot(never);
        assert.deepEqual(records.map((r) => `${r.dnsName} ${r.recordType} ${r.targets.join()}`), ['web.example.org A 192.0.2.1', 'web.example.org AAAA 2001:db8::1', 'www.example.org CNAME web.example.org']);
      }));

    it('signs in once, and again when the session has ended', () =>
      withPihole({ version }, async (provider, fake) => {
        await provider.snapshot(never);
        const signedIn = (): number => fake.calls.filter((c) => c === 'POST auth' || c.endsWith('?login')).length;
        assert.equal(signedIn(), 1);
        fake.sessions.clear();
        assert.equal((await apply(provider, { action: 'create', after: e('web.example.org', 'A', ['192.0.2.1']) }))[0]?.result, 'applied');
        assert.deepEqual([signedIn(), fake.hosts], [2, ['192.0.2.1 web.example.org']]);
      }));

    it('takes what is there already, and what is gone already, as done', () =>
      withPihole({ version, held: { hosts: ['192.0.2.1 web.example.org'] } }, async (provider, fake) => {
        const [made] = await apply(provider, { action: 'create', after: e('web.example.org', 'A', ['192.0.2.1']) });
        const [gone] = await apply(provider, { action: 'delete', before: e('web.example.org', 'A', ['192.0.2.9']) });
        assert.deepEqual([made?.result, gone?.result, fake.hosts], ['applied', 'applied', ['192.0.2.1 web.example.org']]);
      }));

    it('replaces an address', () =>
      withPihole({ version, held: { hosts: ['192.0.2.1 web.example.org'] } }, async (provider, fake) => {
        await apply(provider, { action: 'update', before: e('web.example.org', 'A', ['192.0.2.1']), after: e('web.example.org', 'A', ['192.0.2.2']) });
        assert.deepEqual(fake.hosts, ['192.0.2.2 web.example.org']);
      }));

    it('says that the password is wrong, without it', () =>
      withPihole({ version, settings: { piholePassword: 'other' } }, async (provider) => {
        await assert.rejects(provider.snapshot(never), (error: Error) => /--pihole-password/.test(error.message) && !/other\b/.test(error.message.replace('another one', '')));
      }));

    it('skips the ownership records of the registry', () =>
      withPihole({ version }, async (provider, fake) => {
        assert.equal((await apply(provider, { action: 'create', after: e('a-web.example.org', 'TXT', ['"heritage=external-dns"']) }))[0]?.result, 'applied');
        assert.deepEqual(fake.calls, []);
      }));
  });

describe('Pi-hole', () => {
  it('signs in once more where a new session is refused', () =>
    withPihole({ version: 6 }, async (provider, fake) => {
      const { add } = fake.sessions;
      fake.sessions.add = () => Object.assign(fake.sessions, { add });
      await provider.snapshot(never);
      assert.equal(fake.calls.filter((c) => c === 'POST auth').length, 2);
    }));

  it('changes only the TTL of a CNAME', () =>
    withPihole({ version: 6, held: { cnames: ['web.example.org,lb.example.org,300'] } }, async (provider, fake) => {
      const [outcome] = await apply(provider, { action: 'update', before, after: e('web.example.org', 'CNAME', ['lb.example.org'], 600) });
      assert.deepEqual([outcome?.result, fake.cnames], ['applied', ['web.example.org,lb.example.org,600']]);
    }));

  it('removes lines as they are spelled', () =>
    withPihole({ version: 6, held: { cnames: ['web.example.org, lb.example.org, 300'] } }, async (provider, fake) => {
      await provider.snapshot(never);
      await apply(provider, { action: 'delete', before });
      assert.deepEqual(fake.cnames, []);
    }));

  it('puts a CNAME back where the new one is refused', () =>
    withPihole({ version: 6, held: { cnames: ['web.example.org,lb.example.org,300'] } }, async (provider, fake) => {
      fake.http.fault = ({ path }) => (path.includes('bad') ? { status: 400, body: {} } : undefined);
      const [outcome] = await apply(provider, { action: 'update', before, after: e('web.example.org', 'CNAME', ['bad.example.org'], 300) });
      assert.deepEqual([outcome?.result, fake.cnames], ['failed', ['web.example.org,lb.example.org,300']]);
    }));

  it('refuses wildcards, and nothing else', () =>
    withPihole({ version: 6 }, async (provider, fake) => {
      const names = ['a.example.org', '*.example.org', 'z.example.org'];
      const groups = (await provider.adjust(names.map((name) => e(name, 'A', ['192.0.2.1'])), never)).map((after): ChangeGroup => ({ name: after.dnsName, setIdentifier: '', changes: [{ action: 'create', after }], reason: 'test' }));
      const outcomes = await provider.apply(groups, never);
      assert.deepEqual(outcomes.map((o) => [o.group.name, o.result, o.result === 'failed' && o.state]), [['a.example.org', 'applied', false], ['*.example.org', 'failed', 'unchanged'], ['z.example.org', 'applied', false]]);
      assert.deepEqual(fake.hosts, ['192.0.2.1 a.example.org', '192.0.2.1 z.example.org']);
    }));

  const locked: readonly (readonly [string, method: string, status: number, error: object, RegExp])[] = [
    ['wants a one-time code', 'POST', 400, { key: 'bad_request', message: 'No 2FA token found in JSON payload', hint: null }, /--pihole-password: No 2FA token.*application password/],
    ['lets an application password only read', 'PUT', 403, { key: 'forbidden', message: 'Unable to change configuration (read-only)', hint: 'webserver.api.app_sudo is false' }, /read-only.*app_sudo is false/],
    ['has its records from the environment', 'PUT', 400, { key: 'bad_request', message: 'Config items set via environment variables cannot be changed via the API', hint: 'dns.hosts' }, /FTLCONF_dns_hosts/],
  ];
  for (const [what, method, status, error, message] of locked)
    it(`asks once where it ${what}, and says what to do`, () =>
      withPihole({ version: 6 }, async (provider, fake) => {
        let asked = 0;
        fake.http.fault = (call) => (call.method === method ? (asked++, { status, body: { error } }) : undefined);
        const groups = ['a', 'b', 'c'].map((label): ChangeGroup => ({ name: `${label}.example.org`, setIdentifier: '', changes: [{ action: 'create', after: e(`${label}.example.org`, 'A', ['192.0.2.1']) }], reason: 'test' }));
        const outcomes = await provider.apply(groups, never);
        for (const outcome of outcomes) assert.ok(outcome.result === 'failed' && outcome.state === 'unchanged' && outcome.error instanceof ConfigurationError && message.test(outcome.error.message), outcome.result === 'failed' ? outcome.error.message : outcome.result);
        assert.deepEqual([asked, fake.hosts], [1, []]);
      }));

  it('has several addresses of a name in v6 alone', async () => {
    for (const [version, want] of [[6, 2], [5, 1]] as const)
      await withPihole({ version }, async (provider) => assert.equal((await provider.adjust([e('web.example.org', 'A', ['192.0.2.2', '192.0.2.1'])], never))[0]?.targets.length, want));
  });

  it('ends its session', async () => {
    let left: FakePihole | undefined;
    await withPihole({ version: 6 }, async (provider, fake) => {
      left = fake;
      await provider.snapshot(never);
    });
    assert.equal(left?.sessions.size, 0);
  });

  for (const [settings, want] of [
    [{ piholeServer: '' }, /--pihole-server: the URL/],
    [{ piholeServer: 'pihole.example.org' }, /http:\/\//],
  ] as const)
    it(`refuses ${JSON.stringify(settings)}`, () => assert.rejects(withPihole({ version: 6, settings }, async () => {}), (error: Error) => error instanceof ConfigurationError && want.test(error.message)));
});
