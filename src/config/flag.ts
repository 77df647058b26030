/** What a flag is. The table in flags.ts holds all of them; parser, help, documentation and the Config type are made from it. */
export type FlagDefinition =
  | (Facts & { readonly type: 'bool'; readonly default: boolean })
  | (Facts & { readonly type: 'string'; readonly default: string; readonly secret?: true; /** The secret flag that it names a file for. */ readonly fileOf?: string })
  | (Facts & { readonly type: 'strings'; readonly default: readonly string[] })
  /** A whole number; `wide` ones may also be written as Go's literals (0x10, 1_000). */
  | (Facts & { readonly type: 'int'; readonly default: number; readonly wide?: true })
  /** Milliseconds in the Config. `bareSeconds`: a number without a unit counts as seconds. */
  | (Facts & { readonly type: 'duration'; readonly defaultMs: number; readonly bareSeconds?: true })
  /** `optional`: the empty value is one of the choices. `synonyms` are accepted and stand for a choice. */
  | (Facts & { readonly type: 'enum'; readonly default: string; readonly choices: readonly string[]; readonly optional?: true; readonly synonyms?: Readonly<Record<string, string>> })
  | (Facts & { readonly type: 'enums'; readonly default: readonly string[]; readonly choices: readonly string[] })
  /** Repeated KEY=VALUE. */
  | (Facts & { readonly type: 'map'; readonly default: Readonly<Record<string, string>> })
  /** A regular expression in RE2's syntax; the Config holds its text. */
  | (Facts & { readonly type: 'regexp'; readonly default: string });

interface Facts {
  /** One or two sentences, without the default and the choices, which are added where it is shown. */
  readonly help: string;
  /** How its value is called in the help, where the type does not say it. */
  readonly placeholder?: string;
  readonly required?: true;
  /** What to use instead; the flag still works. */
  readonly deprecated?: string;
}

/** A flag that older versions had. */
export interface RemovedFlag {
  /** What to do instead; follows "was removed: " in messages. */
  readonly instead: string;
  /** The flag did nothing any more when it was removed, so it is accepted with a warning. */
  readonly accepted?: true;
}

type CamelCase<S extends string> = S extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<CamelCase<Rest>>}` : S;

/** The name of a flag's property: camelCase, with the unit where it has one. */
export type PropertyOf<Name extends string, Flag> = Flag extends { readonly type: 'duration' } ? `${CamelCase<Name>}Ms` : CamelCase<Name>;

/** The type of a flag's property. */
export type ValueOf<Flag> = Flag extends { readonly type: 'bool' }
  ? boolean
  : Flag extends { readonly type: 'int' | 'duration' }
    ? number
    : Flag extends { readonly type: 'strings' | 'enums' }
      ? readonly string[]
      : Flag extends { readonly type: 'map' }
        ? Readonly<Record<string, string>>
        : Flag extends { readonly type: 'enum'; readonly choices: readonly (infer Choice)[] }
          ? Choice | (Flag extends { readonly optional: true } | { readonly required: true } ? '' : never)
          : string;

/** The property of a flag in the Config: `interval` is kept in `intervalMs`. */
export function propertyOf(name: string, type: FlagDefinition['type']): string {
  const camelCase = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return type === 'duration' ? `${camelCase}Ms` : camelCase;
}

/** The environment variable of a flag: `txt-owner-id` is EXTERNAL_DNS_TXT_OWNER_ID. */
export const variableOf = (name: string): string => `EXTERNAL_DNS_${name.replaceAll('-', '_').toUpperCase()}`;

/** Whether a flag may be given more than once. */
export const isRepeatable = (flag: FlagDefinition): boolean => flag.type === 'strings' || flag.type === 'enums' || flag.type === 'map';
