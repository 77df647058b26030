import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { type DnsFault, FakeDns } from '../../../test/support/fake-dns.ts';
import { loopbackCertificate, loopbackKey } from '../../../test/support/loopback-certificate.ts';
import { address, create, group, lines, openRfc2136, record, remove, results, rfc2136Setup, testKey, update } from '../../../test/support/rfc2136.ts';
import { DnsClient } from '../../dns/client.ts';
import { rcodes } from '../../dns/types.ts';
import type { ResourceRecord } from '../../dns/wire.ts';
import { ConfigurationError, SoftError } from '../../errors.ts';
import type { Outcome } from '../../endpoint/change.ts';
import type { Provider, ProviderSetup } from '../provider.ts';
import { provider as providerOf } from './index.ts';
import { addressesOf } from './settings.ts';
import { ZoneCopy } from './zone-copy.ts';

const never = new AbortController().signal;
const rr = (name: string, type: string, data: string, ttlSeconds = 60): ResourceRecord => ({ name, type, class: 1, ttlSeconds, data });
const reason = (outcome: Outcome | undefined): string => (outcome?.result === 'failed' ? outcome.error.message : '');
/** Stands for one of several servers on different ports, where a host is all that a flag gives. */
const loopback = (i: number): string => `127.0.0.${i}`;

