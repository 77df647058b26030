import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FormatError, labelText, nameBytes, readName } from './names.ts';
import { rdataBytes, rdataText } from './rdata.ts';
import { typeName, typeNumber } from './types.ts';
import { decodeMessage, encodeMessage, type Message, type ResourceRecord } from './wire.ts';

const plain = { noNullPrototype: true } as const;
const label = fc.uint8Array({ minLength: 1, maxLength: 20 }).map(labelText);
const name = fc.array(label, { maxLength: 6 }).map((labels) => labels.join('.'));
const u16 = fc.nat(0xffff);
const text = fc.uint8Array({ maxLength: 60 }).map((bytes) => rdataText('SPF', Buffer.from([bytes.length, ...bytes]), 0, bytes.length + 1));
const host = name.map((n) => (n === '' ? '.' : n));
const ipv4 = fc.ipV4();
const data: Readonly<Record<string, fc.Arbitrary<string>>> = {
  A: ipv4,
  CNAME: host,
  MX: fc.tuple(u16, host).map((f) => f.join(' ')),
  SRV: fc.tuple(u16, u16, u16, host).map((f) => f.join(' ')),
  TXT: fc.array(text, { minLength: 1, maxLength: 4 }).map((t) => t.join(' ')),
  NAPTR: fc.tuple(u16, u16, text, text, text, host).map((f) => f.join(' ')),
  SOA: fc.tuple(host, host, fc.nat(0xffffffff), fc.nat(0xffffffff), u16, u16, u16).map((f) => f.join(' ')),
  TYPE65400: fc.uint8Array({ minLength: 1, maxLength: 30 }).map((b) => `\\# ${b.length} ${Buffer.from(b).toString('hex')}`),
};
const record: fc.Arbitrary<ResourceRecord> = fc.constantFrom(...Object.keys(data)).chain((type) => fc.record({ name, type: fc.constant(type), class: fc.constantFrom(1, 254, 255), ttlSeconds: fc.nat(0x7fffffff), data: data[type] ?? fc.constant('') }, plain));
const message: fc.Arbitrary<Message> = fc.record(
  {
    id: u16,
    isResponse: fc.boolean(),
    opcode: fc.nat(15),
    authoritative: fc.boolean(),
    truncated: fc.boolean(),
    recursionDesired: fc.boolean(),
    rcode: fc.nat(15),
    questions: fc.array(fc.record({ name, type: fc.constantFrom('A', 'ANY', 'TYPE65400'), class: fc.constantFrom(1, 255) }, plain), { maxLength: 2 }),
    answers: fc.array(record, { maxLength: 4 }),
    authorities: fc.array(record, { maxLength: 2 }),
    additionals: fc.array(record, { maxLength: 2 }),
    edns: fc.record({ udpBytes: u16, version: fc.nat(255), dnssecOk: fc.boolean() }, plain),
  },
  { noNullPrototype: true, requiredKeys: ['id', 'isResponse', 'opcode', 'authoritative', 'truncated', 'recursionDesired', 'rcode', 'questions', 'answers', 'authorities', 'additionals'] },
);

describe('DNS messages', () => {
  it('come back as they were', () => fc.assert(fc.property(message, (m) => assert.deepEqual(decodeMessage(encodeMessage(m)), m))));

  it('that are none are refused, never anything worse', () =>
    fc.assert(
      fc.property(message, fc.array(fc.tuple(fc.nat(600), fc.nat(255)), { minLength: 1, maxLength: 5 }), fc.nat(600), (m, changes, length) => {
        const bytes = encodeMessage(m);
        for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
        try {
          decodeMessage(bytes.subarray(0, length));
        } catch (error) {
          assert.ok(error instanceof FormatError, String(error));
        }
      }),
      { numRuns: 500 },
    ));

  it('are refused wherever they are cut off', () => {
    const a = (n: string): ResourceRecord => ({ name: n, type: 'TYPE65400', class: 1, ttlSeconds: 1, data: '\\# 2 abcd' });
    const m = { id: 1, isResponse: true, opcode: 0, authoritative: true, truncated: false, recursionDesired: false, rcode: 0, questions: [{ name: 'web.example.org', type: 'A', class: 1 }], answers: [a('web.example.org')], authorities: [], additionals: [a('api.example.org')] };
    const bytes = encodeMessage(m);
    for (let length = 0; length < bytes.length; length++) assert.throws(() => decodeMessage(bytes.subarray(0, length)), FormatError, `${length} of ${bytes.length} bytes`);
  });

  it('keep a name that is there already only once', () => {
    const a = (n: string): ResourceRecord => ({ name: n, type: 'A', class: 1, ttlSeconds: 1, data: '192.0.2.1' });
    const m = { id: 1, isResponse: true, opcode: 0, authoritative: true, truncated: false, recursionDesired: false, rcode: 0, questions: [{ name: 'web.example.org', type: 'A', class: 1 }], answers: [a('web.example.org'), a('api.example.org')], authorities: [], additionals: [] };
    // header, question, a pointer for the first name, a label and a pointer for the second
    assert.equal(encodeMessage(m).length, 12 + 17 + 4 + (2 + 14) + (4 + 2 + 14));
  });
});

