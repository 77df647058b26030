import { FunctionError } from './errors.ts';
import { escapeHtml, escapeJavaScript, escapeQuery } from './escape.ts';
import { format, print, printTargets, println } from './format.ts';
import { printf } from './printf.ts';
import {
  anyType,
  anyValue,
  type Argument,
  boolValue,
  byteAt,
  byteLength,
  dereference,
  entryOf,
  type GoType,
  intValue,
  isTrue,
  itemsOf,
  keysOf,
  numberOf,
  type Parameter,
  type Signature,
  sliceBytes,
  stringType,
  stringValue,
  textOf,
  type Value,
  valueOf,
} from './values.ts';

/** A function that templates can call. What it throws as FunctionError is reported with its place. */
export interface TemplateFunction extends Signature {
  readonly call: (args: readonly Argument[]) => Argument;
  /** Gives its first argument that is true (or), or is not (and), and does not evaluate the ones after it. */
  readonly stopsAt?: boolean;
}

export type Functions = Readonly<Record<string, TemplateFunction>>;

/** A function of texts; a wrong number or type of arguments is reported to the user before it is called. */
export function textFunction(count: number, call: (...texts: string[]) => Argument): TemplateFunction {
  return { parameters: Array.from({ length: count }, () => stringType), call: (args) => call(...args.map((arg) => (arg ? textOf(arg) : ''))) };
}

const define = (parameters: readonly Parameter[], call: TemplateFunction['call'], more: Partial<TemplateFunction> = {}): TemplateFunction => ({ parameters, call, ...more });
const variadic = { variadic: true } as const;

/** The functions that every Go template has. */
export const builtins: Functions = {
  and: define([anyValue, anyValue], ([first]) => first, { variadic: true, stopsAt: false }),
  or: define([anyValue, anyValue], ([first]) => first, { variadic: true, stopsAt: true }),
  not: define([anyValue], ([arg]) => boolValue(!isTrue(arg))),
  call: define([anyValue, anyValue], ([fn]) => fail(fn ? `non-function of type ${fn.type.name}` : 'call of nil'), variadic),
  html: define([anyType], (args) => stringValue(escapeHtml(printTargets(args))), variadic),
  js: define([anyType], (args) => stringValue(escapeJavaScript(printTargets(args))), variadic),
  urlquery: define([anyType], (args) => stringValue(escapeQuery(printTargets(args))), variadic),
  print: define([anyType], (args) => stringValue(print(args)), variadic),
  println: define([anyType], (args) => stringValue(println(args)), variadic),
  printf: define([stringType, anyType], ([text, ...args]) => stringValue(printf(text ? textOf(text) : '', args)), variadic),
  len: define([anyValue], ([item]) => intValue(length(item))),
  index: define([anyValue, anyValue], ([item, ...indexes]) => index(item, indexes), variadic),
  slice: define([anyValue, anyValue], ([item, ...indexes]) => slice(item, indexes), variadic),
  eq: define([anyValue, anyValue], ([first, ...others]) => boolValue(isEqual(first, others)), variadic),
  ne: define([anyValue, anyValue], ([a, b]) => boolValue(!isEqual(a, [b]))),
  lt: define([anyValue, anyValue], ([a, b]) => boolValue(isLess(a, b))),
  le: define([anyValue, anyValue], ([a, b]) => boolValue(isLess(a, b) || isEqual(a, [b]))),
  gt: define([anyValue, anyValue], ([a, b]) => boolValue(!(isLess(a, b) || isEqual(a, [b])))),
  ge: define([anyValue, anyValue], ([a, b]) => boolValue(!isLess(a, b))),
};

function fail(message: string): never {
  throw new FunctionError(message);
}

function length(item: Argument): number {
  if (!item) return fail('len of untyped nil');
  const { value, nil } = dereference(item);
  if (nil) return fail('len of nil pointer');
  switch (value.type.kind) {
    case 'string':
      return byteLength(textOf(value));
    case 'list':
      return itemsOf(value).length;
    case 'map':
      return keysOf(value).length;
    default:
      return fail(`len of type ${value.type.name}`);
  }
}

