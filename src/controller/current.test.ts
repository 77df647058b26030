import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../endpoint/endpoint.ts';
import { normalizeName } from '../endpoint/name.ts';
import type { Registry } from '../registries/registry.ts';
import { Current } from './current.ts';

const record = (name: string, target: string, fields: Partial<Endpoint> = {}): Endpoint => endpoint({ dnsName: `${name}.example.org`, recordType: 'A', targets: [target], ...fields });
const registry = { name: 'none', ownerId: undefined, namesOf: (r) => [normalizeName(r.dnsName)], label: (_name, records) => records, apply: async () => [] } satisfies Registry;
const stood = [record('a', '192.0.2.1'), record('b', '192.0.2.2'), record('b', '192.0.2.3', { setIdentifier: 'two' })];

/** Reads as a provider does that tells each record what is known of it. */
function read(current: Current, records: readonly Endpoint[], keep?: (name: string) => boolean): readonly string[] {
  const reading = current.reading();
  return [...current.replace(records.map(reading.known), keep, reading)];
}

const copies = (records: readonly Endpoint[]): Endpoint[] => records.map((r) => ({ ...r, targets: [...r.targets] }));

describe('Current, read as a whole', () => {
  const cases: readonly [about: string, now: readonly Endpoint[], changed: readonly string[]][] = [
    ['the same records', copies(stood), []],
    ['the same records in another order', copies(stood).reverse(), []],
    ['one record less', stood.slice(1), ['a.example.org']],
    ['one record of two sets less', stood.slice(0, 2), ['b.example.org']],
    ['one record more', [...stood, record('c', '192.0.2.9')], ['c.example.org']],
    ['another target', [record('a', '192.0.2.9'), ...stood.slice(1)], ['a.example.org']],
    ['one record twice in the place of another', [...stood.slice(1), ...copies(stood.slice(1, 2))], ['a.example.org', 'b.example.org']],
  ];
  for (const [about, now, changed] of cases)
    it(`finds what is different: ${about}`, () => {
      const current = new Current(registry, () => undefined);
      read(current, stood);
      assert.deepEqual([...read(current, now)].sort(), changed);
      assert.deepEqual(read(current, copies(now)), [], 'the reading was taken over');
    });

  it('gives the record that it knows for one that is the same', () => {
    const current = new Current(registry, () => undefined);
    read(current, stood);
    const [copy] = copies(stood);
    assert.ok(copy);
    assert.equal(current.reading().known(copy), stood[0]);
    const other = record('a', '192.0.2.9');
    assert.equal(current.reading().known(other), other);
  });

  it('finds what is different after changes of its own, and after names were read by themselves', () => {
    const current = new Current(registry, () => undefined);
    read(current, stood);
    const added = record('c', '192.0.2.9');
    current.applied({ name: 'c.example.org', setIdentifier: '', changes: [{ action: 'create', after: added }], reason: '' });
    assert.deepEqual(read(current, copies([...stood, added])), []);
    assert.deepEqual([...current.replaceNames(['a.example.org'], [])], ['a.example.org']);
    assert.deepEqual(read(current, copies([...stood.slice(1), added])), []);
    assert.deepEqual(read(current, copies([...stood, added])), ['a.example.org']);
  });

  it('keeps the names of zones that cannot be read, until they can', () => {
    const current = new Current(registry, () => undefined);
    read(current, stood);
    assert.deepEqual(read(current, stood.slice(1), (name) => name === 'a.example.org'), []);
    assert.equal(current.of('a.example.org').length, 1);
    assert.equal(current.isRead('a.example.org'), false);
    assert.deepEqual(read(current, copies(stood)), []);
    assert.equal(current.isRead('a.example.org'), true);
  });
});
