import { rcodes } from '../../src/dns/types.ts';
import type { ResourceRecord } from '../../src/dns/wire.ts';
import { FakeDns } from '../support/fake-dns.ts';
import { testKey } from '../support/rfc2136.ts';
import { filling, merged } from './records.ts';
import type { StoryOf } from './story.ts';
import type { StoryApi } from './story-api.ts';

async function start(): Promise<StoryApi> {
  const server = await new FakeDns('example.org', testKey).start();
  let refused: string | undefined;
  const well: FakeDns['fault'] = (request) => (request.opcode === 5 && request.authorities.some((r) => r.name === refused) ? rcodes.REFUSED : undefined);
  server.fault = well;
  return {
    flags: ['--rfc2136-host=127.0.0.1', `--rfc2136-port=${server.port}`, '--rfc2136-zone=example.org', '--rfc2136-axfr', `--rfc2136-tsig-keyname=${testKey.name}`, `--rfc2136-tsig-secret=${testKey.secret.toString('base64')}`, `--rfc2136-tsig-secret-alg=${testKey.algorithm}`],
    env: {},
    secret: testKey.secret.toString('base64'),
    records: () => merged(server.records.map(({ name, type, data, ttlSeconds }) => ({ name, type, targets: [data], ttlSeconds }))),
    fill: (count) => void (server.records = filling(count).flatMap(({ name, type, targets, ttlSeconds = 0 }) => targets.map((data): ResourceRecord => ({ name, type, class: 1, ttlSeconds, data })))),
    refuse: (name) => void (refused = name),
    counts: () => ({ all: server.requests.length, writes: server.requests.filter((r) => r === 'UPDATE').length }),
    faults: {
      throttle(calls) {
        let left = calls;
        server.fault = () => (left-- > 0 ? rcodes.SERVFAIL : undefined);
      },
      cutAfterWrite() {
        let left = 1;
        server.fault = (request) => (request.opcode === 5 && left-- > 0 ? 'close-after' : undefined);
      },
      lockOut: () => void (server.key = { ...testKey, secret: Buffer.from('another key of thirty-two bytes.') }),
      mend() {
        server.key = testKey;
        server.fault = well;
      },
    },
    close: () => server.stop(),
  };
}

export const rfc2136: StoryOf = {
  provider: 'rfc2136',
  start,
  // PTR would need a reverse zone, and the fake has one zone
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'MX', 'SRV', 'NS', 'NAPTR', 'DNAME'],
  apexTypes: ['A', 'AAAA', 'TXT', 'MX'],
  wildcards: 'held',
  writesFor1001: 41,
  refused: { says: /REFUSED.*update-policy/ },
  faults: { lockedOut: /--rfc2136-tsig/, retries: false },
};
