import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig, service } from '../support/process.ts';

const annotationsOf = (rig: Rig, name: string, plural = 'services'): Readonly<Record<string, string>> => (rig.api.get(plural, name)?.metadata['annotations'] ?? {}) as Record<string, string>;
const note = (rig: Rig, name: string, plural?: string): string | undefined => annotationsOf(rig, name, plural)['external-dns.kubernetes.io/published'];

describe('the annotation with the published names', () => {
  it('is written at Services and Ingresses, each time once, and goes with the names', () =>
    Rig.with(async (rig) => {
      const patches: string[] = [];
      rig.api.fault = ({ method, path }) => {
        if (method === 'PATCH') patches.push(path);
        return undefined;
      };
      rig.api.put('services', service('web', '192.0.2.1', { other: 'kept' }));
      rig.api.put('ingresses', { metadata: { name: 'shop', namespace: 'default', uid: 'shop' }, spec: { rules: [{ host: 'shop.example.org' }] }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.2' }] } } });
      rig.start('--status-annotation', '--source=service', '--source=ingress', '--log-level=debug');
      await rig.until('both notes', () => note(rig, 'web') === 'web.example.org' && note(rig, 'shop', 'ingresses') === 'shop.example.org');
      assert.equal(annotationsOf(rig, 'web')['other'], 'kept');
      // a sweep or two
      await sleep(3000);
      assert.deepEqual(patches.sort(), ['/api/v1/namespaces/default/services/web', '/apis/networking.k8s.io/v1/namespaces/default/ingresses/shop']);
      const { metadata, ...rest } = service('web', '192.0.2.1');
      rig.api.put('services', { ...rest, metadata: { ...metadata, annotations: { 'external-dns.kubernetes.io/published': 'web.example.org' } } });
      await rig.until('no note', () => note(rig, 'web') === undefined && rig.records().length === 1);
    }));

  it('has the prefix of the flag; a right that is missing is not told of each object, and nothing waits for it', () =>
    Rig.with(async (rig) => {
      rig.api.fault = ({ method, path }) => (method === 'PATCH' && path.includes('/services/') ? { status: 403, body: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } } : undefined);
      const named = (name: string, ip: string) => service(name, ip, { 'dns.example.org/hostname': `${name}.example.org` });
      for (let i = 0; i < 20; i++) rig.api.put('services', named(`web${i}`, `192.0.2.${i + 1}`));
      rig.start('--status-annotation', '--annotation-prefix=dns.example.org/');
      await rig.until('all records', () => rig.records().length === 20);
      await rig.until('a warning', () => /annotation cannot be written/.test(rig.log));
      rig.api.put('services', named('new', '192.0.2.99'));
      await rig.until('the new record', () => rig.records().length === 21);
      assert.equal(rig.log.match(/annotation cannot be written/g)?.length, 3);
      assert.match(rig.log, /resources: \[\\"services\\"\], verbs: \[\\"patch\\"\]/);
    }));

  for (const flags of [['--once', '--status-annotation'], ['--once', '--dry-run', '--status-annotation'], ['--once']])
    it(`is not written with ${flags.join(' ')}`, () =>
      Rig.with(async (rig) => {
        rig.api.put('services', service('web', '192.0.2.1'));
        rig.start(...flags);
        assert.equal(await rig.ended(), 0);
        assert.equal(note(rig, 'web'), undefined);
      }));
});
