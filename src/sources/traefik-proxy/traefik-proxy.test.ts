import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../../test/support/source-probe.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { traefikProxy } from './index.ts';

const prefix = 'external-dns.kubernetes.io/';
const route = (kind: string, rules: readonly string[], annotations: object = {}, group = 'traefik.io'): RawObject => ({
  apiVersion: `${group}/v1alpha1`,
  kind,
  metadata: { name: 'shop', namespace: 'web', annotations: { [`${prefix}target`]: '192.0.2.1', ...annotations } },
  spec: { routes: rules.map((match) => ({ match })) },
});

const compute = (object: RawObject, ...flags: string[]) => probe(traefikProxy, flags, [object], 'web/shop');

describe('a Traefik IngressRoute', () => {
  for (const kind of ['IngressRoute', 'IngressRouteTCP'])
    it(`of the kind ${kind} gives annotated names and those of its rules`, async () => {
      const { lines, reads, endpoints } = await compute(route(kind, ['Host(`a.example.org`)', 'HostSNI(`b.example.org`)'], { [`${prefix}hostname`]: 'named.example.org' }));
      assert.deepEqual(lines, ['named.example.org A 192.0.2.1', 'a.example.org A 192.0.2.1', 'b.example.org A 192.0.2.1']);
      assert.deepEqual(reads, []);
      assert.deepEqual(endpoints[0]?.labels, { resource: `${kind.toLowerCase()}/web/shop` });
    });

  it('for UDP has no rules: only annotated names count', async () => {
    const { lines, endpoints } = await compute(route('IngressRouteUDP', ['HostSNI(`b.example.org`)'], { [`${prefix}hostname`]: 'named.example.org' }));
    assert.deepEqual(lines, ['named.example.org A 192.0.2.1']);
    assert.deepEqual(endpoints[0]?.labels, { resource: 'ingressrouteudp/web/shop' });
  });

  it('gives nothing, and waits for nothing, without the target annotation', async () => {
    const { lines, pending } = await compute(route('IngressRoute', ['Host(`a.example.org`)'], { [`${prefix}target`]: '' }));
    assert.deepEqual([lines, pending], [[], []]);
  });

  it('leaves out annotated names with --ignore-hostname-annotation', async () => {
    const { lines } = await compute(route('IngressRoute', ['Host(`a.example.org`)'], { [`${prefix}hostname`]: 'named.example.org' }), '--ignore-hostname-annotation', '--fqdn-template={{.Name}}');
    assert.deepEqual(lines, ['a.example.org A 192.0.2.1']);
  });

  it('warns of a rule that is not understood, and takes what is', async () => {
    const { lines, warnings } = await compute(route('IngressRoute', ['Host(`a.example.org`) && Host(`']));
    assert.deepEqual(lines, ['a.example.org A 192.0.2.1']);
    assert.match(warnings.join(), /a quote that is not closed at 31/);
  });

  it('is read in the groups that the flags choose', async () => {
    const now = route('IngressRoute', ['Host(`a.example.org`)']);
    const legacy = route('IngressRoute', ['Host(`a.example.org`)'], {}, 'traefik.containo.us');
    const cases: readonly [object: RawObject, flags: readonly string[], read: boolean][] = [
      [now, [], true],
      [legacy, [], false],
      [legacy, ['--traefik-enable-legacy'], true],
      [now, ['--traefik-enable-legacy'], true],
      [now, ['--traefik-enable-legacy', '--traefik-disable-new'], false],
      [now, ['--traefik-disable-new'], false],
    ];
    for (const [object, flags, read] of cases)
      if (read) assert.equal((await compute(object, ...flags)).lines.length, 1, flags.join(' '));
      else await assert.rejects(compute(object, ...flags), /walks no object/, flags.join(' '));
  });
});
