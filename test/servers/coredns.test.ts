import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../src/config/config.ts';
import { everyDomain } from '../../src/endpoint/domain-filter.ts';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { SoftError } from '../../src/errors.ts';
import { silentLogger } from '../../src/log/logger.ts';
import { coredns } from '../../src/providers/coredns/index.ts';
import type { Provider, ProviderSetup } from '../../src/providers/provider.ts';
import { CoreDnsServer } from '../support/coredns-server.ts';
import { which } from '../support/dns-servers.ts';
import { etcdPassword, etcdPrograms, EtcdServer } from '../support/etcd-server.ts';
import { LossyProxy } from '../support/lossy-proxy.ts';
import { pageBlock } from '../support/real-process.ts';
import { address, create, group, lines, record, results } from '../support/rfc2136.ts';
import { changesTo, RequestCount, round, settle, Trigger } from '../support/rounds.ts';

const never = new AbortController().signal;
const missing = etcdPrograms.filter((program) => !which(program));

describe('a real etcd, started as the documentation of CoreDNS says', { skip: missing.length ? `${missing.join(', ')} IS NOT INSTALLED: nothing is tested against etcd` : false }, () => {
  const open: { close?(): Promise<void> }[] = [];
  // clients first, then what they talk to
  after(async () => {
    for (const each of open.toReversed()) await each.close?.();
  });

  const prefix = `${/path (\S+)/.exec(pageBlock('docs/providers/coredns.md', 'corefile'))?.[1]}/`;
  const foreign = {
    [`${prefix}org/example/foreign/x1`]: '{ "host":"192.0.2.99", "port": 8080, "unknown": [1], "ttl": 77, "targetstrip": 1 }',
    [`${prefix}org/example/mail/x1`]: '{"host":"mx.example.net","mail":true,"priority":20,"targetstrip":1}',
    [`${prefix}org/example/broken/x1`]: 'no JSON at all',
    // beside names that are written: the same text at the beginning, another prefix
    [`${prefix}org/example/h1x`]: '{"host":"192.0.2.98"}',
    '/other/org/example/h1/x1': '{"host":"192.0.2.97"}',
  };
  const isOurs = (e: Endpoint): boolean => !['foreign.example.org', 'mail.example.org', 'h1x.example.org', 'example.org'].includes(e.dnsName);

  async function start(): Promise<{ server: EtcdServer; p: Provider; trigger: Trigger }> {
    const server = await EtcdServer.open();
    open.push(server);
    for (const [key, value] of Object.entries(foreign)) server.ctl('put', key, value);
    const trigger = new Trigger();
    return { server, trigger, p: await connect([server.url], {}, trigger) };
  }
  async function connect(urls: readonly string[], env: Readonly<Record<string, string>> = {}, { metrics }: Pick<ProviderSetup, 'metrics'> = new Trigger()): Promise<Provider> {
    const options = { corednsPrefix: prefix, corednsStrictlyOwned: false, txtOwnerId: 'me', batchChangeIntervalMs: 0 };
    const provider = await coredns.create({ options: options as unknown as Config, env: { ETCD_URLS: urls.join(','), ...env }, domainFilter: everyDomain, log: silentLogger, metrics, signal: never });
    open.push(provider);
    return provider;
  }
  const read = async (p: Provider): Promise<string[]> => lines((await p.snapshot(never)).records?.filter(isOurs));
  const all = (server: EtcdServer, ...args: readonly string[]): ReadonlyMap<string, string> => server.keys('/', ...args);
  /** The keys that are not foreign; those that are must be as they were. */
  function ours(server: EtcdServer, ...args: readonly string[]): ReadonlyMap<string, string> {
    const found = new Map(all(server, ...args));
    for (const [key, value] of Object.entries(foreign)) {
      assert.equal(found.get(key), value, key);
      found.delete(key);
    }
    return found;
  }

  it('gives back every type of record as it was written, and gives it up again', async () => {
    const { server, p } = await start();
    const revisions = (): string => server.ctl('get', '--prefix', `${prefix}org/example/`, '--write-out=fields', '--order=ASCEND').split('\n').filter((line) => /"(Key|ModRevision|Version)"/.test(line)).join('\n');
    const before = revisions();
    const first = await p.snapshot(never);
    assert.deepEqual(lines(first.records), ['foreign.example.org 77 A 192.0.2.99', 'h1x.example.org 0 A 192.0.2.98', 'mail.example.org 0 MX 20 mx.example.net']);
    assert.deepEqual(first.unreadable.map((u) => u.zone), ['broken.example.org']);
    const wishes = await p.adjust(
      [
        address('a.example.org', '192.0.2.1', '192.0.2.2'), record('a.example.org', 'AAAA', ['2001:db8::1']), record('a.example.org', 'TXT', ['beside', 'v=spf1 -all', 'third', 'fourth']), record('cname.example.org', 'CNAME', ['lb.example.net']),
        record('*.wild.example.org', 'A', ['192.0.2.3']), record('txt.example.org', 'TXT', ['say "hi" \\ größe <&>', `${'x'.repeat(600)}`], 120), record('7.2.0.192.in-addr.arpa', 'PTR', ['web.example.org']),
        endpoint({ ...record('grouped.example.org', 'A', ['192.0.2.4']), providerSpecific: [{ name: 'coredns/group', value: 'g1' }] }),
      ],
      never,
    );
    assert.deepEqual(results(await p.apply(changesTo([], wishes), never)).filter((r) => !r.endsWith(' applied')), []);
    const fresh = await connect([server.url]);
    assert.deepEqual(await read(fresh), lines(wishes));
    assert.deepEqual(await read(p), lines(wishes));
    assert.deepEqual(lines(await fresh.recordsOf?.(['txt.example.org'], never)), lines(wishes.filter((e) => e.dnsName === 'txt.example.org')));

    const written = [...ours(server)].map(([key, value]) => `${key.replace(/[0-9a-f]{8}$/, '*')} ${value}`).sort();
    const at = `${prefix}org/example`;
    assert.deepEqual(written.filter((line) => !line.startsWith(`${at}/a/`)), [
      `${prefix}arpa/in-addr/192/0/2/7 {"host":"web.example.org","ttl":60}`, `${at}/cname/* {"host":"lb.example.net","ttl":60,"targetstrip":1}`, `${at}/grouped/* {"host":"192.0.2.4","ttl":60,"group":"g1","targetstrip":1}`,
      `${at}/txt/* {"text":"say \\"hi\\" \\\\ größe <&>","ttl":120,"targetstrip":1}`, `${at}/txt/* {"text":"${'x'.repeat(600)}","ttl":120,"targetstrip":1}`, `${at}/wild/*/* {"host":"192.0.2.3","ttl":60,"targetstrip":1}`,
    ]);
    assert.equal(written.length, 10, 'a.example.org takes a key for each target, with texts in them, and one for the fourth text');

    const gone = (await fresh.snapshot(never)).records?.filter(isOurs) ?? [];
    assert.deepEqual(results(await fresh.apply(changesTo(gone, []), never)).filter((r) => !r.endsWith(' applied')), []);
    assert.deepEqual([await read(p), await read(fresh), ours(server).size], [[], [], 0]);
    assert.equal(revisions(), before);
  });

  it('writes as the user that the documentation makes, and nothing where the server refuses', async () => {
    const { server } = await start();
    server.wantUsers();
    const root = `--user=root:${etcdPassword}`;
    const p = await connect([server.url], { ETCD_USERNAME: 'dns-writer', ETCD_PASSWORD: etcdPassword });
    await settle(p, [address('web.example.org')], isOurs);
    assert.equal(ours(server, root).size, 1);
    for (const env of [{}, { ETCD_USERNAME: 'dns-writer', ETCD_PASSWORD: 'wrong' }]) await assert.rejects((await connect([server.url], env)).snapshot(never));
    // what the role may no longer do, and then may again; each change of roles ends all tokens
    server.ctl(root, 'role', 'revoke-permission', 'dns', '--prefix=true', prefix);
    server.ctl(root, 'role', 'grant-permission', 'dns', '--prefix=true', 'read', prefix);
    const [outcome] = await round(p, [address('web.example.org', '192.0.2.2')], isOurs);
    assert.match(outcome?.result === 'failed' ? `${outcome.state} ${outcome.error.message}` : '', /^unchanged .*permission denied.*readwrite/);
    server.ctl(root, 'role', 'grant-permission', 'dns', '--prefix=true', 'readwrite', prefix);
    await settle(p, [address('web.example.org', '192.0.2.2')], isOurs);
    assert.match([...ours(server, root).values()].join(), /192\.0\.2\.2/);
    // after a new start nobody is signed in any more
    await server.end();
    await server.run();
    await settle(p, [address('web.example.org', '192.0.2.3')], isOurs);
    assert.match([...ours(server, root).values()].join(), /192\.0\.2\.3/);
  });

  it('writes all but what the server refuses', async () => {
    const { server, p } = await start();
    const wishes = Array.from({ length: 40 }, (_, i) => address(`h${i}.example.org`));
    await p.snapshot(never);
    // etcd takes no request of more than 1.5 MiB
    const huge = record('huge.example.org', 'TXT', ['x'.repeat(1_600_000)]);
    const groups = [...wishes.slice(0, 20), huge, ...wishes.slice(20)].map((e) => group(create(e)));
    assert.deepEqual(results(await p.apply(groups, never)).filter((o) => !o.endsWith(' applied')), ['huge.example.org failed unchanged']);
    assert.deepEqual(await read(await connect([server.url])), lines(wishes));
    assert.equal(ours(server).size, 40);
  });

  it('does not write over what somebody else has changed since it was read', async () => {
    const { server, p } = await start();
    const [web, other] = [address('web.example.org'), address('other.example.org')];
    await settle(p, [web, other], isOurs);
    const { records = [] } = await p.snapshot(never);
    const [key = ''] = [...ours(server).keys()].filter((k) => k.includes('/web/'));
    const theirs = '{"host":"192.0.2.50","ttl":60,"targetstrip":1,"weight":7}';
    server.ctl('put', key, theirs);
    const groups = changesTo(records.filter(isOurs), [address('web.example.org', '192.0.2.60'), other]);
    assert.match(results(await p.apply(groups, never)).join(), /^web\.example\.org failed/);
    assert.equal(ours(server).get(key), theirs);
    await settle(p, [address('web.example.org', '192.0.2.50', '192.0.2.60'), other], isOurs);
    assert.equal(ours(server).get(key), theirs, 'a target that stays keeps its key with all fields');
    assert.equal(ours(server).size, 3);
  });

  it('comes to the right state after it was killed, stopped and frozen amid changes', async () => {
    const { server, p, trigger } = await start();
    const trouble: readonly (readonly [string, fails: boolean, () => Promise<unknown>])[] = [
      ['killed', true, () => sleep(3).then(() => server.end('SIGKILL'))],
      ['stopped', true, () => server.end()],
      ['frozen, then killed', true, () => (server.freeze(), sleep(200).then(() => server.end('SIGKILL')))],
      ['frozen for a while', false, () => (server.freeze(), sleep(300).then(() => server.thaw()))],
    ];
    for (const [version, [what, fails, act]] of trouble.entries()) {
      const wishes = Array.from({ length: 1_200 }, (_, i) => (i % 3 === version % 3 ? record(`h${i}.example.org`, 'CNAME', [`lb${version}.example.net`]) : address(`h${i}.example.org`, `198.51.100.${version}`))).slice(version * 10);
      let acting: Promise<unknown> | undefined;
      trigger.after(2, () => (acting = act()));
      const outcomes = results(await round(p, wishes, isOurs));
      assert.deepEqual([outcomes.some((o) => o.endsWith(' applied')), outcomes.some((o) => o.includes(' failed '))], [true, fails], what);
      assert.ok(acting, what);
      await acting;
      if (fails) await server.run();
      await settle(p, wishes, isOurs);
      assert.deepEqual(await read(await connect([server.url])), lines(wishes), what);
      assert.equal(ours(server).size, wishes.length, what);
    }
  });

  it('is not taken for empty while it hangs or is away', async () => {
    const { server, p } = await start();
    await settle(p, [address('web.example.org')], isOurs);
    server.freeze();
    await assert.rejects(p.snapshot(AbortSignal.timeout(200)));
    await assert.rejects(async () => p.recordsOf?.(['web.example.org'], AbortSignal.timeout(200)));
    server.thaw();
    assert.deepEqual(await read(p), ['web.example.org 60 A 192.0.2.1']);
    await server.end();
    await assert.rejects(p.snapshot(never), SoftError);
    await server.run();
    assert.deepEqual(await read(p), ['web.example.org 60 A 192.0.2.1']);
  });

  it('has no key twice where answers are lost', async () => {
    const { server } = await start();
    const proxy = await new LossyProxy(server.port).start();
    open.push(proxy);
    const trigger = new Trigger();
    const p = await connect([`http://127.0.0.1:${proxy.port}`, server.url], {}, trigger);
    const wishes = Array.from({ length: 300 }, (_, i) => address(`h${i}.example.org`));
    trigger.after(1, () => (proxy.lose = 1));
    const outcomes = results(await round(p, wishes, isOurs));
    assert.equal(proxy.lost, 1);
    assert.equal(outcomes.filter((o) => o.endsWith(' failed unknown')).length, 120, 'one transaction, of which nobody knows what came of it');
    assert.equal(ours(server).size, 300);
    await settle(p, wishes, isOurs);
    assert.deepEqual(await read(await connect([server.url])), lines(wishes));
    assert.equal(ours(server).size, 300);
  });

  const without = ['coredns', 'dig'].filter((program) => !which(program));
  it('is answered by a real CoreDNS, configured as the documentation says', { skip: without.length ? `${without.join(', ')} IS NOT INSTALLED: nothing is tested against CoreDNS` : false }, async () => {
    const { server, p } = await start();
    const dns = await CoreDnsServer.open(server.port);
    open.push(dns);
    const grouped = (name: string, target: string, group: string): Endpoint => endpoint({ ...record(name, 'A', [target]), providerSpecific: [{ name: 'coredns/group', value: group }] });
    const wishes = [
      address('a.example.org', '192.0.2.1', '192.0.2.2'), record('a.example.org', 'AAAA', ['2001:db8::1']), record('alias.example.org', 'CNAME', ['a.example.org']), record('*.wild.example.org', 'A', ['192.0.2.3']),
      record('txt.example.org', 'TXT', ['one text', 'say "hi" größe']), record('7.2.0.192.in-addr.arpa', 'PTR', ['web.example.org']), record('Bücher.example.org', 'A', ['192.0.2.4']),
      address('above.example.org', '192.0.2.5'), address('below.above.example.org', '192.0.2.6'), grouped('upper.example.org', '192.0.2.7', 'g1'), grouped('lower.upper.example.org', '192.0.2.8', 'g2'),
    ];
    await p.snapshot(never);
    assert.deepEqual(results(await p.apply(changesTo([], await p.adjust(wishes, never)), never)).filter((r) => !r.endsWith(' applied')), []);
    const answers: readonly (readonly [name: string, type: string, ...answer: string[]])[] = [
      ['a', 'A', '192.0.2.1', '192.0.2.2'], ['A', 'AAAA', '2001:db8::1'], ['alias', 'A', '192.0.2.1', '192.0.2.2', 'a.example.org.'], ['any.wild', 'A', '192.0.2.3'], ['xn--bcher-kva', 'A', '192.0.2.4'],
      ['txt', 'TXT', '"one text"', '"say \\"hi\\" gr\\195\\182\\195\\159e"'], ['none', 'A'],
      // what lies below a name is answered with it, unless groups keep them apart
      ['above', 'A', '192.0.2.5', '192.0.2.6'], ['below.above', 'A', '192.0.2.6'], ['upper', 'A', '192.0.2.7'], ['lower.upper', 'A', '192.0.2.8'],
    ];
    for (const [name, type, ...answer] of answers) assert.deepEqual(dns.dig(`${name}.example.org`, type), answer.sort(), `${name} ${type}`);
    assert.deepEqual(dns.dig('7.2.0.192.in-addr.arpa', 'PTR'), ['web.example.org.']);
    await settle(p, [address('a.example.org', '192.0.2.2')], isOurs);
    assert.deepEqual([dns.dig('a.example.org', 'A'), dns.dig('a.example.org', 'AAAA'), dns.dig('alias.example.org', 'A')], [['192.0.2.2'], [], []]);
  });

  it('is read again and changed at little cost, however many keys there are', async (t) => {
    const { server } = await start();
    const filling = Array.from({ length: 20_000 }, (_, i) => (i % 2 ? record(`h${i}.example.org`, 'TXT', ['"heritage=external-dns,external-dns/owner=me"']) : address(`h${i}.example.org`)));
    await settle(await connect([server.url]), filling, isOurs);
    server.ctl('del', `${prefix}org/example/broken/x1`);
    const count = new RequestCount((text) => t.diagnostic(text));
    const p = await connect([server.url], {}, count);
    let fingerprint: string | undefined;
    const readAll = async (): Promise<void> => {
      const first = await p.snapshot(never);
      assert.equal(first.records?.filter((e) => /^h\d+\./.test(e.dnsName)).length, 20_000);
      fingerprint = first.fingerprint;
    };
    // pages of 5,000 keys; there are 20,003
    assert.equal(await count.of('20,000 keys read', readAll), 5);
    assert.equal(await count.of('a sweep, nothing has changed', async () => assert.equal((await p.snapshot(never, fingerprint)).records, undefined)), 1);
    assert.equal(await count.of('a name read', async () => assert.deepEqual(await p.recordsOf?.(['web.example.org'], never), [])), 2);
    assert.equal(await count.of('one change', async () => assert.deepEqual(results(await p.apply([group(create(address('web.example.org')))], never)), ['web.example.org applied'])), 1);
    const many = Array.from({ length: 1_000 }, (_, i) => group(create(address(`new${i}.example.org`))));
    assert.equal(await count.of('1,000 new records', async () => assert.ok(results(await p.apply(many, never)).every((r) => r.endsWith(' applied')))), 9);
    assert.equal(server.keys(`${prefix}org/example/new`).size, 1_000);
  });
});
