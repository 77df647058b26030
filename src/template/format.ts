import { formatFloat } from './numbers.ts';
import { type Argument, dereference, entriesOf, type GoType, itemsOf, keysOf, numberOf, stringValue, type StructType, textOf, valueOf } from './values.ts';

/** What an action prints: pointers are followed, and a value that is not there shows. */
export function display(value: Argument): string {
  if (!value) return noValue;
  const { value: target, nil } = dereference(value);
  if (nil) return nilText;
  if (target.type.kind === 'struct' && target.type.text) return target.type.text(target.raw);
  return format(target);
}

/** What an action prints where there is no value: a key that a map does not have. */
export const noValue = '<no value>';
export const nilText = '<nil>';

/** Go's `%v`. `fields`: with the names of fields, as in `%+v`. */
export function format(value: Argument, fields = false, depth = 0): string {
  return formatAs(value, depth, fields, plain);
}

/** Formats lists, maps, structs and pointers as `%v` does, and what is in them by `leaf`. */
export function formatAs(value: Argument, depth: number, fields: boolean, leaf: (value: Argument) => string): string {
  if (!value) return depth > 0 ? nilText : leaf(value);
  if (depth > deepest) return '...';
  const inner = (type: GoType, raw: unknown): string => formatAs(valueOf(type, raw), depth + 1, fields, leaf);
  const { type } = value;
  switch (type.kind) {
    case 'list':
      return `[${itemsOf(value)
        .map((item) => inner(type.element, item))
        .join(' ')}]`;
    case 'map': {
      const entries = entriesOf(value);
      return `map[${keysOf(value)
        .map((key) => `${leaf(stringValue(key))}:${inner(type.element, entries[key])}`)
        .join(' ')}]`;
    }
    case 'struct':
      if (type.text && !type.textByPointer) return leaf(stringValue(type.text(value.raw)));
      return formatStruct(type, value.raw, fields, inner);
    case 'pointer': {
      if (value.raw === undefined) return leaf(value);
      const { kind } = type.to;
      if (type.to.kind === 'struct' && type.to.text) return leaf(stringValue(type.to.text(value.raw)));
      if (depth === 0 && (kind === 'struct' || kind === 'list' || kind === 'map')) return `&${inner(type.to, value.raw)}`;
      return leaf(value);
    }
    default:
      return leaf(value);
  }
}

const deepest = 100;

function formatStruct(type: StructType, raw: unknown, names: boolean, inner: (type: GoType, raw: unknown) => string): string {
  return `{${[...type.fields].map(([name, field]) => (names ? `${name}:` : '') + inner(field.type, field.get(raw))).join(' ')}}`;
}

/** Go prints where a pointer points to; that is different each time and of no use. */
const address = '0xc000000000';

function plain(value: Argument): string {
  if (!value) return nilText;
  switch (value.type.kind) {
    case 'string':
      return textOf(value);
    case 'bool':
      return String(value.raw === true);
    case 'int':
      return formatInteger(numberOf(value));
    case 'pointer':
      return value.raw === undefined ? nilText : address;
    default:
      return formatFloat(numberOf(value));
  }
}

export const formatInteger = (value: number): string => (Number.isSafeInteger(value) ? String(value) : String(BigInt(Math.trunc(value))));

/** Go's `print`: blanks only between values that are both no texts. */
export function print(args: readonly Argument[]): string {
  let out = '';
  args.forEach((arg, i) => {
    const before = args[i - 1];
    if (i > 0 && arg?.type.kind !== 'string' && before?.type.kind !== 'string') out += ' ';
    out += format(arg);
  });
  return out;
}

/** Go's `println`: blanks between all, and a line break. */
export const println = (args: readonly Argument[]): string => `${args.map((arg) => format(arg)).join(' ')}\n`;

/** `print` as `html`, `js` and `urlquery` use it: pointers are followed. */
export const printTargets = (args: readonly Argument[]): string =>
  print(
    args.map((arg) => {
      if (!arg) return stringValue(noValue);
      const { value } = dereference(arg);
      return value.type.kind === 'struct' && value.type.text ? stringValue(value.type.text(value.raw)) : value;
    }),
  );
