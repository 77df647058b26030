import type { Config } from '../../config/config.ts';
import { ConfigurationError, messageOf } from '../../errors.ts';
import type { KubeObject } from '../../kubernetes/object.ts';
import { matchesSelector, parseSelector, type Selector } from '../../kubernetes/selector.ts';
import { type PrefixOptions, prefixesInForce } from './prefixes.ts';

/** The value of the annotation `controller` of objects that are ours; objects without it are, too. */
const ourController = 'dns-controller';

/**
 * Whether an object passes --annotation-filter, --label-filter and (but with `controller: false`) its controller annotation.
 * Throws ConfigurationError on a filter that cannot be read.
 */
export function createSelection(
  options: Pick<Config, 'annotationFilter' | 'labelFilter'> & PrefixOptions,
  { controller = true }: { readonly controller?: boolean } = {},
): (object: KubeObject) => boolean {
  const annotations = selectorOf(options.annotationFilter, '--annotation-filter');
  const labels = selectorOf(options.labelFilter, '--label-filter');
  const keys = prefixesInForce(options).map((prefix) => `${prefix}controller`);
  return ({ metadata }) => {
    if (!matchesSelector(annotations, metadata.annotations) || !matchesSelector(labels, metadata.labels)) return false;
    if (!controller) return true;
    for (const key of keys) {
      const value = metadata.annotations[key];
      if (value !== undefined) return value === ourController;
    }
    return true;
  };
}

/** The selector that a flag gives. Throws ConfigurationError. */
export function selectorOf(text: string, flag: string): Selector {
  try {
    return parseSelector(text);
  } catch (error) {
    throw new ConfigurationError(`${flag}: ${messageOf(error)}`, { cause: error });
  }
}
