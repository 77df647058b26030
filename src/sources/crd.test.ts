import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import { parseCommandLine } from '../cli/parse.ts';
import { ConfigurationError } from '../errors.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { silentLogger } from '../log/logger.ts';
import { crd } from './crd.ts';

const object = (endpoints: unknown, metadata: RawObject = {}, status: RawObject = {}): RawObject => ({
  apiVersion: 'externaldns.k8s.io/v1alpha1',
  kind: 'DNSEndpoint',
  metadata: { name: 'e', namespace: 'dns', generation: 3, ...metadata },
  spec: { endpoints },
  status,
});
const one = (recordType: string, ...targets: string[]) => [{ dnsName: 'e.example.org', recordType, targets }];

async function walkOf(...flags: string[]) {
  const settings = parseCommandLine(['--source=crd', '--provider=inmemory', '--policy=sync', ...flags], {});
  if ('exit' in settings) throw new Error('the flags ask for help');
  const source = await crd.create({ options: settings.config, log: silentLogger } as never);
  const [walk] = source.walks;
  if (!walk) throw new Error('crd walks nothing');
  return walk;
}

describe('crd', () => {
  const dots: readonly (readonly [recordType: string, target: string, kept: boolean])[] = [
    ['A', '192.0.2.1', true],
    ['A', '192.0.2.1.', false],
    ['NS', 'ns.example.net', true],
    ['NS', 'ns.example.net.', false],
    ['PTR', 'web.example.org.', false],
    ['CNAME', 'web.example.net', true],
    ['CNAME', 'web.example.net.', true],
    ['DNAME', 'web.example.net.', true],
    ['TXT', 'ends in a dot.', true],
    ['MX', '10 mx.example.net.', true],
    ['SRV', '10 5 5060 sip.example.org.', true],
    ['NAPTR', '100 50 "s" "SIP+D2U" "" _sip._udp.example.org.', true],
    ['NAPTR', '100 50 "s" "SIP+D2U" "" _sip._udp.example.org', false],
  ];
  for (const [type, target, kept] of dots)
    it(`${type} ${target} is ${kept ? 'kept as it is written' : 'left out with a warning'}`, async () => {
      const { endpoints, warnings } = await probe(crd, [], [object(one(type, target))], 'dns/e');
      assert.deepEqual([endpoints.map((e) => e.targets), warnings.length], kept ? [[[target]], 0] : [[], 1]);
    });

  it('keeps all fields, with its own resource label', async () => {
    const [e] = (
      await probe(crd, [], [object([{ dnsName: 'E.example.org', recordType: 'A', recordTTL: 60, setIdentifier: 's', targets: ['192.0.2.1'], labels: { owner: 'x', resource: 'y' }, providerSpecific: [{ name: 'external-dns.alpha.kubernetes.io/cloudflare-proxied', value: 'true' }] }])], 'dns/e')
    ).endpoints;
    assert.deepEqual(
      [e?.dnsName, e?.ttlSeconds, e?.setIdentifier, e?.labels, e?.providerSpecific],
      ['E.example.org', 60, 's', { owner: 'x', resource: 'crd/dns/e' }, [{ name: 'external-dns.kubernetes.io/cloudflare-proxied', value: 'true' }]],
    );
  });
  it("reads Cloudflare's properties under the prefixes in force alone, the new one before the old one", async () => {
    const properties = ['external-dns.alpha.kubernetes.io/', 'external-dns.kubernetes.io/', 'dns.example.net/'].map((prefix) => ({ name: `${prefix}cloudflare-proxied`, value: prefix }));
    const read = async (...flags: string[]) => {
      const { endpoints, warnings } = await probe(crd, flags, [object([{ dnsName: 'e.example.org', recordType: 'A', targets: ['192.0.2.1'], providerSpecific: properties }])], 'dns/e');
      return [endpoints[0]?.providerSpecific.filter((p) => p.name === 'external-dns.kubernetes.io/cloudflare-proxied').map((p) => p.value), warnings.length];
    };
    assert.deepEqual(await read(), [['external-dns.kubernetes.io/'], 1]);
    assert.deepEqual(await read('--annotation-prefix=dns.example.net/'), [['dns.example.net/'], 0]);
    assert.deepEqual(await read('--no-enable-legacy-annotation-prefix'), [['external-dns.kubernetes.io/'], 0]);
  });
  it('an entry without targets takes the default targets; without these it is told of, and left to the plan', async () => {
    assert.equal((await probe(crd, ['--default-targets=203.0.113.1'], [object(one('CNAME'))], 'dns/e')).endpoints.length, 1);
    const { endpoints, warnings, pending } = await probe(crd, [], [object(one('CNAME'))], 'dns/e');
    assert.deepEqual([endpoints.map((e) => e.targets), warnings, pending], [[[]], ['CNAME record e.example.org has no targets'], []]);
  });
  it('filters each object by itself, and reads no controller annotation', async () => {
    const noted = object(one('A', '192.0.2.1'), { annotations: { 'external-dns.kubernetes.io/controller': 'other', publish: 'yes' } });
    assert.equal((await probe(crd, ['--annotation-filter=publish=yes'], [noted], 'dns/e')).endpoints.length, 1);
    assert.equal((await probe(crd, ['--annotation-filter=publish=no'], [noted], 'dns/e')).endpoints.length, 0);
  });
  it('survives fields of any type', async () => {
    for (const endpoints of [null, 'x', { a: 1 }, [null, 7, 'x', []]]) assert.deepEqual((await probe(crd, [], [object(endpoints)], 'dns/e')).endpoints, []);
    assert.equal((await probe(crd, [], [object([{ dnsName: 5, recordType: {}, targets: ['192.0.2.1', 3], recordTTL: '60', labels: [], providerSpecific: 'x' }])], 'dns/e')).endpoints.length, 1);
  });

  it('writes the generation into the status once', async () => {
    const walk = await walkOf();
    assert.deepEqual(walk.status?.(walk.resource.keep(object([]))), { observedGeneration: 3 });
    assert.equal(walk.status?.(walk.resource.keep(object([], {}, { observedGeneration: 3 }))), undefined);
    const filtered = await walkOf('--label-filter=a=b');
    assert.equal(filtered.status?.(filtered.resource.keep(object([]))), undefined);
  });

  it('reads what --crd-source-apiversion and --crd-source-kind name', async () => {
    const { resource } = await walkOf('--crd-source-apiversion=dns.example.net/v2', '--crd-source-kind=DNSEntry');
    assert.deepEqual([resource.group, resource.versions, resource.kind, resource.plural], ['dns.example.net', ['v2'], 'DNSEntry', 'dnsentries']);
    assert.equal((await walkOf()).resource, crd.resources[0]);
    await assert.rejects(walkOf('--crd-source-apiversion=v2'), ConfigurationError);
    await assert.rejects(walkOf('--crd-source-kind=a/b'), ConfigurationError);
  });
});
