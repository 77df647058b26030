import type { ProviderSpecificProperty } from '../../endpoint/endpoint.ts';
import { trimDot } from '../../endpoint/name.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { type PrefixOptions, prefixesInForce } from './prefixes.ts';
import { propertiesOf } from './properties.ts';
import { parseTTL } from './ttl.ts';

/** The annotations of one object under the prefixes in force. Keys are short: `hostname`, `ttl`. */
export interface Annotations {
  /** As written; undefined where it is not set. The new prefix wins over the old one, with one warning where both differ. */
  get(key: string): string | undefined;
  /** `hostname`: split at commas, blanks and final dots dropped. */
  hostnames(): readonly string[];
  /** `internal-hostname`, likewise. */
  internalHostnames(): readonly string[];
  /** `target`, likewise; empty where there is none. */
  targets(): readonly string[];
  /** `ttl`; 0 where it is not set or is not understood (one warning). */
  ttlSeconds(): number;
  /** `set-identifier`. */
  setIdentifier(): string;
  /** `alias`, `record-type`, and those of providers (`aws-*`, `webhook-*`, ...) under their property names. */
  providerSpecific(): readonly ProviderSpecificProperty[];
}

interface Warn {
  warn(reason: string): void;
}

/** Gives the reader of objects' annotations; what is odd about them is told through `context.warn`. */
export function createAnnotations(options: PrefixOptions): (object: KubeObject, context: Warn) => Annotations {
  const prefixes = prefixesInForce(options);
  return (object, context) => {
    const { values, differing } = readAnnotations(object.metadata.annotations, prefixes);
    if (differing.length)
      context.warn(`annotations ${differing.join(', ')}: the values under ${prefixes[1]} differ from those under ${prefixes[0]}, which are used; remove the former`);
    return new ObjectAnnotations(values, context);
  };
}

/** Values by short key, and the short keys whose values differ between the prefixes. The first prefix wins. */
export function readAnnotations(
  annotations: Readonly<Record<string, string>>,
  prefixes: readonly string[],
): { values: ReadonlyMap<string, string>; differing: readonly string[] } {
  let values: Map<string, string> | undefined;
  const differing: string[] = [];
  for (const prefix of prefixes)
    for (const [key, value] of Object.entries(annotations)) {
      if (!key.startsWith(prefix)) continue;
      values ??= new Map();
      const short = key.slice(prefix.length);
      const known = values.get(short);
      if (known === undefined) values.set(short, value);
      else if (known !== value) differing.push(short);
    }
  return { values: values ?? noValues, differing };
}
const noValues: ReadonlyMap<string, string> = new Map();

/**
 * The entries of an annotation that lists names. Commas, tabs and ends of lines part them; blanks anywhere are dropped, as is
 * one final dot of each; empty entries are left out.
 */
export const splitNames = (text: string): readonly string[] =>
  text.split(/[,\t\r\n]/).flatMap((entry) => {
    const name = trimDot(entry.replaceAll(/\s/g, ''));
    return name === '' ? [] : [name];
  });

class ObjectAnnotations implements Annotations {
  readonly #values: ReadonlyMap<string, string>;
  readonly #context: Warn;

  constructor(values: ReadonlyMap<string, string>, context: Warn) {
    this.#values = values;
    this.#context = context;
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  hostnames(): readonly string[] {
    return this.#names('hostname');
  }

  internalHostnames(): readonly string[] {
    return this.#names('internal-hostname');
  }

  targets(): readonly string[] {
    return this.#names('target');
  }

  ttlSeconds(): number {
    const text = this.#values.get('ttl');
    if (text === undefined) return 0;
    const seconds = parseTTL(text);
    if (seconds === undefined)
      this.#context.warn(`annotation ttl: ${JSON.stringify(text)} is no TTL and is not used; write seconds or a duration such as 5m, from 1 to 2147483647 seconds`);
    return seconds ?? 0;
  }

  setIdentifier(): string {
    return this.#values.get('set-identifier') ?? '';
  }

  providerSpecific(): readonly ProviderSpecificProperty[] {
    return propertiesOf(this.#values);
  }

  #names(key: string): readonly string[] {
    const text = this.#values.get(key);
    return text === undefined ? [] : splitNames(text);
  }
}
