/**
 * Readers for objects of which nothing is certain, for the `keep` functions of resources.
 * Whatever the type of what they are given, they neither throw nor pass it on.
 */
import type { KubeObject, ObjectMeta, RawObject } from './object.ts';

const noRecord: RawObject = Object.freeze({});
const noList: readonly unknown[] = Object.freeze([]);
const noTexts: Readonly<Record<string, string>> = Object.freeze({});

/** kubectl's copy of the whole object, larger than the rest of the annotations together. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export function isRecord(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object; else an empty one, so that reads can be chained. */
export const asRecord = (value: unknown): RawObject => (isRecord(value) ? value : noRecord);

/** The value if it is a list; else an empty one. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : noList);

/** The value if it is a text; else undefined. */
export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? intern(value) : undefined);

/** The value if it is a finite number; else undefined. */
export const asNumber = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** The value if it is true or false; else undefined. */
export const asBoolean = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);

/** The texts of a list, in order; other entries are left out. */
export function textList(value: unknown): readonly string[] {
  const list = asList(value);
  // a list that is made by map has no room to grow, which would cost more than what is in it
  const texts = list.every((entry) => typeof entry === 'string') ? list.map(intern) : list.flatMap((entry) => asText(entry) ?? []);
  return texts.length ? texts : (noList as readonly string[]);
}

/** The objects of a list, in order, each read by `read`; other entries are left out. */
export function recordList<T>(value: unknown, read: (entry: RawObject) => T): readonly T[] {
  const list = asList(value);
  const records = list.every(isRecord) ? list.map((entry) => read(entry)) : list.flatMap((entry) => (isRecord(entry) ? [read(entry)] : []));
  return records.length ? records : (noList as readonly T[]);
}

/** A map of texts, as labels are; entries of other types are left out, and `__proto__` is, which no label can be called. */
export function textRecord(value: unknown, without?: string): Readonly<Record<string, string>> {
  if (!isRecord(value)) return noTexts;
  let result: Record<string, string> | undefined;
  for (const key of Object.keys(value)) {
    const text = value[key];
    if (typeof text !== 'string' || key === '__proto__' || key === without) continue;
    result ??= {};
    result[key] = intern(text);
  }
  return result ?? noTexts;
}

/** A text that no other object has: looking for a copy of it is in vain. */
const ownText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The metadata that is kept of an object; managedFields and kubectl's last-applied annotation are not. */
export function keepMetadata(raw: RawObject): ObjectMeta {
  const metadata = asRecord(raw['metadata']);
  return {
    name: ownText(metadata['name']),
    namespace: asText(metadata['namespace']) ?? '',
    uid: ownText(metadata['uid']),
    resourceVersion: ownText(metadata['resourceVersion']),
    generation: asNumber(metadata['generation']) ?? 0,
    creationTimestamp: ownText(metadata['creationTimestamp']),
    labels: textRecord(metadata['labels']),
    annotations: textRecord(metadata['annotations'], lastApplied),
  };
}

/** apiVersion, kind and metadata of an object: what the `keep` function of any resource begins with. */
export function keepHead(raw: RawObject): { apiVersion: string; kind: string; metadata: ObjectMeta } {
  return { apiVersion: asText(raw['apiVersion']) ?? '', kind: asText(raw['kind']) ?? '', metadata: keepMetadata(raw) };
}

/**
 * An object with these parts. Written out, since an object that the head is spread into takes several times the memory, and there may be
 * tens of thousands of them.
 */
export function keepParts<S, T>(raw: RawObject, spec: S, status: T): { apiVersion: string; kind: string; metadata: ObjectMeta; spec: S; status: T } {
  const { apiVersion, kind, metadata } = keepHead(raw);
  return { apiVersion, kind, metadata, spec, status };
}

/** The whole object as it was given, but for managedFields and kubectl's last-applied annotation. */
export function withoutNoise(raw: RawObject): RawObject {
  if (!isRecord(raw['metadata'])) return raw;
  const { managedFields: _, ...metadata } = raw['metadata'];
  if (!isRecord(metadata['annotations']) || !(lastApplied in metadata['annotations'])) return { ...raw, metadata };
  const { [lastApplied]: __, ...annotations } = metadata['annotations'];
  return { ...raw, metadata: { ...metadata, annotations } };
}

/** A `keep` function for resources that are read field by field, whatever they hold (unstructured ones): nothing but noise is left out. */
export function keepAll(raw: RawObject): KubeObject {
  return { ...withoutNoise(raw), ...keepHead(raw) };
}

/**
 * The same text, but one copy of it in memory: namespaces, types, label values come in thousands of objects.
 * No state, but a cache of fixed size, where each text has one place that it may lose to another: it has no effect but on memory.
 */
function intern(text: string): string {
  const { length } = text;
  if (length === 0 || length > longestInterned) return text;
  const place = (length * 31 + text.charCodeAt(0) * 17 + text.charCodeAt(length >> 1) * 257 + text.charCodeAt(length - 1) * 7) % internedTexts;
  const known = interned[place];
  if (known === text) return known;
  interned[place] = text;
  return text;
}
const internedTexts = 1021;
const interned = Array<string>(internedTexts).fill('');
/** Longer texts are host names, descriptions and the like, rarely the same. */
const longestInterned = 63;
