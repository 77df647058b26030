import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, withProperty } from '../../endpoint/endpoint.ts';
import { adjustEndpoint, changed, type Entry, groupProperty, keyOf, nameOfBadKey, operations, parseKey, type Service, toEndpoints } from './convert.ts';

const prefix = '/skydns/';
const read = (key: string, service: Service | string): Entry => parseKey({ key: prefix + key, value: typeof service === 'string' ? service : JSON.stringify(service), modRevision: 7n }, prefix);
const shown = (e: Endpoint): string => `${e.dnsName} ${e.ttlSeconds} ${e.recordType} ${e.targets.join(',')}${e.providerSpecific.map((p) => ` ${p.name}=${p.value}`).join('')}`;
const e = (name: string, type: string, targets: readonly string[], ttlSeconds = 0): Endpoint => makeEndpoint(name, type, targets, { ttlSeconds });

describe('keys of etcd', () => {
  it('are names in reverse, in lower case', () => assert.equal(keyOf(prefix, 'Web.Example.org'), '/skydns/org/example/web'));
  it('keep the asterisk', () => assert.equal(keyOf(prefix, '*.example.org'), '/skydns/org/example/*'));

  const bad: readonly (readonly [title: string, key: string, value: string])[] = [
    ['no JSON', 'org/example/web/k1', 'nothing'],
    ['no object', 'org/example/web/k1', '[1]'],
    ['a field of another type', 'org/example/web/k1', '{"host": "192.0.2.1", "ttl": "60"}'],
    ['more targetstrip than labels', 'org', '{"host": "192.0.2.1", "targetstrip": 1}'],
  ];
  for (const [title, key, value] of bad) it(`refuse ${title}, and name the key`, () => assert.throws(() => read(key, value), (error: Error) => error.message.includes(`/skydns/${key}`)));
  it('that cannot be read bear on the name above', () => assert.deepEqual([nameOfBadKey('/skydns/org/example/web/k1', prefix), nameOfBadKey('/skydns/org', prefix)], ['web.example.org', 'org']));
});

describe('reading services of CoreDNS', () => {
  const cases: readonly { readonly title: string; readonly entries: readonly Entry[]; readonly want: readonly string[] }[] = [
    { title: 'tells types apart by the host', entries: [read('org/example/web/a', { host: '192.0.2.1', targetstrip: 1, ttl: 60 }), read('org/example/web/b', { host: '2001:db8::1', targetstrip: 1 }), read('org/example/web/c', { host: 'lb.example.net', targetstrip: 1 })], want: ['web.example.org 60 A 192.0.2.1', 'web.example.org 0 AAAA 2001:db8::1', 'web.example.org 0 CNAME lb.example.net'] },
    { title: 'puts the targets of a name together', entries: [read('org/example/web/a', { host: '192.0.2.1', targetstrip: 1 }), read('org/example/web/b', { host: '192.0.2.2', targetstrip: 1 })], want: ['web.example.org 0 A 192.0.2.1,192.0.2.2'] },
    { title: 'counts a target once that has two keys', entries: [read('org/example/web/a', { host: '192.0.2.1', targetstrip: 1 }), read('org/example/web/b', { host: '192.0.2.1', targetstrip: 1 })], want: ['web.example.org 0 A 192.0.2.1'] },
    { title: 'takes as many labels off the key as targetstrip says', entries: [read('org/example/web/a/b', { host: '192.0.2.1', targetstrip: 2 })], want: ['web.example.org 0 A 192.0.2.1'] },
    { title: 'finds a text beside a host', entries: [read('org/example/web/a', { host: '192.0.2.1', text: 'note', targetstrip: 1 })], want: ['web.example.org 0 A 192.0.2.1', 'web.example.org 0 TXT note'] },
    { title: 'knows PTR records by their name', entries: [read('arpa/in-addr/192/0/2/1', { host: 'web.example.org' })], want: ['1.2.0.192.in-addr.arpa 0 PTR web.example.org'] },
    { title: 'knows mail exchangers', entries: [read('org/example/mx1', { host: 'mx.example.net', mail: true, targetstrip: 1 })], want: ['example.org 0 MX 10 mx.example.net'] },
    { title: 'gives the group as a property', entries: [read('org/example/web/a', { host: '192.0.2.1', group: 'g1', targetstrip: 1 })], want: ['web.example.org 0 A 192.0.2.1 coredns/group=g1'] },
    { title: 'shows that the groups of a set differ', entries: [read('org/example/web/a', { host: '192.0.2.1', group: 'g1', targetstrip: 1 }), read('org/example/web/b', { host: '192.0.2.2', targetstrip: 1 })], want: ['web.example.org 0 A 192.0.2.1,192.0.2.2 coredns/group=,g1'] },
  ];
  for (const { title, entries, want } of cases) it(title, () => assert.deepEqual(toEndpoints(entries).map(shown), want));

  it('gives wishes the same form', () => {
    const wish = withProperty(withProperty(e('web.example.org', 'A', ['192.0.2.1']), groupProperty, 'g1'), 'alias', 'true');
    assert.deepEqual([shown(adjustEndpoint(wish)), shown(adjustEndpoint(endpoint({ ...wish, recordType: 'TXT' })))], ['web.example.org 0 A 192.0.2.1 coredns/group=g1', 'web.example.org 0 TXT 192.0.2.1']);
  });
});

