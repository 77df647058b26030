import type { KubeObject } from './object.ts';

/** Deep equality of plain data, as JSON or `keep` functions give it; order of keys does not matter. */
export function sameData(a: unknown, b: unknown): boolean {
  return same(a, b, '');
}

/** Whether two versions of an object are alike in all that is kept, but for the resource version. */
export function sameObject(a: KubeObject, b: KubeObject): boolean {
  if (a.metadata.resourceVersion !== '' && a.metadata.resourceVersion === b.metadata.resourceVersion) return (a.raw === undefined) === (b.raw === undefined);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const from: Readonly<Record<string, unknown>> = { ...a };
  const to: Readonly<Record<string, unknown>> = { ...b };
  return keys.every((key) => {
    if (key === 'metadata') return same(from[key], to[key], 'resourceVersion');
    if (key === 'raw') return sameRaw(from[key], to[key]);
    return same(from[key], to[key], '');
  });
}

/** Whether two versions of an object differ in one annotation, and in nothing else that is kept. */
export function differInAnnotation(a: KubeObject, b: KubeObject, key: string): boolean {
  return a.metadata.annotations[key] !== b.metadata.annotations[key] && sameObject(withoutAnnotation(a, key), withoutAnnotation(b, key));
}

function withoutAnnotation(object: KubeObject, key: string): KubeObject {
  const { [key]: _, ...annotations } = object.metadata.annotations;
  const kept = { ...object, metadata: { ...object.metadata, resourceVersion: '', annotations } };
  const metadata = object.raw?.['metadata'];
  if (!isObject(metadata)) return kept;
  const { annotations: all, ...others } = metadata;
  const { [key]: __, ...rest } = isObject(all) ? all : {};
  return { ...kept, raw: { ...object.raw, metadata: Object.keys(rest).length > 0 ? { ...others, annotations: rest } : others } };
}

function sameRaw(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key], key === 'metadata' ? 'resourceVersion' : ''));
}

/** `without`: a key of the outermost objects that does not count. */
function same(a: unknown, b: unknown, without: string): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i], '')) return false;
    return true;
  }
  const keys = Object.keys(a);
  if (counted(keys, a, without) !== counted(Object.keys(b), b, without)) return false;
  for (const key of keys) if (key !== without && !(Object.hasOwn(b, key) && same(a[key], b[key], ''))) return false;
  return true;
}

const counted = (keys: readonly string[], object: object, without: string): number => (without !== '' && Object.hasOwn(object, without) ? keys.length - 1 : keys.length);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
