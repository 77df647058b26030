import type { Config } from '../../config/config.ts';
import { type Endpoint, ownerLabel, resourceLabel } from '../../endpoint/endpoint.ts';
import { type OwnershipTextOptions, readOwnershipText } from '../../endpoint/labels.ts';
import { normalizeName, unicodeName } from '../../endpoint/name.ts';
import { parseEncryptionKey } from '../../endpoint/text-encryption.ts';
import type { Logger } from '../../log/logger.ts';
import type { Desired } from '../../sources/engine/desired.ts';
import type { Current } from '../current.ts';
import type { Statuses } from '../status.ts';

/** How ownership records are written and read by the flags of this process. */
export interface OwnershipSettings {
  readonly registry: string;
  readonly ownerId: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly wildcardReplacement: string;
  readonly text: OwnershipTextOptions;
}

export function ownershipSettingsOf(options: Config): OwnershipSettings {
  const { registry, txtOwnerId: ownerId, txtPrefix: prefix, txtSuffix: suffix, txtWildcardReplacement: wildcardReplacement } = options;
  return { registry, ownerId, prefix, suffix, wildcardReplacement, text: { key: options.txtEncryptAesKey === '' ? undefined : parseEncryptionKey(options.txtEncryptAesKey), encrypt: false } };
}

/** A name that an object here wants, and that is held by somebody else. */
export interface ForeignWish {
  readonly name: string;
  /** Resource labels of the objects that want it. */
  readonly resources: readonly string[];
}

/** Records that look like ours under other settings. */
export interface Drift {
  readonly count: number;
  readonly owner: string;
  /** As --txt-prefix and its kin would have to be. */
  readonly prefix: string;
  readonly suffix: string;
  /** undefined: none of these names is a wildcard. */
  readonly wildcardReplacement: string | undefined;
  /** Flags that differ from what these records were written with. */
  readonly flags: readonly string[];
  /** Names of some of the records, in order. */
  readonly examples: readonly string[];
}

/**
 * Finds records that are not ours, although their ownership records name the very objects that want them: most likely another owner id, prefix,
 * suffix, wildcard replacement or registry was set when they were made. `records` are all that the provider holds.
 */
export function findDrift(wishes: readonly ForeignWish[], records: Iterable<Endpoint>, settings: OwnershipSettings): readonly Drift[] {
  const byResource = new Map<string, ForeignWish[]>();
  for (const wish of wishes)
    for (const resource of wish.resources) {
      const list = byResource.get(resource);
      if (list) list.push(wish);
      else byResource.set(resource, [wish]);
    }
  const found = new Map<string, { readonly owner: string; readonly affix: Affix; readonly names: Set<string> }>();
  for (const record of byResource.size ? records : []) {
    if (record.recordType !== 'TXT') continue;
    const labels = readOwnershipText(record.targets[0] ?? '', settings.text);
    const [owner, resource] = [labels?.[ownerLabel], labels?.[resourceLabel]];
    if (owner === undefined || resource === undefined) continue;
    const best = (byResource.get(resource) ?? []).flatMap((wish) => affixOf(record.dnsName, wish.name) ?? []).sort((a, b) => lengthOf(a) - lengthOf(b))[0];
    if (!best) continue;
    const id = JSON.stringify([owner, best.prefix, best.suffix, best.wildcardReplacement]);
    const group = found.get(id) ?? { owner, affix: best, names: new Set<string>() };
    group.names.add(best.name);
    found.set(id, group);
  }
  return [...found.values()]
    .map(({ owner, affix, names }): Drift => {
      const { prefix, suffix, wildcardReplacement } = affix;
      return { count: names.size, owner, prefix, suffix, wildcardReplacement, flags: flagsOf(owner, affix, settings), examples: [...names].sort().slice(0, shownExamples) };
    })
    .filter((drift) => drift.flags.length > 0)
    .sort((a, b) => b.count - a.count);
}

