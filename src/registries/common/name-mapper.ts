import { normalizeName, trimDot, unicodeName } from '../../endpoint/name.ts';

/** How the names of ownership records are made: one of prefix and suffix, where `%{record_type}` stands for the type in small letters. */
export interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
  /** Stands for the asterisk of wildcard names; '' for none. */
  readonly wildcardReplacement: string;
}

/** What the name of an ownership record says that it stands for. */
export interface Reading {
  /** Normalised. */
  readonly name: string;
  /** '' for names of the form that ExternalDNS wrote before v0.12: they stand for every type but AAAA. */
  readonly recordType: string;
}

const template = '%{record_type}';

/** Types in the order in which names are searched for them, as in ExternalDNS v0.22: two programs must read a name alike. */
const knownTypes = ['A', 'AAAA', 'CNAME', 'NS', 'MX', 'PTR', 'SRV', 'NAPTR', 'TXT', 'DNAME'] as const;

/** Begins the name of an ownership record that has to be kept below its record, because the usual name lies outside of the zone. */
const innerPrefix = '_external-dns-';

/** Gives the names of ownership records, and reads them. */
export class NameMapper {
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #replacement: string;
  readonly #typeInAffix: boolean;
  readonly #furtherTypes: readonly string[];

  /** `types`: all that may be managed. Those that ExternalDNS v0.22 does not know are looked for last. */
  constructor(affixes: Affixes, types: readonly string[]) {
    this.#prefix = affixes.prefix.toLowerCase();
    this.#suffix = affixes.suffix.toLowerCase();
    this.#replacement = affixes.wildcardReplacement.toLowerCase();
    this.#typeInAffix = `${this.#prefix}${this.#suffix}`.includes(template);
    this.#furtherTypes = types.filter((t) => !knownTypes.some((known) => known === t));
  }

  /** The name of the ownership record of a record: `a-web.example.org` for the A record of web.example.org. */
  typedName(dnsName: string, recordType: string): string {
    const type = recordType.toLowerCase();
    const [label, rest] = this.#split(dnsName);
    return this.#fill(this.#prefix, type) + (this.#typeInAffix ? '' : `${type}-`) + label + this.#fill(this.#suffix, type) + rest;
  }

  /** The name in the old form, without the type. */
  untypedName(dnsName: string): string {
    const [label, rest] = this.#split(dnsName);
    return this.#fill(this.#prefix, '') + label + this.#fill(this.#suffix, '') + rest;
  }

  /** A name below that of the record, always in its zone: `_external-dns-a.example.org` for the A record of example.org. */
  innerName(dnsName: string, recordType: string): string {
    return `${innerPrefix}${recordType.toLowerCase()}.${this.#split(dnsName).join('')}`;
  }

  /** What a name stands for, if it is that of an ownership record; empty: it has not our prefix or suffix. */
  read(txtName: string): readonly Reading[] {
    const name = unicodeName(txtName);
    const inner = this.#readInner(name);
    if (inner) return [inner];
    const readings = this.#readSpelled(name);
    if (readings.some((r) => r.recordType !== '')) return readings;
    // the xn-- form of a host with a suffix behind it (`xn--bcher-kva-a-own`) is not that of any name
    const asWritten = this.#readSpelled(trimDot(txtName).toLowerCase());
    return readings.length === 0 || asWritten.some((r) => r.recordType !== '') ? asWritten : readings;
  }

  #readSpelled(name: string): readonly Reading[] {
    return [...this.#readAffixed(name, knownTypes), ...this.#readFurther(name)].map((r) => ({ ...r, name: normalizeName(r.name) }));
  }

  /** The other name with the same ownership records, where the asterisk of wildcards is replaced: `any.example.org` for `*.example.org`, and back. */
  twin(name: string): string | undefined {
    if (this.#replacement === '') return undefined;
    if (name.startsWith('*.')) return normalizeName(this.#replacement + name.slice(1));
    const prefix = `${normalizeName(this.#replacement)}.`;
    return name.startsWith(prefix) ? `*.${name.slice(prefix.length)}` : undefined;
  }

  #split(spelled: string): [label: string, rest: string] {
    const dnsName = trimDot(spelled);
    const at = dnsName.indexOf('.');
    const [label, rest] = at < 0 ? [dnsName, ''] : [dnsName.slice(0, at), dnsName.slice(at)];
    return [label === '*' && this.#replacement !== '' ? this.#replacement : label, rest];
  }

  #fill(affix: string, type: string): string {
    return affix.replaceAll(template, type);
  }

  #readInner(name: string): Reading | undefined {
    if (!name.startsWith(innerPrefix)) return undefined;
    const at = name.indexOf('.');
    if (at < 0) return undefined;
    return { name: normalizeName(name.slice(at + 1)), recordType: name.slice(innerPrefix.length, at).toUpperCase() };
  }

  #readFurther(name: string): Reading[] {
    return this.#furtherTypes.length ? this.#readAffixed(name, this.#furtherTypes).filter((r) => r.recordType !== '') : [];
  }

  /** The parts of a name that the affix belongs to, and the rest. */
  #readAffixed(name: string, types: readonly string[]): Reading[] {
    const dots = this.#suffix.split('.').length - 1;
    const labels = name.split('.');
    // a suffix ends the first label, or the first ones where it has dots itself
    const [part, rest] = this.#suffix === '' ? [name, ''] : [labels.slice(0, 1 + dots).join('.'), labels.slice(1 + dots).map((l) => `.${l}`).join('')];
    const reading = this.#readPart(part, types);
    return reading ? [{ ...reading, name: reading.name + rest }] : [];
  }

  #readPart(part: string, types: readonly string[]): Reading | undefined {
    if (this.#typeInAffix)
      for (const type of types) {
        const name = this.#strip(part, type.toLowerCase());
        if (name !== undefined) return { name, recordType: type };
      }
    const name = this.#strip(part, '');
    if (name === undefined) return undefined;
    const at = name.indexOf('-');
    const type = at < 0 ? undefined : types.find((t) => t.toLowerCase() === name.slice(0, at));
    return type === undefined ? { name, recordType: '' } : { name: name.slice(at + 1), recordType: type };
  }

  /** The text without the affix for a type; undefined where it has not got it. */
  #strip(text: string, type: string): string | undefined {
    const [prefix, suffix] = [this.#fill(this.#prefix, type), this.#fill(this.#suffix, type)];
    return text.startsWith(prefix) && text.endsWith(suffix) && text.length >= prefix.length + suffix.length ? text.slice(prefix.length, text.length - suffix.length) : undefined;
  }
}
