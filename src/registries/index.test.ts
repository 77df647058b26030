import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Config } from '../config/config.ts';
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
