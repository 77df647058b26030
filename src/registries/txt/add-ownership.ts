import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, endpoint, ownedRecordLabel, ownerLabel, property, withLabels, withoutProperty } from '../../endpoint/endpoint.ts';
import { forceUpdateProperty, type OwnershipTextOptions, parseLabels, writeOwnershipText } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { compareText } from '../../endpoint/targets.ts';
import type { CurrentRecords } from '../registry.ts';
import type { Prepared } from '../common/write-through.ts';
import type { NameMapper } from '../common/name-mapper.ts';
import type { OwnershipReader, OwnershipRecord } from '../common/ownership-records.ts';
import { placeOf, placeProblem, type ZoneOf } from './placement.ts';

export interface OwnershipRules {
  readonly ownerId: string;
  readonly oldOwnerId: string;
  readonly mapper: NameMapper;
  readonly text: OwnershipTextOptions;
  readonly reader: OwnershipReader;
  readonly zoneOf: ZoneOf;
}

/**
 * The group with the changes of its ownership records. `all` are the records that bear on the name of the group.
 * Order: records go, then their ownership; ownership comes, then its records. So a group that is cut short never leaves a record without.
 */
export function addOwnership(group: ChangeGroup, all: readonly Endpoint[], rules: OwnershipRules, current: CurrentRecords): Prepared {
  const plan = new OwnershipChanges(group, all, rules, current);
  for (const change of group.changes) {
    const problem = change.action === 'create' ? plan.create(change.after) : change.action === 'update' ? plan.update(change.before, change.after) : undefined;
    if (problem !== undefined) return { problem };
  }
  // last, since what another change has need of stays
  for (const change of group.changes) if (change.action === 'delete') plan.delete(change.before);
  const of = (action: Change['action'], changes: readonly Change[]): Change[] => changes.filter((c) => c.action === action);
  const records = group.changes.map(asStored);
  const ownership = plan.changes;
  return {
    written: {
      ...group,
      changes: [
        ...of('delete', records),
        ...of('delete', ownership),
        ...of('update', ownership),
        ...of('update', records),
        ...of('create', ownership),
        ...of('create', records),
      ],
    },
  };
}

/** What the provider holds has not the mark that only the plan knows. */
function asStored(change: Change): Change {
  if (change.action !== 'update' || property(change.before, forceUpdateProperty) === undefined) return change;
  const { before, after } = change;
  return { action: 'update', before: withoutProperty(before, forceUpdateProperty), after, announced: { action: 'update', before, after } };
}

class OwnershipChanges {
  readonly #group: ChangeGroup;
  readonly #all: readonly Endpoint[];
  readonly #rules: OwnershipRules;
  readonly #current: CurrentRecords;
  /** By normalised name: one ownership record may stand for several records. */
  readonly #changes = new Map<string, Change>();
  readonly #needed = new Set<Endpoint>();

  constructor(group: ChangeGroup, all: readonly Endpoint[], rules: OwnershipRules, current: CurrentRecords) {
    this.#group = group;
    this.#all = all;
    this.#rules = rules;
    this.#current = current;
  }

