import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseLabels, readOwnershipText, serializeLabels, writeOwnershipText } from './labels.ts';
import { decryptText, encryptText, parseEncryptionKey } from './text-encryption.ts';

const key = new TextEncoder().encode('a-key-of-exactly-32-bytes-length');

describe('ownership text', () => {
  it('has the labels in order of their keys', () => {
    assert.equal(serializeLabels({ resource: 'ingress/default/web', owner: 'me' }), 'heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/web');
  });
  const texts: [title: string, text: string, labels: Record<string, string> | undefined][] = [
    ['quotes are optional', '"heritage=external-dns,external-dns/owner=me"', { owner: 'me' }],
    ['the order is free', 'external-dns/owner=me,heritage=external-dns', { owner: 'me' }],
    ['broken and unknown parts are passed over', 'heritage=external-dns,,nonsense,spf=1,external-dns/owner=me', { owner: 'me' }],
    ['a value may have an equals sign', 'heritage=external-dns,external-dns/owner=a=b', { owner: 'a=b' }],
    ['without heritage it is none', 'external-dns/owner=me', undefined],
    ['another heritage is none', 'heritage=mate,external-dns/owner=me', undefined],
    ['other texts are none', 'v=spf1 -all', undefined],
  ];
  for (const [title, text, labels] of texts) it(title, () => assert.deepEqual(parseLabels(text), labels));

  it('comes back as it was written, plain or encrypted', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9 /_.=-]{1,20}$/);
    const labels = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), word, { maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(labels, fc.boolean(), (l, encrypt) => {
        const text = writeOwnershipText(l, { key, encrypt });
        assert.equal(text.includes('heritage'), !encrypt);
        assert.deepEqual(readOwnershipText(text, { key, encrypt: !encrypt }), l);
      }),
      { numRuns: 50 },
    );
  });
  it('never fails on what others wrote', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => assert.equal(readOwnershipText(text, { key, encrypt: true }), undefined)));
  });
});

describe('encryption', () => {
  // written by ExternalDNS v0.22's format with the key below and a fixed nonce
  const foreign = 'Zml4ZWQtbm9uY2UxMEzWdrQ/3UqJf1RRPYF4YrF9vm/OjG70+4lPonOE4k5fSYXQWuXOzXeCwO/Jv3wl1XR/a/ybjcoPXkNkH8YC6tjKbXEmZmFxL8dbiHfFAKTutlroue3aECWbhIo=';
  const foreignKey = new TextEncoder().encode('orchard-lantern-velvet-thunder-9');

  it('reads what ExternalDNS v0.22 wrote', () => {
    assert.equal(decryptText(foreign, foreignKey), 'heritage=external-dns,external-dns/owner=me,external-dns/resource=crd/apps/web');
  });
  it('understands nothing with another key', () => {
    assert.equal(decryptText(foreign, key), undefined);
    assert.equal(readOwnershipText(`"${foreign}"`, { encrypt: false }), undefined);
  });
  it('never writes the same twice', () => assert.notEqual(encryptText('x', key), encryptText('x', key)));

  const base64 = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => 255 - i)).toString('base64');
  const keys: [title: string, text: string, good: boolean][] = [
    ['32 bytes as they are', 'orchard-lantern-velvet-thunder-9', true],
    ['base64', base64, true],
    ['URL-safe base64', base64.replaceAll('+', '-').replaceAll('/', '_'), true],
    ['base64 without padding', base64.replaceAll('=', ''), true],
    ['base64 in two lines', `${base64.slice(0, 20)}\n${base64.slice(20)}\n`, true],
    ['too short', 'too-short', false],
    ['base64 of another length', Buffer.alloc(16, 1).toString('base64'), false],
    ['nothing', '', false],
  ];
  for (const [title, text, good] of keys) it(`${good ? 'takes' : 'refuses'} a key: ${title}`, () => assert.equal(parseEncryptionKey(text)?.length, good ? 32 : undefined));
});
