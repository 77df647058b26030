import type { KubeObject } from '../../kubernetes/object.ts';
import type { ObjectContext } from '../source.ts';

/**
 * Makes something of an object at its first use, and keeps it for as long as the object lives: for what many others read of one object.
 * `make` must depend on the object alone; it may warn through the context, but not read.
 */
export function once<T extends KubeObject, P>(make: (object: T, context: ObjectContext) => P): (object: T, context: ObjectContext) => P {
  const made = new WeakMap<T, P>();
  return (object, context) => {
    let found = made.get(object);
    if (found === undefined) made.set(object, (found = make(object, context)));
    return found;
  };
}
