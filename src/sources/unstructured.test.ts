import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { probe } from '../../test/support/source-probe.ts';
import { endpoint } from '../endpoint/endpoint.ts';
import { ConfigurationError } from '../errors.ts';
import type { RawObject } from '../kubernetes/object.ts';
import { mergeWithinKinds, parseResource, unstructured } from './unstructured.ts';

const prefix = 'external-dns.kubernetes.io/';
const configMap = (annotations: object, namespace?: string): RawObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace, annotations } });
const compute = (object: RawObject, key: string, templates = {}) => probe(unstructured, ['--unstructured-resource=configmaps.v1'], [object], key, templates);

describe('an object of any kind', () => {
  it('gives annotated names with annotated targets, under a label of its kind', async () => {
    const { lines, reads, endpoints } = await compute(configMap({ [`${prefix}hostname`]: 'a.example.org,b.example.org', [`${prefix}target`]: '192.0.2.1', [`${prefix}ttl`]: '60' }, 'office'), 'office/c');
    assert.deepEqual(lines, ['a.example.org A 192.0.2.1', 'b.example.org A 192.0.2.1']);
    assert.deepEqual(reads, []);
    assert.deepEqual([endpoints[0]?.labels, endpoints[0]?.ttlSeconds], [{ resource: 'configmap/office/c' }, 60]);
  });

  it('gives records by template its label and TTL, and has an empty namespace in the label where it has none', async () => {
    const templates = { combineAll: () => [endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: ['192.0.2.1'] })] };
    const { endpoints } = await compute(configMap({ [`${prefix}ttl`]: '60' }), '/c', templates);
    assert.deepEqual(
      endpoints.map((e) => [e.labels, e.ttlSeconds]),
      [[{ resource: 'configmap//c' }, 60]],
    );
  });

  it('gives nothing, and waits for nothing, with only one of the two annotations', async () => {
    for (const annotations of [{ [`${prefix}hostname`]: 'a.example.org' }, { [`${prefix}target`]: '192.0.2.1' }]) {
      const { lines, pending } = await compute(configMap(annotations, 'office'), 'office/c');
      assert.deepEqual([lines, pending], [[], []]);
    }
  });
});

describe('parseResource', () => {
  const cases: readonly [text: string, group: string, version: string, plural: string][] = [
    ['configmaps.v1', '', 'v1', 'configmaps'],
    ['configmaps.v1.', '', 'v1', 'configmaps'],
    ['ingresses.v1.networking.k8s.io', 'networking.k8s.io', 'v1', 'ingresses'],
    ['things.2026-01-01.example.com', 'example.com', '2026-01-01', 'things'],
  ];
  for (const [text, group, version, plural] of cases)
    it(`reads ${text}`, () => {
      const found = parseResource(text);
      assert.deepEqual([found.group, found.versions, found.plural], [group, [version], plural]);
    });

  for (const text of ['', 'configmaps', 'deployments.apps', '.v1', 'configmaps..apps']) it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseResource(text), ConfigurationError));
});

describe('mergeWithinKinds', () => {
  const of = (kind: string, target: string) =>
    endpoint({ dnsName: 'a.example.org', recordType: 'A', targets: [target], refs: [{ apiVersion: 'v1', kind, namespace: 'n', name: target, uid: '', source: 'unstructured' }] });

  it('joins the targets of objects of one kind, and leaves those of others apart', () => {
    const merged = mergeWithinKinds([of('ConfigMap', '192.0.2.1'), of('Secret', '192.0.2.2'), of('ConfigMap', '192.0.2.3')]);
    assert.deepEqual(
      merged.map((e) => e.targets),
      [['192.0.2.1', '192.0.2.3'], ['192.0.2.2']],
    );
  });
});
