import { awsFailure, startRoute53 } from '../support/route53-server.ts';
import { filling, special } from './records.ts';
import type { StoryOf } from './story.ts';
import { overHttp, type StoryApi } from './story-api.ts';

async function start(names: readonly string[]): Promise<StoryApi> {
  const { http, zones } = await startRoute53(names.map((name, i) => ({ id: `Z${i}`, name })));
  return {
    flags: ['--aws-batch-change-interval=0s'],
    env: { AWS_ENDPOINT_URL: http.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'geheim-key' },
    secret: 'geheim-key',
    records: () => names.flatMap((_, i) => zones.all(`Z${i}`)).map(({ name, type, values, ttlSeconds = 0, setIdentifier }) => ({ name, type, targets: values, ttlSeconds, ...(setIdentifier !== undefined && { set: setIdentifier }) })),
    fill: (count) => zones.put('Z0', filling(count).map(({ name, type, targets, ttlSeconds = 0 }) => ({ name, type, values: targets, ttlSeconds }))),
    refuse: (name) => void (zones.refused = name),
    ...overHttp(http, {
      throttled: awsFailure(400, 'Throttling', 'Rate exceeded'),
      lockedOut: () => awsFailure(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.'),
      writes: (call) => call.method === 'POST',
    }),
    close: () => http.close(),
  };
}

export const aws: StoryOf = {
  provider: 'aws',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  properties: {
    'an alias of a load balancer': special('CNAME', 'web-1.eu-central-1.elb.amazonaws.com', {}),
    'an alias of one family': special('CNAME', 'web-1.eu-central-1.elb.amazonaws.com', { alias: 'A', 'aws/evaluate-target-health': 'false' }),
    'a CNAME to a load balancer': special('CNAME', 'web-1.eu-central-1.elb.amazonaws.com', { alias: 'false' }),
    'an alias to another name of the zone': special('A', 'lb.example.org', { alias: 'true' }),
  },
  wildcards: 'held',
  weights: (weight) => [{ name: 'aws/weight', value: String(weight) }],
  // 32,000 characters a batch, most of which are of ownership
  writesFor1001: 4,
  refused: { says: /InvalidChangeBatch: resource record set \[name='n7\.example\.org\.'.* is not permitted/ },
  faults: { lockedOut: /SignatureDoesNotMatch.*check the credentials/ },
};
