import type { ChangeGroup } from '../endpoint/change.ts';
import { ConfigurationError, messageOf, SoftError } from '../errors.ts';
import type { Logger } from '../log/logger.ts';
import type { RegistryOutcome } from '../registries/registry.ts';
import { BackOff } from './back-off.ts';
import { FailureReport } from './report.ts';
import type { Retry, Statuses } from './status.ts';

type Failed = RegistryOutcome & { readonly result: 'failed' };

/** Changes that failed: when they are tried again, and which of them are themselves to blame. */
export class Failures {
  readonly #statuses: Statuses;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #backOff = new BackOff<string>();
  /** Groups that wait because the provider was in trouble. */
  readonly #troubled = new Set<string>();
  /** Groups that failed, to see whether something else is wanted since. */
  readonly #refused = new Map<string, string>();

  constructor(statuses: Statuses, parts: { readonly log: Logger; readonly now: () => number }) {
    this.#statuses = statuses;
    this.#log = parts.log;
    this.#now = parts.now;
  }

  /** When the next change is to be tried again. */
  get nextMs(): number | undefined {
    return this.#backOff.nextMs;
  }

  /** Names with a change whose time has come. */
  due(): readonly string[] {
    return this.#backOff.take(this.#now()).map(nameOfKey);
  }

  /** The provider answers: names with a change that failed for its trouble, and not for what it was, need not wait for their time. */
  releaseTroubled(): readonly string[] {
    const keys = [...this.#troubled];
    for (const key of keys) this.#backOff.release(key);
    this.#troubled.clear();
    return keys.map(nameOfKey);
  }

  /** Whether a change failed, is still the same, and waits for its time. */
  holdsUp(group: ChangeGroup): boolean {
    const key = keyOf(group);
    return this.#backOff.waits(key, this.#now()) && this.#refused.get(key) === fingerprintOf(group);
  }

  /** Nothing is to be done for a name and set identifier any more, or it was done. */
  settled(row: Pick<ChangeGroup, 'name' | 'setIdentifier'>): void {
    const key = keyOf(row);
    this.#backOff.succeeded(key);
    this.#refused.delete(key);
    this.#troubled.delete(key);
  }

  /** Notes what failed in one synchronisation, and tells of what is new. `stop`: aborted where changes failed since the process ends. */
  note(outcomes: readonly Failed[], stop: AbortSignal): void {
    const report = new FailureReport();
    // what failed together is tried again together
    const jitter = this.#backOff.jitter();
    for (const outcome of outcomes) {
      const { group, error } = outcome;
      const [key, fingerprint] = [keyOf(group), fingerprintOf(group)];
      const isSame = this.#refused.get(key) === fingerprint;
      // another wish begins with a short wait
      if (!isSame) this.#backOff.succeeded(key);
      const atMs = this.#backOff.failed(key, this.#now(), error instanceof SoftError ? error.retryAfterMs : undefined, jitter);
      this.#refused.set(key, fingerprint);
      if (error instanceof SoftError) this.#troubled.add(key);
      if (this.#tell(outcome, isSame, { setIdentifier: group.setIdentifier, tries: this.#backOff.failures(key), at: new Date(atMs) }, stop)) report.add(outcome, atMs - this.#now());
    }
    report.tell(this.#log);
  }

  /** A change that is itself to blame is quarantined, until it succeeds or something else is wanted; true if that is news. */
  #tell({ group, error, state, alone }: Failed, isSame: boolean, retry: Retry, stop: AbortSignal): boolean {
    const now = new Date(this.#now());
    const known = this.#statuses.get(group.name);
    const wasApart = isSame && known?.state === 'quarantined' && known.retry?.setIdentifier === group.setIdentifier;
    const isApart = alone === true || (state === 'unchanged' && !stop.aborted && !(error instanceof SoftError || error instanceof ConfigurationError));
    // the words of the refusal say more than those of an outage since
    if (wasApart && !isApart) return this.#statuses.set(group.name, 'quarantined', known.reason, now, { retry });
    return this.#statuses.set(group.name, isApart ? 'quarantined' : 'failed', messageOf(error), now, { retry });
  }
}

const keyOf = ({ name, setIdentifier }: Pick<ChangeGroup, 'name' | 'setIdentifier'>): string => `${name}|${setIdentifier}`;
const nameOfKey = (key: string): string => key.slice(0, key.indexOf('|'));

/** Tells whether the same is wanted as when it failed. */
const fingerprintOf = (group: ChangeGroup): string => JSON.stringify(group.changes.map((c) => [c.action, c.after?.recordType, c.after?.targets, c.after?.ttlSeconds, c.after?.providerSpecific]));
