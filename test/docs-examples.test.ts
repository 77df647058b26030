import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { type RawObject, resourceName } from '../src/kubernetes/object.ts';
import { loadSources } from '../src/sources/index.ts';
import { probe } from './support/source-probe.ts';

const pages = [
  'contour-httpproxy',
  'crd',
  'gateway-grpcroute',
  'gateway-httproute',
  'gateway-tcproute',
  'gateway-tlsroute',
  'gateway-udproute',
  'ingress',
  'istio-gateway',
  'istio-virtualservice',
  'node',
  'openshift-route',
  'pod',
  'service',
];

describe('the example on the page of a source', () => {
  for (const page of pages)
    it(`gives the record that ${page} promises`, async () => {
      const example = readFileSync(`docs/sources/${page}.md`, 'utf8').split('## Example')[1] ?? '';
      const objects: readonly RawObject[] = parseAllDocuments(/```yaml\n(.*?)```/s.exec(example)?.[1] ?? '').map((document) => document.toJS());
      const promised = /With `--source=(\S+)`:\n\n {4}(.*)\n/.exec(example);
      assert.equal(promised?.[1], page);
      const [definition] = await loadSources([page]);
      assert.ok(definition);
      const [walked] = definition.resources;
      const object = objects.find((o) => walked && o['kind'] === walked.kind && String(o['apiVersion']).startsWith(walked.group && `${walked.group}/`));
      assert.ok(object, `the example has no ${walked && resourceName(walked)}`);
      const { name, namespace = '' } = object['metadata'] as Record<string, unknown>;
      const { lines } = await probe(definition, [], objects, `${String(namespace)}/${String(name)}`);
      assert.deepEqual(lines, [promised?.[2]?.replaceAll(/\s+/g, ' ')]);
    });
});
