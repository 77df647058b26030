import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { recordTypes } from '../endpoint/endpoint.ts';
import { empty } from './empty.ts';
import { fake } from './fake.ts';
import { endpointProblem } from './wrappers/validation.ts';

async function polls(names: readonly string[], times: number): Promise<readonly (readonly Endpoint[])[]> {
  const source = await fake.create({ templates: { hasNames: names.length > 0, names: () => names } } as never);
  const all: (readonly Endpoint[])[] = [];
  for (let i = 0; i < times; i++) all.push((await source.poll?.(new AbortController().signal)) ?? []);
  return all;
}

describe('fake', () => {
  it('makes one good endpoint of each type for each domain', async () => {
    const [endpoints = []] = await polls(['a.example.org', 'b.example.org'], 1);
    assert.deepEqual(endpoints.map((e) => e.recordType), [...recordTypes, ...recordTypes]);
    assert.deepEqual(endpoints.map(endpointProblem).filter(Boolean), []);
    assert.ok(endpoints.every((e) => e.recordType === 'PTR' || /\.?[ab]\.example\.org$/.test(e.dnsName)));
  });
  it('makes others at each sweep, and the same after each start', async () => {
    const [first, second] = await polls([], 2);
    assert.notDeepEqual(first, second);
    assert.deepEqual((await polls([], 1))[0], first);
  });
});

describe('empty', () => {
  it('gives nothing', async () => assert.deepEqual(await empty.create({} as never), { walks: [], reads: [] }));
});
