import { cloudMapFailure, FakeCloudMap, startCloudMap } from '../support/fake-cloud-map.ts';
import { filling, special, type StoredRecord } from './records.ts';
import type { StoryOf } from './story.ts';
import { overHttp, type StoryApi } from './story-api.ts';

async function start(): Promise<StoryApi> {
  const fake = new FakeCloudMap();
  const http = await startCloudMap(fake);
  const isRead = (target: unknown): boolean => /\.List/.test(String(target));
  return {
    flags: ['--registry=aws-sd'],
    env: { AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: http.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'geheim-key' },
    secret: 'geheim-key',
    // services without instances answer nothing
    records: () =>
      fake.held('ns-1').flatMap(({ service, instances }): StoredRecord[] => {
        const [dns] = service.DnsConfig?.DnsRecords ?? [];
        const targets = instances.flatMap((i) => Object.values(i.Attributes ?? {}));
        return targets.length === 0 || !dns ? [] : [{ name: `${service.Name}.example.org`, type: dns.Type, targets, ttlSeconds: dns.TTL }];
      }),
    fill: (count) => fake.put(...filling(count).map(({ name, ttlSeconds = 0 }) => ({ name: name.replace('.example.org', ''), ttlSeconds, instances: [{ Id: '192.0.2.1', Attributes: { AWS_INSTANCE_IPV4: '192.0.2.1' } }] }))),
    refuse: (name) => void (fake.refused = name?.replace('.example.org', '')),
    ...overHttp(http, {
      throttled: cloudMapFailure(400, 'RequestLimitExceeded', 'Rate exceeded'),
      lockedOut: () => cloudMapFailure(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
      writes: (call) => !isRead(call.headers['x-amz-target']),
    }),
    close: () => http.close(),
  };
}

export const awsSd: StoryOf = {
  provider: 'aws-sd',
  start,
  types: ['A', 'AAAA', 'CNAME'],
  apexTypes: [],
  properties: {
    'an alias of a load balancer': special('CNAME', 'web-1.eu-central-1.elb.amazonaws.com', {}),
    'several targets of a CNAME': { ...special('CNAME', 'a.example.net', {}), targets: ['b.example.net', 'a.example.net'] },
  },
  wildcards: 'refused',
  // a service and an instance each
  writesFor1001: 2002,
  refused: { says: /InvalidInput: service n7 may not be changed/ },
  faults: { lockedOut: /UnrecognizedClientException.*check the credentials/ },
};
