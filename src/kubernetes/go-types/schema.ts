import { type Field, type GoType, isRecord, listOf, type Method, type Methods, pointerTo, type StructType, stringType, boolType, anyType, valueOf } from '../../template/values.ts';

/**
 * Reads the notation in which the types of this folder are written, one type a line (lines that are indented go on with the one before):
 *
 *     Name {Field type, Field:json type, Field! type, +Embedded, +Embedded:json}
 *     Name []type                            likewise map[Key]type
 *     string: Name Name                      types that are texts
 *
 * The name in JSON follows from that in Go (`PodIPs`: `podIPs`) where none is given. `!`: written even where it is empty.
 * An embedded struct without a name in JSON has its fields in the JSON of the struct around it.
 */
export class Schema {
  readonly #package: string;
  readonly #parent: Schema | undefined;
  /** Structs whose fields can be read by methods (`GetName`), too. */
  readonly #getters: ReadonlySet<string>;
  readonly #methods: ReadonlyMap<string, Methods>;
  readonly #types: Map<string, GoType>;
  readonly #text: string;
  #definitions: Map<string, string> | undefined;

  constructor(text: string, options: { package?: string; parent?: Schema; getters?: readonly string[]; types?: readonly (readonly [string, GoType])[]; methods?: ReadonlyMap<string, Methods> } = {}) {
    this.#text = text;
    this.#package = options.package ?? 'v1';
    this.#parent = options.parent;
    this.#getters = new Set(options.getters ?? []);
    this.#methods = options.methods ?? new Map();
    this.#types = new Map(options.types ?? []);
  }

  /** The struct of a name that the schema has. */
  struct(name: string): SchemaStruct {
    const type = this.#named(name);
    if (!(type instanceof SchemaStruct)) throw new Error(`${name} is no struct of the schema`);
    return type;
  }

  #define(): Map<string, string> {
    const definitions = new Map<string, string>();
    for (const line of this.#text.replace(/\n +/g, ' ').split('\n')) {
      const at = line.indexOf(' ');
      if (at < 0) continue;
      const [name, definition] = [line.slice(0, at), line.slice(at + 1)];
      if (name === 'string:') for (const text of definition.split(' ')) definitions.set(text, 'string');
      else definitions.set(name, definition);
    }
    return definitions;
  }

  #named(name: string): GoType | undefined {
    const known = this.#types.get(name);
    if (known) return known;
    this.#definitions ??= this.#define();
    const definition = this.#definitions.get(name);
    if (definition === undefined) return this.#parent ? this.#parent.#named(name) : undefined;
    const shown = `${this.#package}.${name}`;
    const type: GoType = definition.startsWith('{')
      ? new SchemaStruct(shown, { getters: this.#getters.has(name), methods: this.#methods.get(name), members: () => this.#members(definition) })
      : { ...this.#type(definition), name: shown };
    this.#types.set(name, type);
    return type;
  }

  #type(text: string): GoType {
    const basic = basicTypes.get(text);
    if (basic) return basic;
    if (text.startsWith('*')) return pointerTo(this.#type(text.slice(1)));
    if (text.startsWith('[]')) return listOf(this.#type(text.slice(2)));
    if (text.startsWith('map[')) {
      const close = text.indexOf(']');
      const key = this.#type(text.slice(4, close));
      const element = this.#type(text.slice(close + 1));
      return { kind: 'map', name: `map[${key.name}]${element.name}`, element, ...(key.name !== 'string' && { keyName: key.name }) };
    }
    const type = this.#named(text);
    if (!type) throw new Error(`the schema has no type ${text}`);
    return type;
  }

  #members(definition: string): Member[] {
    return definition
      .slice(1, -1)
      .split(', ')
      .filter((member) => member !== '')
      .map((member) => {
        const [head = '', type = ''] = member.split(' ');
        const embedded = head.startsWith('+');
        const always = head.endsWith('!');
        const [name = '', json] = head.slice(embedded ? 1 : 0, always ? -1 : undefined).split(':');
        return { name, json: json ?? (embedded ? undefined : jsonName(name)), always, embedded, type: this.#type(embedded ? name : type) };
      });
  }
}

interface Member {
  readonly name: string;
  /** Undefined: in the JSON of the struct around it. */
  readonly json: string | undefined;
  readonly always: boolean;
  readonly embedded: boolean;
  readonly type: GoType;
}

interface StructDefinition {
  readonly getters: boolean;
  readonly methods: Methods | undefined;
  readonly members: () => readonly Member[];
}

/** A struct of the schema; its fields are read at their first use, so that types may refer to each other. */
export class SchemaStruct implements StructType {
  readonly kind = 'struct';
  readonly name: string;
  readonly #definition: StructDefinition;
  #members: readonly Member[] | undefined;
  #fields: ReadonlyMap<string, Field> | undefined;
  #promoted: ReadonlyMap<string, Field> | undefined;
  #methods: Methods | undefined;

  constructor(name: string, definition: StructDefinition) {
    this.name = name;
    this.#definition = definition;
  }

  get members(): readonly Member[] {
    return (this.#members ??= this.#definition.members());
  }

  get fields(): ReadonlyMap<string, Field> {
    return (this.#fields ??= new Map(this.members.map((member) => [member.name, { type: member.type, get: getterOf(member) }])));
  }

  get promoted(): ReadonlyMap<string, Field> {
    return (this.#promoted ??= new Map(
      this.#embedded().flatMap(([type, get]) =>
        // What is nearer hides what is embedded deeper.
        [...type.promoted, ...type.fields].map(([name, field]) => [name, { type: field.type, get: (raw: unknown) => field.get(get(raw)) }] as const),
      ),
    ));
  }

  get methods(): Methods {
    return (this.#methods ??= new Map([...this.#promotedMethods(), ...this.#ownMethods()]));
  }

  #embedded(): [SchemaStruct, (raw: unknown) => unknown][] {
    return this.members.flatMap((member) => (member.embedded && member.type instanceof SchemaStruct ? [[member.type, getterOf(member)] as [SchemaStruct, (raw: unknown) => unknown]] : []));
  }

  #promotedMethods(): [string, Method][] {
    return this.#embedded().flatMap(([type, get]) =>
      [...type.methods].map(([name, method]): [string, Method] => [name, { ...method, call: (receiver, args) => method.call({ type, raw: get(receiver.raw) }, args) }]),
    );
  }

  #ownMethods(): [string, Method][] {
    const own = [...(this.#definition.methods ?? [])];
    if (!this.#definition.getters) return own;
    return [...this.fields].map(([name, field]): [string, Method] => [`Get${name}`, { parameters: [], call: (receiver) => valueOf(field.type, field.get(receiver.raw)) }]);
  }
}

function getterOf({ json }: Member): (raw: unknown) => unknown {
  if (json === undefined) return (raw) => raw;
  return (raw) => (isRecord(raw) ? raw[json] : undefined);
}

/** JSON as Go writes it: with what is written even where it is empty. */
export function filled(type: GoType, raw: unknown): unknown {
  switch (type.kind) {
    case 'list':
      return Array.isArray(raw) && holdsStructs(type.element) ? raw.map((item) => filled(type.element, item)) : raw;
    case 'map':
      return isRecord(raw) && holdsStructs(type.element) ? Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, filled(type.element, item)])) : raw;
    case 'pointer':
      return raw === undefined || raw === null ? raw : filled(type.to, raw);
    case 'struct':
      return type instanceof SchemaStruct ? fillStruct(type, raw) : raw;
    default:
      return raw;
  }
}

