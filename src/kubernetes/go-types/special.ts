import { formatTime, goTimeText, parseTime, zeroTime } from './time.ts';
import { boolValue, type Field, intValue, isRecord, type Method, type Methods, stringType, stringValue, type StructType, textOf, type Value, type GoType } from '../../template/values.ts';

/** Types whose JSON is not that of a struct, though they are structs in Go. */

const method = (call: (raw: unknown, args: readonly string[]) => Value, texts = 0): Method => ({
  parameters: Array.from({ length: texts }, () => stringType),
  call: (receiver, args) => call(receiver.raw, args.map((arg) => (arg ? textOf(arg) : ''))),
});

const part = (pick: (time: Date) => number): Method => method((raw) => intValue(pick(parseTime(raw) ?? zeroTime)));

/** metav1.Time: a moment, shown in UTC. */
const timeType = (name: string): StructType => ({
  kind: 'struct',
  name,
  fields: new Map(),
  text: (raw) => goTimeText(parseTime(raw) ?? zeroTime),
  methods: new Map([
    ['String', method((raw) => stringValue(goTimeText(parseTime(raw) ?? zeroTime)))],
    ['Format', method((raw, [layout = '']) => stringValue(formatTime(parseTime(raw) ?? zeroTime, layout)), 1)],
    ['IsZero', method((raw) => boolValue(parseTime(raw) === undefined))],
    ['Unix', part((time) => Math.floor(time.getTime() / 1000))],
    ['Year', part((time) => time.getUTCFullYear())],
    ['Day', part((time) => time.getUTCDate())],
    ['Hour', part((time) => time.getUTCHours())],
    ['Minute', part((time) => time.getUTCMinutes())],
    ['Second', part((time) => time.getUTCSeconds())],
  ]),
});

const goInt: GoType = { kind: 'int', name: 'int32' };
const field = (type: GoType, get: (raw: unknown) => unknown): Field => ({ type, get });
const intOf = (raw: unknown): number => (typeof raw === 'number' ? raw : /^[+-]?\d+$/.test(String(raw)) ? Number(raw) : 0);

/** A number, or the name of a port. */
const intOrString: StructType = {
  kind: 'struct',
  name: 'intstr.IntOrString',
  fields: new Map([
    ['Type', field({ kind: 'int', name: 'intstr.Type' }, (raw) => (typeof raw === 'string' ? 1 : 0))],
    ['IntVal', field(goInt, (raw) => raw)],
    ['StrVal', field(stringType, (raw) => raw)],
  ]),
  text: (raw) => String(raw ?? 0),
  textByPointer: true,
  methods: new Map([
    ['String', method((raw) => stringValue(String(raw ?? 0)))],
    ['IntValue', method((raw) => intValue(intOf(raw)))],
  ]),
};

/** Sizes that a quantity may end with. */
const suffixes: Readonly<Record<string, number>> = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };

function quantityNumber(raw: unknown): number {
  const [, digits = '0', suffix = ''] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([numkKMGTPE]?i?)$/.exec(String(raw ?? 0)) ?? [];
  return Math.ceil(Number(digits) * (suffixes[suffix] ?? 1));
}

/** An amount as `500m` or `4Gi`. */
const quantity: StructType = {
  kind: 'struct',
  name: 'resource.Quantity',
  fields: new Map(),
  text: (raw) => String(raw ?? 0),
  methods: new Map([
    ['String', method((raw) => stringValue(String(raw ?? 0)))],
    ['Value', method((raw) => intValue(quantityNumber(raw)))],
  ]),
};

export const specialTypes: readonly (readonly [string, GoType])[] = [
  ['Time', timeType('v1.Time')],
  ['MicroTime', timeType('v1.MicroTime')],
  ['IntOrString', intOrString],
  ['Quantity', quantity],
];

/** What `GroupVersionKind` gives: the parts of apiVersion and kind. */
const groupVersionKind: StructType = {
  kind: 'struct',
  name: 'schema.GroupVersionKind',
  fields: new Map([
    ['Group', field(stringType, (raw) => split(raw).group)],
    ['Version', field(stringType, (raw) => split(raw).version)],
    ['Kind', field(stringType, (raw) => split(raw).kind)],
  ]),
  text: (raw) => {
    const { group, version, kind } = split(raw);
    return `${group}/${version}, Kind=${kind}`;
  },
};

function split(raw: unknown): { group: string; version: string; kind: string } {
  const { apiVersion, kind } = isRecord(raw) ? raw : {};
  const [version = '', group = ''] = String(apiVersion ?? '').split('/').reverse();
  return { group, version, kind: String(kind ?? '') };
}

/** Methods of types that are structs of the schema. */
export const specialMethods: ReadonlyMap<string, Methods> = new Map([
  [
    'TypeMeta',
    new Map<string, Method>([
      ['GroupVersionKind', method((raw) => ({ type: groupVersionKind, raw }))],
      ['GetObjectKind', { parameters: [], call: (receiver) => receiver }],
    ]),
  ],
]);