describe('the provider for DNS servers', () => {
  const open: (FakeDns | Provider)[] = [];
  afterEach(() => Promise.all(open.splice(0).map((o) => (o instanceof FakeDns ? o.stop() : o.close?.()))));
  async function start(options: Partial<ProviderSetup['options']> = {}): Promise<{ server: FakeDns; provider: Provider }> {
    const server = await new FakeDns('example.org', testKey).start();
    const provider = await openRfc2136({ rfc2136Port: server.port, ...options });
    open.push(server, provider);
    return { server, provider };
  }

  it('reads a zone, leaves out what is not managed, and changes it', async () => {
    const { server, provider } = await start();
    server.records = [rr('example.org', 'NS', 'ns.example.net'), rr('Old.example.org', 'A', '192.0.2.9'), rr('old.example.org', 'A', '192.0.2.8'), rr('x.example.org', 'TYPE65400', '\\# 1 00'), rr('mail.example.org', 'MX', '10 mx.example.net')];
    assert.deepEqual(lines((await provider.snapshot(never)).records), ['Old.example.org 60 A 192.0.2.8 | 192.0.2.9', 'example.org 60 NS ns.example.net', 'mail.example.org 60 MX 10 mx.example.net']);
    const outcomes = await provider.apply(
      [group(remove(record('Old.example.org', 'A', ['192.0.2.9', '192.0.2.8']))), group(update(record('mail.example.org', 'MX', ['10 mx.example.net']), record('mail.example.org', 'MX', ['20 mx.example.net']))), group(create(address('new.example.org')))],
      never,
    );
    assert.deepEqual(results(outcomes), ['Old.example.org applied', 'mail.example.org applied', 'new.example.org applied']);
    assert.deepEqual(server.lines(), ['example.org 60 NS ns.example.net', 'mail.example.org 60 MX 20 mx.example.net', 'new.example.org 60 A 192.0.2.1', 'x.example.org 60 TYPE65400 \\# 1 00']);
    assert.deepEqual(server.requests, ['AXFR', 'UPDATE']);
  });

  it('reads a zone once, and after that what has changed', async () => {
    const { server, provider } = await start();
    server.records = Array.from({ length: 500 }, (_, i) => rr(`h${i}.example.org`, 'A', '192.0.2.1'));
    const first = await provider.snapshot(never);
    assert.equal(first.records?.length, 500);
    const second = await provider.snapshot(never, first.fingerprint);
    assert.deepEqual([second.records, second.fingerprint], [undefined, first.fingerprint]);
    server.change([rr('h1.example.org', 'A', '192.0.2.1')], [rr('new.example.org', 'A', '192.0.2.2')]);
    const third = await provider.snapshot(never, first.fingerprint);
    assert.ok(third.records?.some((e) => e.dnsName === 'new.example.org') && !third.records.some((e) => e.dnsName === 'h1.example.org'));
    assert.notEqual(third.fingerprint, first.fingerprint);
    assert.deepEqual(server.requests, ['AXFR', 'IXFR', 'IXFR']);
  });

  it('reads single names by what has changed', async () => {
    const { server, provider } = await start();
    server.records = [rr('a.example.org', 'A', '192.0.2.1')];
    await provider.snapshot(never);
    server.change([], [rr('b.example.org', 'A', '192.0.2.2')]);
    assert.deepEqual(lines(await provider.recordsOf?.(['a.example.org', 'b.example.org', 'none.example.org'], never)), ['a.example.org 60 A 192.0.2.1', 'b.example.org 60 A 192.0.2.2']);
    assert.deepEqual(server.requests, ['AXFR', 'IXFR']);
  });

  it('reads the whole zone where the server does not say what has changed', async () => {
    const { server, provider } = await start();
    server.knowsIxfr = false;
    await provider.snapshot(never);
    server.change([], [rr('b.example.org', 'A', '192.0.2.2')]);
    assert.deepEqual(lines((await provider.snapshot(never)).records), ['b.example.org 60 A 192.0.2.2']);
    // set back to an older state
    server.knowsIxfr = true;
    server.serial = 1;
    server.records = [rr('c.example.org', 'A', '192.0.2.3')];
    assert.deepEqual(lines((await provider.snapshot(never)).records), ['c.example.org 60 A 192.0.2.3']);
    assert.deepEqual(server.requests, ['AXFR', 'IXFR', 'AXFR', 'IXFR', 'AXFR']);
  });

  it('reads the whole zone where what has changed does not fit', async () => {
    const { server, provider } = await start();
    await provider.snapshot(never);
    server.change([rr('never.example.org', 'A', '192.0.2.1')], [rr('b.example.org', 'A', '192.0.2.2')]);
    assert.deepEqual(lines((await provider.snapshot(never)).records), ['b.example.org 60 A 192.0.2.2']);
    assert.deepEqual(server.requests, ['AXFR', 'IXFR', 'AXFR']);
  });

  it('does not take a zone for empty that cannot be read', async () => {
    const { server, provider } = await start({ rfc2136Zone: ['example.org', 'example.com.'] });
    server.records = [rr('a.example.org', 'A', '192.0.2.1')];
    const { records, unreadable, fingerprint } = await provider.snapshot(never);
    assert.deepEqual([lines(records), unreadable.map((u) => u.zone), fingerprint], [['a.example.org 60 A 192.0.2.1'], ['example.com'], undefined]);
    server.fault = () => rcodes.REFUSED;
    await assert.rejects(provider.snapshot(never), (e) => e instanceof SoftError && /allow-transfer/.test(e.message));
  });

  const unread: readonly (readonly [what: string, fault: DnsFault])[] = [['is refused', rcodes.REFUSED], ['is not answered', 'hang'], ['is broken off', 'close']];
  for (const [what, fault] of unread)
    it(`does not take a zone for empty whose transfer ${what}`, async () => {
      const server = await new FakeDns('example.org', testKey).start();
      const provider = providerOf([new DnsClient({ address: { host: server.host, port: server.port }, key: () => testKey, answerTimeoutMs: 30 })], rfc2136Setup({}));
      open.push(server, provider);
      server.records = [rr('a.example.org', 'A', '192.0.2.1')];
      server.fault = () => fault;
      await assert.rejects(provider.snapshot(never), SoftError);
      await assert.rejects(async () => provider.recordsOf?.(['a.example.org'], never));
    });

  for (const zone of ['example.org', 'example.org.', 'EXAMPLE.org'])
    it(`reads and changes the zone that is given as ${zone}`, async () => {
      const { server, provider } = await start({ rfc2136Zone: [zone] });
      server.records = [rr('a.example.org', 'A', '192.0.2.1')];
      assert.deepEqual(lines((await provider.snapshot(never)).records), ['a.example.org 60 A 192.0.2.1']);
      const outcomes = await provider.apply([group(create(address('b.example.org'))), group(create(address('notexample.org')))], never);
      assert.deepEqual(results(outcomes), ['b.example.org applied', 'notexample.org failed unchanged']);
      assert.deepEqual(server.lines(), ['a.example.org 60 A 192.0.2.1', 'b.example.org 60 A 192.0.2.1']);
    });

  it('takes the name of the key in any spelling', async () => {
    const { server, provider } = await start({ rfc2136TsigKeyname: 'ExternalDNS-Key.' });
    assert.deepEqual(results(await provider.apply([group(create(address('a.example.org')))], never)), ['a.example.org applied']);
    assert.deepEqual(lines((await provider.snapshot(never)).records), server.lines());
  });

  it('only adds where zones are not to be read', async () => {
    const { server, provider } = await start({ rfc2136Axfr: false });
    assert.deepEqual(await provider.snapshot(never), { records: [], unreadable: [] });
    assert.equal(provider.recordsOf, undefined);
    for (let i = 0; i < 2; i++) assert.deepEqual(results(await provider.apply([group(create(address('a.example.org')))], never)), ['a.example.org applied']);
    assert.deepEqual(server.lines(), ['a.example.org 60 A 192.0.2.1']);
    assert.deepEqual(server.requests, ['UPDATE', 'UPDATE']);
  });

  it('says so where a server would pass over an alias beside other records', async () => {
    const { server, provider } = await start();
    server.records = [rr('a.example.org', 'MX', '10 mx.example.net'), rr('b.example.org', 'CNAME', 'example.net')];
    const outcomes = await provider.apply([group(create(record('a.example.org', 'CNAME', ['lb.example.net']))), group(create(address('b.example.org'))), group(create(address('c.example.org')))], never);
    assert.deepEqual(results(outcomes), ['a.example.org failed unchanged', 'b.example.org failed unchanged', 'c.example.org applied']);
    assert.match(reason(outcomes[0]), /CNAME record must be alone/);
    assert.equal(server.records.length, 3);
  });

  it('changes an address into an alias and back', async () => {
    const { server, provider } = await start();
    const [a, cname] = [address('web.example.org'), record('web.example.org', 'CNAME', ['lb.example.net'])];
    server.records = [rr('web.example.org', 'A', '192.0.2.1')];
    assert.deepEqual(results(await provider.apply([group(remove(a), create(cname))], never)), ['web.example.org applied']);
    assert.deepEqual(server.lines(), ['web.example.org 60 CNAME lb.example.net']);
    assert.deepEqual(results(await provider.apply([group(remove(cname), create(a))], never)), ['web.example.org applied']);
    assert.deepEqual(server.lines(), ['web.example.org 60 A 192.0.2.1']);
  });

  it('leaves out only what is refused', async () => {
    const { server, provider } = await start();
    server.only = Array.from({ length: 40 }, (_, i) => `h${i}.example.org`).filter((name) => name !== 'h7.example.org');
    const outcomes = await provider.apply(Array.from({ length: 40 }, (_, i) => group(create(address(`h${i}.example.org`)))), never);
    assert.deepEqual(results(outcomes).filter((r) => !r.endsWith('applied')), ['h7.example.org failed unchanged']);
    assert.equal(server.records.length, 39);
    assert.match(reason(outcomes[7]), /update-policy/);
  });

  it('leaves out only what is no record', async () => {
    const { server, provider } = await start();
    const outcomes = await provider.apply([group(create(address('a.example.org', 'nonsense'))), group(create(address('b.example.org')))], never);
    assert.deepEqual(results(outcomes), ['a.example.org failed unchanged', 'b.example.org applied']);
    assert.match(reason(outcomes[0]), /is no data of a A record/);
    assert.deepEqual(server.lines(), ['b.example.org 60 A 192.0.2.1']);
  });

  it('sends so many changes in one message as are allowed and as fit', async () => {
    const { server, provider } = await start({ rfc2136BatchChangeSize: 1000 });
    const groups = Array.from({ length: 400 }, (_, i) => group(create(record(`h${i}.example.org`, 'TXT', ['x'.repeat(250)]))));
    assert.ok((await provider.apply(groups, never)).every((o) => o.result === 'applied'));
    assert.equal(server.records.length, 400);
    assert.ok(server.requests.length > 1 && server.requests.length < 8, String(server.requests.length));
    server.requests.length = 0;
    const { provider: small, server: other } = await start({ rfc2136BatchChangeSize: 10 });
    await small.apply(groups.slice(0, 25), never);
    assert.equal(other.requests.length, 3);
  });

  it('raises TTLs', async () => {
    const { server, provider } = await start({ rfc2136MinTtlMs: 120_000 });
    const wishes = [record('none.example.org', 'A', ['192.0.2.1'], 0), record('low.example.org', 'A', ['192.0.2.1'], 30), record('high.example.org', 'A', ['192.0.2.1'], 900)];
    await provider.apply((await provider.adjust(wishes, never)).map((e) => group(create(e))), never);
    assert.deepEqual(server.lines(), ['high.example.org 900 A 192.0.2.1', 'low.example.org 120 A 192.0.2.1', 'none.example.org 120 A 192.0.2.1']);
  });

  it('writes to the zone with the longest name, by whole labels, and says of other names that they have none', async () => {
    const { server, provider } = await start({ rfc2136Zone: ['org', 'example.org.', 'EXAMPLE.org'] });
    await provider.snapshot(never);
    assert.equal(provider.zoneOf?.('a.example.org'), 'example.org');
    assert.equal(provider.zoneOf?.('notexample.org'), 'org');
    const outcomes = await provider.apply([group(create(address('a.example.org'))), group(create(address('a.example.com')))], never);
    assert.deepEqual(results(outcomes), ['a.example.org applied', 'a.example.com failed unchanged']);
    assert.match(reason(outcomes[1]), /--rfc2136-zone/);
    assert.equal(server.records.length, 1);
  });

  it('means the root zone where none is given', async () => {
    const server = await new FakeDns('', testKey).start();
    const provider = await openRfc2136({ rfc2136Port: server.port, rfc2136Zone: [] });
    open.push(server, provider);
    await provider.apply([group(create(address('web.example.org')))], never);
    assert.deepEqual(lines((await provider.snapshot(never)).records), ['web.example.org 60 A 192.0.2.1']);
  });

  it('does it all again where it is not known what came of it', async () => {
    const { server, provider } = await start();
    let lost = 1;
    server.fault = () => (lost-- > 0 ? 'close-after' : undefined);
    const changes = [group(create(address('a.example.org'))), group(create(record('b.example.org', 'CNAME', ['example.net'])))];
    assert.deepEqual(results(await provider.apply(changes, never)), ['a.example.org failed unknown', 'b.example.org failed unknown']);
    assert.deepEqual(results(await provider.apply(changes.slice(0, 1), never)), ['a.example.org applied']);
    assert.deepEqual(server.lines(), ['a.example.org 60 A 192.0.2.1', 'b.example.org 60 CNAME example.net']);
  });

  it('follows any history of a zone as if it had read it as a whole', async () => {
    const type = fc.constantFrom('A', 'TXT', 'LOC');
    const any = fc.record({ name: fc.constantFrom('a', 'b', 'C', 'c'), type, n: fc.nat(3) }).map(({ name, type: t, n }) => rr(`${name}.example.org`, t, t === 'A' ? `192.0.2.${n}` : t === 'TXT' ? `"${n}"` : '\\# 1 00', 60 + n));
    const same = (a: ResourceRecord, b: ResourceRecord): boolean => a.name.toLowerCase() === b.name.toLowerCase() && a.type === b.type && a.data === b.data;
    fc.assert(
      fc.property(fc.uniqueArray(any, { comparator: same }), fc.array(fc.array(any, { maxLength: 3 }), { maxLength: 5 }), (first, versions) => {
        const copy = new ZoneCopy({ kind: 'whole', soa: { serial: 0, data: '' }, records: first });
        let now = [...first];
        const steps = versions.map((added) => {
          const news = added.filter((r, i) => !added.slice(0, i).some((x) => same(x, r)));
          const deleted = now.filter((r, i) => i % 2 === 0 || news.some((x) => same(x, r)));
          now = [...now.filter((r) => !deleted.includes(r)), ...news];
          return { deleted, added: news };
        });
        copy.endpoints();
        assert.ok(copy.follow({ kind: 'changes', soa: { serial: 1, data: '' }, steps }));
        const whole = new ZoneCopy({ kind: 'whole', soa: { serial: 1, data: '' }, records: now });
        assert.deepEqual(lines(copy.endpoints()), lines(whole.endpoints()));
        assert.deepEqual(lines(copy.endpointsOf(['c.example.org'])), lines(whole.endpointsOf(['c.example.org'])));
      }),
    );
  });
});

