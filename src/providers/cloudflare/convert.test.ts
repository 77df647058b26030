import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { ApiRecord, RecordBody } from './client.ts';
import { type NameExtras, recordKey, targetKey, toBody, toEndpoint } from './convert.ts';
import { list, names } from './properties.ts';

const record = (fields: Partial<ApiRecord>): ApiRecord => ({ id: 'r1', name: 'web.example.org', type: 'A', ttl: 1, ...fields });
const nothing = (): NameExtras => ({ customHostnames: [], regionKey: undefined });
const srv = { priority: 10, weight: 5, port: 5060, target: 'sip.example.org' };

describe('a record becomes an endpoint', () => {
  const cases: readonly { readonly title: string; readonly given: ApiRecord; readonly targets: readonly string[] | undefined; readonly properties?: Readonly<Record<string, string>> }[] = [
    { title: 'an address', given: record({ content: '192.0.2.1' }), targets: ['192.0.2.1'], properties: { [names.proxied]: 'false' } },
    { title: 'a proxied one', given: record({ content: '192.0.2.1', proxied: true }), targets: ['192.0.2.1'], properties: { [names.proxied]: 'true' } },
    { title: 'MX with its priority', given: record({ type: 'MX', content: 'mail.example.org', priority: 10 }), targets: ['10 mail.example.org'] },
    { title: 'MX of priority 0', given: record({ type: 'MX', content: 'mail.example.org', priority: 0 }), targets: ['0 mail.example.org'] },
    { title: 'SRV with its four fields and a final dot', given: record({ type: 'SRV', content: '5 5060 sip.example.org', data: srv, priority: 10 }), targets: ['10 5 5060 sip.example.org.'] },
    { title: 'SRV that says there is no service', given: record({ type: 'SRV', data: { ...srv, target: '.' } }), targets: ['10 5 5060 .'] },
    { title: 'TXT as it is spelled', given: record({ type: 'TXT', content: '"v=spf1 -all"' }), targets: ['"v=spf1 -all"'] },
    { title: 'a type that is not managed is none', given: record({ type: 'CAA', content: '0 issue "ca.example"' }), targets: undefined },
    { title: 'SRV without data is none', given: record({ type: 'SRV', content: '5 5060 sip.example.org' }), targets: undefined },
    { title: 'comment and sorted tags', given: record({ content: '192.0.2.1', comment: 'x', tags: ['b', 'a'] }), targets: ['192.0.2.1'], properties: { [names.proxied]: 'false', [names.comment]: 'x', [names.tags]: 'a,b' } },
    { title: 'no comment and no tags leave nothing', given: record({ content: '192.0.2.1', comment: null, tags: [] }), targets: ['192.0.2.1'], properties: { [names.proxied]: 'false' } },
  ];
  for (const { title, given, targets, properties } of cases)
    it(title, () => {
      const e = toEndpoint(given, nothing);
      assert.deepEqual(e?.targets, targets);
      if (properties) assert.deepEqual(Object.fromEntries(e?.providerSpecific.map((p) => [p.name, p.value]) ?? []), properties);
    });

  it('custom hostnames and region belong to types that lead to addresses', () => {
    const extras = (): NameExtras => ({ customHostnames: ['a.customer.example', 'b.customer.example'], regionKey: 'eu' });
    const propertiesOf = (given: ApiRecord): string[] => toEndpoint(given, extras)?.providerSpecific.map((p) => `${p.name.split('/')[1]}=${p.value}`) ?? [];
    assert.deepEqual(propertiesOf(record({ content: '192.0.2.1' })), ['cloudflare-custom-hostname=a.customer.example,b.customer.example', 'cloudflare-proxied=false', 'cloudflare-region-key=eu']);
    assert.deepEqual(propertiesOf(record({ type: 'TXT', content: '"x"' })), ['cloudflare-proxied=false']);
  });
});

