import type { Config } from '../../config/config.ts';

/** Prefix of all annotations. */
export const annotationPrefix = 'external-dns.kubernetes.io/';
/** What it was called before v0.22. */
export const legacyAnnotationPrefix = 'external-dns.alpha.kubernetes.io/';

/** The annotation that says which names of an object are published (--status-annotation). */
export const publishedAnnotation = (prefix: string): string => `${prefix || annotationPrefix}published`;

/** The flags that say under which prefixes annotations are read. */
export type PrefixOptions = Pick<Config, 'annotationPrefix' | 'enableLegacyAnnotationPrefix'>;

/** The prefixes under which annotations are read, the strongest first: both by default, one alone where `--annotation-prefix` is given or the legacy one is switched off. */
export const prefixesInForce = ({ annotationPrefix: prefix, enableLegacyAnnotationPrefix: legacy }: PrefixOptions): readonly string[] => [...new Set([prefix, ...(legacy ? [legacyAnnotationPrefix] : [])])];
