/** Prefix of all annotations. */
export const annotationPrefix = 'external-dns.kubernetes.io/';
/** What it was called before v0.22. */
export const legacyAnnotationPrefix = 'external-dns.alpha.kubernetes.io/';

/** The annotation that says which names of an object are published (--status-annotation). */
export const publishedAnnotation = (prefix: string): string => `${prefix || annotationPrefix}published`;

/** The prefixes under which annotations are read, the strongest first: both by default, one alone where `--annotation-prefix` names another. */
export const prefixesInForce = (prefix: string): readonly string[] => (prefix === annotationPrefix || prefix === '' ? [annotationPrefix, legacyAnnotationPrefix] : [prefix]);
