import type { Change, ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { type Endpoint, ownerLabel, property, withLabels, withoutProperty, withProperty } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { messageOf, SoftError } from '../../errors.ts';
import type { Logger } from '../../log/logger.ts';
import type { NameMapper } from '../common/name-mapper.ts';
import type { OwnershipReader, OwnershipRecord } from '../common/ownership-records.ts';
import type { CurrentRecords, Registry, RegistryOutcome, Write } from '../registry.ts';
import { type Item, keyOf, partsOf, storedLabels } from './items.ts';
import type { Step, StepResult, Table } from './table.ts';

export interface DynamoDBRegistrySettings {
  readonly ownerId: string;
  /** The owner whose records become ours; '' for none. */
  readonly oldOwnerId: string;
  readonly table: Table;
  /** For records whose ownership is still in TXT records. */
  readonly mapper: NameMapper;
  readonly reader: OwnershipReader;
  readonly managedTypes: readonly string[];
  readonly log: Logger;
}

/** Keeps ownership in a table of DynamoDB, one item for each record. Takes it over from TXT records where they are. */
export class DynamoDBRegistry implements Registry {
  readonly name = 'dynamodb';
  readonly ownerId: string;
  readonly #settings: DynamoDBRegistrySettings;
  readonly #table: Table;
  readonly #managed: ReadonlySet<string>;
  /** The provider has, or had, ownership in TXT records. */
  #hasTexts = false;

  constructor(settings: DynamoDBRegistrySettings) {
    this.ownerId = settings.ownerId;
    this.#settings = settings;
    this.#table = settings.table;
    this.#managed = new Set(settings.managedTypes);
  }

  namesOf(record: Endpoint): readonly string[] {
    const name = normalizeName(record.dnsName);
    const owned = this.#text(record)?.readings.map((r) => r.name) ?? [];
    if (owned.length > 0) this.#hasTexts = true;
    // ownership records that are of no use any more are told by the records that they stand for
    const texts = owned.length === 0 && this.#managed.has('TXT') && record.recordType !== 'TXT' ? this.#textNames(name, [record.recordType]) : [];
    return owned.length + texts.length === 0 ? [name] : [...new Set([name, ...owned, ...texts])];
  }

  label(name: string, records: readonly Endpoint[]): readonly Endpoint[] {
    return records.flatMap((record) => {
      if (normalizeName(record.dnsName) !== name) return [];
      const item = this.#table.get(keyOf(record));
      if (item) return [withLabels(record, { ...item.labels, [ownerLabel]: item.owner })];
      const text = this.#text(record);
      if (text) return this.#isLeftOver(text, records) ? [withLabels(record, { [ownerLabel]: this.ownerId })] : [];
      const { typed, older } = this.#settings.reader.ownershipOf(name, record, records);
      const held = typed ?? older;
      if (!held) return [record];
      const labelled = withLabels(record, held.labels);
      return [this.#isOurs(held.labels[ownerLabel]) ? withProperty(labelled, forceUpdateProperty, 'true') : labelled];
    });
  }

  recordNames(name: string): readonly string[] {
    return this.#hasTexts ? [...new Set([name, ...this.#textNames(name, this.#settings.managedTypes)])] : [name];
  }

  async refresh(signal: AbortSignal): Promise<ReadonlySet<string> | 'all'> {
    return (await this.#table.read(signal)) ? 'all' : new Set();
  }

  /** Items are made before their records, and deleted after them: no record is ever without its owner. */
  async apply(groups: readonly ChangeGroup[], write: Write, current: CurrentRecords, signal: AbortSignal): Promise<readonly RegistryOutcome[]> {
    const outcomes = new Map<ChangeGroup, RegistryOutcome>();
    const claimed = await this.#claim(groups, outcomes, signal);
    const writable = groups.filter((group) => !outcomes.has(group)).map((group) => ({ group, written: { ...group, changes: group.changes.map(asStored) } }));
    const results = new Map((writable.length > 0 ? await write(writable.map((w) => w.written), signal) : []).map((o) => [rowOf(o.group), o]));
    for (const { group, written } of writable) {
      const outcome: Outcome = results.get(rowOf(group)) ?? { group, result: 'failed', state: 'unknown', error: new Error(`${group.name}: the provider did not say what came of its changes`) };
      outcomes.set(group, { ...outcome, group, written });
    }
    await this.#release(groups, outcomes, claimed, current);
    this.#table.settle();
    return groups.flatMap((group) => outcomes.get(group) ?? []);
  }

  /** Writes the items of what comes and changes; notes the outcome of groups that cannot have theirs. Gives the items that are new, by group. */
  async #claim(groups: readonly ChangeGroup[], outcomes: Map<ChangeGroup, RegistryOutcome>, signal: AbortSignal): Promise<ReadonlyMap<ChangeGroup, readonly Item[]>> {
    const steps: (Step & { readonly group: ChangeGroup })[] = [];
    for (const group of groups)
      for (const { after } of group.changes) {
        if (!after) continue;
        const before = this.#table.get(keyOf(after));
        if (before && !this.#isOurs(before.owner)) outcomes.set(group, { group, result: 'skipped', foreign: true, reason: heldBy(after, before.owner) });
        else steps.push({ group, before, item: { key: before?.key ?? keyOf(after), owner: this.ownerId, labels: storedLabels(after.labels) } });
      }
    const due = steps.filter((step) => !outcomes.has(step.group));
    const claimed = new Map<ChangeGroup, Item[]>();
    let results: readonly StepResult[];
    try {
      results = await this.#table.put(due, signal);
    } catch (error) {
      // some of the statements may have been executed
      this.#table.forget();
      for (const { group } of due) outcomes.set(group, { group, result: 'failed', state: 'unchanged', error: new SoftError(`ownership of ${group.name} cannot be written: ${messageOf(error)}`, { cause: error }) });
      return claimed;
    }
    for (const [i, { group, item, before }] of due.entries()) {
      const result = results[i];
      if (result?.done) {
        if (!before) claimed.set(group, [...(claimed.get(group) ?? []), item]);
      } else if (result?.reason === 'taken') outcomes.set(group, { group, result: 'skipped', foreign: true, reason: `${item.key} is held by another owner in the ownership table` });
      else outcomes.set(group, { group, result: 'failed', state: 'unchanged', error: new SoftError(`ownership of ${group.name} cannot be written: ${result?.message ?? 'no answer'}`) });
    }
    return claimed;
  }

  /** Deletes the items of records that are gone, of those that could not be made, and those that no record has any more. */
  async #release(groups: readonly ChangeGroup[], outcomes: ReadonlyMap<ChangeGroup, RegistryOutcome>, claimed: ReadonlyMap<ChangeGroup, readonly Item[]>, current: CurrentRecords): Promise<void> {
    const gone = new Map<string, Item>();
    const busy = new Set<string>();
    for (const group of groups) {
      const outcome = outcomes.get(group);
      for (const { action, before, after } of group.changes) {
        if (after) busy.add(keyOf(after));
        const item = action === 'delete' && outcome?.result === 'applied' ? this.#table.get(keyOf(before)) : undefined;
        if (item && item.owner === this.ownerId) gone.set(item.key, item);
      }
      const undone = outcome?.result === 'skipped' || (outcome?.result === 'failed' && outcome.state === 'unchanged');
      for (const item of (undone && claimed.get(group)) || []) gone.set(item.key, item);
    }
    for (const item of this.#orphans(groups, busy, current)) gone.set(item.key, item);
    if (gone.size === 0) return;
    try {
      // also when the program is about to end: the records are gone
      const left = await this.#table.delete([...gone.values()], AbortSignal.timeout(releaseTimeoutMs));
      if (left.length > 0) this.#settings.log.warning('items of the ownership table could not be deleted; they are with the next change', { items: left });
    } catch (error) {
      this.#table.forget();
      this.#settings.log.warning('items of the ownership table could not be deleted; they are with the next change', { items: [...gone.keys()], reason: messageOf(error) });
    }
  }

  /** Items of ours whose records somebody else deleted. */
  *#orphans(groups: readonly ChangeGroup[], busy: ReadonlySet<string>, current: CurrentRecords): Generator<Item> {
    const knowsZones = groups.some((group) => current.zoneOf(group.name) !== undefined);
    for (const [key, item] of this.#table.all()) {
      const parts = partsOf(key);
      if (item.owner !== this.ownerId || !parts || busy.has(key)) continue;
      // what lies in a zone that could not be read, or that another instance has, may well be there
      if (current.isRead?.(parts.name) === false || (knowsZones && current.zoneOf(parts.name) === undefined)) continue;
      if (!current.of(parts.name).some((e) => keyOf(e) === key)) yield item;
    }
  }

  /** undefined: the record is no ownership record in TXT form; one with an item of its own counts as any other record. */
  #text(record: Endpoint): OwnershipRecord | undefined {
    return record.recordType === 'TXT' && !this.#table.get(keyOf(record)) ? this.#settings.reader.read(record) : undefined;
  }

  /** Whether an ownership record of ours is of no use any more: all that it stands for is gone, or has its item. */
  #isLeftOver({ record, labels, readings }: OwnershipRecord, records: readonly Endpoint[]): boolean {
    if (!this.#isOurs(labels[ownerLabel])) return false;
    return !records.some(
      (e) =>
        e.recordType !== 'TXT' &&
        e.setIdentifier === record.setIdentifier &&
        !this.#table.get(keyOf(e)) &&
        readings.some((r) => r.name === normalizeName(e.dnsName) && (r.recordType === '' || r.recordType === e.recordType || (r.recordType === 'CNAME' && e.recordType === 'A'))),
    );
  }

  #textNames(name: string, types: readonly string[]): readonly string[] {
    const { mapper } = this.#settings;
    const names = [mapper.untypedName(name), ...types.map((type) => mapper.typedName(name, type))];
    if (types.includes('A')) names.push(mapper.typedName(name, 'CNAME'));
    return names.map(normalizeName);
  }

  #isOurs(owner: string | undefined): boolean {
    return owner !== undefined && (owner === this.ownerId || (this.#settings.oldOwnerId !== '' && owner === this.#settings.oldOwnerId));
  }
}

const releaseTimeoutMs = 30_000;

const heldBy = (e: Endpoint, owner: string): string => `type ${e.recordType} is held by owner "${owner}" in the ownership table, though the record is not there`;

/** What the provider holds has not the mark that only the plan knows. */
function asStored(change: Change): Change {
  if (change.action !== 'update' || property(change.before, forceUpdateProperty) === undefined) return change;
  return { action: 'update', before: withoutProperty(change.before, forceUpdateProperty), after: change.after };
}

const rowOf = (group: ChangeGroup): string => `${group.name}|${group.setIdentifier}`;
