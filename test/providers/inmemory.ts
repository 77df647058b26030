import { createProvider } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { Endpoint } from '../../src/endpoint/endpoint.ts';
import { makeEndpoint } from '../../src/endpoint/build.ts';
import { filling } from './records.ts';
import type { StoryOf } from './story.ts';
import type { StoryApi } from './story-api.ts';

/** The zone lives and ends with the provider, so that all processes of the story share one. */
async function start(): Promise<StoryApi> {
  let provider: Provider | undefined;
  let records: readonly Endpoint[] = [];
  let fill: readonly Endpoint[] = [];
  let [calls, writes] = [0, 0];
  const never = new AbortController().signal;
  return {
    flags: ['--inmemory-zone=example.org', '--inmemory-zone=2.0.192.in-addr.arpa'],
    env: {},
    secret: 'none',
    async open(setup) {
      const zone = (provider ??= await createProvider(setup));
      await zone.apply(fill.map((after) => ({ name: after.dnsName, setIdentifier: '', changes: [{ action: 'create', after }], reason: 'test' })), never);
      fill = [];
      return {
        ...zone,
        name: zone.name,
        domainFilter: zone.domainFilter,
        adjust: (endpoints, signal) => zone.adjust(endpoints, signal),
        snapshot: (signal) => (calls++, zone.snapshot(signal)),
        zoneOf: (name) => zone.zoneOf?.(name),
        async apply(groups, signal) {
          writes++;
          const outcomes = await zone.apply(groups, signal);
          ({ records = [] } = await zone.snapshot(signal));
          return outcomes;
        },
        close: async () => {},
      };
    },
    records: () => records.map((e) => ({ name: e.dnsName, type: e.recordType, targets: e.targets, ttlSeconds: e.ttlSeconds, ...(e.setIdentifier && { set: e.setIdentifier }) })),
    fill: (count) => void (fill = filling(count).map((r) => makeEndpoint(r.name, r.type, r.targets, { ttlSeconds: r.ttlSeconds ?? 0 }))),
    refuse: () => {},
    counts: () => ({ all: calls + writes, writes }),
    close: async () => {},
  };
}

export const inmemory: StoryOf = {
  provider: 'inmemory',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR', 'DNAME'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  wildcards: 'held',
  weights: (weight) => [{ name: 'aws/weight', value: String(weight) }],
  writesFor1001: 1,
};
