import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../src/config/config.ts';
import { everyDomain } from '../../src/endpoint/domain-filter.ts';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { silentLogger } from '../../src/log/logger.ts';
import { pdns } from '../../src/providers/pdns/index.ts';
import type { Provider, ProviderSetup } from '../../src/providers/provider.ts';
import { which } from '../support/dns-servers.ts';
import { LossyProxy } from '../support/lossy-proxy.ts';
import { PdnsServer, pdnsPrograms } from '../support/pdns-server.ts';
import { address, create, group, lines, record, results } from '../support/rfc2136.ts';
import { changesTo, RequestCount, round, settle, Trigger } from '../support/rounds.ts';

const never = new AbortController().signal;
const missing = pdnsPrograms.filter((program) => !which(program));

describe('a real PowerDNS, configured as the documentation says', { skip: missing.length ? `${missing.join(', ')} IS NOT INSTALLED: nothing is tested against PowerDNS` : false }, () => {
  const open: { close?(): Promise<void> }[] = [];
  // clients first, then what they talk to
  after(async () => {
    for (const each of open.toReversed()) await each.close?.();
  });

  async function start(): Promise<{ server: PdnsServer; p: Provider; trigger: Trigger }> {
    const server = await PdnsServer.open();
    open.push(server);
    for (const [name, type, content] of foreign) server.util('add-record', 'example.org', name, type, '120', content);
    server.sql("insert into records (domain_id, name, type, content, ttl, disabled) select id, 'off.example.org', 'A', '192.0.2.98', 60, 1 from domains");
    const trigger = new Trigger();
    return { server, trigger, p: await connect(server, server.apiPort, trigger) };
  }
  async function connect(server: PdnsServer, port = server.apiPort, { metrics }: Pick<ProviderSetup, 'metrics'> = new Trigger()): Promise<Provider> {
    const options = { pdnsServer: `http://127.0.0.1:${port}`, pdnsServerId: 'localhost', pdnsApiKey: server.apiKey, pdnsSkipTlsVerify: false, tlsCa: '', tlsClientCert: '', tlsClientCertKey: '', zoneIdFilter: [], batchChangeSize: 200, batchChangeIntervalMs: 0 };
    const provider = await pdns.create({ options: options as unknown as Config, env: {}, domainFilter: everyDomain, log: silentLogger, metrics, signal: never });
    open.push(provider);
    return provider;
  }
  const foreign = [['foreign', 'A', '192.0.2.99'], ['foreign', 'TXT', '"not" "ours \\195\\164"'], ['loc', 'LOC', '52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m'], ['caa', 'CAA', '0 issue "example.net"'], ['alien', 'CNAME', 'Elsewhere.example.NET']] as const;
  const isForeign = (e: Endpoint): boolean => ['foreign.example.org', 'alien.example.org'].includes(e.dnsName);
  /** Rows as they stand in the database, numbers included: what is written anew gets another one. */
  const foreignRows = (server: PdnsServer): readonly string[] => server.sql("select id, name, type, content, ttl, prio, disabled from records where type = 'NS' or substr(name, 1, instr(name, '.') - 1) in ('foreign', 'loc', 'caa', 'off', 'alien') order by id");
  const read = async (p: Provider): Promise<string[]> => lines((await p.snapshot(never)).records?.filter((e) => !isForeign(e)));
  const serial = (server: PdnsServer): number => Number(server.dig('example.org', 'SOA')[0]?.split(' ')[2]);

  it('gives back every type of record as it was written, and gives it up again', async () => {
    const { server, p } = await start();
    const before = foreignRows(server);
    assert.equal(before.length, foreign.length + 2);
    assert.deepEqual(await read(p), []);
    // switched off by somebody, where a set is written
    server.sql("insert into records (domain_id, name, type, content, ttl, disabled) select id, 'a.example.org', 'A', '192.0.2.97', 60, 1 from domains");
    await p.snapshot(never);
    const wishes = await p.adjust(
      [
        address('a.example.org', '192.0.2.1', '192.0.2.2'), record('a.example.org', 'AAAA', ['2001:db8::1']), record('cname.example.org', 'CNAME', ['lb.example.net']), record('*.wild.example.org', 'A', ['192.0.2.3']),
        record('example.org', 'CNAME', ['a.example.org']), endpoint({ ...record('alias.example.org', 'CNAME', ['a.example.org']), providerSpecific: [{ name: 'alias', value: 'true' }] }),
        record('txt.example.org', 'TXT', ['one', 'two three', '"a" "b c"', 'v=spf1 -all', `"${'x'.repeat(600)}"`, 'say "hi" \\ größe']), record('example.org', 'MX', ['10 mx.example.net', '20 mx2.example.net']),
        record('_sip._udp.example.org', 'SRV', ['10 5 5060 sip.example.net.', '0 0 0 .']), record('tel.example.org', 'NAPTR', ['100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .']),
        record('sub.example.org', 'NS', ['ns1.example.net', 'ns2.example.net']), record('9.2.0.192.example.org', 'PTR', ['web.example.org']), record('old.example.org', 'DNAME', ['example.net']),
      ],
      never,
    );
    const serialBefore = serial(server);
    assert.deepEqual(results(await p.apply(changesTo([], wishes), never)).filter((r) => !r.endsWith(' applied')), []);
    const fresh = await connect(server);
    assert.deepEqual(await read(fresh), lines(wishes));
    assert.deepEqual(await read(p), lines(wishes));
    const asked = await fresh.recordsOf?.(['txt.example.org', 'example.org'], never);
    assert.deepEqual(lines(asked), lines(wishes.filter((e) => ['txt.example.org', 'example.org'].includes(e.dnsName))));

    const answers: readonly (readonly [name: string, type: string, ...answer: string[]])[] = [
      ['a', 'A', '192.0.2.1', '192.0.2.2'], ['a', 'AAAA', '2001:db8::1'], ['cname', 'CNAME', 'lb.example.net.'], ['any.wild', 'A', '192.0.2.3'], ['alias', 'A', '192.0.2.1', '192.0.2.2'],
      ['_sip._udp', 'SRV', '0 0 0 .', '10 5 5060 sip.example.net.'], ['tel', 'NAPTR', '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .'], ['9.2.0.192', 'PTR', 'web.example.org.'], ['old', 'DNAME', 'example.net.'],
      ['txt', 'TXT', '"one"', '"two three"', '"a" "b c"', '"v=spf1 -all"', `"${'x'.repeat(255)}" "${'x'.repeat(255)}" "${'x'.repeat(90)}"`, '"say \\"hi\\" \\\\ gr\\195\\182\\195\\159e"'],
    ];
    for (const [name, type, ...answer] of answers) assert.deepEqual(server.dig(`${name}.example.org`, type), answer.sort(), `${name} ${type}`);
    assert.deepEqual([server.dig('example.org', 'A'), server.dig('example.org', 'MX')], [['192.0.2.1', '192.0.2.2'], ['10 mx.example.net.', '20 mx2.example.net.']]);
    const listed = server.util('list-zone', 'example.org').split('\n');
    for (const line of ['example.org\t60\tIN\tALIAS\ta.example.org', 'sub.example.org\t60\tIN\tNS\tns1.example.net.', '*.wild.example.org\t60\tIN\tA\t192.0.2.3']) assert.ok(listed.includes(line), line);
    assert.match(server.util('check-zone', 'example.org'), /0 errors/);
    assert.ok(serial(server) > serialBefore, 'the serial stays as it is');

    assert.deepEqual(server.sql("select content from records where name = 'a.example.org' and disabled"), ['192.0.2.97']);
    const gone = (await fresh.snapshot(never)).records?.filter((e) => !isForeign(e)) ?? [];
    assert.deepEqual(results(await fresh.apply(changesTo(gone, []), never)).filter((r) => !r.endsWith(' applied')), []);
    assert.deepEqual([await read(p), await read(fresh)], [[], []]);
    assert.deepEqual(server.sql("select type, content, disabled from records where name = 'a.example.org'"), []);
    assert.deepEqual(foreignRows(server), before);
  });

  it('writes all but what the server refuses, and that too as soon as nothing is in its way', async () => {
    const { server, p } = await start();
    const before = foreignRows(server);
    const wishes = [...Array.from({ length: 40 }, (_, i) => address(`h${i}.example.org`)), record('foreign.example.org', 'CNAME', ['lb.example.net']), record('a-*.example.org', 'TXT', ['refused'])];
    await p.snapshot(never);
    const outcomes = results(await p.apply((await p.adjust(wishes, never)).map((e) => group(create(e))), never));
    assert.deepEqual(outcomes.filter((o) => !o.endsWith(' applied')), ['foreign.example.org failed unchanged', 'a-*.example.org failed unchanged']);
    assert.equal((await read(p)).length, 40);
    assert.deepEqual(foreignRows(server), before);
    for (const type of ['A', 'TXT']) server.util('delete-rrset', 'example.org', 'foreign', type);
    await settle(p, wishes.slice(0, -1), (e) => e.dnsName !== 'alien.example.org');
    assert.deepEqual(server.dig('foreign.example.org', 'CNAME'), ['lb.example.net.']);
  });

  const trouble: readonly (readonly [string, fails: boolean, (server: PdnsServer) => Promise<unknown>])[] = [
    // within the second batch
    ['was killed', true, (server) => sleep(10).then(() => server.end('SIGKILL'))],
    ['was stopped', true, (server) => server.end()],
    ['was frozen, then killed', true, (server) => (server.freeze(), sleep(200).then(() => server.end('SIGKILL')))],
    ['was frozen for a while', false, (server) => (server.freeze(), sleep(300).then(() => server.thaw()))],
  ];
  for (const [what, fails, act] of trouble)
    it(`comes to the right state after it ${what} amid changes`, async () => {
      const { server, p, trigger } = await start();
      const before = foreignRows(server);
      // addresses and aliases change places
      const wishesOf = (version: number): readonly Endpoint[] => Array.from({ length: 2_100 }, (_, i) => (i % 3 === version ? record(`h${i}.example.org`, 'CNAME', [`lb${version}.example.net`]) : address(`h${i}.example.org`, `198.51.100.${version}`)));
      await settle(p, wishesOf(0), (e) => !isForeign(e));
      const wishes = wishesOf(1).slice(20);
      let acting: Promise<unknown> | undefined;
      trigger.after(1, () => (acting = act(server)));
      const outcomes = results(await round(p, wishes, (e) => !isForeign(e)));
      assert.deepEqual([outcomes.some((o) => o.endsWith(' applied')), outcomes.some((o) => o.includes(' failed '))], [true, fails]);
      assert.ok(acting);
      await acting;
      if (fails) await server.run();
      await settle(p, wishes, (e) => !isForeign(e));
      assert.deepEqual(await read(await connect(server)), lines(await p.adjust(wishes, never)));
      assert.deepEqual(server.sql("select count(*) from records where name like 'h%.example.org'"), [String(wishes.length)]);
      assert.deepEqual(foreignRows(server), before);
    });

  it('is not taken for empty while it hangs', async () => {
    const { server, p } = await start();
    await settle(p, [address('web.example.org')], (e) => !isForeign(e));
    server.freeze();
    await assert.rejects(p.snapshot(AbortSignal.timeout(200)));
    await assert.rejects(async () => p.recordsOf?.(['web.example.org'], AbortSignal.timeout(200)));
    server.thaw();
    assert.deepEqual(await read(p), ['web.example.org 60 A 192.0.2.1']);
  });

  it('comes to the right state where answers are lost', async () => {
    const { server } = await start();
    const before = foreignRows(server);
    const proxy = await new LossyProxy(server.apiPort).start();
    open.push(proxy);
    const trigger = new Trigger();
    const p = await connect(server, proxy.port, trigger);
    const wishes = Array.from({ length: 1_500 }, (_, i) => address(`h${i}.example.org`));
    // of the second call, and of its second try
    trigger.after(1, () => (proxy.lose = 2));
    const outcomes = results(await round(p, wishes, (e) => !isForeign(e)));
    assert.equal(proxy.lost, 2);
    assert.deepEqual(outcomes.filter((o) => !o.endsWith(' applied')), []);
    assert.deepEqual(await read(p), lines(wishes));
    assert.deepEqual(server.sql("select count(*) from records where name like 'h%.example.org'"), ['1500']);
    assert.deepEqual(foreignRows(server), before);
  });

  it('is read again and changed at little cost, however large the zone', async (t) => {
    const { server } = await start();
    server.sql("with recursive n(i) as (select 0 union all select i + 1 from n where i < 19999) insert into records (domain_id, name, type, content, ttl, disabled, auth) select d.id, 'h' || i || '.example.org', case i % 2 when 0 then 'A' else 'TXT' end, case i % 2 when 0 then '192.0.2.1' else '\"heritage=external-dns,external-dns/owner=me\"' end, 60, 0, 1 from n, domains d");
    const count = new RequestCount((text) => t.diagnostic(text));
    const p = await connect(server, server.apiPort, count);
    let fingerprint: string | undefined;
    const read = async (): Promise<void> => {
      const first = await p.snapshot(never);
      assert.equal(first.records?.filter((e) => /^h\d/.test(e.dnsName)).length, 20_000);
      fingerprint = first.fingerprint;
    };
    assert.equal(await count.of('20,000 record sets read', read), 2);
    assert.equal(await count.of('a sweep, nothing has changed', async () => assert.equal((await p.snapshot(never, fingerprint)).records, undefined)), 1);
    const [web] = await p.adjust([address('web.example.org')], never);
    assert.ok(web);
    assert.equal(await count.of('a name read', async () => assert.deepEqual(await p.recordsOf?.(['web.example.org'], never), [])), 1);
    assert.equal(await count.of('one change', async () => assert.deepEqual(results(await p.apply([group(create(web))], never)), ['web.example.org applied'])), 1);
    const many = Array.from({ length: 1_000 }, (_, i) => group(create(address(`new${i}.example.org`))));
    assert.equal(await count.of('1,000 new records', async () => assert.ok(results(await p.apply(many, never)).every((r) => r.endsWith(' applied')))), 1);
    assert.deepEqual(server.dig('new999.example.org', 'A'), ['192.0.2.1']);
  });
});
