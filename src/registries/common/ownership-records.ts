import { type Endpoint, type Labels, property } from '../../endpoint/endpoint.ts';
import { isOwnershipText, type OwnershipTextOptions, readOwnershipText } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import type { NameMapper, Reading } from './name-mapper.ts';

/** A TXT record that says who owns other records. */
export interface OwnershipRecord {
  readonly record: Endpoint;
  readonly labels: Labels;
  readonly readings: readonly Reading[];
}

/** What is known of the ownership of one record. */
export interface Ownership {
  /** The ownership record for just this name and type. */
  readonly typed: OwnershipRecord | undefined;
  /** One of an older form that gives the ownership where there is no typed one. */
  readonly older: OwnershipRecord | undefined;
  /** `cname-` of an alias, as it was called before v0.22; of no use once there is a typed one. */
  readonly obsolete: OwnershipRecord | undefined;
}

/** Reads ownership records. */
export class OwnershipReader {
  readonly #mapper: NameMapper;
  readonly #text: OwnershipTextOptions;
  /** Only where texts may be encrypted: what is plain is read faster than it is looked up. */
  readonly #known: WeakMap<Endpoint, OwnershipRecord | false> | undefined;

  constructor(mapper: NameMapper, text: OwnershipTextOptions) {
    this.#mapper = mapper;
    this.#text = text;
    this.#known = text.key ? new WeakMap() : undefined;
  }

  /** The normalised names that an ownership record stands for; undefined: the record is none. */
  names(record: Endpoint): readonly string[] | undefined {
    if (record.recordType !== 'TXT') return undefined;
    if (this.#known) return this.read(record)?.readings.map((r) => r.name);
    return isOwnershipText(record.targets[0] ?? '', this.#text) ? this.#mapper.read(record.dnsName).map((r) => r.name) : undefined;
  }

  /** undefined: the record is no ownership record. Of several texts only the first counts, as in ExternalDNS v0.22. */
  read(record: Endpoint): OwnershipRecord | undefined {
    if (record.recordType !== 'TXT') return undefined;
    const known = this.#known?.get(record);
    if (known !== undefined) return known || undefined;
    const labels = readOwnershipText(record.targets[0] ?? '', this.#text);
    const read = labels && { record, labels, readings: this.#mapper.read(record.dnsName) };
    this.#known?.set(record, read ?? false);
    return read;
  }

  /** The ownership of a record of a normalised name, out of all records that bear on this name. */
  ownershipOf(name: string, record: Pick<Endpoint, 'recordType' | 'setIdentifier' | 'providerSpecific'>, all: readonly Endpoint[]): Ownership {
    const stands = this.#standsForTwin(name, record, all) ? undefined : name;
    const twin = name.startsWith('*.') ? this.#mapper.twin(name) : undefined;
    const find = (recordType: string): OwnershipRecord | undefined => {
      for (const candidate of all) {
        if (candidate.setIdentifier !== record.setIdentifier) continue;
        const read = this.read(candidate);
        if (read?.readings.some((r) => r.recordType === recordType && (r.name === stands || r.name === twin))) return read;
      }
      return undefined;
    };
    const typed = find(record.recordType);
    const obsolete = isAliasA(record) ? find('CNAME') : undefined;
    const older = typed ? undefined : (obsolete ?? (record.recordType === 'AAAA' ? undefined : find('')));
    return { typed, older, obsolete };
  }

  /** With the asterisk replaced, one ownership record would stand for `*.example.org` and `any.example.org`: where both are there, for the wildcard. */
  #standsForTwin(name: string, record: Pick<Endpoint, 'recordType' | 'setIdentifier'>, all: readonly Endpoint[]): boolean {
    if (name.startsWith('*.')) return false;
    const twin = this.#mapper.twin(name);
    return twin !== undefined && all.some((e) => e.recordType === record.recordType && e.setIdentifier === record.setIdentifier && normalizeName(e.dnsName) === twin);
  }
}

/** An address record that the provider makes an alias of a host. */
function isAliasA(record: Pick<Endpoint, 'recordType' | 'providerSpecific'>): boolean {
  if (record.recordType !== 'A' || record.providerSpecific.length === 0) return false;
  const alias = property(record as Endpoint, 'alias');
  return alias === 'true' || alias === 'A';
}
