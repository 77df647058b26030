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
