// Nobody sees how long a change takes, least of all while the provider is away. Ours measures it from when the change was seen, through all that fails in between.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noMetrics } from '../../src/metrics/metrics.ts';
import { service, startWorld } from '../support/pains.ts';
import { running } from '../support/running.ts';

/** Metrics that note the times of publications. */
function clocked() {
  const seconds: number[] = [];
  return { seconds, metrics: { ...noMetrics, observe: (name: string, value: number) => void (name === 'publication_duration_seconds' && seconds.push(value)) } };
}

describe('the time from a change to its publication', () => {
  it('is measured for each publication, but not for what stands there at the start', async () => {
    const world = await startWorld();
    const { seconds, metrics } = clocked();
    world.cluster.put(service('web', ['192.0.2.1']));
    await running(
      world,
      async ({ controller, pass }) => {
        controller.changed();
        await pass(5);
        assert.deepEqual([world.records().length, seconds], [1, []]);
        world.cluster.put(service('api', ['192.0.2.2']));
        controller.changed();
        await pass(5);
        assert.equal(world.records().length, 2);
        assert.equal(seconds.length, 1);
        assert.ok((seconds[0] ?? 9) < 1, String(seconds));
      },
      60_000,
      metrics,
    );
  });

  it('counts from when the change was seen, though the provider is away; meanwhile its age can be seen', async () => {
    const world = await startWorld();
    const { seconds, metrics } = clocked();
    await running(
      world,
      async ({ controller, pass }) => {
        await pass(2);
        world.provider.readFault = true;
        world.cluster.put(service('web', ['192.0.2.1']));
        controller.changed();
        const seenMs = world.clock.nowMs;
        await pass(40);
        assert.equal(world.records().length, 0);
        const sinceMs = controller.unpublishedSinceMs ?? 0;
        assert.ok(sinceMs >= seenMs && sinceMs <= seenMs + 1000, String(sinceMs - seenMs));
        world.provider.readFault = false;
        await pass(60);
        assert.equal(world.records().length, 1);
        assert.equal(controller.unpublishedSinceMs, undefined);
        assert.equal(seconds.length, 1);
        assert.ok((seconds[0] ?? 0) >= 39, String(seconds));
      },
      60_000,
      metrics,
    );
  });
});
