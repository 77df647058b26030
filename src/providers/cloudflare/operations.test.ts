import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeEndpoint } from '../../endpoint/build.ts';
import type { Change } from '../../endpoint/change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { ApiRecord } from './client.ts';
import { KnownRecords } from './known-records.ts';
import { type Operation, operationsOf, weightOf } from './operations.ts';
import { names } from './properties.ts';

const name = 'web.example.org';
const e = (type: string, targets: readonly string[], ttlSeconds = 1, comment = ''): Endpoint => makeEndpoint(name, type, targets, { ttlSeconds, ...(comment && { providerSpecific: [{ name: names.comment, value: comment }] }) });
const [a1, a2, a3] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
const create = (after: Endpoint): Change => ({ action: 'create', after });
const update = (before: Endpoint, after: Endpoint): Change => ({ action: 'update', before, after });
const remove = (before: Endpoint): Change => ({ action: 'delete', before });

/** Records with ids 1, 2, 3: addresses, or what `type content` says. */
function known(...contents: readonly string[]): KnownRecords {
  const records = new KnownRecords();
  records.replaceAll(
    contents.map((text, i): ApiRecord => {
      const [type = '', content = '', priority] = text.split(' ');
      return { id: String(i + 1), name, type, content, ttl: 1, ...(priority && { priority: Number(priority) }) };
    }),
  );
  return records;
}

const short = (o: Operation): string => (o.kind === 'delete' ? `delete ${o.id}` : `${o.kind === 'put' ? `put ${o.id}` : 'post'} ${o.body.type} ${o.body.priority ?? ''}${o.body.content}/${o.body.ttl}`);

describe('operations of a change', () => {
  const cases: readonly { readonly title: string; readonly there: readonly string[]; readonly change: Change; readonly operations: readonly string[] }[] = [
    { title: 'each target of a new set is a record', there: [], change: create(e('A', [a1, a2])), operations: [`post A ${a1}/1`, `post A ${a2}/1`] },
    { title: 'one that is there already is written over', there: [`A ${a1}`], change: create(e('A', [a1])), operations: [`put 1 A ${a1}/1`] },
    { title: 'a target that stands there twice is one record', there: [], change: create(e('AAAA', ['2001:db8::1', '2001:db8:0::1'])), operations: ['post AAAA 2001:db8:0::1/1'] },
    { title: 'all records of a set are deleted', there: [`A ${a1}`, `A ${a2}`], change: remove(e('A', [a1, a2])), operations: ['delete 1', 'delete 2'] },
    { title: 'what has gone already is not deleted', there: [`A ${a2}`], change: remove(e('A', [a1, a2])), operations: ['delete 1'] },
    { title: 'one target for another keeps the record', there: [`A ${a1}`], change: update(e('A', [a1]), e('A', [a2])), operations: [`put 1 A ${a2}/1`] },
    { title: 'what stays is left alone', there: [`A ${a1}`, `A ${a2}`], change: update(e('A', [a1, a2]), e('A', [a2, a3])), operations: [`put 1 A ${a3}/1`] },
    { title: 'fewer targets', there: [`A ${a1}`, `A ${a2}`], change: update(e('A', [a1, a2]), e('A', [a2])), operations: ['delete 1'] },
    { title: 'more targets', there: [`A ${a1}`], change: update(e('A', [a1]), e('A', [a1, a2])), operations: [`post A ${a2}/1`] },
    { title: 'a TTL changes all records', there: [`A ${a1}`, `A ${a2}`], change: update(e('A', [a1, a2]), e('A', [a1, a2], 300)), operations: [`put 1 A ${a1}/300`, `put 2 A ${a2}/300`] },
    { title: 'a TTL that is wished no more becomes automatic', there: [`A ${a1}`], change: update(e('A', [a1], 300), e('A', [a1], 0, 'new')), operations: [`put 1 A ${a1}/1`] },
    { title: 'an update of a record that has gone makes it', there: [], change: update(e('A', [a1]), e('A', [a1], 300)), operations: [`post A ${a1}/300`] },
    { title: 'another spelling is no change', there: ['AAAA 2001:db8::1'], change: update(e('AAAA', ['2001:db8::1']), e('AAAA', ['2001:0db8::1'])), operations: [] },
    { title: 'the preference of an MX', there: ['MX mail.example.org 10'], change: update(e('MX', ['10 mail.example.org']), e('MX', ['20 mail.example.org'])), operations: ['put 1 MX 20mail.example.org/1'] },
    {
      title: 'preferences that are exchanged: old ones go first, as no host may stand there twice',
      there: ['MX m1.example.org 10', 'MX m2.example.org 20'],
      change: update(e('MX', ['10 m1.example.org', '20 m2.example.org']), e('MX', ['20 m1.example.org', '10 m2.example.org'])),
      operations: ['delete 1', 'delete 2', 'post MX 20m1.example.org/1', 'post MX 10m2.example.org/1'],
    },
    { title: 'types do not get mixed up', there: ['TXT 192.0.2.1', `A ${a1}`], change: remove(e('A', [a1])), operations: ['delete 2'] },
  ];
  for (const { title, there, change, operations } of cases)
    it(title, () => {
      const records = known(...there);
      const found = operationsOf(change, (n, type, key) => records.find(n, type, key));
      assert.deepEqual(found.map(short), operations);
      assert.ok(found.length <= weightOf(change));
    });
});

describe('known records', () => {
  it('are all that there are after the zone was read', () => {
    const records = known(`A ${a1}`);
    assert.ok(records.isKnown('other.example.org'));
    records.forget([name]);
    assert.ok(!records.isKnown(name));
    assert.deepEqual(records.of(name), []);
  });

  it('are only those of the names that were read before', () => {
    const records = new KnownRecords();
    assert.ok(!records.isKnown(name));
    records.replaceNames([name, 'none.example.org'], [{ id: '1', name, type: 'A', content: a1, ttl: 1 }]);
    assert.ok(records.isKnown(name) && records.isKnown('none.example.org') && !records.isKnown('other.example.org'));
    records.remove(name, new Set(['1']));
    assert.ok(records.isKnown(name));
  });

  it('follow what is written', () => {
    const records = known(`A ${a1}`, `A ${a2}`);
    records.put([{ id: '1', name: 'Web.Example.org', type: 'A', content: a3, ttl: 1 }]);
    assert.deepEqual(records.of(name).map((r) => `${r.id} ${r.key}`), ['2 192.0.2.2', '1 192.0.2.3']);
    records.remove(name, new Set(['2']));
    assert.deepEqual(records.of(name).map((r) => r.id), ['1']);
  });
});
