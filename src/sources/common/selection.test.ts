import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { createSelection } from './selection.ts';

const object = (annotations: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', uid: '', resourceVersion: '', generation: 0, creationTimestamp: '', labels, annotations },
});
const flags = { annotationFilter: '', labelFilter: '', annotationPrefix: 'external-dns.kubernetes.io/', enableLegacyAnnotationPrefix: true };
const key = 'external-dns.kubernetes.io/controller';
const oldKey = 'external-dns.alpha.kubernetes.io/controller';

describe('which objects are read', () => {
  it('those that pass both filters', () => {
    const selects = createSelection({ ...flags, annotationFilter: 'publish=yes', labelFilter: 'tier notin (back)' });
    assert.equal(selects(object({ publish: 'yes' })), true);
    assert.equal(selects(object({ publish: 'yes' }, { tier: 'back' })), false);
    assert.equal(selects(object({}, { publish: 'yes' })), false);
  });
  const controllers: readonly (readonly [annotations: Readonly<Record<string, string>>, selected: boolean])[] = [
    [{}, true],
    [{ [key]: 'dns-controller' }, true],
    [{ [key]: 'other' }, false],
    [{ [key]: '' }, false],
    [{ [oldKey]: 'other' }, false],
    [{ [key]: 'dns-controller', [oldKey]: 'other' }, true],
  ];
  for (const [annotations, selected] of controllers) it(`${JSON.stringify(annotations)}: ${selected}`, () => assert.equal(createSelection(flags)(object(annotations)), selected));

  it('reads the controller only under a prefix that is given', () => {
    const selects = createSelection({ ...flags, annotationPrefix: 'dns.example.net/', enableLegacyAnnotationPrefix: false });
    assert.equal(selects(object({ [key]: 'other' })), true);
    assert.equal(selects(object({ 'dns.example.net/controller': 'other' })), false);
  });
  it('takes the keys of the annotation filter as they are written', () => {
    const selects = createSelection({ ...flags, annotationFilter: `${key.replace('controller', 'team')}=a` });
    assert.equal(selects(object({ [key.replace('controller', 'team')]: 'a' })), true);
    assert.equal(selects(object({ [oldKey.replace('controller', 'team')]: 'a' })), false);
  });
  it('can leave the controller out of account', () => assert.equal(createSelection(flags, { controller: false })(object({ [key]: 'other' })), true));
  it('names the flag that cannot be read', () => {
    assert.throws(() => createSelection({ ...flags, annotationFilter: 'a in b' }), (e) => e instanceof ConfigurationError && e.message.startsWith('--annotation-filter: '));
    assert.throws(() => createSelection({ ...flags, labelFilter: 'a===' }), (e) => e instanceof ConfigurationError && e.message.startsWith('--label-filter: '));
  });
});
