import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Statuses } from './status.ts';

const [one, two] = [new Date(1000), new Date(2000)];

describe('the status of a name', () => {
  it('is told once', () => {
    const statuses = new Statuses();
    assert.equal(statuses.set('a', 'failed', 'refused', one), true);
    assert.equal(statuses.set('a', 'failed', 'refused', two), false);
  });
  it('keeps since when it is so, whatever the reason', () => {
    const statuses = new Statuses();
    statuses.set('a', 'failed', 'refused', one);
    assert.equal(statuses.set('a', 'failed', 'timed out', two), true);
    assert.deepEqual(statuses.get('a'), { state: 'failed', reason: 'timed out', since: one });
  });
  it('begins anew with another state, and after it was in order', () => {
    const statuses = new Statuses();
    statuses.set('a', 'failed', 'refused', one);
    statuses.set('a', 'frozen', 'not read', two);
    assert.equal(statuses.get('a')?.since, two);
    assert.equal(statuses.clear('a'), true);
    assert.equal(statuses.clear('a'), false);
  });
});
