import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, ownerLabel, withLabels, withProperty } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { messageOf, SoftError } from '../../errors.ts';
import type { Cluster, ObjectChange, ResourceView } from '../../kubernetes/cluster.ts';
import type { Logger } from '../../log/logger.ts';
import type { CurrentRecords, Registry, RegistryOutcome, Write } from '../registry.ts';
import { byDNSName, DNSRecord, type DNSRecordObject, recordObjectName } from './dns-record.ts';
import { DNSRecordWriter, type Stage } from './dns-record-writer.ts';

export interface CRDRegistrySettings {
  readonly ownerId: string;
  /** The owner whose records become ours; '' for none. */
  readonly oldOwnerId: string;
  /** Where the DNSRecords are. */
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * Keeps records and their owners as DNSRecord objects. What stands in them is taken for what the provider holds: its own answer is not looked at.
 * A record that another owner has an object for is that owner's, whatever its state: first come, first kept.
 */
export class CRDRegistry implements Registry {
  readonly name = 'crd';
  readonly ownerId: string;
  readonly #settings: CRDRegistrySettings;
  readonly #view: ResourceView<DNSRecordObject>;
  readonly #writer: DNSRecordWriter;
  /** What was written by us, until the view shows it; undefined: deleted. */
  readonly #written = new Map<string, { readonly record: Endpoint | undefined; readonly name: string; readonly atMs: number }>();
  /** Records of ours whose object somebody deleted: we still know that we made them. They are written again, or deleted if nothing wants them. */
  readonly #lost = new Map<string, Endpoint>();
  #changed = new Set<string>();
  #read = false;

