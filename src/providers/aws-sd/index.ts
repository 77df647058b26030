import { setTimeout as sleep } from 'node:timers/promises';
import { secretSource } from '../../config/secrets.ts';
import { ConfigurationError } from '../../errors.ts';
import { triesOf } from '../../http/aws/client.ts';
import { credentialsOf } from '../../http/aws/credentials.ts';
import { regionOf } from '../../http/aws/endpoints.ts';
import { withSharedSettings } from '../../http/aws/settings.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { ProviderDefinition } from '../provider.ts';
import { CloudMapClient } from './client.ts';
import { recordTypes } from './convert.ts';
import { CloudMapProvider } from './provider.ts';

/** AWS Cloud Map. */
export const awsSd: ProviderDefinition = {
  name: 'aws-sd',
  title: 'AWS Cloud Map',
  credentials: [
    { name: 'AWS_REGION, AWS_DEFAULT_REGION', about: 'region of the namespaces; required' },
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN', about: 'IAM roles for service accounts; EKS sets them' },
    { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', about: 'EKS pod identity; EKS sets it' },
    { name: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN', about: 'keys of a user' },
    { name: 'AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_PROFILE', about: 'files with profiles, which may also hold region, endpoints and authorities' },
    { name: 'AWS_ENDPOINT_URL_SERVICEDISCOVERY, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL', about: 'other endpoints' },
    { name: 'AWS_CA_BUNDLE', about: 'file of the authorities that are trusted, in place of those of the machine' },
    { name: 'AWS_EC2_METADATA_DISABLED', about: '`true`: instance metadata is not asked for credentials' },
  ],
  flags: ['aws-zone-type', 'aws-assume-role', 'aws-assume-role-external-id', 'aws-api-retries', 'aws-sd-service-cleanup', 'aws-sd-create-tag'],
  recordTypes: [...recordTypes],
  async create(setup) {
    const { options, metrics, log, domainFilter } = setup;
    const env = await withSharedSettings(setup.env, '');
    const region = regionOf(env);
    if (region === '') throw new ConfigurationError('the region of the Cloud Map namespaces is not known; set AWS_REGION');
    const credentials = credentialsOf({ profile: '', role: options.awsAssumeRole, externalId: secretSource(options, 'awsAssumeRoleExternalId', log), region, env, metrics, log });
    const client = new CloudMapClient({ region, tries: triesOf(options.awsApiRetries), credentials, env, metrics, log });
    const provider = new CloudMapProvider({
      client,
      type: options.awsZoneType === 'public' || options.awsZoneType === 'private' ? options.awsZoneType : '',
      tags: options.awsSdCreateTag,
      keepsOwners: options.registry !== 'noop',
      oldOwnerId: options.migrateFromTxtOwner,
      cleansUpFor: options.awsSdServiceCleanup && !options.dryRun ? options.txtOwnerId : undefined,
      log,
      sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    });
    return zoneEngine(provider, setup, {
      managesZone: (zone) => domainFilter.matches(zone.name),
      // the client tries again by itself
      tries: 1,
      close: () => client.close(),
    });
  },
};
