import { mock } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Controller } from '../../src/controller/controller.ts';
import { StatusWriter } from '../../src/controller/status-writer.ts';
import { type Metrics, noMetrics } from '../../src/metrics/metrics.ts';
import type { World } from './pains.ts';

/** The controller of a world, with a clock that only the test moves. */
export interface Running {
  readonly controller: Controller;
  /** Lets time pass, and everything happen that is due in it. */
  pass(seconds: number): Promise<void>;
}

/** Runs the controller of a world while `test` does; it must not have ended by itself then. */
export async function running(world: World, test: (running: Running) => Promise<void>, intervalMs = 60_000, metrics: Metrics = noMetrics): Promise<void> {
  const stop = new AbortController();
  mock.timers.enable({ apis: ['setTimeout'] });
  const statusWriter = new StatusWriter(world.cluster.writer, noLog, stop.signal);
  const controller = new Controller({ synchronizer: world.synchronizer, desired: world.desired, statusWriter, intervalMs, minEventSyncIntervalMs: 5_000, log: noLog, metrics, now: () => world.clock.nowMs });
  // as the lists of a real start do
  controller.changed();
  let ended: unknown = 'runs';
  const run = controller.run(stop.signal).then(
    () => (ended = 'ended'),
    (error: unknown) => (ended = error),
  );
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await turn();
  };
  try {
    await settle();
    await test({
      controller,
      async pass(seconds) {
        for (let ms = 0; ms < seconds * 1000; ms += stepMs) {
          world.clock.nowMs += stepMs;
          mock.timers.tick(stepMs);
          await settle();
        }
      },
    });
    if (ended !== 'runs') throw new Error('the controller has ended by itself', { cause: ended });
  } finally {
    stop.abort();
    mock.timers.reset();
    // a call that a test lets hang keeps it
    await Promise.race([run, settle()]);
  }
}

const stepMs = 100;
const noLog = { level: 'error', debug() {}, info() {}, warning() {}, error() {}, isEnabled: () => false } as const;
