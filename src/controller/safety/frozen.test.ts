import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Endpoint, endpoint } from '../../endpoint/endpoint.ts';
import type { Untrusted } from '../../sources/engine/desired.ts';
import { reasonToFreeze, type Unknowns } from './frozen.ts';

const record = (resource?: string, recordType = 'A'): Endpoint => endpoint({ dnsName: 'web.example.org', recordType, targets: ['192.0.2.1'], labels: resource === undefined ? {} : { resource } });
const sources: Untrusted = { sources: new Map([['ingress', 'it may not be listed']]), objects: new Map([['service/shop/bad', 'the template fails']]), claimed: new Set(['ingress', 'service']), unlabelled: 'source ingress cannot be read' };
const zones = [{ zone: 'example.org', error: new Error('timed out') }];
const all = (known: Partial<Unknowns>): Unknowns => ({ zones: [], sources: undefined, zoneOf: () => undefined, ...known });

describe('reasonToFreeze', () => {
  const cases: readonly [about: string, wanted: readonly Endpoint[], current: readonly Endpoint[], unknowns: Unknowns, reason: string | undefined][] = [
    ['nothing where all is known', [], [record('ingress/shop/web')], all({}), undefined],
    ['a record of a source that cannot be read', [], [record('ingress/shop/web')], all({ sources }), 'ingress/shop/web cannot be read or computed: it may not be listed'],
    ['a record of an object that cannot be computed', [], [record('service/shop/bad')], all({ sources }), 'service/shop/bad cannot be read or computed: the template fails'],
    ['no record of another object', [], [record('service/shop/web')], all({ sources }), undefined],
    ['no name without records', [record()], [], all({ sources }), undefined],
    ['a record of nobody knows whom that nobody wants', [], [record()], all({ sources }), 'source ingress cannot be read'],
    ['no such record that is wanted', [record()], [record()], all({ sources }), undefined],
    ['a record in a zone that cannot be read', [record()], [], all({ zones }), 'zone example.org cannot be read: timed out'],
    ['no record in a zone below it', [record()], [], all({ zones, zoneOf: () => 'web.example.org' }), undefined],
  ];
  for (const [about, wanted, current, unknowns, reason] of cases) it(`freezes ${about}`, () => assert.equal(reasonToFreeze('web.example.org', wanted, current, unknowns), reason));
});