describe('several DNS servers', () => {
  const open: (FakeDns | Provider)[] = [];
  afterEach(() => Promise.all(open.splice(0).map((o) => (o instanceof FakeDns ? o.stop() : o.close?.()))));
  /** Servers on addresses of the loopback, with one port. */
  async function start(count: number, strategy: 'disabled' | 'round-robin' | 'random'): Promise<{ servers: FakeDns[]; provider: Provider }> {
    const servers: FakeDns[] = [];
    for (let i = 1; i <= count; i++) {
      const server = new FakeDns('example.org', testKey);
      server.host = loopback(i);
      server.port = servers[0]?.port ?? 0;
      servers.push(await server.start());
    }
    const provider = await openRfc2136({ rfc2136Host: servers.map((s) => s.host), rfc2136Port: servers[0]?.port ?? 0, rfc2136LoadBalancingStrategy: strategy, rfc2136BatchChangeSize: 1 });
    open.push(provider, ...servers);
    return { servers, provider };
  }
  const changes = (count: number) => Array.from({ length: count }, (_, i) => group(create(address(`h${i}.example.org`))));
  const counts = (servers: readonly FakeDns[], what: string): number[] => servers.map((s) => s.requests.filter((r) => r === what).length);

  it('are used one at a time', async () => {
    const { servers, provider } = await start(2, 'disabled');
    await provider.apply(changes(4), never);
    assert.deepEqual(counts(servers, 'UPDATE'), [4, 0]);
  });

  it('take turns', async () => {
    const { servers, provider } = await start(2, 'round-robin');
    for (let i = 0; i < 4; i++) await provider.snapshot(never);
    await provider.apply(changes(4), never);
    assert.deepEqual(counts(servers, 'UPDATE'), [2, 2]);
    assert.deepEqual(counts(servers, 'AXFR'), [1, 1]);
    assert.deepEqual(counts(servers, 'IXFR'), [1, 1]);
  });

  it('are all used at random', async () => {
    const { servers, provider } = await start(3, 'random');
    await provider.apply(changes(60), never);
    assert.ok(counts(servers, 'UPDATE').every((n) => n > 3 && n < 50), String(counts(servers, 'UPDATE')));
  });

  for (const strategy of ['disabled', 'round-robin', 'random'] as const)
    it(`stand in for each other (${strategy}), for reading and for changes`, async () => {
      const { servers, provider } = await start(2, strategy);
      const [first, second] = servers as [FakeDns, FakeDns];
      second.records = [rr('there.example.org', 'A', '192.0.2.1')];
      first.fault = () => rcodes.REFUSED;
      for (let i = 0; i < 2; i++) assert.deepEqual(lines((await provider.snapshot(never)).records), ['there.example.org 60 A 192.0.2.1']);
      assert.ok((await provider.apply(changes(2), never)).every((o) => o.result === 'applied'));
      await first.stop();
      assert.ok((await provider.apply(changes(2), never)).every((o) => o.result === 'applied'));
      assert.equal(second.records.length, 3);
    });

  for (const strategy of ['disabled', 'round-robin', 'random'] as const)
    it(`stand in for one that is not there (${strategy}), also in the first run`, async () => {
      const { servers, provider } = await start(2, strategy);
      const [first, second] = servers as [FakeDns, FakeDns];
      second.records = [rr('there.example.org', 'A', '192.0.2.1')];
      await first.stop();
      assert.deepEqual(lines((await provider.snapshot(never)).records), ['there.example.org 60 A 192.0.2.1']);
      assert.ok((await provider.apply(changes(2), never)).every((o) => o.result === 'applied'));
      assert.equal(second.records.length, 3);
    });

  it('have each their own zone, and what one gives is not taken for the other', async () => {
    const { servers, provider } = await start(2, 'round-robin');
    servers.forEach((s, i) => (s.records = [rr(`${i}.example.org`, 'A', '192.0.2.1')]));
    const read: string[][] = [];
    for (let i = 0; i < 4; i++) read.push(lines((await provider.snapshot(never)).records));
    assert.deepEqual(read, ['0', '1', '0', '1'].map((n) => [`${n}.example.org 60 A 192.0.2.1`]));
  });

  it('that all fail give all reasons', async () => {
    const { servers, provider } = await start(2, 'disabled');
    const [first, second] = servers as [FakeDns, FakeDns];
    first.fault = () => rcodes.REFUSED;
    await second.stop();
    const [outcome] = await provider.apply(changes(1), never);
    assert.match(reason(outcome), /REFUSED.*; .*cannot be reached/);
  });
});

