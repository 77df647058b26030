import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Backoff } from './backoff.ts';
import { RateLimiter } from './rate-limiter.ts';

const never = new AbortController().signal;

describe('rate limiter', () => {
  it('lets a burst through, then as many as a second allows', async () => {
    const limiter = new RateLimiter(100, 3);
    const started = performance.now();
    for (let i = 0; i < 3; i++) await limiter.take('list', never);
    assert.ok(performance.now() - started < 8, 'burst');
    for (let i = 0; i < 2; i++) await limiter.take('list', never);
    assert.ok(performance.now() - started >= 18, 'two more');
  });

  it('serves lists before watches, and watches before writes', async () => {
    const limiter = new RateLimiter(500, 1);
    await limiter.take('list', never);
    const served: string[] = [];
    await Promise.all((['write', 'watch', 'list', 'write', 'list'] as const).map(async (priority) => {
      await limiter.take(priority, never);
      served.push(priority);
    }));
    assert.deepEqual(served, ['list', 'list', 'watch', 'write', 'write']);
  });

  it('forgets who no longer waits', async () => {
    const limiter = new RateLimiter(100, 1);
    await limiter.take('list', never);
    const stop = new AbortController();
    const waiting = assert.rejects(limiter.take('list', stop.signal), { name: 'AbortError' });
    stop.abort();
    await waiting;
    const started = performance.now();
    await limiter.take('list', never);
    assert.ok(performance.now() - started < 19, 'the token was not spent');
  });
});

describe('back-off', () => {
  it('is short at first, grows to its limit, and begins anew after a good time', () => {
    let now = 0;
    const backoff = new Backoff({ firstBackoffMs: 800, longestBackoffMs: 30_000, goodTimeMs: 120_000 }, () => now);
    const within = (ms: number): boolean => {
      const next = backoff.nextMs();
      return next >= ms && next <= 2 * ms;
    };
    for (const ms of [50, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]) assert.ok(within(ms), String(ms));
    now = 120_001;
    assert.ok(within(50));
  });
});
