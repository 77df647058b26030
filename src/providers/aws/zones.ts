import type { DomainFilter } from '../../endpoint/domain-filter.ts';
import type { Logger } from '../../log/logger.ts';
import { messageOf } from '../../errors.ts';
import type { HostedZone, Route53Client } from './client.ts';

/** A profile of --aws-profile, or the default one. */
export interface Account {
  readonly profile: string;
  readonly client: Pick<Route53Client, 'hostedZones' | 'tagsOfZones' | 'recordSets' | 'change'>;
}

export interface AwsZone extends HostedZone {
  readonly account: Account;
}

export interface ZoneFilter {
  readonly domainFilter: DomainFilter;
  /** Zones above the domains of the filter count, too (--aws-zone-match-parent). */
  readonly matchParent: boolean;
  readonly type: '' | 'public' | 'private';
  readonly ids: readonly string[];
  /** KEY=VALUE, or KEY for any value; a zone must have all of them. */
  readonly tags: readonly string[];
}

/** Whether a zone is managed, so far as its tags are not needed for it. */
export function isManaged(zone: HostedZone, { domainFilter, matchParent, type, ids }: ZoneFilter): boolean {
  const wanted = ids.filter(Boolean);
  if (wanted.length > 0 && !wanted.some((id) => `/hostedzone/${zone.id}`.endsWith(id))) return false;
  if (type !== '' && (type === 'private') !== zone.private) return false;
  return domainFilter.matches(zone.name) || (matchParent && domainFilter.matchesZone(zone.name));
}

/** Whether a zone has the tags that are asked for. */
export function hasTags(tags: ReadonlyMap<string, string>, wanted: readonly string[]): boolean {
  return wanted.every((tag) => {
    const at = tag.indexOf('=');
    const [key, value] = (at < 0 ? [tag, ''] : [tag.slice(0, at), tag.slice(at + 1)]).map((part) => part.trim());
    return !key || (tags.has(key) && (!value || tags.get(key) === value));
  });
}

/**
 * Lists the managed zones of all accounts. An account that cannot be read has the zones that it had before: without them, its names would
 * seem to lie in zones of the others. Rejects where there is no earlier list of it.
 */
export class Accounts {
  readonly all: readonly Account[];
  readonly #filter: ZoneFilter;
  readonly #log: Logger;
  readonly #last = new Map<Account, readonly AwsZone[]>();

  constructor(all: readonly Account[], filter: ZoneFilter, log: Logger) {
    this.all = all;
    this.#filter = filter;
    this.#log = log;
  }

  async zones(signal: AbortSignal): Promise<readonly AwsZone[]> {
    const lists = await Promise.all(this.all.map((account) => this.#zonesOf(account, signal)));
    // two profiles may be of one account
    return [...new Map(lists.flat().map((zone) => [zone.id, zone])).values()];
  }

  async #zonesOf(account: Account, signal: AbortSignal): Promise<readonly AwsZone[]> {
    try {
      const managed = (await account.client.hostedZones(signal)).filter((zone) => isManaged(zone, this.#filter));
      const wanted = this.#filter.tags.filter((tag) => tag.trim() !== '');
      const tags = wanted.length > 0 ? await account.client.tagsOfZones(managed.map((z) => z.id), signal) : undefined;
      const zones = managed.filter((zone) => !tags || hasTags(tags.get(zone.id) ?? new Map(), wanted)).map((zone) => ({ ...zone, account }));
      this.#last.set(account, zones);
      return zones;
    } catch (error) {
      const last = this.#last.get(account);
      if (!last || signal.aborted || this.all.length === 1) throw error;
      this.#log.warning('hosted zones of a profile cannot be listed; those of before are taken', { profile: account.profile, reason: messageOf(error) });
      return last;
    }
  }
}
