import type { Config } from '../../config/config.ts';
import type { ObjectRef } from '../../endpoint/endpoint.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log/logger.ts';
import type { HeldPlan } from '../../plan/brake.ts';
import type { RegistryOutcome } from '../../registries/registry.ts';
import type { Desired } from '../../sources/engine/desired.ts';
import type { Synchronizer } from '../synchronizer.ts';
import { eventReasons, type EventReason } from './event.ts';
import { EventRecorder } from './event-recorder.ts';
import { occurrenceOfHeld, ownPod } from './held-events.ts';
import { occurrencesOfOutcome, occurrencesOfStatus } from './tell-events.ts';

export interface Events {
  outcomes(outcomes: readonly RegistryOutcome[]): void;
  held(plan: HeldPlan): void;
  /** Resolves when all that was told is written or given up. */
  idle(): Promise<void>;
}

interface EventsSetup {
  readonly options: Pick<Config, 'eventsEmit' | 'dryRun' | 'server' | 'kubeconfig'>;
  readonly env: NodeJS.ProcessEnv;
  readonly writer: ClusterWriter;
  readonly synchronizer: Pick<Synchronizer, 'statuses' | 'current'>;
  readonly desired: Pick<Desired, 'endpoints' | 'objectOf'>;
  readonly ownerId: string | undefined;
  readonly log: Logger;
  readonly stop: AbortSignal;
}

/** Writes Events by --events-emit; undefined where it names no reason that is known, and in a dry run. */
export function openEvents({ options, env, writer, synchronizer, desired, ownerId, log, stop }: EventsSetup): Events | undefined {
  const reasons = new Set<EventReason>(eventReasons.filter((reason) => options.eventsEmit.includes(reason)));
  if (reasons.size === 0 || options.dryRun) return undefined;
  const recorder = new EventRecorder({ writer, reasons, log, stop, now: Date.now });
  const sources = { desired, current: (name: string) => synchronizer.current.labelled(name), ownerId };
  synchronizer.statuses.subscribe((name, status) => {
    if (status) for (const occurrence of occurrencesOfStatus(name, status, sources)) recorder.add(occurrence);
  });
  let pod: Promise<ObjectRef> | undefined;
  let telling: Promise<void> = Promise.resolve();
  return {
    held(plan) {
      if (!reasons.has('RecordError')) return;
      const found = (pod ??= ownPod(options, env, writer, stop));
      telling = telling.then(async () => recorder.add(occurrenceOfHeld(plan, await found)));
    },
    outcomes(outcomes) {
      for (const outcome of outcomes) for (const occurrence of occurrencesOfOutcome(outcome, sources)) recorder.add(occurrence);
    },
    async idle() {
      await telling;
      await recorder.idle();
    },
  };
}
