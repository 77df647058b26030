import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asRecord } from '../keep.ts';
import { parseManifests } from './parse.ts';

const namesOf = (text: string): string => parseManifests(text).objects.map(({ raw, line }) => `${String(raw['kind'])}/${String(asRecord(raw['metadata'])['name'])}@${line}`).join(' ');
const problems = (text: string): string[] => {
  const { errors, warnings } = parseManifests(text);
  return [...errors.map((p) => `error ${p.line}: ${p.message}`), ...warnings.map((p) => `warning ${p.line}: ${p.message}`)];
};
const service = (name: string): string => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;

describe('manifests', () => {
  it('may hold several documents, and empty ones', () => {
    assert.equal(namesOf(`# heading\n---\n---\n${service('a')}---\n# nothing\n--- # Source: b.yaml\n${service('b')}`), 'Service/a@4 Service/b@11');
    assert.deepEqual(problems('---\n# only this\n---\n'), []);
  });

  it('may begin with directives', () => assert.equal(namesOf(`%YAML 1.2\n---\n${service('a')}`), 'Service/a@3'));

  it('may hold lists, whose items need not say what they are', () => {
    assert.equal(namesOf(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }] })), 'Pod/p@1');
    const { objects } = parseManifests(JSON.stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'IngressList', items: [{ metadata: { name: 'i' } }] }));
    assert.deepEqual(objects[0]?.raw, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'i' } });
  });

  it('may be JSON, YAML in braces, or both', () => assert.equal(namesOf('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: b}}\n'), 'Pod/a@1 Pod/b@3'));

  it('may have anchors and merge keys', () => {
    const { objects } = parseManifests('apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: &l {x: "1"}}\nspec: {labels: {<<: *l, y: "2"}}\n');
    assert.deepEqual(asRecord(objects[0]?.raw['spec'])['labels'], { x: '1', y: '2' });
  });

  it('name the line of what is broken', () => {
    assert.match(problems(`${service('a')}---\n${service('b')}spec: [\n`).join(), /^error 1\d: /);
    assert.match(problems('a: 1\na: 2\n').join(), /^error 2: Map keys must be unique/);
    assert.match(problems('{"a": 1,\n "b" 2}').join(), /^error \d: /);
  });

  it('name what is no object', () => {
    assert.deepEqual(problems(`${service('a')}---\nreplicas: 3\n---\njust text\n---\napiVersion: v1\nkind: Pod\n`), [
      'warning 6: this is no Kubernetes object (apiVersion and kind are missing)',
      'warning 8: this is no Kubernetes object (apiVersion and kind are missing)',
      'warning 10: Pod without a name (metadata.name)',
    ]);
  });

  it('take numbers in labels and annotations as texts, and say so', () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {ttl: 60, b: c}}\n';
    assert.deepEqual(parseManifests(text).objects[0]?.raw['metadata'], { name: 'a', annotations: { ttl: '60', b: 'c' } });
    assert.deepEqual(problems(text), ['warning 1: annotations of Pod a must be texts; put quotes around the value of ttl']);
  });

  it('cannot blow up', () => {
    const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join()}]`).join('\n')}\n`;
    assert.match(problems(bomb).join(), /^error 1: Excessive alias count/);
    for (const open of ['[', '{a: ', '- ', '? ', '? - ']) assert.deepEqual(problems(open.repeat(20_000)), ['error 1: nested more than 200 levels deep'], open);
    const steps = Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
    assert.deepEqual(problems(steps), ['error 1: nested more than 200 levels deep']);
    assert.match(problems(`${'['.repeat(190)}${']'.repeat(190)}`).join(), /^warning 1: this is no Kubernetes object/);
  });

  it('are parsed again only where they have changed', () => {
    const first = parseManifests(`${service('a')}---\n${service('b')}`);
    const second = parseManifests(`${service('a')}---\n${service('c')}`, first.documents);
    assert.equal(second.objects[0]?.raw, first.objects[0]?.raw);
    assert.equal(second.documents.size, 2);
  });

  it('that are any text at all give objects or problems', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: fc.constantFrom('-', '\n', ' ', ':', 'a', '{', '[', '"', '*', '&', '|', '%') })), (text) => {
        const { objects, errors, warnings } = parseManifests(text);
        for (const { raw } of objects) assert.equal(typeof raw['kind'], 'string');
        for (const { line } of [...errors, ...warnings]) assert.ok(line >= 1 && line <= text.split('\n').length + 1);
      }),
      { numRuns: 200 },
    ));
});
