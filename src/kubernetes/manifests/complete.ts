import { createHash } from 'node:crypto';
import { sameData } from '../equal.ts';
import { asNumber, asRecord, asText, textRecord } from '../keep.ts';
import type { RawObject, Resource } from '../object.ts';
import type { FileObject } from './files.ts';

/** `group/Kind`: what objects and resources are matched by; the version does not count. */
export const kindKey = (group: string, kind: string): string => `${group}/${kind}`;

export function kindOf(raw: RawObject): { readonly group: string; readonly version: string; readonly kind: string } {
  const apiVersion = asText(raw['apiVersion']) ?? '';
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind: asText(raw['kind']) ?? '' };
}

/** What an API server would add to the objects of files: a namespace, a uid, generations that count changes of the spec. */
export class Completion {
  readonly #generations = new Map<string, { generation: number; spec: unknown }>();

  /** The object as a cluster would have it. The same as before as long as the file says the same. */
  complete(raw: RawObject, resource: Resource): RawObject {
    const metadata = asRecord(raw['metadata']);
    const name = asText(metadata['name']) ?? '';
    const namespace = resource.namespaced ? asText(metadata['namespace']) || 'default' : '';
    const { group, kind } = kindOf(raw);
    const key = `${kindKey(group, kind)}/${namespace}/${name}`;
    return {
      ...raw,
      metadata: {
        ...metadata,
        ...(namespace ? { namespace } : { namespace: undefined }),
        uid: asText(metadata['uid']) || stableUid(key),
        generation: asNumber(metadata['generation']) ?? this.#generation(key, raw['spec']),
      },
    };
  }

  #generation(key: string, spec: unknown): number {
    const known = this.#generations.get(key);
    if (known && sameData(known.spec, spec)) return known.generation;
    const generation = (known?.generation ?? 0) + 1;
    this.#generations.set(key, { generation, spec });
    return generation;
  }
}

/**
 * The namespaces of a cluster with these objects: those that are written, and those that others are in, all with the label that every
 * API server gives them, by which Gateways select namespaces.
 */
export function namespaces(objects: Iterable<FileObject>): FileObject[] {
  const written = new Map<string, FileObject>();
  const implied = new Set(['default']);
  for (const object of objects) {
    const metadata = asRecord(object.raw['metadata']);
    const { group, kind } = kindOf(object.raw);
    const name = asText(metadata['name']) ?? '';
    if (group === '' && kind === 'Namespace' && !written.has(name)) written.set(name, object);
    const namespace = asText(metadata['namespace']);
    if (namespace) implied.add(namespace);
  }
  for (const name of implied) {
    if (!written.has(name)) written.set(name, { file: '', line: 0, raw: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } });
  }
  return [...written].map(([name, object]) => {
    const metadata = asRecord(object.raw['metadata']);
    const labels = { 'kubernetes.io/metadata.name': name, ...textRecord(metadata['labels']) };
    return { ...object, raw: { ...object.raw, metadata: { ...metadata, labels } } };
  });
}

/** The plural that a kind most likely has, for resources that are known by their plural alone. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (/(s|x|z|ch|sh)$/.test(lower)) return `${lower}es`;
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

function stableUid(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
