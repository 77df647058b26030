/**
 * The values that templates work on: JSON-like data, each with the Go type that it is read as.
 * Untyped data (`any`) takes its types from the data itself; typed data keeps Go's zero values for what is absent.
 */

export type GoType = BasicType | ListType | MapType | StructType | PointerType | AnyType;

export interface BasicType {
  readonly kind: 'string' | 'bool' | 'int' | 'float';
  /** As Go prints it: `string`, `v1.ServiceType`. */
  readonly name: string;
  readonly methods?: Methods;
}

export interface ListType {
  readonly kind: 'list';
  readonly name: string;
  readonly element: GoType;
  readonly methods?: Methods;
}

/** With texts as keys. */
export interface MapType {
  readonly kind: 'map';
  readonly name: string;
  readonly element: GoType;
  /** The keys have a type of their own: neither field names nor texts find them. */
  readonly keyName?: string;
  readonly methods?: Methods;
}

export interface StructType {
  readonly kind: 'struct';
  readonly name: string;
  /** In order of declaration. Fields of embedded structs are found by `promoted`. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly promoted?: ReadonlyMap<string, Field>;
  readonly methods?: Methods;
  /** What String() gives. */
  readonly text?: (raw: unknown) => string;
  /** String() is there only for what can be pointed to, not for copies. */
  readonly textByPointer?: boolean;
}

export interface Field {
  readonly type: GoType;
  /** The data of the field in the data of the struct. */
  readonly get: (raw: unknown) => unknown;
}

export interface PointerType {
  readonly kind: 'pointer';
  readonly name: string;
  readonly to: GoType;
  readonly methods?: Methods;
}

/** The data says what it is. Whole numbers are ints, as in objects of Kubernetes; or all numbers are floats, as Go's JSON has it. */
export interface AnyType {
  readonly kind: 'any';
  readonly name: string;
  readonly floats: boolean;
  readonly methods?: Methods;
}

export type Methods = ReadonlyMap<string, Method>;

export interface Signature {
  readonly parameters: readonly Parameter[];
  /** The last parameter may come any number of times. */
  readonly variadic?: boolean;
}

/** `value`: anything, also nothing. `any`: likewise, for what prints. */
export type Parameter = GoType | { readonly kind: 'value'; readonly name: string };

export interface Method extends Signature {
  readonly call: (receiver: Value, args: readonly Argument[]) => Argument;
}

export interface Value {
  readonly type: Exclude<GoType, AnyType>;
  /** Fits the type: undefined for a nil list, map or pointer. */
  readonly raw: unknown;
}

/** No value at all: nil, or a key that a map does not have. */
export type Argument = Value | undefined;

export const stringType: BasicType = { kind: 'string', name: 'string' };
export const boolType: BasicType = { kind: 'bool', name: 'bool' };
export const intType: BasicType = { kind: 'int', name: 'int' };
export const floatType: BasicType = { kind: 'float', name: 'float64' };
export const anyType: AnyType = { kind: 'any', name: 'interface {}', floats: false };
export const jsonType: AnyType = { kind: 'any', name: 'interface {}', floats: true };
export const anyValue: Parameter = { kind: 'value', name: 'reflect.Value' };

export const listOf = (element: GoType): ListType => ({ kind: 'list', name: `[]${element.name}`, element });
export const mapOf = (element: GoType): MapType => ({ kind: 'map', name: `map[string]${element.name}`, element });
export const pointerTo = (to: GoType): PointerType => ({ kind: 'pointer', name: `*${to.name}`, to });

export const stringMapType = mapOf(stringType);
const anyListType = listOf(anyType);
const anyMapType = mapOf(anyType);
const jsonListType = listOf(jsonType);
const jsonMapType = mapOf(jsonType);

const make = (type: Value['type'], raw: unknown): Value => ({ type, raw });

