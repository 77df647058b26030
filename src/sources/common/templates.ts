import type { Config } from '../../config/config.ts';
import { endpointsForName, makeEndpoint, recordTypeOf } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { mergeEndpoints } from '../../endpoint/merge.ts';
import { trimDot } from '../../endpoint/name.ts';
import { ConfigurationError } from '../../errors.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { place, TemplateError } from '../../template/errors.ts';
import type { Functions } from '../../template/functions.ts';
import { type Template, template } from '../../template/template.ts';
import { goData, manifestData } from './template-data.ts';
import { templateFunctions } from './template-functions.ts';

/** --fqdn-template, --target-template, --fqdn-target-template and --combine-fqdn-annotation, bound to one source. */
export interface SourceTemplates {
  /** Any of the three is set. */
  readonly configured: boolean;
  /** --fqdn-template or --fqdn-target-template is set: names come from templates. */
  readonly hasNames: boolean;
  readonly combining: boolean;
  /** Names by --fqdn-template, sorted, without duplicates; empty without it. Throws on an object where the template fails. */
  names(object: KubeObject): readonly string[];
  /** Targets by --target-template, likewise. */
  targets(object: KubeObject): readonly string[];
  /**
   * `existing`, or what `make` gives where there is none of it; both where combining. Without any template: `existing`.
   */
  combine(existing: readonly Endpoint[], make: () => readonly Endpoint[]): readonly Endpoint[];
  /** `combine` with the pairs of --fqdn-target-template. */
  combinePairs(existing: readonly Endpoint[], object: KubeObject): readonly Endpoint[];
  /** `combinePairs`, then `combine` with names x targets by template; for sources whose templates must give the targets. */
  combineAll(existing: readonly Endpoint[], object: KubeObject): readonly Endpoint[];
}

/** The templates of all sources. */
export interface Templates {
  /** Bound to a source, as `isSource` needs it. */
  for(sourceName: string): SourceTemplates;
}

export type TemplateOptions = Pick<Config, 'fqdnTemplate' | 'targetTemplate' | 'fqdnTargetTemplate' | 'combineFqdnAnnotation'>;

/** Checks the templates that flags give. Throws ConfigurationError that names flag and place. */
export function createTemplates(options: TemplateOptions): Templates {
  const compileAll = (sourceName: string): Compiled => {
    const functions = templateFunctions(sourceName);
    return {
      names: compileFlag('--fqdn-template', options.fqdnTemplate, functions),
      targets: compileFlag('--target-template', options.targetTemplate, functions),
      pairs: compileFlag('--fqdn-target-template', options.fqdnTargetTemplate, functions),
    };
  };
  compileAll('');
  return { for: (sourceName) => bind(compileAll(sourceName), options.combineFqdnAnnotation, sourceName) };
}

interface Compiled {
  readonly names: Template | undefined;
  readonly targets: Template | undefined;
  readonly pairs: Template | undefined;
}

/** All values of a flag are one text, joined by commas; each must be good with those before it alone. */
function compileFlag(flag: string, values: readonly string[], functions: Functions): Template | undefined {
  let text = '';
  let compiled: Template | undefined;
  values.forEach((value, i) => {
    const before = i > 0 ? text.length + 1 : 0;
    text = i > 0 ? `${text},${value}` : value;
    try {
      compiled = template(flag, text, functions);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      // The place is told within the value where it is; what an earlier value began may end behind it.
      const { line, column } = place(value, Math.max(error.position - before, 0));
      throw new ConfigurationError(`${flag}=${value} is no template: line ${line}, column ${column}: ${error.reason}`, { cause: error });
    }
  });
  return text.trim() === '' ? undefined : compiled;
}

function bind(compiled: Compiled, combining: boolean, sourceName: string): SourceTemplates {
  const configured = compiled.names !== undefined || compiled.targets !== undefined || compiled.pairs !== undefined;
  const render = (part: Template | undefined, object: KubeObject): readonly string[] => (part ? pieces(renderObject(part, object, sourceName)) : []);
  const names = (object: KubeObject): readonly string[] => render(compiled.names, object);
  const targets = (object: KubeObject): readonly string[] => render(compiled.targets, object);
  const combine: SourceTemplates['combine'] = (existing, make) => {
    if (!configured || (existing.length > 0 && !combining)) return existing;
    return combining ? [...existing, ...make()] : make();
  };
  const combinePairs: SourceTemplates['combinePairs'] = (existing, object) => combine(existing, () => mergeEndpoints(render(compiled.pairs, object).flatMap(pairEndpoint)));
  return {
    configured,
    hasNames: compiled.names !== undefined || compiled.pairs !== undefined,
    combining,
    names,
    targets,
    combine,
    combinePairs,
    combineAll: (existing, object) =>
      combine(combinePairs(existing, object), () => {
        const wanted = names(object);
        const found = wanted.length ? targets(object) : [];
        return wanted.flatMap((name) => endpointsForName(name, found));
      }),
  };
}

/**
 * The text for an object. Fields go by their names in Go first; where that fails, for whatever reason, by those of the manifest,
 * and then a missing one is an error.
 */
function renderObject(part: Template, object: KubeObject, sourceName: string): string {
  try {
    return part.render(goData(object, sourceName));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    try {
      return part.render(manifestData(object), { missingKeyFails: true });
    } catch (second) {
      if (!(second instanceof TemplateError)) throw second;
      throw new Error(`${error.message}; with the field names of the manifest: ${second.reason}`, { cause: second });
    }
  }
}

/** Pieces between commas without blanks and final dots, sorted, each once. */
function pieces(text: string): readonly string[] {
  const found = text.split(',').map((piece) => trimDot(piece.trim()));
  return [...new Set(found)].filter((piece) => piece !== '').sort();
}

/** `name:target`; what lacks one of them is left out, since a field may not be set as yet. */
function pairEndpoint(pair: string): readonly Endpoint[] {
  const colon = pair.indexOf(':');
  if (colon < 0) return [];
  const name = pair.slice(0, colon).trim();
  const target = pair.slice(colon + 1).trim();
  return name && target ? [makeEndpoint(name, recordTypeOf(target), [target])] : [];
}
