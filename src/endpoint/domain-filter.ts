import { ConfigurationError, messageOf } from '../errors.ts';
import { unicodeName } from './name.ts';

/** Chooses DNS names. Providers and flags have one each; a name must pass both. */
export interface DomainFilter {
  /** Whether a name (in any spelling, with or without trailing dot) passes. */
  matches(name: string): boolean;
  /** Whether anything is filtered at all. */
  readonly configured: boolean;
  /** Whether a zone may hold names that pass: it passes itself, or is a parent or a child of a filtered domain. */
  matchesZone(zone: string): boolean;
  /** The form of the webhook protocol: include, exclude, or regexInclude, regexExclude. */
  toJSON(): DomainFilterJSON;
}

export interface DomainFilterJSON {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly regexInclude?: string;
  readonly regexExclude?: string;
}

/** Lets every name pass. */
export const everyDomain: DomainFilter = { matches: () => true, configured: false, matchesZone: () => true, toJSON: () => ({}) };

/**
 * A filter by domains or, where either expression is given, by RE2 expressions alone. A domain takes itself and all below it, with a
 * leading dot only what is below it. Exclusion goes first. Blank entries do not count.
 * Rejects with ConfigurationError for an expression that RE2 does not know.
 */
export async function createDomainFilter(settings: DomainFilterJSON): Promise<DomainFilter> {
  const { regexInclude = '', regexExclude = '' } = settings;
  if (regexInclude !== '' || regexExclude !== '') return regexFilter(regexInclude, regexExclude);
  return plainFilter(domainsOf(settings.include), domainsOf(settings.exclude));
}

/**
 * The filter that a provider behind the webhook protocol asks for. Names of fields may be in upper or lower case, unknown ones are passed over.
 * Rejects with ConfigurationError where it cannot be read: without its filter the records of all names would be taken for managed.
 */
export async function domainFilterFromJSON(value: unknown): Promise<DomainFilter> {
  const fail = (problem: string): never => {
    throw new ConfigurationError(`domain filter of the provider: ${problem}`);
  };
  if (value !== null && (typeof value !== 'object' || Array.isArray(value))) fail('it is no JSON object');
  const fields = new Map(Object.entries(value ?? {}).map(([name, field]) => [name.toLowerCase(), field as unknown]));
  const texts = (name: keyof DomainFilterJSON): readonly string[] => {
    const list = fields.get(name.toLowerCase()) ?? [];
    return Array.isArray(list) && list.every((t): t is string => typeof t === 'string') ? list : fail(`${name} must be a list of domains`);
  };
  const text = (name: keyof DomainFilterJSON): string => {
    const pattern = fields.get(name.toLowerCase()) ?? '';
    return typeof pattern === 'string' ? pattern : fail(`${name} must be a regular expression`);
  };
  const settings = { include: texts('include'), exclude: texts('exclude'), regexInclude: text('regexInclude'), regexExclude: text('regexExclude') };
  if ((settings.regexInclude || settings.regexExclude) && (settings.include.length || settings.exclude.length)) fail('it has both lists of domains and regular expressions; it must give one or the other');
  return createDomainFilter(settings);
}

/** Lets pass what passes all of the filters. */
export function allOf(...filters: readonly DomainFilter[]): DomainFilter {
  const active = filters.filter((f) => f.configured);
  const [first, ...more] = active;
  if (!first) return everyDomain;
  if (more.length === 0) return first;
  return {
    matches: (name) => active.every((f) => f.matches(name)),
    configured: true,
    matchesZone: (zone) => active.every((f) => f.matchesZone(zone)),
    toJSON: () => first.toJSON(),
  };
}

function plainFilter(include: readonly string[], exclude: readonly string[]): DomainFilter {
  const matches = (name: string): boolean => {
    const domain = unicodeName(name);
    return (include.length === 0 || covers(include, domain)) && !covers(exclude, domain);
  };
  return {
    matches,
    configured: include.length + exclude.length > 0,
    matchesZone(zone) {
      const domain = unicodeName(zone);
      if (exclude.some((e) => domain === e || domain.endsWith(withDot(e)))) return false;
      return include.length === 0 || include.some((i) => domain === withoutDot(i) || domain.endsWith(withDot(i)) || withoutDot(i).endsWith(`.${domain}`));
    },
    toJSON: () => ({ ...(include.length && { include: include.toSorted() }), ...(exclude.length && { exclude: exclude.toSorted() }) }),
  };
}

async function regexFilter(include: string, exclude: string): Promise<DomainFilter> {
  // some 40 ms to load: only where an expression is given
  const { RE2JS } = await import('re2js');
  const compile = (pattern: string, flag: string) => {
    if (pattern === '') return undefined;
    try {
      return RE2JS.compile(pattern);
    } catch (error) {
      throw new ConfigurationError(`${flag}: ${JSON.stringify(pattern)} is no regular expression of the RE2 syntax (${messageOf(error)}); look-ahead and back references are not part of it`, { cause: error });
    }
  };
  const [included, excluded] = [compile(include, 'regular expression for domains'), compile(exclude, 'regular expression for excluded domains')];
  return {
    matches(name) {
      const domain = unicodeName(name);
      return !excluded?.matcher(domain).find() && (included?.matcher(domain).find() ?? true);
    },
    configured: true,
    // what is below a zone may match, whatever the zone itself does
    matchesZone: () => true,
    toJSON: () => ({ ...(include && { regexInclude: include }), ...(exclude && { regexExclude: exclude }) }),
  };
}

function covers(filters: readonly string[], domain: string): boolean {
  return filters.some((f) => (f.startsWith('.') ? domain.endsWith(f) : domain === f || domain.endsWith(`.${f}`)));
}

const withDot = (filter: string): string => (filter.startsWith('.') ? filter : `.${filter}`);
const withoutDot = (filter: string): string => (filter.startsWith('.') ? filter.slice(1) : filter);
const domainsOf = (filters: readonly string[] | undefined): string[] => (filters ?? []).map((f) => unicodeName(f.trim())).filter((f) => f !== '');
