import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import { secretSource } from '../../config/secrets.ts';
import { parseEncryptionKey } from '../../endpoint/text-encryption.ts';
import { ConfigurationError } from '../../errors.ts';
import { triesOf } from '../../http/aws/client.ts';
import { credentialsOf } from '../../http/aws/credentials.ts';
import { regionOf } from '../../http/aws/endpoints.ts';
import { withSharedSettings } from '../../http/aws/settings.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { NameMapper } from '../common/name-mapper.ts';
import { OwnershipReader } from '../common/ownership-records.ts';
import type { RegistryDeps } from '../index.ts';
import type { Registry } from '../registry.ts';
import { TableClient } from './client.ts';
import { DynamoDBRegistry } from './dynamodb-registry.ts';
import { Table } from './table.ts';

/** Ownership in a table of Amazon DynamoDB. Rejects with ConfigurationError. */
export async function create(options: Config, { env: given, log, metrics = noMetrics }: RegistryDeps): Promise<Registry> {
  const { txtOwnerId: ownerId, dynamodbTable: table } = options;
  if (ownerId === '') throw new ConfigurationError('--txt-owner-id must not be empty with --registry=dynamodb: it tells our records from those of others');
  if (!/^[\w.-]{3,255}$/.test(table)) throw new ConfigurationError(`--dynamodb-table=${table} is no name of a table: it must have 3 to 255 letters, digits, dots, hyphens and underscores`);
  if (options.txtPrefix !== '' && options.txtSuffix !== '') throw new ConfigurationError('--txt-prefix and --txt-suffix exclude each other; use one of them');
  const key = options.txtEncryptAesKey === '' ? undefined : parseEncryptionKey(options.txtEncryptAesKey);
  if (options.txtEncryptAesKey !== '' && !key) throw new ConfigurationError('--txt-encrypt-aes-key must be 32 bytes long, as they are or in base64');
  const env = await withSharedSettings(given, '');
  const region = options.dynamodbRegion || regionOf(env);
  if (region === '') throw new ConfigurationError('the region of the DynamoDB table is not known; set --dynamodb-region or AWS_REGION');
  const managedTypes = options.managedRecordTypes.filter((t) => !options.excludeRecordTypes.includes(t));
  const mapper = new NameMapper({ prefix: options.txtPrefix, suffix: options.txtSuffix, wildcardReplacement: options.txtWildcardReplacement }, managedTypes);
  // roles are had from the region that the program is in, wherever the table is
  const credentials = credentialsOf({ profile: '', role: options.awsAssumeRole, externalId: secretSource(options, 'awsAssumeRoleExternalId', log), region: regionOf(env) || region, env, metrics, log });
  return new DynamoDBRegistry({
    ownerId,
    oldOwnerId: options.migrateFromTxtOwner,
    table: new Table({
      client: new TableClient(table, { region, tries: triesOf(options.awsApiRetries), credentials, env, metrics, log }),
      tries: triesOf(options.awsApiRetries),
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    }),
    mapper,
    reader: new OwnershipReader(mapper, { key, encrypt: options.txtEncryptEnabled }),
    managedTypes,
    log,
  });
}