describe('writing services of CoreDNS', () => {
  const a1: Service = { host: '192.0.2.1', port: 80, priority: 5, weight: 20, targetstrip: 1 };
  const entryOf = (key: string, service: Service): Entry => read(`org/example/web/${key}`, service);
  const create = (after: Endpoint): Change => ({ action: 'create', after });
  const update = (before: Endpoint, after: Endpoint): Change => ({ action: 'update', before, after });
  const remove = (before: Endpoint): Change => ({ action: 'delete', before });
  const web = (...targets: string[]): Endpoint => e('web.example.org', 'A', targets);
  const note = (...targets: string[]): Endpoint => e('web.example.org', 'TXT', targets);
  const cases: readonly { readonly title: string; readonly entries?: readonly Entry[]; readonly changes: readonly Change[]; readonly owner?: string; readonly want: readonly string[] }[] = [
    { title: 'makes up a label for each new target', changes: [create(web('192.0.2.1', '192.0.2.2'))], want: ['web/new1 new {"host":"192.0.2.1","targetstrip":1}', 'web/new2 new {"host":"192.0.2.2","targetstrip":1}'] },
    { title: 'keeps the keys of targets that stay, with port, priority and weight', entries: [entryOf('a', a1)], changes: [update(web('192.0.2.1'), e('web.example.org', 'A', ['192.0.2.1', '192.0.2.2'], 60))], want: ['web/a at 7 {"host":"192.0.2.1","port":80,"priority":5,"weight":20,"targetstrip":1,"ttl":60}', 'web/new1 new {"host":"192.0.2.2","ttl":60,"targetstrip":1}'] },
    { title: 'removes the keys of all targets of a name at once', entries: [entryOf('a', a1), entryOf('b', { ...a1, host: '192.0.2.2' })], changes: [remove(web('192.0.2.1', '192.0.2.2'))], want: ['web/a at 7 deleted', 'web/b at 7 deleted'] },
    { title: 'removes the second key of a target', entries: [entryOf('a', a1), entryOf('b', a1)], changes: [update(web('192.0.2.1'), e('web.example.org', 'A', ['192.0.2.1']))], want: ['web/b at 7 deleted'] },
    { title: 'leaves other types of the name alone', entries: [entryOf('a', a1), entryOf('b', { host: '2001:db8::1', targetstrip: 1 })], changes: [remove(web('192.0.2.1'))], want: ['web/a at 7 deleted'] },
    { title: 'knows an IPv6 address in another spelling', entries: [entryOf('b', { host: '2001:DB8::1', targetstrip: 1 })], changes: [update(web(), e('web.example.org', 'AAAA', ['2001:db8:0::1'], 60))], want: ['web/b at 7 {"host":"2001:DB8::1","targetstrip":1,"ttl":60}'] },
    { title: 'writes and takes away the group', entries: [entryOf('a', { ...a1, group: 'g1' })], changes: [update(web('192.0.2.1'), web('192.0.2.1'))], want: ['web/a at 7 {"host":"192.0.2.1","port":80,"priority":5,"weight":20,"targetstrip":1}'] },
    { title: 'puts a text beside a host', changes: [create(web('192.0.2.1')), create(note('n'))], want: ['web/new1 new {"host":"192.0.2.1","targetstrip":1,"text":"n"}'] },
    { title: 'puts a text with another TTL into a key of its own', entries: [entryOf('a', { host: '192.0.2.1', ttl: 300, targetstrip: 1 })], changes: [create(e('web.example.org', 'TXT', ['n'], 60))], want: ['web/new1 new {"text":"n","ttl":60,"targetstrip":1}'] },
    { title: 'changes a text in its key', entries: [entryOf('t', { text: 'old', targetstrip: 1 })], changes: [update(note('old'), note('new'))], want: ['web/t at 7 {"text":"new","targetstrip":1}'] },
    { title: 'cleans up texts that piled up', entries: [entryOf('t', { text: 'old', targetstrip: 1 }), entryOf('u', { text: 'old', targetstrip: 1 }), entryOf('v', { text: 'older', targetstrip: 1 })], changes: [update(note('old', 'older'), note('new'))], want: ['web/t at 7 {"text":"new","targetstrip":1}', 'web/u at 7 deleted', 'web/v at 7 deleted'] },
    { title: 'keeps the text whose host goes', entries: [entryOf('a', { ...a1, text: 'n' })], changes: [remove(web('192.0.2.1'))], want: ['web/a at 7 {"targetstrip":1,"text":"n"}'] },
    { title: 'keeps the host whose text goes', entries: [entryOf('a', { host: '192.0.2.1', text: 'n', targetstrip: 1 })], changes: [remove(note('n'))], want: ['web/a at 7 {"host":"192.0.2.1","targetstrip":1}'] },
    { title: 'removes the key of a host and a text that both go', entries: [entryOf('a', { ...a1, text: 'n' })], changes: [remove(web('192.0.2.1')), remove(note('n'))], want: ['web/a at 7 deleted'] },
    { title: 'writes a PTR record at the path of its name', changes: [create(e('1.2.0.192.in-addr.arpa', 'PTR', ['web.example.org']))], want: ['arpa/in-addr/192/0/2/1 new {"host":"web.example.org"}'] },
    { title: 'changes a PTR record where it is', entries: [read('arpa/in-addr/192/0/2/1', { host: 'old.example.org' })], changes: [update(e('1.2.0.192.in-addr.arpa', 'PTR', ['old.example.org']), e('1.2.0.192.in-addr.arpa', 'PTR', ['web.example.org']))], want: ['arpa/in-addr/192/0/2/1 at 7 {"host":"web.example.org"}'] },
    { title: 'writes the owner, and leaves keys of others alone', owner: 'me', entries: [entryOf('theirs', { ...a1, owner: 'you' }), entryOf('nobodys', a1), entryOf('mine', { ...a1, owner: 'me' })], changes: [update(web('192.0.2.1'), web('192.0.2.2'))], want: ['web/mine at 7 deleted', 'web/new1 new {"host":"192.0.2.2","targetstrip":1,"owner":"me"}'] },
    { title: 'keeps fields that it does not know', entries: [read('org/example/web/a', '{"host":"192.0.2.1","targetstrip":1,"x":[1]}')], changes: [update(web('192.0.2.1'), e('web.example.org', 'A', ['192.0.2.1'], 60))], want: ['web/a at 7 {"host":"192.0.2.1","targetstrip":1,"x":[1],"ttl":60}'] },
    { title: 'writes nothing where nothing is different', entries: [entryOf('a', a1)], changes: [update(web('192.0.2.1'), web('192.0.2.1'))], want: [] },
  ];
  for (const { title, entries = [], changes, owner, want } of cases)
    it(title, () => {
      let made = 0;
      const rules = { prefix, owner, newLabel: () => `new${++made}` };
      const after = changes.reduce((now, change) => changed(now, change, rules), entries);
      const done = operations(entries, after).map((o) => `${o.key.replace(/^\/skydns\/(org\/example\/)?/, '')} ${o.modRevision ? `at ${o.modRevision}` : 'new'} ${'put' in o ? o.put : 'deleted'}`);
      assert.deepEqual(done.sort(), [...want].sort());
    });

  it('refuses a PTR record whose key is another owner\'s', () => {
    const theirs = read('arpa/in-addr/192/0/2/1', { host: 'old.example.org', owner: 'you' });
    assert.throws(() => changed([theirs], create(e('1.2.0.192.in-addr.arpa', 'PTR', ['web.example.org'])), { prefix, owner: 'me', newLabel: () => 'x' }), /another owner/);
  });
});
