import type { Config } from '../../config/config.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log/logger.ts';
import type { RegistryOutcome } from '../../registries/registry.ts';
import type { Desired } from '../../sources/engine/desired.ts';
import type { Synchronizer } from '../synchronizer.ts';
import { eventReasons, type EventReason } from './event.ts';
import { EventRecorder } from './event-recorder.ts';
import { occurrencesOfOutcome, occurrencesOfStatus } from './tell-events.ts';

export interface Events {
  outcomes(outcomes: readonly RegistryOutcome[]): void;
  idle(): Promise<void>;
}

interface EventsSetup {
  readonly options: Pick<Config, 'eventsEmit' | 'dryRun'>;
  readonly writer: ClusterWriter;
  readonly synchronizer: Pick<Synchronizer, 'statuses' | 'current'>;
  readonly desired: Pick<Desired, 'endpoints' | 'objectOf'>;
  readonly ownerId: string | undefined;
  readonly log: Logger;
  readonly stop: AbortSignal;
}

/** Writes Events by --events-emit; undefined where it names no reason that is known, and in a dry run. */
export function openEvents({ options, writer, synchronizer, desired, ownerId, log, stop }: EventsSetup): Events | undefined {
  const reasons = new Set<EventReason>(eventReasons.filter((reason) => options.eventsEmit.includes(reason)));
  if (reasons.size === 0 || options.dryRun) return undefined;
  const recorder = new EventRecorder({ writer, reasons, log, stop, now: Date.now });
  const sources = { desired, current: (name: string) => synchronizer.current.labelled(name), ownerId };
  synchronizer.statuses.subscribe((name, status) => {
    if (status) for (const occurrence of occurrencesOfStatus(name, status, sources)) recorder.add(occurrence);
  });
  return {
    outcomes(outcomes) {
      for (const outcome of outcomes) for (const occurrence of occurrencesOfOutcome(outcome, sources)) recorder.add(occurrence);
    },
    idle: () => recorder.idle(),
  };
}