describe('names', () => {
  const cases: readonly (readonly [text: string, bytes: string])[] = [
    ['', '00'],
    ['.', '00'],
    ['a.b', '0161016200'],
    ['a.b.', '0161016200'],
    [String.raw`a\.b`, '03612e6200'],
    [String.raw`a\\b`, '03615c6200'],
    [String.raw`\042x`, '022a7800'],
    ['_sip._tcp', '045f736970045f74637000'],
  ];
  for (const [spelled, bytes] of cases) it(`${JSON.stringify(spelled)} is ${bytes}`, () => assert.equal(nameBytes(spelled).toString('hex'), bytes));
  for (const wrong of ['a..b', '.a', 'x'.repeat(64), Array(130).fill('a').join('.'), 'a\\', String.raw`\300`]) it(`${JSON.stringify(wrong.slice(0, 20))} is none`, () => assert.throws(() => nameBytes(wrong), FormatError));
  it('cannot go round in circles, nor end behind the message', () => {
    for (const bytes of ['c000', '0161c000', 'c002c000', '0561', '0161', 'c0', '']) assert.throws(() => readName(Buffer.from(bytes, 'hex'), 0), FormatError);
  });
});

describe('record data', () => {
  const cases: readonly (readonly [type: string, text: string, bytes: string, back?: string])[] = [
    ['A', '192.0.2.1', 'c0000201'],
    ['AAAA', '2001:db8::1', '20010db8000000000000000000000001'],
    ['AAAA', '2001:DB8:0:0::1', '20010db8000000000000000000000001', '2001:db8::1'],
    ['AAAA', '::ffff:192.0.2.80', '00000000000000000000ffffc0000250', '::ffff:c000:250'],
    ['MX', '10 mail.example.org', '000a046d61696c076578616d706c65036f726700'],
    ['MX', '10 mail.example.org.', '000a046d61696c076578616d706c65036f726700', '10 mail.example.org'],
    ['MX', '0 .', '000000', '0 .'],
    ['TXT', '"a b" "c"', '03612062' + '0163'],
    ['TXT', 'a b', '0161' + '0162', '"a" "b"'],
    ['TXT', String.raw`"say \"hi\" \195\164"`, '0b73617920226869' + '2220c3a4', String.raw`"say \"hi\" \195\164"`],
    ['NAPTR', '100 50 "s" "SIP+D2U" "" _sip._udp.example.org', '00640032' + '0173' + '075349502b443255' + '00' + '045f736970045f756470076578616d706c65036f726700'],
    ['TYPE65400', String.raw`\# 3 abcdef`, 'abcdef'],
    ['LOC', String.raw`\# 1 00`, '00'],
  ];
  for (const [type, spelled, bytes, back = spelled] of cases)
    it(`${type} ${spelled}`, () => {
      assert.equal(rdataBytes(type, spelled).toString('hex'), bytes);
      assert.equal(rdataText(type, Buffer.from(bytes, 'hex'), 0, bytes.length / 2), back);
    });
  const wrong: readonly (readonly [type: string, text: string])[] = [['A', '192.0.2'], ['A', '2001:db8::1'], ['AAAA', '192.0.2.1'], ['MX', 'mail.example.org'], ['MX', '70000 a'], ['SRV', '0 0 x a'], ['TXT', '"open'], ['LOC', '51 N'], ['A', String.raw`\# 3 c00002`.replace('3', '4')]];
  for (const [type, spelled] of wrong) it(`${type} ${spelled} is refused`, () => assert.throws(() => rdataBytes(type, spelled), FormatError));
  const cut: readonly (readonly [type: string, bytes: string])[] = [
    ['A', 'c00002'], ['A', 'c000020100'], ['AAAA', '20010db8'], ['MX', '00'], ['MX', '000a'], ['MX', '000a00ff'], ['SRV', '000000000000'], ['CNAME', '016100ff'], ['CNAME', '0161'],
    ['TXT', '0261'], ['TXT', '016102'], ['NAPTR', '0064003201'], ['NAPTR', '00640032017300'], ['SOA', '0000' + '00000001'],
  ];
  for (const [type, bytes] of cut)
    it(`${type} of the bytes ${bytes} is refused, also where the next record would go on with it`, () => {
      const data = Buffer.from(bytes, 'hex');
      assert.throws(() => rdataText(type, data, 0, data.length), FormatError);
      assert.throws(() => rdataText(type, Buffer.concat([data, Buffer.alloc(64)]), 0, data.length), FormatError);
    });
  it('of a long text becomes several strings', () => {
    const bytes = rdataBytes('TXT', `"${'x'.repeat(300)}"`);
    assert.deepEqual([bytes.length, bytes[0], bytes[256]], [302, 255, 45]);
  });
});

describe('types', () => {
  it('have names and numbers', () => {
    assert.deepEqual(['A', 'TYPE65400', 'ANY'].map(typeNumber), [1, 65_400, 255]);
    assert.deepEqual([1, 65_400, 255].map(typeName), ['A', 'TYPE65400', 'ANY']);
    for (const none of ['X', 'TYPE65536', 'TYPE']) assert.throws(() => typeNumber(none));
  });
});
