import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reasonToDistrust } from './desired.ts';

const untrusted = {
  sources: new Map([
    ['ingress', 'ingresses may not be read'],
    ['*', 'configmaps may not be read'],
  ]),
  objects: new Map([
    ['service/shop/web', 'the template fails'],
    ['*/office/printer', 'an object fails'],
    ['*//n1', 'a node fails'],
  ]),
  claimed: new Set(['ingress', 'service', '*']),
  unlabelled: 'something',
};

describe('reasonToDistrust', () => {
  const cases: readonly [about: string, resource: string, reason: string | undefined][] = [
    ['an object that fails', 'service/shop/web', 'the template fails'],
    ['another object of its source', 'service/shop/api', undefined],
    ['an object of a source that cannot be read', 'ingress/shop/web', 'ingresses may not be read'],
    ['an object with a label that no other source has, of a source that may have any', 'configmap/office/fax', 'configmaps may not be read'],
    ['such an object that fails', 'configmap/office/printer', 'an object fails'],
    ['such an object without a namespace', 'node//n1', 'a node fails'],
    ['an object of the same name with a label that another source has', 'service/office/printer', undefined],
  ];
  for (const [about, resource, reason] of cases) it(`gives the reason for ${about}`, () => assert.equal(reasonToDistrust(untrusted, resource), reason));

  it('gives no reason where all sources can be read', () => {
    assert.equal(reasonToDistrust({ ...untrusted, sources: new Map(), objects: new Map() }, 'configmap/office/printer'), undefined);
  });
});
