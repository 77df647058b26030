import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import { describe as textOf, type Endpoint } from '../../endpoint/endpoint.ts';
import { adjustToLimits } from './adjust.ts';

describe('set identifiers where a provider has one set of a name', () => {
  const web = (setIdentifier: string, target: string, recordType = 'A', ttlSeconds = 60): Endpoint => makeEndpoint('web.example.org', recordType, [target], { setIdentifier, ttlSeconds });
  const cases: readonly { readonly title: string; readonly wishes: readonly Endpoint[]; readonly want: readonly string[]; readonly warnings: number }[] = [
    { title: 'leaves wishes without one alone', wishes: [web('', '192.0.2.1'), web('', '192.0.2.2')], want: ['A 60 192.0.2.1', 'A 60 192.0.2.2'], warnings: 0 },
    { title: 'takes a lone one off', wishes: [web('a', '192.0.2.1')], want: ['A 60 192.0.2.1'], warnings: 1 },
    { title: 'makes one set of several, whatever their order', wishes: [web('b', '192.0.2.2'), web('a', '192.0.2.1')], want: ['A 60 192.0.2.1,192.0.2.2'], warnings: 2 },
    { title: 'keeps types apart', wishes: [web('a', '192.0.2.1'), web('b', '2001:db8::1', 'AAAA')], want: ['A 60 192.0.2.1', 'AAAA 60 2001:db8::1'], warnings: 2 },
    { title: 'leaves it to the plan where TTLs differ', wishes: [web('b', '192.0.2.2', 'A', 30), web('a', '192.0.2.1')], want: ['A 60 192.0.2.1', 'A 30 192.0.2.2'], warnings: 2 },
    { title: 'leaves it to the plan which alias is published', wishes: [web('b', 'b.example.net', 'CNAME'), web('a', 'a.example.net', 'CNAME')], want: ['CNAME 60 a.example.net', 'CNAME 60 b.example.net'], warnings: 2 },
  ];
  for (const { title, wishes, want, warnings } of cases)
    it(title, () => {
      const warned: string[] = [];
      const adjusted = adjustToLimits(wishes, { limits: {}, recordTypes: undefined, setIdentifiers: false, warn: (what, e) => void warned.push(`${what}: ${textOf(e)}`) });
      assert.deepEqual(adjusted.map((e) => [e.setIdentifier, `${e.recordType} ${e.ttlSeconds} ${e.targets.join()}`]), want.map((line) => ['', line]));
      assert.equal(warned.length, warnings);
    });

  it('keeps the objects of all of them', () => {
    const ref = (name: string) => ({ apiVersion: 'v1', kind: 'Service', namespace: 'default', name, uid: name, source: 'service' });
    const wishes = ['b', 'a'].map((id) => ({ ...web(id, `192.0.2.${id === 'a' ? 1 : 2}`), refs: [ref(id)] }));
    const [only, ...more] = adjustToLimits(wishes, { limits: {}, recordTypes: undefined, setIdentifiers: false, warn: () => {} });
    assert.deepEqual([only?.refs.map((r) => r.name), more], [['a', 'b'], []]);
  });
});

describe('several targets where a zone can hold one', () => {
  it('are the first in order alone, whatever their order, with one warning', () => {
    const warned: string[] = [];
    const web = (recordType: string, ...targets: string[]): Endpoint => makeEndpoint('web.example.org', recordType, targets);
    const wishes = [web('CNAME', 'b.example.net', 'a.example.net'), web('A', '192.0.2.2', '192.0.2.1'), web('CNAME', 'only.example.net')];
    const adjusted = adjustToLimits(wishes, { limits: {}, recordTypes: undefined, setIdentifiers: false, warn: (what) => void warned.push(what) });
    assert.deepEqual(adjusted.map((e) => e.targets), [['a.example.net'], ['192.0.2.2', '192.0.2.1'], ['only.example.net']]);
    assert.deepEqual(warned, ['of several targets only the first is published: a zone can hold one']);
  });
});
