import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { RequestError } from '../../http/client/index.ts';
import { withDefaultTTL } from './adjust.ts';
import { attempt, type AttemptOptions, judge } from './attempts.ts';
import { packBatches } from './batches.ts';
import { inSafeOrder, singleChanges } from './record-sets.ts';
import { type Sent, Sender } from './sender.ts';
import type { BatchLimits, Shortfall, Zone, ZoneProvider } from './zone-provider.ts';

export interface ZoneWriterOptions {
  /** Sizes of a batch, by flags and by the provider. */
  readonly batch: BatchLimits;
  readonly attempts: Omit<AttemptOptions, 'idempotent'>;
  /** Asked before each call. */
  readonly mayWrite?: (() => boolean) | undefined;
  /** Waited for between two batches. */
  readonly pause: (signal: AbortSignal) => Promise<void>;
  /** Around each call of the provider: rate limit and metrics. */
  readonly call: <T>(what: 'apply', work: () => Promise<T>, stop: AbortSignal) => Promise<T>;
  readonly onOversized: (name: string) => void;
}

/** Writes the changes of one zone, by the granularity of its provider. Kept as long as the zone is there: it remembers what was in trouble. */
export class ZoneChanges<Z extends Zone> {
  /** As last listed. */
  zone: Z;
  readonly #provider: ZoneProvider<Z>;
  readonly #options: ZoneWriterOptions;
  readonly #sender: Sender;

  constructor(zone: Z, provider: ZoneProvider<Z>, options: ZoneWriterOptions) {
    this.zone = zone;
    this.#provider = provider;
    this.#options = options;
    const inBatches = provider.granularity === 'zone';
    const singly = provider.granularity === 'zone' ? provider.applySingly?.bind(provider) : undefined;
    this.#sender = new Sender({
      ...(singly && { sendSingly: (group, stop) => this.#sendGroup(group, singly, stop) }),
      send: (groups, stop) => (inBatches ? this.#sendBatch(groups, stop) : this.#sendSingly(groups, stop)),
      pack: (groups) => (inBatches ? packBatches(groups, options.batch, options.onOversized) : groups.map((g) => [g])),
      mayWrite: options.mayWrite,
      ...(inBatches && { pause: options.pause }),
      ...(provider.granularity === 'zone' && provider.namesAtOnce && { namesAtOnce: true }),
    });
  }

  /** Gives an outcome for every group, in their order. */
  apply(groups: readonly ChangeGroup[], stop: AbortSignal): Promise<readonly Outcome[]> {
    return this.#sender.send(groups, stop);
  }

  async #sendBatch(groups: readonly ChangeGroup[], stop: AbortSignal): Promise<Sent> {
    const provider = this.#provider;
    if (provider.granularity !== 'zone') throw new Error(`${provider.name} has no batches`);
    const owners = new Map(groups.flatMap((group) => group.changes.map((c) => [withDefaultTTL(c, provider.limits ?? {}), group] as const)));
    try {
      const missing = await this.#attempt(() => provider.apply(this.zone, [...owners.keys()], never), provider.idempotent ?? false, stop);
      return applied(missing, (change) => owners.get(change));
    } catch (error) {
      return judge(error, provider.atomic === false);
    }
  }

  async #sendGroup(group: ChangeGroup, apply: Apply<Z>, stop: AbortSignal): Promise<Sent> {
    const changes = inSafeOrder(group).map((c) => withDefaultTTL(c, this.#provider.limits ?? {}));
    try {
      const missing = await this.#attempt(() => apply(this.zone, changes, never), false, stop);
      return applied(missing, () => group);
    } catch (error) {
      return judge(error, true);
    }
  }

  /** One call for each change, or for each value. What is begun for a group is ended, also when the program is to end. */
  async #sendSingly(groups: readonly ChangeGroup[], stop: AbortSignal): Promise<Sent> {
    const provider = this.#provider;
    if (provider.granularity === 'zone') throw new Error(`${provider.name} has no single calls`);
    let begun = false;
    try {
      for (const change of groups.flatMap(inSafeOrder).flatMap((c) => this.#calls(withDefaultTTL(c, provider.limits ?? {})))) {
        await this.#attempt(() => provider.apply(this.zone, change, never), provider.idempotent ?? false, stop);
        begun = true;
      }
      return { result: 'applied' };
    } catch (error) {
      return judge(error, begun);
    }
  }

  #calls(change: Change): readonly Change[] {
    return this.#provider.granularity === 'record' ? singleChanges(change) : [change];
  }

  #attempt<T>(work: () => Promise<T>, idempotent: boolean, stop: AbortSignal): Promise<T> {
    const call = (): Promise<T> => {
      // in the middle of a group, or after a wait
      if (this.#options.mayWrite?.() === false) throw new RequestError('nothing more is written: another process may lead by now', 'other', { mayHaveArrived: false });
      return work();
    };
    return attempt(() => this.#options.call('apply', call, stop), { ...this.#options.attempts, idempotent }, stop);
  }
}

type Apply<Z extends Zone> = (zone: Z, changes: readonly Change[], signal: AbortSignal) => Promise<readonly Shortfall[] | void>;

function applied(missing: readonly Shortfall[] | void, groupOf: (change: Change) => ChangeGroup | undefined): Sent {
  const short = new Map<ChangeGroup, Error>();
  for (const { change, error } of missing ?? []) {
    const group = groupOf(change);
    if (group && !short.has(group)) short.set(group, error);
  }
  return { result: 'applied', ...(short.size > 0 && { short }) };
}

/** A call under way is not broken off: nobody would know what came of it. It ends by its own time-out. */
const never = new AbortController().signal;