export const stringValue = (text: string): Value => make(stringType, text);
export const boolValue = (truth: boolean): Value => make(boolType, truth);
export const intValue = (int: number): Value => make(intType, int);
export const floatValue = (float: number): Value => make(floatType, float);

/** Data read as a type. What does not fit counts as absent: the zero value of the type. */
export function valueOf(type: GoType, raw: unknown): Argument {
  switch (type.kind) {
    case 'string':
      return make(type, typeof raw === 'string' ? raw : '');
    case 'bool':
      return make(type, raw === true);
    case 'int':
    case 'float':
      return make(type, typeof raw === 'number' ? raw : 0);
    case 'list':
      return make(type, Array.isArray(raw) ? raw : undefined);
    case 'map':
      return make(type, isRecord(raw) ? raw : undefined);
    case 'struct':
      return make(type, raw);
    case 'pointer':
      return make(type, raw ?? undefined);
    case 'any':
      return untyped(raw, type.floats);
  }
}

function untyped(raw: unknown, floats: boolean): Argument {
  switch (typeof raw) {
    case 'string':
      return make(stringType, raw);
    case 'boolean':
      return make(boolType, raw);
    case 'number':
      return make(!floats && Number.isInteger(raw) ? intType : floatType, raw);
    case 'object':
      if (raw === null) return undefined;
      if (Array.isArray(raw)) return make(floats ? jsonListType : anyListType, raw);
      return make(floats ? jsonMapType : anyMapType, raw);
    default:
      return undefined;
  }
}

export function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

/** What a pointer points to, through several of them; `nil` where one of them does. */
export function dereference(value: Value): { value: Value; nil: boolean } {
  let current = value;
  while (current.type.kind === 'pointer') {
    const target = current.raw === undefined ? undefined : valueOf(current.type.to, current.raw);
    if (!target) return { value: current, nil: true };
    current = target;
  }
  return { value: current, nil: false };
}

export const textOf = (value: Value): string => (typeof value.raw === 'string' ? value.raw : '');
export const numberOf = (value: Value): number => (typeof value.raw === 'number' ? value.raw : 0);
export const itemsOf = (value: Value): readonly unknown[] => (Array.isArray(value.raw) ? value.raw : []);
export const entriesOf = (value: Value): Readonly<Record<string, unknown>> => (isRecord(value.raw) ? value.raw : {});

/** The keys of a map, in Go's order. */
export function keysOf(value: Value): string[] {
  const record = entriesOf(value);
  return Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort();
}

/** A key of a map; undefined where it is not there. A key that is there with null gives `null`. */
export function entryOf(value: Value, key: string): Argument | null {
  const record = entriesOf(value);
  if (!Object.hasOwn(record, key) || record[key] === undefined || value.type.kind !== 'map') return undefined;
  return valueOf(value.type.element, record[key]) ?? null;
}

/** Go's truth: neither zero, empty nor nil. Structs are always true. */
export function isTrue(value: Argument): boolean {
  if (!value) return false;
  switch (value.type.kind) {
    case 'string':
    case 'bool':
    case 'int':
      return Boolean(value.raw);
    case 'float':
      return value.raw !== 0;
    case 'list':
      return itemsOf(value).length > 0;
    case 'map':
      return keysOf(value).length > 0;
    case 'struct':
      return true;
    case 'pointer':
      return value.raw !== undefined;
  }
}

const ascii = /^[\0-\x7f]*$/;

/** The length of a text in bytes, as Go counts it. */
export const byteLength = (text: string): number => (ascii.test(text) ? text.length : Buffer.byteLength(text));

/** A part of a text by byte offsets; what cuts a character apart becomes U+FFFD. */
export const sliceBytes = (text: string, start: number, end: number): string => (ascii.test(text) ? text.slice(start, end) : Buffer.from(text).subarray(start, end).toString());

/** The byte of a text at an offset that is within it. */
export const byteAt = (text: string, at: number): number => (ascii.test(text) ? text.charCodeAt(at) : (Buffer.from(text)[at] ?? 0));
