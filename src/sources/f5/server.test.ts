import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../../test/support/source-probe.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { f5TransportServer } from './f5-transportserver.ts';
import { f5VirtualServer } from './f5-virtualserver.ts';

const server = (spec: object, vsAddress: string | undefined, annotations: object = {}, kind = 'VirtualServer'): RawObject => ({
  apiVersion: 'cis.f5.com/v1',
  kind,
  metadata: { name: 'shop', namespace: 'web', annotations },
  spec,
  status: { vsAddress },
});

const compute = (object: RawObject) => probe(object['kind'] === 'VirtualServer' ? f5VirtualServer : f5TransportServer, [], [object], 'web/shop');
const target = { 'external-dns.kubernetes.io/target': '203.0.113.1' };
const spec = { host: 'shop.example.org' };

describe('an F5 server', () => {
  const cases: readonly [about: string, object: RawObject, lines: readonly string[]][] = [
    ['takes the address of its status', server(spec, '192.0.2.1'), ['shop.example.org A 192.0.2.1']],
    ['prefers the address of its spec', server({ ...spec, virtualServerAddress: '192.0.2.2' }, '192.0.2.1'), ['shop.example.org A 192.0.2.2']],
    ['prefers the target annotation to both', server({ ...spec, virtualServerAddress: '192.0.2.2' }, '192.0.2.1', target), ['shop.example.org A 203.0.113.1']],
    ['gives its aliases, too', server({ ...spec, hostAliases: ['', 'alias.example.org'] }, '192.0.2.1'), ['shop.example.org A 192.0.2.1', 'alias.example.org A 192.0.2.1']],
    ['gives nothing without a host', server({}, '192.0.2.1', {}, 'TransportServer'), []],
  ];
  for (const [about, object, lines] of cases) it(about, async () => assert.deepEqual((await compute(object)).lines, lines));

  for (const vsAddress of ['', 'None', 'NONE', undefined])
    it(`waits while the address in its status is ${vsAddress}, whatever else is set`, async () => {
      const { lines, pending, reads } = await compute(server({ ...spec, virtualServerAddress: '192.0.2.2' }, vsAddress, target));
      assert.deepEqual([lines, pending, reads], [[], ['shop.example.org: its status has no address (vsAddress)'], []]);
    });

  it('honours of the annotations for records only the TTL', async () => {
    const prefix = 'external-dns.kubernetes.io/';
    const annotations = { [`${prefix}ttl`]: '5m', [`${prefix}set-identifier`]: 'x', [`${prefix}webhook-y`]: 'z', [`${prefix}hostname`]: 'nope.example.org' };
    for (const [kind, label] of [['VirtualServer', 'f5-virtualserver/web/shop'], ['TransportServer', 'f5-transportserver/web/shop']] as const) {
      const { endpoints } = await compute(server(spec, '192.0.2.1', annotations, kind));
      assert.deepEqual(
        endpoints.map((e) => [e.dnsName, e.ttlSeconds, e.setIdentifier, e.providerSpecific, e.labels]),
        [['shop.example.org', 300, '', [], { resource: label }]],
      );
    }
  });
});
