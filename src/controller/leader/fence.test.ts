import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Registry } from '../../registries/registry.ts';
import { fenced } from './fence.ts';

/** A registry that keeps ownership by itself, and then writes. */
function world() {
  const state = { leads: true, ownership: 0, written: 0 };
  const registry: Registry = {
    name: 'test',
    ownerId: 'me',
    namesOf: () => [],
    label: () => [],
    async apply(groups, write, _current, signal) {
      state.ownership++;
      return write(groups, signal);
    },
  };
  const apply = (before: () => void = () => {}) =>
    fenced({ ...registry, apply: (groups, write, current, signal) => (before(), registry.apply(groups, write, current, signal)) }, () => state.leads).apply(
      [],
      async () => {
        state.written++;
        return [];
      },
      { of: () => [], zoneOf: () => undefined },
      new AbortController().signal,
    );
  return { state, apply };
}

describe('the fence', () => {
  it('lets the leader write', async () => {
    const { state, apply } = world();
    await apply();
    assert.deepEqual([state.ownership, state.written], [1, 1]);
  });
  it('stops all writes, of ownership too, once another may lead', async () => {
    const { state, apply } = world();
    state.leads = false;
    await assert.rejects(apply(), { name: 'SoftError' });
    assert.deepEqual([state.ownership, state.written], [0, 0]);
  });
  it('stops the records where the term ends while ownership is written', async () => {
    const { state, apply } = world();
    await assert.rejects(
      apply(() => void (state.leads = false)),
      { name: 'SoftError' },
    );
    assert.deepEqual([state.ownership, state.written], [1, 0]);
  });
});
