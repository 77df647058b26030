import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { silentLogger } from '../../log/logger.ts';
import { noMetrics } from '../../metrics/metrics.ts';
import { awsIdentity } from './aws-identity.ts';

const never = new AbortController().signal;
const template = 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15';
const keys = { HOME: '/nonexistent', AWS_ACCESS_KEY_ID: 'AKIDUSER', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session', AWS_REGION: 'eu-central-1' };
const identity = (env: Record<string, string>): Promise<string> => awsIdentity({ env, metrics: noMetrics, log: silentLogger })(template, '//iam/pool', never);

describe('the identity of a workload on AWS', () => {
  it('is a signed call that asks STS of the region for it', async () => {
    const call = JSON.parse(decodeURIComponent(await identity(keys))) as { url: string; method: string; headers: { key: string; value: string }[] };
    const headers = Object.fromEntries(call.headers.map(({ key, value }) => [key.toLowerCase(), value]));
    assert.deepEqual([call.url, call.method], ['https://sts.eu-central-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15', 'POST']);
    assert.deepEqual([headers['host'], headers['x-goog-cloud-target-resource'], headers['x-amz-security-token']], ['sts.eu-central-1.amazonaws.com', '//iam/pool', 'session']);
    assert.match(headers['authorization'] ?? '', /Credential=AKIDUSER\/\d{8}\/eu-central-1\/sts\/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource, Signature=/);
  });

  it('needs a region', () => assert.rejects(identity({ ...keys, AWS_REGION: '' }), (e) => e instanceof ConfigurationError && /set AWS_REGION/.test(e.message)));
});