describe('DNS over TLS', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dns-'));
  after(() => rmSync(folder, { recursive: true }));
  const hosts: readonly (readonly [given: string, at: string, trusted: boolean])[] = [
    ['127.0.0.1', '127.0.0.1', true],
    ['::1', '::1', true],
    ['[::1]', '::1', true],
    ['127.0.0.2', '127.0.0.2', false],
  ];
  for (const [given, at, trusted] of hosts)
    it(`${trusted ? 'trusts' : 'does not trust'} a server at ${given} whose certificate is for 127.0.0.1 and ::1`, async (t) => {
      const server = new FakeDns('example.org', testKey);
      [server.host, server.tls] = [at, { cert: loopbackCertificate, key: loopbackKey }];
      try {
        await server.start();
      } catch {
        return t.skip(`this machine has no address ${at}`);
      }
      const ca = path.join(folder, 'ca.pem');
      writeFileSync(ca, loopbackCertificate);
      const provider = await openRfc2136({ rfc2136Host: [given], rfc2136Port: server.port, rfc2136UseTls: true, tlsCa: ca });
      try {
        const [outcome] = await provider.apply([group(create(address('a.example.org')))], never);
        assert.equal(outcome?.result, trusted ? 'applied' : 'failed', reason(outcome));
        if (!trusted) assert.match(reason(outcome), /ERR_TLS_CERT_ALTNAME_INVALID/);
        assert.equal(server.records.length, trusted ? 1 : 0);
      } finally {
        await provider.close?.();
        await server.stop();
      }
    });
});

