import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Config } from '../config/config.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { writeOwnershipText } from '../endpoint/labels.ts';
import { ConfigurationError } from '../errors.ts';
import { silentLogger } from '../log/logger.ts';
import { createRegistry } from './index.ts';

const defaults = {
  registry: 'txt',
  txtOwnerId: 'default',
  txtPrefix: '',
  txtSuffix: '',
  txtWildcardReplacement: '',
  txtEncryptEnabled: false,
  txtEncryptAesKey: '',
  migrateFromTxtOwner: '',
  managedRecordTypes: ['A'],
  excludeRecordTypes: [],
  crdRegistryNamespace: 'dns',
};
const make = (options: Record<string, unknown>) => createRegistry({ ...defaults, ...options } as unknown as Config, { env: {}, log: silentLogger });

describe('registry by its name', () => {
  const good: [title: string, options: Record<string, unknown>, ownerId: string | undefined][] = [
    ['txt', {}, 'default'],
    ['txt with odd characters in the owner', { txtOwnerId: 'Team A/prod_1' }, 'Team A/prod_1'],
    ['txt with a key in URL-safe base64', { txtEncryptEnabled: true, txtEncryptAesKey: Buffer.alloc(32, 0xff).toString('base64url') }, 'default'],
    ['noop', { registry: 'noop' }, undefined],
    ['aws-sd', { registry: 'aws-sd' }, 'default'],
  ];
  for (const [title, options, ownerId] of good) it(`makes ${title}`, async () => assert.equal((await make(options)).ownerId, ownerId));

  const ofCloudMap: [registry: string, taken: string][] = [['txt', 'aws-sd'], ['aws-sd', 'aws-sd'], ['noop', 'noop']];
  for (const [registry, taken] of ofCloudMap) it(`takes ${taken} for ${registry} with Cloud Map`, async () => assert.equal((await make({ provider: 'aws-sd', registry })).name, taken));

  const bad: [title: string, options: Record<string, unknown>, message: RegExp][] = [
    ['an unknown name', { registry: 'xyz' }, /registry xyz is not available; use one of noop, txt, crd/],
    ['a name of Object', { registry: 'constructor' }, /is not available/],
    ['an empty owner', { txtOwnerId: '' }, /--txt-owner-id must not be empty/],
    ['an owner that cannot be read back', { txtOwnerId: 'a,b' }, /neither comma nor quotes/],
    ['prefix and suffix', { txtPrefix: 'a', txtSuffix: 'b' }, /exclude each other/],
    ['a key of a wrong length, even if it is not used', { txtEncryptAesKey: 'short' }, /32 bytes/],
    ['encryption without a key', { txtEncryptEnabled: true }, /needs a key/],
    ['aws-sd without an owner', { registry: 'aws-sd', txtOwnerId: '' }, /--registry=aws-sd/],
    ['aws-sd with an owner that cannot be read back', { registry: 'aws-sd', txtOwnerId: 'a,b' }, /neither comma nor quotes/],
    ['crd without a cluster', { registry: 'crd' }, /needs a cluster/],
    ['crd with an owner that is no label value', { registry: 'crd', txtOwnerId: 'a b' }, /label value/],
  ];
  for (const [title, options, message] of bad)
    it(`refuses ${title}`, () =>
      assert.rejects(make(options), (error) => {
        assert.ok(error instanceof ConfigurationError);
        assert.match(error.message, message);
        assert.ok(!error.message.includes('short'), 'a key is never shown');
        return true;
      }));
});

describe('the key of ownership texts, exchanged in its file', () => {
  it('is not taken while the process runs, which is told once: what stands could not be read any more', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'key-'));
    try {
      const [file, old] = [path.join(folder, 'key'), 'a-key-of-exactly-32-bytes-length'];
      writeFileSync(file, old);
      const warnings: string[] = [];
      const registry = await createRegistry({ ...defaults, txtEncryptEnabled: true, txtEncryptAesKey: old, txtEncryptAesKeyFile: file } as unknown as Config, { env: {}, log: { ...silentLogger, warning: (message) => void warnings.push(message) } });
      const records = [
        endpoint({ dnsName: 'web.example.org', recordType: 'A', targets: ['192.0.2.1'] }),
        endpoint({ dnsName: 'a-web.example.org', recordType: 'TXT', targets: [writeOwnershipText({ owner: 'default' }, { key: Buffer.from(old), encrypt: true })] }),
      ];
      const current = { of: () => records, zoneOf: () => undefined };
      const read = (): unknown => (registry.wasRead?.('all', current), registry.label('web.example.org', records).map((e) => e.labels['owner']));
      assert.deepEqual([read(), warnings.length], [['default'], 0]);
      writeFileSync(file, 'b-key-of-exactly-32-bytes-length');
      assert.deepEqual([read(), read()], [['default'], ['default']]);
      assert.equal(warnings.length, 1);
      assert.match(String(warnings[0]), /put the old key back/);
      writeFileSync(file, old);
      read();
      assert.equal(warnings.length, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
