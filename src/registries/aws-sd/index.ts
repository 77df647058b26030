import type { Config } from '../../config/config.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Registry } from '../registry.ts';
import { AwsSdRegistry } from './aws-sd-registry.ts';

/** Ownership in the descriptions of the services of AWS Cloud Map. Throws ConfigurationError. */
export function create(options: Config): Registry {
  const { txtOwnerId: ownerId } = options;
  if (ownerId === '') throw new ConfigurationError('--txt-owner-id must not be empty with --registry=aws-sd: it tells our records from those of others');
  if (/[",]/.test(ownerId)) throw new ConfigurationError(`--txt-owner-id=${ownerId} must have neither comma nor quotes: it could not be read back from a description`);
  return new AwsSdRegistry(ownerId);
}
