import { etcdFailure, FakeEtcd } from '../support/fake-etcd.ts';
import { filling, merged, special, type StoredRecord } from './records.ts';
import type { StoryOf } from './story.ts';
import { overHttp, type StoryApi } from './story-api.ts';

interface Service {
  readonly host?: string;
  readonly text?: string;
  readonly ttl?: number;
}

/** The records that CoreDNS would answer for a key. */
function answers(key: string, { host, text, ttl = 0 }: Service): readonly StoredRecord[] {
  const labels = key.replace('/skydns/', '').split('/').reverse();
  const name = (labels.at(-1) === 'arpa' ? labels : labels.slice(1)).join('.');
  const type = host === undefined ? '' : /^[\d.]+$/.test(host) ? 'A' : host.includes(':') ? 'AAAA' : name.endsWith('.arpa') ? 'PTR' : 'CNAME';
  return [...(host === undefined ? [] : [{ name, type, targets: [host], ttlSeconds: ttl }]), ...(text === undefined ? [] : [{ name, type: 'TXT', targets: [text], ttlSeconds: ttl }])];
}

async function start(): Promise<StoryApi> {
  const etcd = await FakeEtcd.start();
  etcd.user = { name: 'dns', password: 'geheim-password' };
  return {
    flags: [],
    env: { ETCD_URLS: etcd.url, ETCD_USERNAME: 'dns', ETCD_PASSWORD: 'geheim-password' },
    secret: 'geheim-password',
    records: () => merged([...etcd.keys].flatMap(([key, { value }]) => answers(key, JSON.parse(value) as Service))),
    fill(count) {
      for (const { name, targets, ttlSeconds } of filling(count)) etcd.put(`/skydns/org/example/${name.split('.')[0] ?? ''}/k`, { host: targets[0], ttl: ttlSeconds, targetstrip: 1 });
    },
    refuse: (name) => void (etcd.refused = name && `/skydns/org/example/${name.split('.')[0] ?? ''}/`),
    ...overHttp(etcd.http, {
      throttled: etcdFailure(429, 8, 'etcdserver: too many requests'),
      signsIn: (call) => call.path === '/v3/auth/authenticate',
      lockedOut: () => etcdFailure(401, 16, 'etcdserver: invalid auth token'),
      writes: (call) => call.path === '/v3/kv/txn',
    }),
    close: () => etcd.close(),
  };
}

export const coredns: StoryOf = {
  provider: 'coredns',
  start,
  types: ['A', 'AAAA', 'CNAME', 'TXT', 'PTR'],
  apexTypes: ['A', 'AAAA', 'TXT'],
  properties: { 'a group': special('A', '192.0.2.1', { 'coredns/group': 'g1' }) },
  wildcards: 'held',
  writesFor1001: 17,
  refused: { says: /request is too large/ },
  faults: { lockedOut: /check ETCD_USERNAME and ETCD_PASSWORD/, retries: false, lostAnswers: 'told' },
};
