import type { Config } from '../../config/config.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log/logger.ts';
import { openState, RunMemory, runFacts } from './state.ts';
import type { Synchronizer, SyncResult } from '../synchronizer.ts';

export interface FirstRun {
  /** To be called after each synchronisation. */
  synchronized(result: SyncResult): void;
  /** Resolves when nothing is being written. */
  idle(): Promise<void>;
}

/**
 * Goes on with what the last run held (as --state remembers). In the first run after the version or the flags have changed, the brake holds many
 * deletions whatever their share, until everything that is wanted has been seen and nothing is held. undefined: --state is not given.
 */
export async function firstRun(parts: { readonly options: Config; readonly writer: ClusterWriter; readonly synchronizer: Synchronizer; readonly log: Logger }, stop: AbortSignal): Promise<FirstRun | undefined> {
  const { options, synchronizer, log } = parts;
  const store = openState(options.state, parts.writer);
  if (!store) return undefined;
  const memory = new RunMemory(store, runFacts(options), log);
  const { changed, held } = await memory.recall(stop);
  synchronizer.brake.resume(held);
  if (changed.length > 0) {
    synchronizer.brake.strict = true;
    log.info('first run after a change of settings: deletions are held until they are approved, if they are many', { changed, from: options.maxDeleteMin });
  }
  return {
    synchronized(result) {
      if (options.dryRun || result.error) return;
      if (result.held) return memory.holds(synchronizer.brake.bases, stop);
      // what a source that cannot be read wants is not known yet
      if (result.unreadableZones.length > 0 || !synchronizer.knowsAllWishes) return;
      synchronizer.brake.strict = false;
      memory.settled(stop);
    },
    idle: () => memory.idle(),
  };
}
