import { type Endpoint, endpoint, recordTypes } from '../endpoint/endpoint.ts';
import { reverseName } from '../endpoint/reverse.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { defineSource } from './source.ts';

/** Made-up records of every type, others at each sweep, to try a provider out without a cluster. */
export const fake = defineSource({
  name: 'fake',
  title: 'Made-up endpoints',
  resources: [],
  resourceLabels: ['fake'],
  templates: true,
  annotations: [],
  create({ templates }) {
    const named = templates.hasNames ? templates.names(placeholder) : [];
    const domains = named.length ? named : ['example.com'];
    const random = createRandom(9673);
    return {
      walks: [],
      reads: [],
      poll: () => Promise.resolve(domains.flatMap((domain) => recordTypes.map((type) => fakeEndpoint(type, domain, random)))),
    };
  },
});

/** What templates see. */
const placeholder: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'fake', namespace: 'default', uid: '', resourceVersion: '', generation: 0, creationTimestamp: '', labels: {}, annotations: {} },
  raw: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'fake', namespace: 'default' } },
};

type Random = (below: number) => number;

function fakeEndpoint(recordType: (typeof recordTypes)[number], domain: string, random: Random): Endpoint {
  const { dnsName, target } = fakeRecord(recordType, domain, random);
  return endpoint({
    dnsName,
    recordType,
    targets: [target],
    setIdentifier: 'fake',
    labels: { resource: `fake/default/${dnsName}` },
    refs: [{ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: `fake-${dnsName}`.slice(0, 253), uid: '', source: 'fake' }],
  });
}

/** Addresses are of the nets for documentation (RFC 5737, RFC 3849). */
function fakeRecord(recordType: (typeof recordTypes)[number], domain: string, random: Random): { dnsName: string; target: string } {
  const name = (length = 4): string => `${Array.from({ length }, () => String.fromCodePoint(97 + random(26))).join('')}.${domain}`;
  const ipv4 = (): string => `192.0.2.${random(253) + 1}`;
  const group = (): string => (random(0xffff) + 1).toString(16);
  switch (recordType) {
    case 'A':
      return { dnsName: name(), target: ipv4() };
    case 'AAAA':
      return { dnsName: name(), target: `2001:db8::${group()}:${group()}` };
    case 'CNAME':
    case 'DNAME':
      return { dnsName: name(), target: name() };
    case 'TXT':
      return { dnsName: name(), target: '"heritage=external-dns,external-dns/owner=fake"' };
    case 'SRV':
      return { dnsName: `_sip._udp.${domain}`, target: `10 20 5060 ${name()}.` };
    case 'NS':
      return { dnsName: domain, target: name(3) };
    case 'PTR':
      return { dnsName: reverseName(ipv4()) ?? '', target: name() };
    case 'MX':
      return { dnsName: domain, target: `10 ${name()}` };
    case 'NAPTR':
      return { dnsName: `_sip._udp.${domain}`, target: `100 10 "u" "E2U+sip" "!^.*$!sip:info@${domain}!" .` };
  }
}

/** A small generator of pseudo-random numbers (mulberry32), so that each start makes the same records. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
