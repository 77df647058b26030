import { startFakeCloudflare } from '../support/fake-cloudflare.ts';
import { filling, merged, special } from './records.ts';
import type { StoryOf } from './story.ts';
import type { StoryApi } from './story-api.ts';

async function start(names: readonly string[]): Promise<StoryApi> {
  const api = await startFakeCloudflare(names.map((name) => ({ name })));
  const [zone] = api.zones;
  const isWrite = (call: { readonly method: string }): boolean => call.method !== 'GET';
  return {
    flags: [],
    env: { CF_API_TOKEN: 'geheim-token', CLOUDFLARE_BASE_URL: api.url },
    secret: 'geheim-token',
    records: () => merged(api.zones.flatMap((z) => z.records).map((r) => ({ name: r.name, type: r.type, targets: [`${r.priority === undefined ? '' : `${r.priority} `}${r.content}`], ttlSeconds: r.ttl }))),
    fill: (count) => zone?.records.push(...filling(count).map((r, i) => ({ id: `h${i}`, name: r.name, type: r.type, content: r.targets[0] ?? '', ttl: r.ttlSeconds ?? 1, proxied: false, comment: '', tags: [] }))),
    refuse: (name) => void (api.refused = name),
    counts: () => ({ all: api.calls.length, writes: api.calls.filter(isWrite).length }),
    faults: {
      throttle(calls) {
        let left = calls;
        api.fault = () => (left-- > 0 ? { status: 429, headers: { 'retry-after': '1' }, code: 10000, message: 'too many' } : undefined);
      },
      cutAfterWrite() {
        let left = 1;
        api.fault = (call) => (isWrite(call) && left-- > 0 ? { status: 0, cut: true } : undefined);
      },
      lockOut: () => void (api.fault = () => ({ status: 403, code: 9109, message: 'Invalid access token' })),
      mend: () => void (api.fault = () => undefined),
    },
    close: () => api.close(),
  };
}

export const cloudflare: StoryOf = {
  provider: 'cloudflare',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  properties: {
    'a proxied record': special('A', '192.0.2.1', { 'external-dns.kubernetes.io/cloudflare-proxied': 'true' }),
    'a comment': special('A', '192.0.2.1', { 'external-dns.kubernetes.io/cloudflare-record-comment': 'for the shop' }),
    'a comment that is too long for the plan': special('A', '192.0.2.1', { 'external-dns.kubernetes.io/cloudflare-record-comment': 'x'.repeat(200) }),
  },
  wildcards: 'held',
  writesFor1001: 11,
  refused: { says: /refused by a rule \(81999\)/ },
  faults: { lockedOut: /CF_API_TOKEN/ },
};