describe('a target becomes a record', () => {
  const proxied = [{ name: names.proxied, value: 'true' }];
  const base: RecordBody = { name: 'web.example.org', type: 'A', ttl: 1, proxied: false, comment: '', tags: [] };
  const cases: readonly { readonly title: string; readonly type: string; readonly target: string; readonly ttlSeconds?: number; readonly proxied?: boolean; readonly body: Partial<RecordBody> }[] = [
    { title: 'without a TTL it is automatic', type: 'A', target: '192.0.2.1', body: { content: '192.0.2.1' } },
    { title: 'a wished TTL is kept', type: 'A', target: '192.0.2.1', ttlSeconds: 300, body: { content: '192.0.2.1', ttl: 300 } },
    { title: 'a proxied record has no TTL of its own', type: 'A', target: '192.0.2.1', ttlSeconds: 300, proxied: true, body: { content: '192.0.2.1', proxied: true } },
    { title: 'an ownership record with the properties of a proxied one is not proxied', type: 'TXT', target: '"heritage=external-dns"', ttlSeconds: 300, proxied: true, body: { content: '"heritage=external-dns"', ttl: 300 } },
    { title: 'hosts lose the final dot', type: 'CNAME', target: 'lb.example.net.', body: { content: 'lb.example.net' } },
    { title: 'MX', type: 'MX', target: '10 mail.example.org.', body: { content: 'mail.example.org', priority: 10 } },
    { title: 'SRV', type: 'SRV', target: '10 5 5060 sip.example.org.', body: { data: srv } },
    { title: 'SRV that says there is no service', type: 'SRV', target: '0 0 0 .', body: { data: { priority: 0, weight: 0, port: 0, target: '.' } } },
  ];
  for (const { title, type, target, ttlSeconds = 0, proxied: isProxied, body } of cases)
    it(title, () => assert.deepEqual(toBody(makeEndpoint('web.example.org', type, [target], { ttlSeconds, ...(isProxied && { providerSpecific: proxied }) }), target), { ...base, type, ...body }));

  for (const [type, target] of [['MX', 'mail.example.org'], ['MX', '10'], ['MX', '70000 mail.example.org'], ['SRV', '10 5 sip.example.org.'], ['SRV', 'a b c sip.example.org.']] as const)
    it(`is refused for ${type} "${target}"`, () => assert.throws(() => toBody(makeEndpoint('web.example.org', type, [target]), target), /web\.example\.org \((MX|SRV)\): the target .* must be/));
});

describe('records are told apart by their targets', () => {
  const same: readonly (readonly [type: string, a: string, b: string])[] = [
    ['AAAA', '2001:db8::1', '2001:0DB8:0:0:0:0:0:1'],
    ['CNAME', 'LB.example.net.', 'lb.example.net'],
    ['CNAME', 'bücher.example', 'xn--bcher-kva.example'],
    ['MX', '10 Mail.example.org.', '10 mail.example.org'],
    ['MX', '010 mail.example.org', '10 mail.example.org'],
    ['SRV', '10 5 5060 sip.example.org.', '10  5 5060 sip.example.org'],
    ['TXT', 'plain text', '"plain text"'],
    ['TXT', '"one" "two"', '"onetwo"'],
    ['TXT', '"a \\"b\\""', 'a "b"'],
  ];
  for (const [type, a, b] of same) it(`${type} ${a} is ${b}`, () => assert.equal(targetKey(type, a), targetKey(type, b)));
  const different: readonly (readonly [type: string, a: string, b: string])[] = [
    ['A', '192.0.2.1', '192.0.2.10'],
    ['MX', '10 mail.example.org', '20 mail.example.org'],
    ['TXT', 'Text', 'text'],
  ];
  for (const [type, a, b] of different) it(`${type} ${a} is not ${b}`, () => assert.notEqual(targetKey(type, a), targetKey(type, b)));

  it('what is written is found again by its target', () => {
    const number = fc.nat(65_535);
    const host = fc.domain();
    const targets = fc.oneof(
      fc.tuple(fc.constant('MX'), fc.tuple(number, host).map((f) => f.join(' '))),
      fc.tuple(fc.constant('SRV'), fc.tuple(number, number, number, host).map((f) => `${f.join(' ')}.`)),
      fc.tuple(fc.constant('CNAME'), host),
      fc.tuple(fc.constant('A'), fc.ipV4()),
      fc.tuple(fc.constant('AAAA'), fc.ipV6()),
      fc.tuple(fc.constant('TXT'), fc.string({ minLength: 1 })),
    );
    fc.assert(
      fc.property(targets, ([type, target]) => {
        const stored: ApiRecord = { id: 'r1', ...toBody(makeEndpoint('web.example.org', type, [target]), target) };
        assert.equal(recordKey(stored), targetKey(type, target));
        const [read = ''] = toEndpoint(stored, nothing)?.targets ?? [];
        assert.equal(targetKey(type, read), targetKey(type, target));
      }),
    );
  });
});

describe('lists in annotations', () => {
  for (const [text, entries] of [
    ['b, a', ['a', 'b']],
    [' a ,,a', ['a']],
    ['', []],
    [undefined, []],
  ] as const)
    it(JSON.stringify(text) ?? 'none', () => assert.deepEqual(list(text), entries));
});
