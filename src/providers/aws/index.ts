import { secretSource } from '../../config/secrets.ts';
import { triesOf } from '../../http/aws/client.ts';
import { credentialsOf } from '../../http/aws/credentials.ts';
import { regionOf } from '../../http/aws/endpoints.ts';
import { withSharedSettings } from '../../http/aws/settings.ts';
import { zoneEngine } from '../engine/zone-engine.ts';
import type { ProviderDefinition } from '../provider.ts';
import { Route53Client } from './client.ts';
import { readTypes } from './convert.ts';
import { Route53 } from './provider.ts';
import { Accounts } from './zones.ts';

/** Amazon Route 53. */
export const aws: ProviderDefinition = {
  name: 'aws',
  title: 'AWS Route 53',
  credentials: [
    { name: 'AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN', about: 'IAM roles for service accounts; EKS sets them' },
    { name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', about: 'EKS pod identity; EKS sets it' },
    { name: 'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN', about: 'keys of a user' },
    { name: 'AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE, AWS_PROFILE', about: 'files with profiles, which may also hold region, endpoints and authorities' },
    { name: 'AWS_REGION, AWS_DEFAULT_REGION', about: 'region; chooses the partition (China, GovCloud) and the STS endpoint' },
    { name: 'AWS_ENDPOINT_URL_ROUTE_53, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL', about: 'other endpoints' },
    { name: 'AWS_CA_BUNDLE', about: 'file of the authorities that are trusted, in place of those of the machine' },
    { name: 'AWS_EC2_METADATA_DISABLED', about: '`true`: instance metadata is not asked for credentials' },
  ],
  flags: [
    'aws-zone-type', 'aws-zone-tags', 'aws-profile', 'aws-assume-role', 'aws-assume-role-external-id', 'aws-batch-change-size', 'aws-batch-change-size-bytes', 'aws-batch-change-size-values',
    'aws-batch-change-interval', 'aws-evaluate-target-health', 'aws-api-retries', 'aws-prefer-cname', 'aws-zones-cache-duration', 'aws-zone-match-parent',
  ],
  recordTypes: [...readTypes],
  async create(setup) {
    const { options, metrics, log, domainFilter } = setup;
    const profiles = options.awsProfile.filter(Boolean);
    const accounts = await Promise.all(
      (profiles.length > 0 ? profiles : ['']).map(async (profile) => {
        const env = await withSharedSettings(setup.env, profile);
        const region = regionOf(env);
        const credentials = credentialsOf({ profile, role: options.awsAssumeRole, externalId: secretSource(options, 'awsAssumeRoleExternalId', log), region, env, metrics, log });
        return { profile: profile || 'default', client: new Route53Client({ region, tries: triesOf(options.awsApiRetries), credentials, env, metrics, log }) };
      }),
    );
    const filter = { domainFilter, matchParent: options.awsZoneMatchParent, type: options.awsZoneType, ids: options.zoneIdFilter, tags: options.awsZoneTags };
    const route53 = new Route53(new Accounts(accounts, filter, log), { preferCNAME: options.awsPreferCname, evaluateTargetHealth: options.awsEvaluateTargetHealth, log });
    return zoneEngine(route53, setup, {
      zonesCacheMs: options.awsZonesCacheDurationMs,
      managesZone: () => true,
      batch: { changes: options.awsBatchChangeSize, bytes: options.awsBatchChangeSizeBytes, values: options.awsBatchChangeSizeValues },
      batchIntervalMs: options.awsBatchChangeIntervalMs,
      // the client tries again by itself
      tries: 1,
      close: async () => {
        await Promise.all(accounts.map((account) => account.client.close()));
      },
    });
  },
};
