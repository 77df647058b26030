import type { FakeCall } from '../support/http-fake.ts';
import { piholePassword, startPihole } from '../support/fake-pihole.ts';
import { filling, merged } from './records.ts';
import type { StoryOf } from './story.ts';
import { type HttpShapes, overHttp, type StoryApi } from './story-api.ts';

async function start(version: 5 | 6, shapes: HttpShapes): Promise<StoryApi> {
  const fake = await startPihole(version);
  const host = (line: string): readonly string[] => line.split(' ');
  return {
    flags: [`--pihole-server=${fake.http.url}`, `--pihole-password=${piholePassword}`, `--pihole-api-version=${version}`, '--registry=noop'],
    env: {},
    secret: piholePassword,
    records: () =>
      merged([
        ...fake.hosts.map(host).map(([address = '', name = '']) => ({ name, type: address.includes(':') ? 'AAAA' : 'A', targets: [address] })),
        ...fake.cnames.map((line) => line.split(',')).map(([name = '', target = '']) => ({ name, type: 'CNAME', targets: [target] })),
      ]),
    fill: (count) => void fake.hosts.push(...filling(count).map(({ name, targets }) => `${targets[0]} ${name}`)),
    refuse: (name) => void (fake.refused = name),
    ...overHttp(fake.http, shapes),
    close: () => fake.http.close(),
  };
}

/** Without TXT records there is no ownership: all that is there is ours. */
const common = { provider: 'pihole', types: ['A', 'AAAA', 'CNAME'], apexTypes: ['A', 'AAAA'], wildcards: 'refused', withoutTTL: true, withoutOwners: true, faults: { lockedOut: /--pihole-password/, retries: false } } satisfies Partial<StoryOf>;

const throttled = { status: 429, headers: { 'retry-after': '1' }, body: { error: { key: 'rate_limiting', message: 'Rate-limiting login attempts' } } };

export const pihole6: StoryOf = {
  ...common,
  version: '6',
  start: () => start(6, { throttled, lockedOut: () => ({ status: 401, body: { session: { valid: false, sid: null } } }), writes: ({ method, path }) => !path.endsWith('/auth') && method !== 'GET' }),
  writesFor1001: 1001,
  refused: { says: /Config item validation failed/ },
};

const changes = ({ body }: FakeCall): boolean => /\baction=(add|delete)\b/.test(body);

export const pihole5: StoryOf = {
  ...common,
  version: '5',
  start: () => start(5, { throttled, lockedOut: () => ({ status: 200, body: '<html>wrong password</html>' }), writes: changes }),
  oneAddress: true,
  writesFor1001: 1001,
  refused: { says: /Domain 'n7\.example\.org' is not valid/ },
};