describe('the settings of DNS servers', () => {
  const wrong: readonly (readonly [string, Partial<ProviderSetup['options']>, RegExp])[] = [
    ['an empty host', { rfc2136Host: [' '] }, /--rfc2136-host/],
    ['an unknown algorithm', { rfc2136TsigSecretAlg: 'hmac-sha3' }, /hmac-md5, hmac-sha1, hmac-sha224/],
    ['no algorithm', { rfc2136TsigSecretAlg: '' }, /--rfc2136-tsig-secret-alg/],
    ['no key name', { rfc2136TsigKeyname: '' }, /--rfc2136-tsig-keyname/],
    ['a key name that is none', { rfc2136TsigKeyname: 'a..b' }, /--rfc2136-tsig-keyname/],
    ['no secret', { rfc2136TsigSecret: '' }, /--rfc2136-tsig-secret/],
    ['a secret that is no base64', { rfc2136TsigSecret: 'pass:word' }, /base64/],
    ['a port that is none', { rfc2136Port: 70_000 }, /--rfc2136-port/],
    ['a certificate without its key', { rfc2136UseTls: true, tlsClientCert: 'client.pem' }, /--tls-client-cert-key/],
    ['an authority that is not there', { rfc2136UseTls: true, tlsCa: '/nowhere/ca.pem' }, /--tls-ca/],
    ['Kerberos', { rfc2136GssTsig: true }, /--rfc2136-gss-tsig is not supported/],
  ];
  for (const [what, options, message] of wrong)
    it(`refuse ${what}`, async () => {
      await assert.rejects(openRfc2136(options), (e) => e instanceof ConfigurationError && message.test(e.message) && !e.message.includes('pass:word'));
    });

  it('take this machine where no host is given', () => {
    assert.deepEqual(addressesOf(rfc2136Setup({ rfc2136Host: [], rfc2136Port: 5353 })), [{ host: 'localhost', port: 5353 }]);
  });

  it('need no key where nothing is signed', async () => {
    await (await openRfc2136({ rfc2136Insecure: true, rfc2136TsigKeyname: '', rfc2136TsigSecret: '', rfc2136TsigSecretAlg: '' })).close?.();
  });
});
