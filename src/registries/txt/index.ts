import type { Config } from '../../config/config.ts';
import { secretSource } from '../../config/secrets.ts';
import { ConfigurationError } from '../../errors.ts';
import { parseEncryptionKey } from '../../endpoint/text-encryption.ts';
import type { RegistryDeps } from '../index.ts';
import type { Registry } from '../registry.ts';
import { NameMapper } from '../common/name-mapper.ts';
import { TXTRegistry } from './txt-registry.ts';

/** Ownership in TXT records beside the records. Throws ConfigurationError. */
export function create(options: Config, deps: RegistryDeps): Registry {
  const ownerId = options.txtOwnerId;
  if (ownerId === '') throw new ConfigurationError('--txt-owner-id must not be empty with --registry=txt: it tells our records from those of others');
  if (/[",]/.test(ownerId)) throw new ConfigurationError(`--txt-owner-id=${ownerId} must have neither comma nor quotes: it could not be read back from a TXT record`);
  if (options.txtPrefix !== '' && options.txtSuffix !== '') throw new ConfigurationError('--txt-prefix and --txt-suffix exclude each other; use one of them');
  const key = options.txtEncryptAesKey === '' ? undefined : parseEncryptionKey(options.txtEncryptAesKey);
  if (options.txtEncryptAesKey !== '' && !key) throw new ConfigurationError('--txt-encrypt-aes-key must be 32 bytes long, as they are or in base64');
  if (options.txtEncryptEnabled && !key) throw new ConfigurationError('--txt-encrypt-enabled needs a key of 32 bytes in --txt-encrypt-aes-key');
  const managedTypes = options.managedRecordTypes.filter((t) => !options.excludeRecordTypes.includes(t));
  return new TXTRegistry({
    ownerId,
    oldOwnerId: options.migrateFromTxtOwner,
    mapper: new NameMapper({ prefix: options.txtPrefix, suffix: options.txtSuffix, wildcardReplacement: options.txtWildcardReplacement }, managedTypes),
    text: { key, encrypt: options.txtEncryptEnabled },
    managedTypes,
    zoneOf: deps.zoneOf,
    ...(key && { onReading: keyWatch(options, deps.log) }),
  });
}

/** Tells once that the file of the key holds another. That one is not taken: what is written with the old one could no longer be read, and would be nobody's. */
function keyWatch(options: Config, log: RegistryDeps['log']): () => void {
  const key = secretSource(options, 'txtEncryptAesKey', log);
  const first = key.current();
  let told = false;
  return () => {
    if (key.current() === first) told = false;
    else if (!told) {
      told = true;
      log.warning('another key of ownership texts is not taken while the process runs, and after the next start the texts that stand could not be read: their records would be left as they are; put the old key back', { file: options.txtEncryptAesKeyFile });
    }
  };
}
