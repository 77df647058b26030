import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BackOff } from './back-off.ts';
import { Schedule } from './schedule.ts';

describe('the schedule', () => {
  it('publishes the first change after a few milliseconds', () => assert.equal(new Schedule(5000).publishAt(1_000_000), 1_000_020));

  it('publishes single changes at once, a quarter of a second apart', () => {
    const schedule = new Schedule(5000);
    schedule.published(1_000_000);
    assert.equal(schedule.publishAt(1_000_010), 1_000_250);
    assert.equal(schedule.publishAt(1_000_400), 1_000_420);
  });

  it('gathers a steady stream, one publication for each interval', () => {
    const schedule = new Schedule(5000);
    let [now, published] = [1_000_000, 0];
    for (const end = now + 600_000; now < end; ) {
      now = schedule.publishAt(now);
      schedule.published(now);
      published++;
    }
    // the credit of 20, what it gains while it is used up, then one every 5 s
    assert.ok(published > 110 && published < 150, `${published} publications in ten minutes`);
  });

  it('regains its credit in quiet times', () => {
    const schedule = new Schedule(5000);
    let now = 1_000_000;
    for (let i = 0; i < 40; i++) schedule.published((now = schedule.publishAt(now)));
    assert.ok(schedule.publishAt(now + 10) - now >= 4000);
    assert.equal(schedule.publishAt(now + 200_000), now + 200_020);
  });

  it('keeps no distance where the interval is zero', () => {
    const schedule = new Schedule(0);
    schedule.published(1_000_000);
    assert.equal(schedule.publishAt(1_000_001), 1_000_021);
  });
});

describe('the back-off', () => {
  const middle = (): number => 0.5;

  it('doubles from one second to ten minutes', () => {
    const backOff = new BackOff<string>(middle);
    const waits = Array.from({ length: 12 }, () => backOff.failed('a', 0));
    assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000, 600_000, 600_000]);
  });

  it('waits at least as long as it was asked to', () => assert.equal(new BackOff<string>(middle).failed('a', 0, 30_000), 30_000));

  it('gives a key once when it is due, and again only after a further failure', () => {
    const backOff = new BackOff<string>(middle);
    backOff.failed('a', 0);
    assert.deepEqual([backOff.take(999), backOff.waits('a', 999), backOff.nextMs], [[], true, 1000]);
    assert.deepEqual([backOff.take(1000), backOff.take(1000), backOff.nextMs], [['a'], [], undefined]);
    assert.equal(backOff.failed('a', 1000), 3000);
    backOff.succeeded('a');
    assert.equal(backOff.failed('a', 5000), 6000);
  });
});