  constructor(settings: CRDRegistrySettings) {
    this.ownerId = settings.ownerId;
    this.#settings = settings;
    this.#writer = new DNSRecordWriter(settings.cluster.writer, settings);
    this.#view = settings.cluster.watch(DNSRecord, { namespace: settings.namespace, neededBy: '--registry=crd' });
    this.#view.subscribe((changes) => {
      for (const { before, after } of changes) for (const object of [before, after]) if (object) this.#changed.add(normalizeName(object.spec.endpoint.dnsName));
      for (const change of changes) this.#follow(change);
    });
  }

  namesOf(record: Endpoint): readonly string[] {
    return [normalizeName(record.dnsName)];
  }

  label(name: string): readonly Endpoint[] {
    this.#forgetOld();
    const records: Endpoint[] = [];
    for (const object of this.#view.lookup(byDNSName, name)) {
      if (this.#written.has(object.metadata.name)) continue;
      const record = object.spec.endpoint;
      // of ours, only what the provider has taken is there; the rest is made again
      if (object.status.programmed || record.labels[ownerLabel] !== this.ownerId) records.push(record);
    }
    for (const written of this.#written.values()) if (written.name === name && written.record) records.push(written.record);
    for (const lost of this.#lost.values()) if (normalizeName(lost.dnsName) === name) records.push(withProperty(lost, forceUpdateProperty, 'true'));
    return records;
  }

  recordNames(name: string): readonly string[] {
    return [name];
  }

  async refresh(): Promise<ReadonlySet<string>> {
    const { state } = this.#view;
    const { namespace } = this.#settings;
    if (state.kind === 'failed' && !state.everSynced) throw new SoftError(`DNSRecords of namespace ${namespace} cannot be read: ${state.message}`);
    if (state.kind === 'syncing') throw new SoftError(`DNSRecords of namespace ${namespace} have not been read yet`);
    const changed = this.#changed;
    this.#changed = new Set();
    if (this.#read) return changed;
    this.#read = true;
    return new Set([...this.#view.list()].map((object) => normalizeName(object.spec.endpoint.dnsName)));
  }

  /** The objects are written first, as accepted; once the provider has answered, they say what came of it, and those of deleted records go. */
  async apply(groups: readonly ChangeGroup[], write: Write, _current: CurrentRecords, signal: AbortSignal): Promise<readonly RegistryOutcome[]> {
    const outcomes = new Map<ChangeGroup, RegistryOutcome>();
    await inParallel(groups, async (group) => {
      const problem = await this.#accept(group, signal);
      if (problem) outcomes.set(group, problem);
    });
    const accepted = groups.filter((group) => !outcomes.has(group));
    const results = new Map((accepted.length ? await write(accepted, signal) : []).map((o) => [keyOf(o.group), o]));
    await inParallel(accepted, async (group) => {
      const outcome = results.get(keyOf(group)) ?? notAnswered(group);
      // what the provider has done is told even when the process is about to end
      await this.#settle(group, outcome, AbortSignal.timeout(settleTimeoutMs));
      outcomes.set(group, { ...outcome, group, written: group });
    });
    return groups.map((group) => outcomes.get(group) ?? notAnswered(group));
  }

  /** Writes the objects of records that come and change. Gives the outcome where that is not possible. */
  async #accept(group: ChangeGroup, signal: AbortSignal): Promise<RegistryOutcome | undefined> {
    try {
      for (const change of group.changes) {
        if (!change.after) continue;
        const owner = await this.#writer.put(change.after, signal);
        if (owner !== undefined) return { group, result: 'skipped', reason: `type ${change.after.recordType} is held by owner "${owner}", as DNSRecord ${this.#title(change.after)} says` };
      }
      return undefined;
    } catch (error) {
      return { group, result: 'failed', state: 'unchanged', error: new SoftError(`DNSRecords of ${group.name} cannot be written: ${messageOf(error)}`, { cause: error }) };
    }
  }

  async #settle(group: ChangeGroup, outcome: Outcome, signal: AbortSignal): Promise<void> {
    const stage: Stage = outcome.result === 'applied' ? 'Programmed' : 'Failed';
    const message =
      outcome.result === 'applied' ? 'the provider has taken the record' : outcome.result === 'failed' ? `the provider refused the record: ${messageOf(outcome.error)}` : `the provider left the record out: ${outcome.reason}`;
    for (const change of group.changes) {
      try {
        if (change.after) {
          if (outcome.result === 'applied') this.#note(change.after, endpoint({ ...withLabels(change.after, { [ownerLabel]: this.ownerId }), refs: [] }));
          await this.#writer.setStage(change.after, stage, message, signal);
        }
        const gone = change.before && outcome.result === 'applied' && (!change.after || recordObjectName(change.before) !== recordObjectName(change.after));
        if (!gone) continue;
        this.#note(change.before, undefined);
        await this.#writer.delete(change.before, signal);
      } catch (error) {
        this.#settings.log.warning('DNSRecord could not be brought up to date', { record: this.#title(change.after ?? change.before), reason: messageOf(error) });
        this.#written.delete(recordObjectName(change.after ?? change.before));
      }
    }
  }

  #note(record: Endpoint, after: Endpoint | undefined): void {
    this.#lost.delete(recordObjectName(record));
    this.#written.set(recordObjectName(record), { record: after, name: normalizeName(record.dnsName), atMs: this.#settings.now().getTime() });
  }

  /** What we wrote is taken from the view again once it shows it. */
  #follow({ before, after }: ObjectChange<DNSRecordObject>): void {
    const objectName = (after ?? before)?.metadata.name ?? '';
    const written = this.#written.get(objectName);
    if (after) this.#lost.delete(objectName);
    else if (before?.status.programmed && before.spec.endpoint.labels[ownerLabel] === this.ownerId && !written) this.#lost.set(objectName, before.spec.endpoint);
    if (!written) return;
    const caughtUp = written.record ? after?.status.programmed === true && sameRecord(after.spec.endpoint, written.record) : after === undefined;
    if (caughtUp) this.#written.delete(objectName);
  }

  /** Somebody else may have changed an object right after us: then the view is right. */
  #forgetOld(): void {
    if (this.#written.size === 0) return;
    const nowMs = this.#settings.now().getTime();
    for (const [name, { atMs }] of this.#written) if (nowMs - atMs > trustWrittenMs) this.#written.delete(name);
  }

  #title(record: Endpoint): string {
    return `${this.#settings.namespace}/${recordObjectName(record)}`;
  }
}

/** The watch shows what we wrote within a second or so. */
const trustWrittenMs = 15_000;
const settleTimeoutMs = 30_000;
const parallelWrites = 8;

const keyOf = (group: ChangeGroup): string => `${group.name}|${group.setIdentifier}`;

const notAnswered = (group: ChangeGroup): Outcome => ({ group, result: 'failed', state: 'unknown', error: new Error(`${group.name}: the provider did not say what came of its changes`) });

const sameRecord = (a: Endpoint, b: Endpoint): boolean => JSON.stringify([a.targets, a.ttlSeconds, a.providerSpecific, a.labels[ownerLabel]]) === JSON.stringify([b.targets, b.ttlSeconds, b.providerSpecific, b.labels[ownerLabel]]);

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: Math.min(parallelWrites, items.length) }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
