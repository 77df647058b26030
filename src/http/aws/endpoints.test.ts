import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AwsService, endpointOf, regionOf } from './endpoints.ts';

describe('endpoints of AWS', () => {
  const cases: readonly { title: string; service: AwsService; region: string; env?: Record<string, string>; url: string; signedFor: string }[] = [
    { title: 'Route 53 is one for all regions', service: 'route53', region: 'eu-central-1', url: 'https://route53.amazonaws.com', signedFor: 'us-east-1' },
    { title: 'Route 53 needs no region', service: 'route53', region: '', url: 'https://route53.amazonaws.com', signedFor: 'us-east-1' },
    { title: 'Route 53 in China', service: 'route53', region: 'cn-north-1', url: 'https://route53.amazonaws.com.cn', signedFor: 'cn-northwest-1' },
    { title: 'Route 53 in GovCloud', service: 'route53', region: 'us-gov-east-1', url: 'https://route53.us-gov.amazonaws.com', signedFor: 'us-gov-west-1' },
    { title: 'Route 53 with FIPS', service: 'route53', region: 'us-east-1', env: { AWS_USE_FIPS_ENDPOINT: 'true' }, url: 'https://route53-fips.amazonaws.com', signedFor: 'us-east-1' },
    { title: 'DynamoDB is in a region', service: 'dynamodb', region: 'eu-central-1', url: 'https://dynamodb.eu-central-1.amazonaws.com', signedFor: 'eu-central-1' },
    { title: 'DynamoDB in China', service: 'dynamodb', region: 'cn-north-1', url: 'https://dynamodb.cn-north-1.amazonaws.com.cn', signedFor: 'cn-north-1' },
    { title: 'STS is in a region', service: 'sts', region: 'eu-central-1', url: 'https://sts.eu-central-1.amazonaws.com', signedFor: 'eu-central-1' },
    { title: 'STS without a region', service: 'sts', region: '', url: 'https://sts.amazonaws.com', signedFor: 'us-east-1' },
    { title: 'Cloud Map is in a region', service: 'servicediscovery', region: 'eu-west-1', url: 'https://servicediscovery.eu-west-1.amazonaws.com', signedFor: 'eu-west-1' },
    { title: 'an endpoint for all services', service: 'sts', region: 'eu-central-1', env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }, url: 'http://127.0.0.1:4566', signedFor: 'eu-central-1' },
    { title: 'that of the service goes first', service: 'route53', region: 'eu-central-1', env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_ROUTE_53: 'http://127.0.0.1:2' }, url: 'http://127.0.0.1:2', signedFor: 'us-east-1' },
    { title: 'they can be ignored', service: 'dynamodb', region: 'us-east-1', env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, url: 'https://dynamodb.us-east-1.amazonaws.com', signedFor: 'us-east-1' },
  ];
  for (const { title, service, region, env = {}, url, signedFor } of cases) it(title, () => assert.deepEqual(endpointOf(service, region, env), { url, region: signedFor }));

  it('AWS_REGION goes before AWS_DEFAULT_REGION', () => {
    assert.equal(regionOf({ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }), 'a');
    assert.equal(regionOf({ AWS_DEFAULT_REGION: 'b' }), 'b');
    assert.equal(regionOf({}), '');
  });
});
