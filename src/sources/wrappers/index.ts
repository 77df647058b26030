import type { Config } from '../../config/config.ts';
import { type Logger, silentLogger } from '../../log/logger.ts';
import { deduplication } from './deduplication.ts';
import { defaultTargets } from './default-targets.ts';
import { finisher } from './finish.ts';
import { nat64 } from './nat64.ts';
import { ptrContributions, ptrEndpoint, withoutPTRRequest } from './ptr.ts';
import { targetNetFilter } from './target-net-filter.ts';
import type { Wrapper, Wrappers } from './types.ts';
import { validation } from './validation.ts';

export type { PTRContribution, Reports, Wrapper, Wrappers } from './types.ts';

/**
 * The wrappers that the flags ask for. `filter` chooses the names whose addresses may have reverse records.
 * Throws ConfigurationError.
 */
export function createWrappers(options: Config, filter: { matches(name: string): boolean }, log: Logger = silentLogger): Wrappers {
  // The order matters: each sees what those before it made.
  const steps: readonly Wrapper[] = [
    // first, so that all others see the targets that count
    defaultTargets(options.defaultTargets, options.forceDefaultTargets),
    // before anything is made of targets
    validation,
    // endpoints of equal content are one; after the default targets, which make many equal
    deduplication,
    // before the net filter, which may leave the IPv4 address and drop the IPv6 one
    nat64(options.nat64Networks),
    targetNetFilter(options.targetNetFilter, options.excludeTargetNet, log),
    // then reverse records (ptrContributions, ptrEndpoint), of the addresses that are left; then finish, for these too
  ].filter((step) => step !== undefined);

  return {
    perName: (endpoints, onInvalid, onDuplicate) => {
      const reports = { onInvalid, onDuplicate };
      return steps.reduce((given, step) => step(given, reports), endpoints);
    },
    makesPTR: options.managedRecordTypes.includes('PTR'),
    ptrContributions: (endpoints) => ptrContributions(endpoints, options.createPtr).filter((c) => filter.matches(c.target)),
    withoutPTRRequest,
    ptrEndpoint,
    finish: finisher(options),
  };
}
