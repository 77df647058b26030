import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FormatError, nameBytes } from './names.ts';
import { signMessage, splitTsig, TsigError, type TsigKey, tsigAlgorithm, tsigAlgorithms, TsigVerifier } from './tsig.ts';
import { signTransfer } from '../../test/support/sign-transfer.ts';
import { transferRequest } from './transfer.ts';
import { decodeMessage, encodeMessage, type Message } from './wire.ts';

const key: TsigKey = { name: 'Key.Example.org.', algorithm: 'hmac-sha256', secret: Buffer.from('a secret of some length') };
const nowMs = 1_700_000_000_000;
const query = transferRequest('example.org');
const request = signMessage(encodeMessage(query), key, nowMs);

const answer = (i: number): Message => ({ ...query, isResponse: true, authoritative: true, answers: [{ name: `h${i}.example.org`, type: 'A', class: 1, ttlSeconds: 60, data: `192.0.2.${i % 256}` }] });
const plain = (count: number): Buffer[] => Array.from({ length: count }, (_, i) => encodeMessage(answer(i)));
const verify = (messages: readonly Buffer[], by: TsigKey = key, now = nowMs): Buffer[] => {
  const verifier = new TsigVerifier(by, request.mac, () => now);
  const taken = messages.map((m) => verifier.take(m));
  verifier.end();
  return taken;
};

describe('signatures of messages', () => {
  it('are made over message, key, algorithm and time', () => {
    for (const algorithm of tsigAlgorithms) {
      const { bytes, mac } = signMessage(encodeMessage(query), { ...key, algorithm }, nowMs);
      const { bytes: unsigned, tsig } = splitTsig(bytes);
      const wireName = algorithm === 'hmac-md5' ? 'hmac-md5.sig-alg.reg.int' : algorithm;
      const time = Buffer.from('00006553f100012c', 'hex');
      const variables = Buffer.concat([nameBytes('key.example.org'), Buffer.from('00ff00000000', 'hex'), nameBytes(wireName), time, Buffer.alloc(4)]);
      assert.deepEqual(unsigned, encodeMessage(query));
      assert.deepEqual(mac, createHmac(algorithm.slice(5), key.secret).update(unsigned).update(variables).digest());
      assert.deepEqual([tsig?.name, tsig?.algorithm, tsig?.mac], ['key.example.org', wireName, mac]);
    }
  });

  it('know algorithms by the names that servers use', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['hmac-sha256', 'hmac-sha256'],
      ['HMAC-SHA512.', 'hmac-sha512'],
      ['hmac-md5.sig-alg.reg.int.', 'hmac-md5'],
      ['sha256', undefined],
      ['', undefined],
    ];
    for (const [name, algorithm] of cases) assert.equal(tsigAlgorithm(name), algorithm);
  });

  it('are accepted on one message, on each of many, and on some of many', () => {
    for (const [count, each] of [[1, 1], [5, 1], [7, 3], [200, 100]] as const) {
      const messages = plain(count);
      assert.deepEqual(verify(signTransfer(messages, key, request.mac, nowMs, (i) => i % each === 0 || i === count - 1)), messages);
    }
  });

  it('do not depend on capitals in the name of the key', () => {
    const messages = plain(1);
    assert.deepEqual(verify(signTransfer(messages, { ...key, name: 'KEY.EXAMPLE.ORG' }, request.mac, nowMs)), messages);
  });

  const signed = (count: number): Buffer[] => signTransfer(plain(count), key, request.mac, nowMs);
  const refused: readonly (readonly [string, () => unknown])[] = [
    ['a first message without signature', () => verify([...plain(1), ...signed(1)])],
    ['a last message without signature', () => verify([...signed(1), ...plain(1)])],
    ['a hundred messages in a row without signature', () => verify(signTransfer(plain(102), key, request.mac, nowMs, (i) => i === 0 || i === 101))],
    ['another secret', () => verify(signed(1), { ...key, secret: Buffer.from('other') })],
    ['another algorithm', () => verify(signTransfer(plain(1), { ...key, algorithm: 'hmac-sha512' }, request.mac, nowMs))],
    ['another key', () => verify(signTransfer(plain(1), { ...key, name: 'other' }, request.mac, nowMs))],
    ['the response to another request', () => verify(signTransfer(plain(1), key, Buffer.alloc(32), nowMs))],
    ['messages in another order', () => verify(signed(3).toReversed())],
    ['a message left out', () => verify(signed(3).toSpliced(1, 1))],
    ['a message that comes twice', () => verify(signed(2).flatMap((m) => [m, m]))],
    ['an old response', () => verify(signed(1), key, nowMs + 301_000)],
    ['a response of the future', () => verify(signed(1), key, nowMs - 301_000)],
    ['nothing at all', () => verify([])],
  ];
  it('refuse an unsigned response at once, before anything of it is used', () => {
    const verifier = new TsigVerifier(key, request.mac, () => nowMs);
    for (const message of plain(1)) assert.throws(() => verifier.take(message), TsigError);
  });

  for (const [what, run] of refused) it(`refuse ${what}`, () => assert.throws(run, TsigError));

  it('refuse a signature that is not the last record', () => {
    const [message = Buffer.alloc(0)] = signed(1);
    const { bytes } = splitTsig(message);
    const twice = Buffer.concat([message, message.subarray(bytes.length)]);
    twice.writeUInt16BE(2, 10);
    assert.throws(() => verify([twice]), FormatError);
    assert.throws(() => verify([Buffer.concat([message, Buffer.alloc(1)])]), FormatError);
  });

  it('refuse a signature that was cut short', () => {
    const [message = Buffer.alloc(0)] = signTransfer(plain(1), key, request.mac, nowMs, () => true, 16);
    assert.throws(() => verify([message]), TsigError);
  });

  it('refuse every message that was changed on its way', () => {
    const messages = signed(3);
    const whole = Buffer.concat(messages);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = messages.map((m) => Buffer.from(m));
        for (const [at, mask] of changes) {
          let i = at;
          const message = changed.find((m) => (i < m.length ? true : ((i -= m.length), false)));
          if (message) message[i] = (message[i] ?? 0) ^ mask;
        }
        let taken: Buffer[];
        try {
          taken = verify(changed);
        } catch (error) {
          assert.ok(error instanceof TsigError || error instanceof FormatError, String(error));
          return;
        }
        // what is taken is what was sent: only the id (which the client compares) and capitals in names of the signature may differ
        assert.deepEqual(taken.map((m) => m.subarray(2).toString('hex')), plain(3).map((m) => m.subarray(2).toString('hex')));
        for (const [i, message] of changed.entries()) assert.equal(message.subarray(2).toString('latin1').toLowerCase(), messages[i]?.subarray(2).toString('latin1').toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });

  it('are looked for in any bytes without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(60), (bytes, at) => {
        const [message = Buffer.alloc(0)] = signed(1);
        const mixed = Buffer.concat([message.subarray(0, at), bytes, message.subarray(at)]);
        for (const read of [splitTsig, decodeMessage])
          for (const input of [Buffer.from(bytes), mixed])
            try {
              read(input);
            } catch (error) {
              assert.ok(error instanceof FormatError, String(error));
            }
      }),
      { numRuns: 2000 },
    );
  });
});
