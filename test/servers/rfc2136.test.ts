import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DnsClient } from '../../src/dns/client.ts';
import { type TsigKey, tsigAlgorithms } from '../../src/dns/tsig.ts';
import type { Endpoint } from '../../src/endpoint/endpoint.ts';
import { provider } from '../../src/providers/rfc2136/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { example, RealServer, type ServerKind, serverPrograms, which } from '../support/dns-servers.ts';
import { address, create, group, lines, record, remove, results, rfc2136Setup, update } from '../support/rfc2136.ts';

const never = new AbortController().signal;
const [, secret = ''] = /secret "(.*)"/.exec(example('bind')) ?? [];
const key: TsigKey = { name: 'externaldns-key', algorithm: 'hmac-sha256', secret: Buffer.from(secret, 'base64') };

for (const kind of ['bind', 'knot'] as const satisfies readonly ServerKind[]) {
  const skip = which(serverPrograms[kind]) ? false : `${serverPrograms[kind]} IS NOT INSTALLED: nothing is tested against it`;
  describe(`a real ${kind} server, configured as the documentation says`, { skip }, () => {
    const open: (RealServer | Provider)[] = [];
    after(() => Promise.all(open.map((o) => o.close?.())));
    async function start(zone?: readonly string[], change?: (text: string) => string): Promise<{ server: RealServer; provider: Provider; client: DnsClient }> {
      const server = await RealServer.start(kind, zone, change);
      open.push(server);
      return { server, ...connect(server) };
    }
    function connect(server: RealServer, by: TsigKey = key): { provider: Provider; client: DnsClient } {
      const client = new DnsClient({ address: { host: '127.0.0.1', port: server.port }, key: () => by, connectTimeoutMs: 2_000, answerTimeoutMs: 500 });
      const opened = provider([client], rfc2136Setup({ rfc2136BatchChangeSize: 20 }));
      open.push(opened);
      return { provider: opened, client };
    }
    const own = ['example.org 300 NS ns1.example.org', 'ns1.example.org 300 A 192.0.2.53'];
    const read = async (p: Provider): Promise<string[]> => lines((await p.snapshot(never)).records).filter((line) => !own.includes(line));

    it('gives back every type of record as it was written, and gives it up again', async () => {
      const { server, provider: p } = await start(['loc LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m', 'x TYPE65400 \\# 2 abcd', 'a\\.b 60 A 192.0.2.1', 'caa CAA 0 issue "example.net"'], (text) => text.replace('recursion no;', 'recursion no; check-names primary ignore;'));
      const foreign = await read(p);
      const wishes = await p.adjust(
        [
          address('a.example.org', '192.0.2.1', '192.0.2.2'), record('a.example.org', 'AAAA', ['2001:DB8:0::1']), record('cname.example.org', 'CNAME', ['lb.example.net.']), record('*.wild.example.org', 'A', ['192.0.2.3']),
          record('txt.example.org', 'TXT', ['one', 'two three', '"a" "b c"', 'v=spf1 -all', `"${'x'.repeat(600)}"`, 'say "hi" \\ größe']), record('example.org', 'MX', ['10 mx.example.net', '20 mx2.example.net']),
          record('_sip._udp.example.org', 'SRV', ['10 5 5060 sip.example.net.', '0 0 0 .']), record('tel.example.org', 'NAPTR', ['100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .']),
          record('sub.example.org', 'NS', ['ns1.example.net', 'ns2.example.net']), record('9.2.0.192.example.org', 'PTR', ['web.example.org']), record('old.example.org', 'DNAME', ['example.net']),
        ],
        never,
      );
      assert.deepEqual(results(await p.apply(wishes.map((e) => group(create(e))), never)).filter((r) => !r.endsWith(' applied')), []);
      const { provider: fresh } = connect(server);
      assert.deepEqual(await read(fresh), [...lines(wishes), ...foreign].sort());
      assert.deepEqual(await read(p), await read(fresh));
      const { records = [] } = await fresh.snapshot(never);
      const gone = records.filter((r) => lines(wishes).includes(lines([r])[0] ?? ''));
      assert.deepEqual(results(await fresh.apply(gone.map((e) => group(remove(e))), never)).filter((r) => !r.endsWith(' applied')), []);
      assert.deepEqual(await read(p), foreign);
      assert.deepEqual(await read(connect(server).provider), foreign);
    });

    const tools = ['dig', 'nsupdate'].filter((program) => !which(program));
    it('holds what dig reads, and gives what nsupdate has changed', { skip: tools.length ? `${tools.join(', ')} IS NOT INSTALLED` : false }, async () => {
      const { server, provider: p } = await start();
      const by = ['-y', `${key.algorithm}:${key.name}:${secret}`];
      const dig = (name: string, type: string, ...more: readonly string[]): string[] =>
        execFileSync(which('dig') ?? 'dig', ['@127.0.0.1', '-p', String(server.port), ...more, '+tcp', '+noall', '+answer', '+onesoa', '+nosplit', '+tries=1', '+time=2', name, type], { encoding: 'utf8' })
          .split('\n').map((line) => line.replaceAll(/\s+/g, ' ')).filter((line) => line !== '' && !/ (SOA|TSIG) /.test(line)).sort();
      const nsupdate = (...commands: readonly string[]): unknown =>
        execFileSync(which('nsupdate') ?? 'nsupdate', by, { input: [`server 127.0.0.1 ${server.port}`, 'zone example.org', ...commands, 'send', ''].join('\n'), stdio: 'pipe' });
      const theirs = dig('example.org', 'AXFR', ...by);
      const wishes = await p.adjust(
        [
          address('a.example.org', '192.0.2.1', '192.0.2.2'), record('a.example.org', 'AAAA', ['2001:DB8:0::1']), record('cname.example.org', 'CNAME', ['lb.example.net']), record('*.wild.example.org', 'A', ['192.0.2.3'], 0),
          record('txt.example.org', 'TXT', ['two words', '"a" "b c"', 'x'.repeat(300), 'say "hi" \\ größe; #1']), record('_sip._udp.example.org', 'SRV', ['10 5 5060 sip.example.net']), record('example.org', 'MX', ['10 mx.example.net']),
          record('tel.example.org', 'NAPTR', ['100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .']), record('sub.example.org', 'NS', ['ns1.example.net']), record('9.2.0.192.example.org', 'PTR', ['web.example.org']),
        ],
        never,
      );
      assert.deepEqual(results(await p.apply(wishes.map((e) => group(create(e))), never)).filter((r) => !r.endsWith(' applied')), []);
      const ours = [
        'a.example.org. 60 IN A 192.0.2.1', 'a.example.org. 60 IN A 192.0.2.2', 'a.example.org. 60 IN AAAA 2001:db8::1', 'cname.example.org. 60 IN CNAME lb.example.net.', '*.wild.example.org. 0 IN A 192.0.2.3',
        'txt.example.org. 60 IN TXT "two words"', 'txt.example.org. 60 IN TXT "a" "b c"', `txt.example.org. 60 IN TXT "${'x'.repeat(255)}" "${'x'.repeat(45)}"`, String.raw`txt.example.org. 60 IN TXT "say \"hi\" \\ gr\195\182\195\159e; #1"`,
        '_sip._udp.example.org. 60 IN SRV 10 5 5060 sip.example.net.', 'example.org. 60 IN MX 10 mx.example.net.', 'tel.example.org. 60 IN NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.org!" .',
        'sub.example.org. 60 IN NS ns1.example.net.', '9.2.0.192.example.org. 60 IN PTR web.example.org.',
      ];
      assert.deepEqual(dig('example.org', 'AXFR', ...by), [...theirs, ...ours].sort());
      assert.deepEqual(dig('any.wild.example.org', 'A'), ['any.wild.example.org. 0 IN A 192.0.2.3']);

      const known = lines(wishes);
      assert.deepEqual(await read(p), known);
      nsupdate('update delete a.example.org 60 A 192.0.2.1', 'update add b.example.org 77 TXT "by \\"nsupdate\\"" "twice"', 'update delete tel.example.org NAPTR');
      const seen = [...known.filter((line) => !/^(a\.example\.org 60 A |tel)/.test(line)), 'a.example.org 60 A 192.0.2.2', String.raw`b.example.org 77 TXT "by \"nsupdate\"" "twice"`].sort();
      assert.deepEqual(await read(p), seen);
      assert.deepEqual(await read(connect(server).provider), seen);
      const { records = [] } = await p.snapshot(never);
      const [foreign, web] = ['b.example.org', 'a.example.org'].map((name) => records.find((r) => r.dnsName === name && r.recordType !== 'AAAA'));
      assert.ok(foreign && web);
      assert.deepEqual(results(await p.apply([group(remove(foreign)), group(update(web, address('a.example.org', '192.0.2.9')))], never)), ['b.example.org applied', 'a.example.org applied']);
      assert.deepEqual([dig('b.example.org', 'TXT'), dig('a.example.org', 'A')], [[], ['a.example.org. 60 IN A 192.0.2.9']]);
    });

    it('takes every algorithm', async () => {
      const names = tsigAlgorithms.map((algorithm) => `${algorithm}-key`);
      const bind = (text: string): string =>
        tsigAlgorithms.map((algorithm) => `key "${algorithm}-key" { algorithm ${algorithm}; secret "${secret}"; };\n`).join('') +
        text.replace('allow-transfer { key', `allow-transfer { ${names.map((name) => `key "${name}";`).join(' ')} key`).replace('update-policy {', `update-policy { ${names.map((name) => `grant "${name}" zonesub ANY;`).join(' ')}`);
      const knot = (text: string): string =>
        text
          .replace('key:\n', `key:\n${tsigAlgorithms.map((algorithm) => `  - id: ${algorithm}-key\n    algorithm: ${algorithm}\n    secret: ${secret}\n`).join('')}`)
          .replace('    key: externaldns-key', `    key: [ ${names.join(', ')} ]`);
      const { server } = await start([], kind === 'bind' ? bind : knot);
      for (const algorithm of tsigAlgorithms) {
        const { provider: p } = connect(server, { ...key, algorithm, name: `${algorithm.toUpperCase()}-Key.` });
        assert.deepEqual(results(await p.apply([group(create(address(`${algorithm}.example.org`)))], never)), [`${algorithm}.example.org applied`]);
        assert.ok((await read(p)).includes(`${algorithm}.example.org 60 A 192.0.2.1`));
      }
    });

    it('comes to the right state after it was killed, stopped and frozen amid changes', async () => {
      const { server, provider: p, client } = await start(['foreign 60 A 192.0.2.99', 'foreign TXT "not ours"']);
      const wish = new Map<string, Endpoint>(Array.from({ length: 300 }, (_, i) => [`h${i}.example.org`, address(`h${i}.example.org`)]));
      /** What a controller does: reads, compares, changes. Gives what came of the changes. */
      const round = async (): Promise<readonly string[]> => {
        const { records = [], unreadable } = await p.snapshot(never);
        if (unreadable.length) throw new Error('not readable');
        const there = new Map(records.filter((r) => /^h\d/.test(r.dnsName)).map((r) => [r.dnsName, r]));
        const groups = [...wish].flatMap(([name, e]) => {
          const now = there.get(name);
          if (!now) return [group(create(e))];
          return lines([now])[0] === lines([e])[0] ? [] : [group(update(now, e))];
        });
        const extra = [...there].filter(([name]) => !wish.has(name)).map(([, e]) => group(remove(e)));
        return results(await p.apply([...extra, ...groups], never));
      };
      const settle = async (): Promise<void> => {
        for (let i = 0; i < 100; i++) {
          const changes = await round().catch(() => undefined);
          if (changes?.length === 0) return;
          await sleep(50);
        }
        assert.fail('it does not settle');
      };
      const trouble: readonly (readonly [string, () => Promise<unknown> | void, () => Promise<unknown> | void])[] = [
        ['killed', () => server.end('SIGKILL'), () => server.run()],
        ['stopped', () => server.end(), () => server.run()],
        ['frozen', () => server.freeze(), () => server.thaw()],
      ];
      let begin: (() => Promise<unknown> | void) | undefined;
      let updates = 0;
      const exchange = client.exchange.bind(client);
      client.exchange = async (request, signal) => {
        if (++updates === 5) await begin?.();
        return exchange(request, signal);
      };
      await settle();
      let version = 0;
      for (const [what, start, end] of trouble) {
        version++;
        for (let i = 0; i < 300; i += 2) wish.set(`h${i}.example.org`, address(`h${i}.example.org`, `198.51.100.${version}`));
        for (let i = 1; i < 300; i += 10) wish.delete(`h${i + version}.example.org`);
        [begin, updates] = [start, 0];
        const outcomes = await round();
        begin = undefined;
        assert.ok(outcomes.some((o) => o.endsWith(' applied')) && outcomes.some((o) => / failed /.test(o)), what);
        await end();
        await settle();
        const expected = [...lines([...wish.values()]), 'foreign.example.org 60 A 192.0.2.99', 'foreign.example.org 300 TXT not ours'].sort();
        assert.deepEqual(await read(connect(server).provider), expected);
        assert.deepEqual(await read(p), expected);
      }
    });

    it('is read again and changed at little cost, however large the zone', async (t) => {
      const { provider: p, client } = await start(Array.from({ length: 20_000 }, (_, i) => `h${i} 60 ${i % 2 ? 'A 192.0.2.1' : `TXT "heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/h${i}"`}`));
      const cost = async (what: string, work: () => Promise<unknown>): Promise<{ sent: number; received: number }> => {
        const [before, from] = [{ ...client.messages }, performance.now()];
        await work();
        const messages = { sent: client.messages.sent - before.sent, received: client.messages.received - before.received };
        t.diagnostic(`${kind}: ${what}: ${(performance.now() - from).toFixed(1)} ms, ${messages.sent} messages sent, ${messages.received} received`);
        return messages;
      };
      let fingerprint: string | undefined;
      await cost('zone of 20,000 records read', async () => {
        const first = await p.snapshot(never);
        assert.equal(first.records?.length, 20_002);
        fingerprint = first.fingerprint;
      });
      const again = await cost('nothing has changed', async () => assert.equal((await p.snapshot(never, fingerprint)).records, undefined));
      assert.deepEqual(again, { sent: 1, received: 1 });
      const changed = await cost('one change: name read, changed', async () => {
        assert.deepEqual(await p.recordsOf?.(['new.example.org'], never), []);
        assert.deepEqual(results(await p.apply([group(create(address('new.example.org')))], never)), ['new.example.org applied']);
      });
      assert.deepEqual(changed, { sent: 2, received: 2 });
      const seen = await cost('the change read back', async () => assert.deepEqual(lines(await p.recordsOf?.(['new.example.org'], never)), ['new.example.org 60 A 192.0.2.1']));
      assert.deepEqual(seen, { sent: 1, received: 1 });
    });
  });
}
