/** Reads Go's encoding/gob: https://pkg.go.dev/encoding/gob describes the format. */

/** Structs are maps by field name; fields with the zero value are not sent, so they are absent. Interface values are not read: undefined. */
export type GobValue = boolean | number | bigint | string | Uint8Array | undefined | readonly GobValue[] | ReadonlyMap<GobValue, GobValue>;

/** The bytes are no gob stream, or one beyond the limits. */
export class GobError extends Error {
  override readonly name = 'GobError';
}

/** Bytes of a stream, in all. */
export const maxBytes = 16 * 1024 * 1024;
/** Values of a stream, in all: what takes one byte in the stream takes some tens in memory. */
const maxValues = 2_000_000;
/** How deep values may nest; types may refer to themselves. */
const maxDepth = 32;

/** Takes the bytes of a stream as they come, up to its first value. */
export class GobStream {
  readonly #types = new Map<number, GobType>(bootstrapTypes);
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #received = 0;
  /** How many waiting bytes the next message needs at least. */
  #needed = 1;
  #budget = maxValues;

  /** The first value of the stream, as soon as it is complete. Throws GobError. */
  push(chunk: Uint8Array): { readonly value: GobValue } | undefined {
    this.#received += chunk.length;
    if (this.#received > maxBytes) throw new GobError(`more than ${maxBytes} bytes`);
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    if (this.#waiting < this.#needed) return undefined;
    return this.#read(this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks));
  }

  #read(bytes: Uint8Array): { readonly value: GobValue } | undefined {
    let at = 0;
    for (;;) {
      const message = messageAt(bytes, at);
      if (message.end > bytes.length) {
        const rest = bytes.subarray(at);
        this.#chunks = [rest];
        this.#waiting = rest.length;
        this.#needed = message.end - at;
        return undefined;
      }
      at = message.end;
      const body = new GobBytes(bytes.subarray(message.start, message.end), this.#types, this.#budget);
      const id = body.int();
      if (id >= 0) {
        const value = body.topLevel(id);
        body.mustBeAtEnd();
        return { value };
      }
      this.#define(-id, typeOf(body.value(wireTypeId, 0)));
      body.mustBeAtEnd();
      this.#budget = body.budget;
    }
  }

  #define(id: number, type: GobType): void {
    if (this.#types.has(id)) throw new GobError(`type ${id} is defined twice`);
    this.#types.set(id, type);
  }
}

type GobType =
  | { readonly kind: 'basic'; readonly id: number }
  | { readonly kind: 'list'; readonly element: number }
  | { readonly kind: 'map'; readonly key: number; readonly element: number }
  | { readonly kind: 'struct'; readonly fields: readonly GobField[] }
  /** Encoded by a method of its own: bytes, for us. */
  | { readonly kind: 'opaque' };

interface GobField {
  readonly name: string;
  readonly type: number;
}

const basic = { bool: 1, int: 2, uint: 3, float: 4, bytes: 5, string: 6, complex: 7, interface: 8 } as const;
const wireTypeId = 16;

const struct = (...fields: readonly (readonly [name: string, type: number])[]): GobType => ({ kind: 'struct', fields: fields.map(([name, type]) => ({ name, type })) });

/** The types that a stream need not define: the basic ones, and those by which it defines others. */
const bootstrapTypes: readonly (readonly [number, GobType])[] = [
  ...Object.values(basic).map((id) => [id, { kind: 'basic', id }] as const),
  [wireTypeId, struct(['ArrayT', 17], ['SliceT', 19], ['StructT', 20], ['MapT', 23], ['GobEncoderT', 24], ['BinaryMarshalerT', 24], ['TextMarshalerT', 24])],
  [17, struct(['CommonType', 18], ['Elem', basic.int], ['Len', basic.int])],
  [18, struct(['Name', basic.string], ['Id', basic.int])],
  [19, struct(['CommonType', 18], ['Elem', basic.int])],
  [20, struct(['CommonType', 18], ['Field', 22])],
  [21, struct(['Name', basic.string], ['Id', basic.int])],
  [22, { kind: 'list', element: 21 }],
  [23, struct(['CommonType', 18], ['Key', basic.int], ['Elem', basic.int])],
  [24, struct(['CommonType', 18])],
];

/** The type that a value of wireType defines. */
function typeOf(wire: GobValue): GobType {
  for (const name of ['ArrayT', 'SliceT'] as const) {
    const list = fieldOf(wire, name);
    if (list) return { kind: 'list', element: idOf(list, 'Elem') };
  }
  const map = fieldOf(wire, 'MapT');
  if (map) return { kind: 'map', key: idOf(map, 'Key'), element: idOf(map, 'Elem') };
  const fields = fieldOf(wire, 'StructT');
  if (fields) {
    const list = fieldOf(fields, 'Field');
    return {
      kind: 'struct',
      fields: (Array.isArray(list) ? (list as readonly GobValue[]) : []).map((field) => ({ name: String(fieldOf(field, 'Name') ?? ''), type: idOf(field, 'Id') })),
    };
  }
  return { kind: 'opaque' };
}

const fieldOf = (value: GobValue, name: string): GobValue => (value instanceof Map ? (value as ReadonlyMap<GobValue, GobValue>).get(name) : undefined);

const idOf = (value: GobValue, name: string): number => {
  const id = fieldOf(value, name);
  return typeof id === 'number' ? id : 0;
};

/** Where the body of the message at an offset starts and ends; an end beyond the bytes where they are not yet all there. */
function messageAt(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = bytes[at];
  if (first === undefined) return { start: at, end: at + 1 };
  const width = first < 0x80 ? 0 : 0x100 - first;
  const start = at + 1 + width;
  if (start > bytes.length) return { start, end: start };
  const length = new GobBytes(bytes.subarray(at, start), new Map(), 0).uint();
  if (length === 0n) throw new GobError('an empty message');
  if (length > maxBytes) throw new GobError(`a message of ${length} bytes`);
  return { start, end: start + Number(length) };
}

/** Reads the body of one message from front to back. */
class GobBytes {
  /** How many values may still be read. */
  budget: number;
  readonly #bytes: Uint8Array;
  readonly #types: ReadonlyMap<number, GobType>;
  #at = 0;

  constructor(bytes: Uint8Array, types: ReadonlyMap<number, GobType>, budget: number) {
    this.#bytes = bytes;
    this.#types = types;
    this.budget = budget;
  }

  mustBeAtEnd(): void {
    if (this.#at !== this.#bytes.length) throw new GobError(`${this.#bytes.length - this.#at} bytes too many in a message`);
  }

  /** A value that stands by itself: all but structs follow a zero byte. */
  topLevel(type: number): GobValue {
    if (this.#types.get(type)?.kind !== 'struct' && this.uint() !== 0n) throw new GobError('a value does not begin with a zero byte');
    return this.value(type, 0);
  }

  value(id: number, depth: number): GobValue {
    if (depth > maxDepth) throw new GobError(`values nest deeper than ${maxDepth}`);
    if (--this.budget < 0) throw new GobError(`more than ${maxValues} values`);
    const type = this.#types.get(id);
    switch (type?.kind) {
      case 'basic':
        return this.#basic(type.id);
      case 'list':
        return this.#list(type.element, depth);
      case 'map': {
        const result = new Map<GobValue, GobValue>();
        for (let count = this.length(); count > 0; count--) {
          const key = this.value(type.key, depth + 1);
          result.set(key, this.value(type.element, depth + 1));
        }
        return result;
      }
      case 'struct':
        return this.#struct(type.fields, depth);
      case 'opaque':
        return this.#take(this.length());
      case undefined:
        throw new GobError(`type ${id} is not defined`);
    }
  }

  /** Up to 64 bits: a byte below 128 stands for itself, else for the count of bytes that follow, negated. */
  uint(): bigint {
    const first = this.#byte();
    if (first < 0x80) return BigInt(first);
    const width = 0x100 - first;
    if (width > 8) throw new GobError(`a number of ${width} bytes`);
    let value = 0n;
    for (let i = 0; i < width; i++) value = (value << 8n) | BigInt(this.#byte());
    return value;
  }

  int(): number {
    const value = signed(this.uint());
    if (typeof value === 'bigint') throw new GobError(`the type number ${value} is too large`);
    return value;
  }

  /** A count of bytes, or of elements, which take a byte at least; none can be more than what is left. */
  length(): number {
    const length = this.uint();
    const left = this.#bytes.length - this.#at;
    if (length > left) throw new GobError(`${length} bytes or elements, but only ${left} bytes are left`);
    return Number(length);
  }

  #list(element: number, depth: number): GobValue {
    const result: GobValue[] = [];
    for (let count = this.length(); count > 0; count--) result.push(this.value(element, depth + 1));
    return result;
  }

  #struct(fields: readonly GobField[], depth: number): GobValue {
    const result = new Map<GobValue, GobValue>();
    let at = -1;
    for (;;) {
      const step = this.uint();
      if (step === 0n) return result;
      at += Number(step);
      const field = fields[at];
      if (!field) throw new GobError(`a struct has no field number ${at}`);
      result.set(field.name, this.value(field.type, depth + 1));
    }
  }

  #basic(id: number): GobValue {
    switch (id) {
      case basic.bool:
        return this.uint() !== 0n;
      case basic.int:
        return signed(this.uint());
      case basic.uint:
        return plain(this.uint());
      case basic.float:
        return float(this.uint());
      case basic.bytes:
        return this.#take(this.length());
      case basic.string:
        return Buffer.from(this.#take(this.length())).toString('utf8');
      case basic.complex:
        return [float(this.uint()), float(this.uint())];
      default:
        return this.#skipInterface();
    }
  }

  /** An interface value: the name of its type, the number of its type, its length and itself; or an empty name. */
  #skipInterface(): undefined {
    const name = this.#take(this.length());
    if (name.length === 0) return;
    if (this.int() < 0) throw new GobError('a type is defined within a value, which is not supported');
    this.#take(this.length());
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new GobError('a message ends within a value');
    return byte;
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }
}

const plain = (value: bigint): number | bigint => (value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value);

/** The lowest bit says that all others are to be flipped. */
const signed = (value: bigint): number | bigint => plain(value & 1n ? ~(value >> 1n) : value >> 1n);

/** A float is sent as its bytes in reverse, so that short ones have few. */
function float(value: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, value, false);
  return view.getFloat64(0, true);
}
