import { FakePdns } from '../support/fake-pdns.ts';
import { filling, special } from './records.ts';
import type { StoryOf } from './story.ts';
import { overHttp, type StoryApi } from './story-api.ts';

async function start(names: readonly string[]): Promise<StoryApi> {
  const zones = names.map((name) => `${name}.`);
  const fake = await FakePdns.start(Object.fromEntries(zones.map((zone) => [zone, []])));
  return {
    flags: [`--pdns-server=${fake.url}`, '--pdns-api-key=geheim-key', '--txt-wildcard-replacement=any'],
    env: {},
    secret: 'geheim-key',
    records: () => zones.flatMap((zone) => fake.all(zone)).map(({ name, type, ttl, records }) => ({ name, type, targets: records.map((r) => r.content), ttlSeconds: ttl })),
    fill: (count) => fake.put('example.org.', ...filling(count).map(({ name, type, targets, ttlSeconds = 0 }) => ({ name: `${name}.`, type, ttl: ttlSeconds, records: targets.map((content) => ({ content, disabled: false })) }))),
    refuse: (name) => void (fake.refused = name && `${name}.`),
    ...overHttp(fake.http, {
      throttled: { status: 429, headers: { 'retry-after': '1' }, body: { error: 'Too many requests' } },
      lockedOut: () => ({ status: 401, body: { error: 'Unauthorized' } }),
      writes: (call) => call.method !== 'GET',
    }),
    close: () => fake.close(),
  };
}

export const pdns: StoryOf = {
  provider: 'pdns',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR', 'DNAME'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  properties: { 'an ALIAS': special('CNAME', 'lb.example.net', { alias: 'true' }) },
  wildcards: 'held',
  writesFor1001: 3,
  refused: { says: /RRset n7\.example\.org\. IN A: refused by a rule/ },
  faults: { lockedOut: /check the credentials/ },
};
