import type { Config } from '../../config/config.ts';
import type { BrakeSettings } from '../../plan/brake.ts';
import { type OwnershipSettings, ownershipSettingsOf } from './ownership-drift.ts';

/** What keeps mistakes small. */
export interface Safety {
  readonly brake: BrakeSettings;
  /** A held plan that is let go from the start (--approve); '' for none. */
  readonly approvedChecksum: string;
  /** How long objects without targets keep their records; 0 for a single run. */
  readonly staleGraceMs: number;
  /** To recognise records that were ours under other settings. */
  readonly ownership: OwnershipSettings;
}

/** By the flags. */
export const safetyOf = (options: Config): Safety => ({
  brake: { maxDeletePercent: options.maxDeletePercent, maxDeleteMin: options.maxDeleteMin },
  approvedChecksum: options.approve,
  staleGraceMs: options.once ? 0 : options.staleGraceMs,
  ownership: ownershipSettingsOf(options),
});