  get changes(): readonly Change[] {
    return [...this.#changes.values()];
  }

  /** Gives why the record cannot have its ownership. */
  create(after: Endpoint): string | undefined {
    const taken = this.#takenByTwin(after);
    if (taken !== undefined) return taken;
    const place = this.#placeOf(after);
    const standing = this.#ownership(after).typed;
    if (!standing) return this.#add(after, place);
    this.#needed.add(standing.record);
    const owner = standing.labels[ownerLabel];
    if (owner === this.#rules.ownerId) return undefined;
    if (!this.#isOurs(standing))
      return `its ownership record ${standing.record.dnsName} is there, and names ${owner === undefined ? 'no owner' : `owner "${owner}"`}; delete it if that is wrong`;
    this.#change(standing, after, place);
    return undefined;
  }

  /** Gives why the record cannot have its ownership. */
  update(before: Endpoint, after: Endpoint): string | undefined {
    const place = this.#placeOf(after);
    const { typed, older } = this.#ownership(before);
    if (typed) {
      this.#needed.add(typed.record);
      this.#change(typed, after, place, before);
      return undefined;
    }
    if (older && placeProblem(place) !== undefined) {
      // the present form is not possible, so it stays in the older one
      this.#needed.add(older.record);
      this.#change(older, after, older.record.dnsName, before);
      return undefined;
    }
    // lost by a batch of ours that broke off: nothing stands there that could be updated
    const isLost = !older && property(before, forceUpdateProperty) !== undefined;
    return this.#add(after, place, isLost ? undefined : before);
  }

  /** Only ownership records that were read go, and only those that no other record lives by. */
  delete(before: Endpoint): void {
    const { typed, older, obsolete } = this.#ownership(before);
    for (const held of new Set([typed, older, this.#isOurs(obsolete) ? obsolete : undefined])) {
      if (!held || this.#needed.has(held.record) || this.#servesOthers(held)) continue;
      const change = { action: 'delete', before: this.#asOwned(held.record, before) } as const;
      const announced = held.record === typed?.record ? { announced: { action: 'delete', before: this.#text(before, this.#spelled(held.record, before)) } as const } : {};
      this.#put(held.record, { ...change, ...announced });
    }
  }

  #add(after: Endpoint, place: string, before?: Endpoint): string | undefined {
    const problem = placeProblem(place);
    if (problem !== undefined) return problem;
    const name = normalizeName(place);
    const other = [...this.#current.of(name), ...this.#all].find((e) => e.recordType === 'TXT' && e.setIdentifier === after.setIdentifier && normalizeName(e.dnsName) === name);
    const isGoing = this.#group.changes.some((c) => c.action === 'delete' && c.before.recordType === 'TXT' && normalizeName(c.before.dnsName) === name);
    if (other && !isGoing) return `its ownership record ${place} cannot be written: a TXT record of another kind stands there; set another --txt-prefix, or remove that record`;
    const text = this.#text(after, place);
    const announced = before && { announced: { action: 'update', before: this.#text(before, this.#rules.mapper.typedName(before.dnsName, before.recordType)), after: text } as const };
    this.#put(text, { action: 'create', after: text, ...announced });
    return undefined;
  }

  #change(standing: OwnershipRecord, after: Endpoint, place: string, before?: Endpoint): void {
    const { record } = standing;
    const name = normalizeName(record.dnsName) === normalizeName(place) ? place : record.dnsName;
    const text = this.#text(after, name, standing);
    const announced = before && { announced: { action: 'update', before: this.#text(before, this.#spelled(record, before)), after: text } as const };
    this.#put(record, { action: 'update', before: this.#asOwned(record, before ?? after), after: text, ...announced });
  }

  #put(record: Endpoint, change: Change): void {
    const key = normalizeName(record.dnsName);
    if (!this.#changes.has(key)) this.#changes.set(key, change);
  }

  /** The ownership record for a record. An encrypted text that says the same stays as it is: another nonce would be a change. */
  #text(owned: Endpoint, dnsName: string, standing?: OwnershipRecord): Endpoint {
    const labels = { ...owned.labels, [ownerLabel]: this.#rules.ownerId };
    const old = standing?.record.targets[0];
    const keeps = old !== undefined && this.#rules.text.encrypt && parseLabels(old) === undefined && sameLabels(standing?.labels ?? {}, labels);
    return endpoint({
      dnsName,
      recordType: 'TXT',
      targets: [keeps ? old : writeOwnershipText(labels, this.#rules.text)],
      setIdentifier: owned.setIdentifier,
      labels: { [ownedRecordLabel]: owned.dnsName },
      providerSpecific: owned.providerSpecific,
    });
  }

  /** The name of an ownership record, spelled like the record that it stands for where that gives the same name. */
  #spelled(record: Endpoint, owned: Endpoint): string {
    const typed = this.#rules.mapper.typedName(owned.dnsName, owned.recordType);
    return normalizeName(typed) === normalizeName(record.dnsName) ? typed : record.dnsName;
  }

  #asOwned(record: Endpoint, owned: Endpoint): Endpoint {
    return withLabels(record, { [ownedRecordLabel]: owned.dnsName });
  }

  #ownership(record: Endpoint) {
    return this.#rules.reader.ownershipOf(this.#group.name, record, this.#all);
  }

  #placeOf(record: Endpoint): string {
    return placeOf(this.#rules.mapper, record.dnsName, record.recordType, this.#rules.zoneOf);
  }

  #isOurs(held: OwnershipRecord | undefined): boolean {
    const owner = held?.labels[ownerLabel];
    return owner !== undefined && (owner === this.#rules.ownerId || owner === this.#rules.oldOwnerId);
  }

  /** Whether a record that stays has its ownership from this ownership record. */
  #servesOthers(held: OwnershipRecord): boolean {
    const going = this.#group.changes.flatMap((c) => (c.action === 'delete' ? [c.before.recordType] : []));
    return this.#all.some((e) => {
      if (e.setIdentifier !== this.#group.setIdentifier || going.includes(e.recordType) || normalizeName(e.dnsName) !== this.#group.name || this.#rules.reader.read(e)) return false;
      const { typed, older } = this.#ownership(e);
      return typed?.record === held.record || older?.record === held.record;
    });
  }

  /** With the asterisk replaced, a wildcard and a plain name can have one and the same ownership record. */
  #takenByTwin(after: Endpoint): string | undefined {
    const twin = this.#rules.mapper.twin(this.#group.name);
    const other = twin === undefined ? undefined : this.#all.find((e) => normalizeName(e.dnsName) === twin && e.recordType === after.recordType && e.setIdentifier === after.setIdentifier);
    return other && `its ownership record would be that of ${other.dnsName} as well; set another --txt-wildcard-replacement`;
  }
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const text = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort(([x], [y]) => compareText(x, y)));
  return text(a) === text(b);
}
