import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as fixtures from './gob-fixtures.ts';
import { GobError, GobStream, type GobValue, maxBytes } from './gob.ts';

const bytesOf = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const decode = (hex: string): GobValue => new GobStream().push(bytesOf(hex))?.value;
const all = Object.entries(fixtures);
const message = (body: string): string => (body.length / 2).toString(16).padStart(2, '0') + body;
/** Defines type 65 as a list of elements of type 65. */
const listOfItself = message('ff81020102ff820001ff820000');

describe('GobStream', () => {
  it('reads a text', () => assert.equal(decode(fixtures.text), 'hello'));

  it('reads an empty list', () => assert.deepEqual(decode(fixtures.none), []));

  it('reads structs, without the fields that have the zero value', () => {
    assert.deepEqual(decode(fixtures.two), [
      new Map<string, GobValue>([['DNSName', 'abc.example.org'], ['Targets', ['192.0.2.4', '192.0.2.5']], ['RecordType', 'A'], ['RecordTTL', 180]]),
      new Map<string, GobValue>([['DNSName', 'xyz.example.org'], ['Targets', ['abc.example.org']], ['RecordType', 'CNAME']]),
    ]);
  });

  it('reads every kind of value', () => {
    assert.deepEqual(decode(fixtures.otherFields), [
      new Map<string, GobValue>([
        ['Zeroth', 1.5],
        ['DNSName', 'a.example.org'],
        ['Flag', true],
        ['Big', 2n ** 63n],
        ['Neg', -(2n ** 62n)],
        ['Blob', Buffer.from([1, 2, 3])],
        ['C', [1, -2]],
        ['Targets', ['192.0.2.1', '192.0.2.2']],
        ['Nested', new Map<string, GobValue>([['A', -7], ['M', new Map([[3, true], [-4, false]])]])],
        ['RecordType', 'A'],
        ['RecordTTL', 60],
        ['Any', [undefined]],
      ]),
    ]);
  });

  for (const [name, hex] of all)
    it(`reads the same of ${name} however it is cut, and nothing before its end`, () => {
      const bytes = bytesOf(hex);
      const stream = new GobStream();
      for (const byte of bytes.subarray(0, -1)) assert.equal(stream.push(Uint8Array.of(byte)), undefined);
      const found = stream.push(bytes.subarray(-1));
      assert.deepEqual(found?.value, decode(hex));
    });

  const hostile: readonly [about: string, hex: string, reason: RegExp][] = [
    ['a message of more bytes than allowed', 'fc7fffffff', /2147483647 bytes/],
    ['a number of more than 64 bits', `f7${'01'.repeat(9)}`, /9 bytes/],
    ['an empty message', '00', /empty/],
    ['a type that is not defined', '03ff9000', /not defined/],
    ['a text that is longer than its message', '050c007f6869', /127 bytes/],
    ['a text that ends before its message', '060c0001686900', /too many/],
    ['a value without its zero byte', '040c010168', /zero byte/],
    ['a type that is defined twice', listOfItself + listOfItself, /type 65 is defined twice/],
    ['a type that holds itself, without an end', listOfItself + message(`ff8200${'01'.repeat(40)}00`), /deeper than 32/],
    ['a struct with a field beyond its fields', message('ff81030102ff82000000') + message('ff820100'), /no field number 0/],
    ['a type that is defined within a value', message('ff81020102ff820001100000') + message('ff8200010161ff85'), /not supported/],
  ];
  for (const [about, hex, reason] of hostile)
    it(`refuses ${about}`, () => {
      assert.throws(() => new GobStream().push(bytesOf(hex)), (error) => error instanceof GobError && reason.test(error.message));
    });

  it('refuses a stream that goes on beyond the limit', () => {
    const stream = new GobStream();
    // a message that needs all bytes that are allowed
    assert.equal(stream.push(bytesOf('fd' + maxBytes.toString(16).padStart(6, '0'))), undefined);
    assert.throws(() => stream.push(new Uint8Array(maxBytes)), GobError);
  });

  /** Whatever comes, there is a value, a wait for more, or a GobError. */
  const survives = (bytes: Uint8Array): void => {
    try {
      new GobStream().push(bytes);
    } catch (error) {
      assert.ok(error instanceof GobError, String(error));
    }
  };

  it('never crashes on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 300 });
  });

  it('never crashes on streams with changed bytes', () => {
    const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.array(change, { minLength: 1, maxLength: 4 }), ([, hex], changes) => {
        const bytes = bytesOf(hex);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        survives(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