/** `312 records of owner "old-cluster" (prefix "_x.") name objects that are here, but are not ours: is --txt-owner-id wrong?` */
export function describeDrift({ count, owner, prefix, suffix, wildcardReplacement, flags }: Drift): string {
  const affixes = [prefix && `prefix "${prefix}"`, suffix && `suffix "${suffix}"`, wildcardReplacement && `"${wildcardReplacement}" instead of "*"`].filter(Boolean);
  const records = count === 1 ? '1 record' : `${count} records`;
  const verb = count === 1 ? 'names an object that is here, but is' : 'name objects that are here, but are';
  return `${records} of owner "${owner}"${affixes.length ? ` (${affixes.join(', ')})` : ''} ${verb} not ours: ${flags.length === 1 ? 'is' : 'are'} ${flags.join(' and ')} wrong?`;
}

/** One warning for each kind of drift; after the first plan, while it can still be mended by a flag. */
export function tellDrift(statuses: Statuses, desired: Desired, current: Current, settings: OwnershipSettings, log: Logger): void {
  const wishes = [...statuses.entries()].flatMap(([name, { state }]): ForeignWish[] => {
    if (state !== 'foreign') return [];
    const endpoints = desired.contributors(name).flatMap((c) => c.endpoints.filter((e) => normalizeName(e.dnsName) === name));
    return [{ name, resources: [...new Set(endpoints.flatMap((e) => e.labels[resourceLabel] ?? []))] }];
  });
  if (wishes.length === 0) return;
  for (const drift of findDrift(wishes, current.records(), settings)) log.warning('records that are not ours look as if they were', { found: describeDrift(drift), examples: drift.examples });
}

interface Affix {
  /** The DNS name that the ownership record is for. */
  readonly name: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly wildcardReplacement: string | undefined;
}

/** What was put before and after the first label of a name to make the name of its ownership record; undefined: this is not its ownership record. */
function affixOf(ownershipName: string, dnsName: string): Affix | undefined {
  const [full, name] = [unicodeName(ownershipName), unicodeName(dnsName)];
  const dot = name.indexOf('.');
  const [label, rest] = dot < 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
  if (!full.endsWith(rest)) return undefined;
  const head = full.slice(0, full.length - rest.length);
  const at = head.lastIndexOf(label);
  if (at < 0) {
    // without its asterisk a wildcard cannot be told from its affixes: all of it is taken for the replacement
    const replacement = label === '*' ? head.replace(new RegExp(`^(${types})-`), '') : '';
    return replacement === '' || replacement.includes('.') ? undefined : { name: dnsName, prefix: '', suffix: '', wildcardReplacement: replacement };
  }
  return { name: dnsName, prefix: asTemplate(withoutType(head.slice(0, at))), suffix: asTemplate(head.slice(at + label.length)), wildcardReplacement: label === '*' ? '' : undefined };
}

const types = 'a|aaaa|cname|ns|mx|ptr|srv|naptr|txt|dname';
const template = '%{record_type}';

/** `_x.a-` is the prefix `_x.` and the type that stands before every name. */
const withoutType = (head: string): string => head.replace(new RegExp(`(^|[^a-z0-9])(${types})-$`), '$1');

/** A type by itself is what the affix says with %{record_type}. */
const asTemplate = (affix: string): string => affix.replace(new RegExp(`(^|[^a-z0-9])(${types})(?=[^a-z0-9]|$)`), `$1${template}`);

const lengthOf = ({ prefix, suffix, wildcardReplacement }: Affix): number => prefix.length + suffix.length + (wildcardReplacement ?? '').length;

function flagsOf(owner: string, affix: Affix, settings: OwnershipSettings): string[] {
  if (settings.registry !== 'txt') return [`--registry=${settings.registry}`];
  const flags: string[] = [];
  if (owner !== settings.ownerId) flags.push('--txt-owner-id');
  if (affix.prefix !== settings.prefix.toLowerCase()) flags.push('--txt-prefix');
  if (affix.suffix !== settings.suffix.toLowerCase()) flags.push('--txt-suffix');
  if (affix.wildcardReplacement !== undefined && affix.wildcardReplacement !== settings.wildcardReplacement.toLowerCase()) flags.push('--txt-wildcard-replacement');
  return flags;
}

const shownExamples = 5;
