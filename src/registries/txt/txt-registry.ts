import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { type Endpoint, ownerLabel, withLabels, withProperty } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty, type OwnershipTextOptions } from '../../endpoint/labels.ts';
import { normalizeName, unicodeName } from '../../endpoint/name.ts';
import type { CurrentRecords, Registry, RegistryOutcome, Write } from '../registry.ts';
import { writeThrough } from '../common/write-through.ts';
import { addOwnership, type OwnershipRules } from './add-ownership.ts';
import type { NameMapper } from '../common/name-mapper.ts';
import { type Ownership, OwnershipReader } from '../common/ownership-records.ts';
import { BrokenWrites } from './broken-writes.ts';
import { placeOf, placeProblem, type ZoneOf } from './placement.ts';

export interface TXTRegistrySettings {
  readonly ownerId: string;
  /** The owner whose records become ours; '' for none. */
  readonly oldOwnerId: string;
  readonly mapper: NameMapper;
  readonly text: OwnershipTextOptions;
  readonly managedTypes: readonly string[];
  readonly zoneOf: ZoneOf | undefined;
  /** Called with each reading of the provider. */
  readonly onReading?: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Keeps ownership in TXT records beside the records, as ExternalDNS v0.22 reads and writes them. */
export class TXTRegistry implements Registry {
  readonly name = 'txt';
  readonly ownerId: string;
  readonly #settings: TXTRegistrySettings;
  readonly #reader: OwnershipReader;
  readonly #managed: ReadonlySet<string>;
  readonly #broken: BrokenWrites;

  constructor(settings: TXTRegistrySettings) {
    this.ownerId = settings.ownerId;
    this.#settings = settings;
    this.#reader = new OwnershipReader(settings.mapper, settings.text);
    this.#managed = new Set(settings.managedTypes);
    this.#broken = new BrokenWrites(settings.now ?? Date.now);
  }

  namesOf(record: Endpoint): readonly string[] {
    const names = this.#reader.names(record) ?? [normalizeName(record.dnsName)];
    const twins = names.flatMap((name) => this.#settings.mapper.twin(name) ?? []);
    // of another prefix or suffix: it stands for nothing that we could tell
    if (names.length === 0) return [normalizeName(record.dnsName)];
    return twins.length || names.length > 1 ? [...new Set([...names, ...twins])] : names;
  }

  label(name: string, records: readonly Endpoint[]): readonly Endpoint[] {
    return records.flatMap((record) => {
      if (this.#reader.read(record) || normalizeName(record.dnsName) !== name) return [];
      const ownership = this.#reader.ownershipOf(name, record, records);
      const held = ownership.typed ?? ownership.older;
      if (!held) {
        const lost = record.labels[ownerLabel] === undefined ? this.#broken.labelsOf(name, record) : undefined;
        return [lost ? withProperty(withLabels(record, lost), forceUpdateProperty, 'true') : record];
      }
      const labelled = withLabels(record, held.labels);
      return [this.#isIncomplete(labelled, ownership) ? withProperty(labelled, forceUpdateProperty, 'true') : labelled];
    });
  }

  recordNames(name: string): readonly string[] {
    const { mapper, zoneOf } = this.#settings;
    const names = new Set([name]);
    const twin = mapper.twin(name);
    if (twin !== undefined) names.add(twin);
    // a record in Unicode has an ownership record in Unicode, whose xn-- form is not that of the xn-- name
    for (const spelling of new Set([name, unicodeName(name)])) {
      names.add(normalizeName(mapper.untypedName(spelling)));
      for (const type of this.#managed) {
        names.add(normalizeName(mapper.typedName(spelling, type)));
        if (!zoneOf || placeOf(mapper, spelling, type, zoneOf) !== mapper.typedName(spelling, type)) names.add(normalizeName(mapper.innerName(spelling, type)));
      }
      if (this.#managed.has('A')) names.add(normalizeName(mapper.typedName(spelling, 'CNAME')));
    }
    return [...names];
  }

  async apply(groups: readonly ChangeGroup[], write: Write, current: CurrentRecords, signal: AbortSignal): Promise<readonly RegistryOutcome[]> {
    const rules: OwnershipRules = { ...this.#settings, reader: this.#reader, zoneOf: (name) => this.#settings.zoneOf?.(name) ?? current.zoneOf(name) };
    const outcomes = await writeThrough(groups, (group) => addOwnership(group, current.of(group.name), rules, current), (written): Promise<readonly Outcome[]> => write(written, signal));
    this.#broken.note(outcomes, this.ownerId);
    return outcomes;
  }

  wasRead(names: readonly string[] | 'all', current: CurrentRecords): void {
    this.#settings.onReading?.();
    this.#broken.read(names, current, (name, record) => {
      const { typed, older } = this.#reader.ownershipOf(name, record, current.of(name));
      return (typed ?? older) !== undefined;
    });
  }

  /** Whether a record of ours has its ownership only in an older form, where the present one can be written. */
  #isIncomplete(record: Endpoint, { typed, older }: Ownership): boolean {
    if (typed || !older || !this.#managed.has(record.recordType)) return false;
    const owner = record.labels[ownerLabel];
    if (owner !== this.ownerId && (owner === undefined || owner !== this.#settings.oldOwnerId)) return false;
    const place = placeOf(this.#settings.mapper, record.dnsName, record.recordType, this.#settings.zoneOf);
    return placeProblem(place) === undefined;
  }
}
