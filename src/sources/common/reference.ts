/** An object that another one names in an annotation. */
export interface Reference {
  readonly namespace: string;
  readonly name: string;
}

/** `NAME` (in the namespace of the object that names it) or `NAMESPACE/NAME`; undefined for anything else. */
export function parseReference(text: string, ownNamespace: string): Reference | undefined {
  const [first = '', second, ...more] = text.trim().split('/');
  const reference = second === undefined ? { namespace: ownNamespace, name: first } : { namespace: first || ownNamespace, name: second };
  return more.length || reference.name === '' ? undefined : reference;
}
