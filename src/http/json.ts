/** Reading of JSON that others wrote: what is not as expected counts as not there. */

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of what is no object. */
export const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {});

/** The objects in a list. */
export const objectsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

/** A text; '' for all else. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The texts in a list. */
export const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
