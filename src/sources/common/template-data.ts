import { goType, objectMethods } from '../../kubernetes/go-types/index.ts';
import type { KubeObject, RawObject } from '../../kubernetes/object.ts';
import { anyType, type Field, type GoType, isRecord, mapOf, type Methods, stringMapType, stringType, type StructType, type Value, valueOf } from '../../template/values.ts';

/** The object with the field names and types that it has in Go; objects of unknown kinds, and of the unstructured source, by their manifest. */
export function goData(object: KubeObject, sourceName: string): Value {
  const raw = wholeOf(object);
  const type = sourceName === 'unstructured' ? undefined : goType(object.apiVersion, object.kind);
  if (type) return { type: type.struct, raw };
  const { spec, status } = raw;
  return { type: manifestWithMethods, raw: { ...raw, spec: withGoNames(spec), status: withGoNames(status), [wholeKey]: raw } };
}

/** The object with the field names of its manifest, in the shape that all kinds have in common. */
export function manifestData(object: KubeObject): Value {
  const raw = wholeOf(object);
  const filled = goType(object.apiVersion, object.kind)?.fill(raw) ?? raw;
  return { type: manifest, raw: { ...filled, [wholeKey]: filled } };
}

/** The object as the API gave it, with kind and version, which lists leave out. */
function wholeOf(object: KubeObject): RawObject {
  const { raw: whole, ...kept } = object;
  const raw = whole ?? (kept as unknown as RawObject);
  return raw['kind'] === object.kind && raw['apiVersion'] === object.apiVersion ? raw : { ...raw, apiVersion: object.apiVersion, kind: object.kind };
}

/** Where the whole object is beside its parts. */
const wholeKey = Symbol('whole');

const anyMapType = mapOf(anyType);
const part = (key: string): ((raw: unknown) => unknown) => (raw) => (isRecord(raw) ? raw[key] : undefined);
const meta = (key: string): ((raw: unknown) => unknown) => (raw) => (isRecord(raw) && isRecord(raw['metadata']) ? raw['metadata'][key] : undefined);
const whole = (raw: unknown): unknown => (isRecord(raw) ? (raw as { [wholeKey]?: unknown })[wholeKey] : undefined);

const fieldOf = (type: GoType, get: (raw: unknown) => unknown): Field => ({ type, get });

const fields = new Map<string, Field>([
  ['Name', fieldOf(stringType, meta('name'))],
  ['Namespace', fieldOf(stringType, meta('namespace'))],
  ['Kind', fieldOf(stringType, part('kind'))],
  ['APIVersion', fieldOf(stringType, part('apiVersion'))],
  ['Labels', fieldOf(stringMapType, meta('labels'))],
  ['Annotations', fieldOf(stringMapType, meta('annotations'))],
  ['Metadata', fieldOf(anyMapType, part('metadata'))],
  ['Spec', fieldOf(anyMapType, part('spec'))],
  ['Status', fieldOf(anyMapType, part('status'))],
  ['Object', fieldOf(anyMapType, whole)],
]);

const manifest: StructType = { kind: 'struct', name: 'template.object', fields };

/** Beyond what all objects have. */
const furtherMethods: Methods = new Map(
  ['Kind', 'APIVersion'].flatMap((name) => {
    const field = fields.get(name);
    return field ? [[`Get${name}`, { parameters: [], call: (receiver) => valueOf(field.type, field.get(receiver.raw)) }]] : [];
  }),
);

const manifestWithMethods: StructType = {
  ...manifest,
  /** Made at the first look: the types of Go are read for it. */
  get methods() {
    const methods: Methods = new Map([...objectMethods(), ...furtherMethods]);
    Object.defineProperty(this, 'methods', { value: methods });
    return methods;
  },
};

/** Words that Go writes in capitals at the beginning of a name. */
const initialisms = new Set(
  'acl api arn ca cidr cpu crd db dns http https id ip json jwk jwt os pem rbac sql ssl tcp tls ttl udp uid uuid uri url vm xml yaml'.split(' '),
);

/** The keys of the first level also as Go names them: `DNSNames` beside `dnsNames`. */
function withGoNames(section: unknown): unknown {
  if (!isRecord(section)) return section;
  const aliases: Record<string, unknown> = {};
  for (const key of Object.keys(section)) {
    const alias = goName(key);
    if (alias !== key && !Object.hasOwn(section, alias)) aliases[alias] = section[key];
  }
  return { ...section, ...aliases };
}

function goName(key: string): string {
  const first = /^[^\p{Lu}]*/u.exec(key)?.[0] ?? '';
  return (initialisms.has(first.toLowerCase()) ? first.toUpperCase() : first.slice(0, 1).toUpperCase() + first.slice(1)) + key.slice(first.length);
}