function index(item: Argument, indexes: readonly Argument[]): Argument {
  if (!item) return fail('index of untyped nil');
  let current: Argument = item;
  for (const at of indexes) {
    if (!current) return fail('index of nil pointer');
    const { value, nil }: { value: Value; nil: boolean } = dereference(current);
    if (nil) return fail('index of nil pointer');
    const { type } = value;
    switch (type.kind) {
      case 'string': {
        const text = textOf(value);
        current = intValue(byteAt(text, within(at, byteLength(text))));
        break;
      }
      case 'list': {
        const items = itemsOf(value);
        current = valueOf(type.element, items[within(at, items.length)]);
        break;
      }
      case 'map': {
        const keyName = type.keyName ?? 'string';
        if (!at) return fail(`value is nil; should be of type ${keyName}`);
        if (at.type.kind !== 'string' || at.type.name !== keyName) return fail(`value has type ${at.type.name}; should be ${keyName}`);
        const found = entryOf(value, textOf(at));
        current = found === undefined ? valueOf(type.element, undefined) : (found ?? undefined);
        break;
      }
      default:
        return fail(`can't index item of type ${type.name}`);
    }
  }
  return current;
}

/** An index that is below the length. */
function within(at: Argument, length: number): number {
  const position = offset(at, length);
  return position < length ? position : fail(`index out of range: ${position}`);
}

/** An index that may be the length itself. */
function offset(at: Argument, length: number): number {
  if (!at) return fail('cannot index slice/array with nil');
  if (at.type.kind !== 'int') return fail(`cannot index slice/array with type ${at.type.name}`);
  const position = numberOf(at);
  return position >= 0 && position <= length ? position : fail(`index out of range: ${position}`);
}

function slice(item: Argument, indexes: readonly Argument[]): Argument {
  if (!item) return fail('slice of untyped nil');
  const { value, nil } = dereference(item);
  if (nil) return fail('slice of nil pointer');
  if (indexes.length > 3) return fail(`too many slice indexes: ${indexes.length}`);
  const { kind } = value.type;
  if (kind !== 'string' && kind !== 'list') return fail(`can't slice item of type ${value.type.name}`);
  if (kind === 'string' && indexes.length === 3) return fail('cannot 3-index slice a string');
  const size = kind === 'string' ? byteLength(textOf(value)) : itemsOf(value).length;
  const [start = 0, end = size, limit = size] = indexes.map((at) => offset(at, size));
  if (start > end) return fail(`invalid slice index: ${start} > ${end}`);
  if (end > limit) return fail(`invalid slice index: ${end} > ${limit}`);
  return kind === 'string' ? { type: value.type, raw: sliceBytes(textOf(value), start, end) } : { type: value.type, raw: itemsOf(value).slice(start, end) };
}

type BasicKind = 'string' | 'bool' | 'int' | 'float';

const basicKinds: ReadonlySet<string> = new Set(['string', 'bool', 'int', 'float']);
const isBasic = (kind: GoType['kind'] | undefined): kind is BasicKind => kind !== undefined && basicKinds.has(kind);
const nillable: ReadonlySet<string> = new Set(['list', 'map', 'pointer']);

const isNil = (arg: Argument): boolean => !arg || (nillable.has(arg.type.kind) && arg.raw === undefined);

/** Whether the first equals any of the others. */
function isEqual(first: Argument, others: readonly Argument[]): boolean {
  if (others.length === 0) return fail('missing argument for comparison');
  return others.some((other) => {
    const a = isBasic(first?.type.kind) ? first?.type.kind : undefined;
    const b = isBasic(other?.type.kind) ? other?.type.kind : undefined;
    if (a !== b) return first && other ? fail(`incompatible types for comparison: ${first.type.name} and ${other.type.name}`) : false;
    if (a !== undefined) return first?.raw === other?.raw;
    if (first && other && first.type.kind !== other.type.kind) return fail(`non-comparable types ${format(first)}: ${first.type.name}, ${other.type.name}: ${format(other)}`);
    if (isNil(first) || isNil(other)) return isNil(first) === isNil(other);
    if (other?.type.kind === 'list' || other?.type.kind === 'map') return fail(`non-comparable type ${format(other)}: ${other.type.name}`);
    return first?.type === other?.type && first?.raw === other?.raw;
  });
}

function isLess(a: Argument, b: Argument): boolean {
  if (!a || !b || !isBasic(a.type.kind) || !isBasic(b.type.kind)) return fail('invalid type for comparison');
  if (a.type.kind !== b.type.kind) return fail(`incompatible types for comparison: ${a.type.name} and ${b.type.name}`);
  switch (a.type.kind) {
    case 'string':
      return Buffer.compare(Buffer.from(textOf(a)), Buffer.from(textOf(b))) < 0;
    case 'int':
    case 'float':
      return numberOf(a) < numberOf(b);
    default:
      return fail('invalid type for comparison');
  }
}
