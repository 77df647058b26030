import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type WatchEvent, watchEvents } from './watch-events.ts';

async function* chunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function batchesOf(text: string, sizes: readonly number[] = [text.length]): Promise<(readonly WatchEvent[])[]> {
  const batches: (readonly WatchEvent[])[] = [];
  for await (const batch of watchEvents(chunks(Buffer.from(text), sizes))) batches.push(batch);
  return batches;
}

const gather = async (text: string, sizes?: readonly number[]): Promise<WatchEvent[]> => (await batchesOf(text, sizes)).flat();

describe('watch events', () => {
  it('are the same however the stream is cut into pieces', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.record({ type: fc.string(), object: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.json()) })), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (events, sizes) => {
        const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
        assert.deepEqual(await gather(text, sizes), JSON.parse(JSON.stringify(events)));
      }),
      { numRuns: 100 },
    ));

  it('that come together are one batch', async () => {
    const text = '{"type":"ADDED","object":{}}\n\r\n{"type":"DELETED","object":{}}\n{"type"';
    assert.deepEqual((await batchesOf(text)).map((batch) => batch.map((e) => e.type)), [['ADDED', 'DELETED']]);
  });

  it('that are cut off at the end are dropped', async () => assert.deepEqual(await gather('{"type":"ADDED","object":{}}\n{"type":"ADD'), [{ type: 'ADDED', object: {} }]));

  for (const line of ['x', '{}', '[]', 'null', '{"type":"ADDED"}', '{"type":1,"object":{}}', '{"type":"ADDED","object":[]}']) {
    it(`refuse the line ${line}`, () => assert.rejects(gather(`${line}\n`), { name: 'SoftError' }));
  }
});
