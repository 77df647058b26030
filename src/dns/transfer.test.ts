import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FormatError } from './names.ts';
import { type Soa, type Transfer, TransferReader, transferRequest } from './transfer.ts';
import type { Message, ResourceRecord } from './wire.ts';

const soaData = (serial: number): string => `ns.example.org hostmaster.example.org ${serial} 3600 600 86400 60`;
const soa = (serial: number, name = 'example.org'): ResourceRecord => ({ name, type: 'SOA', class: 1, ttlSeconds: 60, data: soaData(serial) });
const a = (i: number): ResourceRecord => ({ name: `h${i}.example.org`, type: 'A', class: 1, ttlSeconds: 60, data: `192.0.2.${i}` });
const since = (serial: number): Soa => ({ serial, data: soaData(serial) });

function read(messages: readonly (readonly ResourceRecord[])[], from?: Soa): Transfer | undefined {
  const reader = new TransferReader('Example.org.', from);
  for (const answers of messages) reader.take({ ...transferRequest('example.org'), answers } as Message);
  return reader.result;
}

describe('a transfer', () => {
  const cases: readonly (readonly [string, readonly (readonly ResourceRecord[])[], Soa | undefined, Transfer | undefined])[] = [
    ['is whole between two SOA records', [[soa(1), a(1), a(2), soa(1)]], undefined, { kind: 'whole', soa: since(1), records: [a(1), a(2)] }],
    ['may come in many messages', [[soa(1)], [a(1)], [a(2), soa(1)]], undefined, { kind: 'whole', soa: since(1), records: [a(1), a(2)] }],
    ['may be empty', [[soa(1), soa(1)]], undefined, { kind: 'whole', soa: since(1), records: [] }],
    ['is not complete without its end', [[soa(1), a(1)], [a(2)]], undefined, undefined],
    ['says that nothing has changed', [[soa(1)]], since(1), { kind: 'same' }],
    ['of the same serial with other data says nothing', [[{ ...soa(1), data: `${soaData(1)}1` }]], since(1), { kind: 'unknown' }],
    ['says only that there is something new', [[soa(3)]], since(1), { kind: 'unknown' }],
    ['of an older serial says nothing', [[soa(1)]], since(3), { kind: 'unknown' }],
    ['gives what has changed', [[soa(2), soa(1), a(1), soa(2), a(2), soa(2)]], since(1), { kind: 'changes', soa: since(2), steps: [{ deleted: [a(1)], added: [a(2)] }] }],
    [
      'gives changes of several versions, over several messages',
      [[soa(3), soa(1), a(1)], [soa(2)], [a(2), soa(2), soa(3), a(3)], [soa(3)]],
      since(1),
      { kind: 'changes', soa: since(3), steps: [{ deleted: [a(1)], added: [a(2)] }, { deleted: [], added: [a(3)] }] },
    ],
    ['gives the whole zone instead of changes', [[soa(3), a(1), soa(3)]], since(1), { kind: 'whole', soa: since(3), records: [a(1)] }],
    ['of no records at all is whole, too', [[soa(3), soa(3)]], since(1), { kind: 'whole', soa: since(3), records: [] }],
  ];
  for (const [what, messages, from, expected] of cases) it(what, () => assert.deepEqual(read(messages, from), expected));

  const wrong: readonly (readonly [string, readonly (readonly ResourceRecord[])[], Soa | undefined])[] = [
    ['does not begin with an SOA record', [[a(1), soa(1)]], undefined],
    ['begins with an empty message', [[]], undefined],
    ['ends with another serial', [[soa(1), a(1), soa(2)]], undefined],
    ['is of another zone', [[soa(1, 'example.net')]], undefined],
    ['goes on behind its end', [[soa(1), a(1), soa(1), a(2)]], undefined],
    ['leaves out a version', [[soa(4), soa(1), a(1), soa(2), a(2), soa(3), a(3), soa(4)]], since(1)],
  ];
  for (const [what, messages, from] of wrong) it(`is refused where it ${what}`, () => assert.throws(() => read(messages, from), FormatError));

  it('ends or is refused, whatever comes', () => {
    const record = fc.oneof(fc.nat(3).map((i) => soa(i)), fc.nat(3).map(a));
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 6 }), { maxLength: 6 }), fc.option(fc.nat(3), { nil: undefined }), (messages, from) => {
        try {
          read(messages, from === undefined ? undefined : since(from));
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
