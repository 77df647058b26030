import type { StructType } from '../../template/values.ts';
import type { RawObject } from '../object.ts';

/** How Go reads the objects of a kind. */
export interface KindType {
  readonly struct: StructType;
  /** The object with the fields that Go writes even where they are empty. */
  fill(raw: RawObject): RawObject;
}

/** The type of a kind; undefined where objects are not read into a type. */
export function goType(_apiVersion: string, _kind: string): KindType | undefined {
  return undefined;
}
