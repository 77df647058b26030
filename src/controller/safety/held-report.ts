import type { Logger } from '../../log/logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { type Brake, describeHeld, type HeldPlan } from '../../plan/brake.ts';
import type { Statuses } from '../status.ts';

/** Tells of what the brake holds: one warning for each plan that is held, the status of each name, the metric. */
export class HeldReport {
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  readonly #onHeld: ((held: HeldPlan) => void) | undefined;
  #told: { readonly checksum: string; readonly atMs: number } | undefined;

  constructor(parts: { readonly log: Logger; readonly metrics: Metrics; readonly now: () => number; readonly onHeld?: ((held: HeldPlan) => void) | undefined }) {
    this.#log = parts.log;
    this.#metrics = parts.metrics;
    this.#now = parts.now;
    this.#onHeld = parts.onHeld;
  }

  tell({ held, heldNames, bases }: Brake, statuses: Statuses, sweep: boolean): void {
    if (!held && !this.#told) return;
    // what was held is only not known at the moment
    if (!held && Object.keys(bases).length > 0) return;
    this.#metrics.reset('brake_held_records');
    if (!held) {
      this.#told = undefined;
      this.#log.info('no deletions are held any more');
      return;
    }
    const nowMs = this.#now();
    for (const { zone, deletions } of held.zones) this.#metrics.set('brake_held_records', deletions, { zone });
    for (const [name, zone] of heldNames) statuses.set(name, 'held-by-brake', `its deletion waits for an approval, since ${describeHeld(zone)} (checksum ${held.checksum})`, new Date(nowMs));
    // a plan that changes with every event is told again at the next sweep
    if (held.checksum === this.#told?.checksum || (this.#told && !sweep && nowMs - this.#told.atMs < tellAgainMs)) return;
    this.#told = { checksum: held.checksum, atMs: nowMs };
    this.#log.warning('deletions are held, everything else goes on; if they are meant, let them go with: external-dns approve CHECKSUM', {
      checksum: held.checksum,
      held: held.zones.map(describeHeld),
      first: held.records.slice(0, shownRecords),
    });
    this.#onHeld?.(held);
  }
}

/** For health, and for the end of a single run. */
export const heldReasons = (held: HeldPlan | undefined): readonly string[] => held?.zones.map((zone) => `deletions are held: ${describeHeld(zone)}; approve them with the checksum ${held.checksum} if they are meant`) ?? [];

const tellAgainMs = 10_000;
const shownRecords = 10;
