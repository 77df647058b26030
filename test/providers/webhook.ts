import { FakeWebhook } from '../support/fake-webhook.ts';
import { filling } from './records.ts';
import type { StoryOf } from './story.ts';
import type { StoryApi } from './story-api.ts';

async function start(): Promise<StoryApi> {
  const webhook = await FakeWebhook.start();
  const isWrite = (method: string, path: string): boolean => method === 'POST' && path === '/records';
  return {
    flags: [`--webhook-provider-url=${webhook.url}`],
    env: {},
    secret: 'none',
    records: () => [...webhook.records.values()].map((r) => ({ name: r.dnsName, type: r.recordType, targets: r.targets, ttlSeconds: Number(r['recordTTL'] ?? 0), ...(r.setIdentifier && { set: r.setIdentifier }) })),
    fill: (count) => webhook.put(...filling(count).map(({ name, type, targets, ttlSeconds }) => ({ dnsName: name, recordType: type, targets, recordTTL: ttlSeconds }))),
    refuse: (name) => (name === undefined ? webhook.refused.clear() : void webhook.refused.add(name)),
    counts: () => ({ all: webhook.calls.length, writes: webhook.calls.filter((c) => c === 'POST /records').length }),
    faults: {
      throttle(calls) {
        let left = calls;
        webhook.fault = (_method, path) => (path === '/records' && left-- > 0 ? { status: 429 } : undefined);
      },
      cutAfterWrite() {
        let left = 1;
        webhook.fault = (method, path) => (isWrite(method, path) && left-- > 0 ? 'cut-after' : undefined);
      },
      // of credentials the protocol knows nothing: a status tells that the provider refuses
      lockOut: () => void (webhook.fault = (_method, path) => (path === '/records' ? { status: 401 } : undefined)),
      mend: () => void (webhook.fault = () => undefined),
    },
    close: () => webhook.stop(),
  };
}

export const webhook: StoryOf = {
  provider: 'webhook',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR', 'DNAME'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  wildcards: 'held',
  weights: (weight) => [{ name: 'aws/weight', value: String(weight) }],
  writesFor1001: 1,
  refused: { says: /status 400/, found: 'later' },
  faults: { lockedOut: /status 401/, retries: false, lostAnswers: 'told' },
};
