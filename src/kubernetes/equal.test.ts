import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differInAnnotation, sameObject } from './equal.ts';
import type { KubeObject } from './object.ts';
import { Service } from './resources/core.ts';
import { withoutNoise } from './keep.ts';

const key = 'external-dns.kubernetes.io/published';
let version = 0;
function object(annotations: Record<string, string> | undefined, ip = '192.0.2.1', whole = false): KubeObject {
  const raw = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion: String(++version), ...(annotations && { annotations }) }, spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip }] } } };
  return { ...Service.keep(raw), ...(whole && { raw: withoutNoise(raw) }) };
}

describe('differInAnnotation', () => {
  for (const whole of [false, true])
    for (const [what, a, b, expected] of [
      ['one that comes', object(undefined, '192.0.2.1', whole), object({ [key]: 'x' }, '192.0.2.1', whole), true],
      ['one that goes, beside others', object({ other: '1', [key]: 'x' }, '192.0.2.1', whole), object({ other: '1' }, '192.0.2.1', whole), true],
      ['one that changes', object({ [key]: 'x' }, '192.0.2.1', whole), object({ [key]: 'y' }, '192.0.2.1', whole), true],
      ['another annotation as well', object({ other: '1' }, '192.0.2.1', whole), object({ other: '2', [key]: 'x' }, '192.0.2.1', whole), false],
      ['a status as well', object({}, '192.0.2.1', whole), object({ [key]: 'x' }, '192.0.2.2', whole), false],
      ['nothing', object({ [key]: 'x' }, '192.0.2.1', whole), object({ [key]: 'x' }, '192.0.2.1', whole), false],
    ] as const)
      it(`${what} ${expected ? 'is' : 'is not'} just that${whole ? ', in whole objects' : ''}`, () => assert.equal(differInAnnotation(a, b, key), expected));
});

describe('sameObject', () => {
  const metadata = { name: 'web', namespace: 'default', labels: {}, annotations: {}, resourceVersion: '1', generation: 1 };
  const object = (version: string | undefined, labels: Record<string, string> = {}): KubeObject =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, labels, resourceVersion: version ?? '' }, raw: { metadata: { name: 'web', labels, ...(version !== undefined && { resourceVersion: version }) } } }) as unknown as KubeObject;
  const cases: readonly [about: string, a: KubeObject, b: KubeObject, same: boolean][] = [
    ['another version', object('1'), object('2'), true],
    ['a version where there was none', object(undefined), object('2'), true],
    ['another label', object('1'), object('2', { a: 'b' }), false],
    ['another label where there was no version', object(undefined), object('2', { a: 'b' }), false],
  ];
  for (const [about, a, b, same] of cases) it(`takes ${about} for ${same ? 'no change' : 'a change'}`, () => assert.deepEqual([sameObject(a, b), sameObject(b, a)], [same, same]));
});
