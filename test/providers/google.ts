import { TokenCache } from '../../src/http/auth/access-token.ts';
import { createHttpClient } from '../../src/http/client/index.ts';
import { GoogleDns, type ManagedZone } from '../../src/providers/google/client.ts';
import { googleProvider } from '../../src/providers/google/index.ts';
import { Metadata } from '../../src/providers/google/metadata.ts';
import { getToken } from '../../src/providers/google/tokens.ts';
import { FakeGoogleDns, googleFailure, startGoogleDns } from '../support/fake-google-dns.ts';
import { filling } from './records.ts';
import type { StoryOf } from './story.ts';
import { overHttp, type StoryApi } from './story-api.ts';

const zone = (name: string, i: number): ManagedZone => ({ id: `z${i}`, name: `${name}.`, number: '1', visibility: 'public', peering: false });

async function start(names: readonly string[]): Promise<StoryApi> {
  const fake = new FakeGoogleDns(names.map(zone), { z0: [{ name: 'example.org.', type: 'NS', ttl: 21_600, rrdatas: ['ns1.example.net.'] }] });
  const server = await startGoogleDns(fake);
  return {
    flags: ['--google-project=project', '--google-batch-change-interval=0s', '--txt-wildcard-replacement=any'],
    env: {},
    secret: 'geheim',
    // as create() does it, with an API that is no part of googleapis.com
    async open(setup) {
      const { env, log, metrics } = setup;
      const http = createHttpClient({ name: 'Google Cloud DNS', env, log, metrics, timeoutMs: 60_000 });
      const metadata = new Metadata({}, { log, metrics });
      const credentials = { type: 'authorized_user', clientId: 'id', clientSecret: 'geheim', refreshToken: 'geheim-refresh', tokenUrl: `${server.url}/token` } as const;
      const tokens = new TokenCache((signal) => getToken(credentials, { http, metadata }, signal));
      return googleProvider(new GoogleDns({ http, tokens, baseUrl: `${server.url}/dns/v1/`, project: async () => 'project' }), setup, { close: () => http.close() });
    },
    records: () => names.flatMap((_, i) => fake.all(`z${i}`)).filter((s) => s.type !== 'NS' || s.name !== 'example.org.').map(({ name, type, rrdatas = [], ttl = 0 }) => ({ name, type, targets: rrdatas, ttlSeconds: ttl })),
    fill: (count) => fake.put('z0', ...filling(count).map(({ name, type, targets, ttlSeconds = 0 }) => ({ name: `${name}.`, type, rrdatas: targets, ttl: ttlSeconds }))),
    refuse: (name) => void (fake.refused = name === undefined ? undefined : `${name}.`),
    ...overHttp(server, {
      throttled: googleFailure(403, 'rateLimitExceeded', 'Rate Limit Exceeded'),
      signsIn: (call) => call.path === '/token',
      lockedOut: () => googleFailure(401, 'authError', 'Invalid Credentials'),
      writes: (call) => call.method === 'POST' && call.path.endsWith('/changes'),
    }),
    close: () => server.close(),
  };
}

export const google: StoryOf = {
  provider: 'google',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'PTR', 'NAPTR'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  wildcards: 'held',
  writesFor1001: 3,
  refused: { says: /Invalid value for 'entity\.change\.additions.*refused by a rule/ },
  faults: { lockedOut: /check the credentials/, lostAnswers: 'told' },
};