function fillStruct(type: SchemaStruct, raw: unknown): unknown {
  if (raw !== undefined && !isRecord(raw)) return raw;
  let result: Record<string, unknown> = { ...raw };
  for (const { json, always, type: member } of type.members) {
    if (json === undefined) result = { ...result, ...asRecord(filled(member, result)) };
    else if (result[json] === undefined) {
      if (always) result[json] = emptyJson(member);
      else if (member instanceof SchemaStruct) result[json] = fillStruct(member, undefined);
    } else result[json] = filled(member, result[json]);
  }
  return result;
}

const asRecord = (raw: unknown): Readonly<Record<string, unknown>> => (isRecord(raw) ? raw : {});

const holdsStructs = (type: GoType): boolean => type.kind === 'struct' || ((type.kind === 'list' || type.kind === 'map') && holdsStructs(type.element)) || (type.kind === 'pointer' && holdsStructs(type.to));

function emptyJson(type: GoType): unknown {
  switch (type.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int':
    case 'float':
      return 0;
    default:
      return null;
  }
}

const basicTypes: ReadonlyMap<string, GoType> = new Map<string, GoType>([
  ['string', stringType],
  ['bool', boolType],
  ['any', anyType],
  ['float64', { kind: 'float', name: 'float64' }],
  ...['int', 'int32', 'int64', 'uint16', 'uint32'].map((name): [string, GoType] => [name, { kind: 'int', name }]),
]);

/** `ClusterIP`: `clusterIP`, `IPFamilies`: `ipFamilies`, `PodIPs`: `podIPs`, `UID`: `uid`. */
export function jsonName(name: string): string {
  const capitals = /^[A-Z]+/.exec(name)?.[0].length ?? 0;
  const rest = name.slice(capitals);
  const lowered = capitals <= 1 || rest === '' || rest === 's' ? capitals : capitals - 1;
  return name.slice(0, lowered).toLowerCase() + name.slice(lowered);
}
