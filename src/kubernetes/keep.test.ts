import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asBoolean, asList, asNumber, asRecord, asText, keepAll, keepMetadata, recordList, textList, textRecord, withoutNoise } from './keep.ts';
import type { RawObject } from './object.ts';

const noisy: RawObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u1',
    resourceVersion: '7',
    generation: 2,
    creationTimestamp: '2026-01-01T00:00:00Z',
    finalizers: ['example.org/keep'],
    labels: { app: 'web' },
    annotations: { a: 'b', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    managedFields: [{ manager: 'kubectl' }],
  },
  data: { key: 'value' },
};

describe('keepMetadata', () => {
  it('keeps what sources read, without managed fields and the last-applied annotation', () => {
    assert.deepEqual(keepMetadata(noisy), {
      name: 'web',
      namespace: 'shop',
      uid: 'u1',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: 'web' },
      annotations: { a: 'b' },
    });
  });

  it('gives empty fields for an object without metadata', () => {
    const empty = { name: '', namespace: '', uid: '', resourceVersion: '', generation: 0, creationTimestamp: '', labels: {}, annotations: {} };
    for (const metadata of [undefined, null, 'text', 3, []]) assert.deepEqual(keepMetadata({ metadata }), empty);
  });

  it('never throws, and never passes on a value of a wrong type', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.object(), (labels, metadata) => {
        const kept = keepMetadata({ metadata: { ...metadata, labels, name: metadata } });
        assert.equal(kept.name, '');
        assert.ok(Object.values(kept.labels).every((value) => typeof value === 'string'));
      }),
      { numRuns: 50 },
    );
  });
});

describe('whole objects', () => {
  it('lose only the noise', () => {
    const { managedFields: _, ...metadata } = asRecord(noisy['metadata']);
    assert.deepEqual(withoutNoise(noisy), { ...noisy, metadata: { ...metadata, annotations: { a: 'b' } } });
  });

  it('keep further top-level fields and typed metadata', () => {
    assert.deepEqual(asRecord(keepAll(noisy))['data'], { key: 'value' });
    assert.deepEqual(keepAll(noisy).metadata, keepMetadata(noisy));
  });
});

describe('readers', () => {
  it('take values of their type and refuse all others', () => {
    const values = ['text', 1, true, null, undefined, [1], { a: 1 }, Number.NaN];
    assert.deepEqual(values.map(asText), ['text', ...Array<undefined>(7).fill(undefined)]);
    assert.deepEqual(values.map(asNumber), [undefined, 1, ...Array<undefined>(6).fill(undefined)]);
    assert.deepEqual(values.map(asBoolean), [undefined, undefined, true, ...Array<undefined>(5).fill(undefined)]);
    assert.deepEqual(values.map(asList), [[], [], [], [], [], [1], [], []]);
    assert.deepEqual(values.map(asRecord), [{}, {}, {}, {}, {}, {}, { a: 1 }, {}]);
  });

  it('leave out list entries of other types', () => {
    assert.deepEqual(textList(['a', 1, null, 'b']), ['a', 'b']);
    assert.deepEqual(textList('a'), []);
    assert.deepEqual(recordList([{ name: 'a' }, 'b', null, [1]], (entry) => asText(entry['name'])), ['a']);
  });

  it('are not fooled by prototype keys', () => {
    const hostile: unknown = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": 1}');
    const texts = textRecord(hostile);
    assert.deepEqual(Object.entries(texts), [['constructor', 'y']]);
    assert.equal(Object.getPrototypeOf(texts), Object.prototype);
  });
});
