import type { Resource } from '../object.ts';

/** `v1`, `networking.k8s.io/v1`. */
export const apiVersionOf = (group: string, version: string): string => (group ? `${group}/${version}` : version);

/** Where a group's version is described: `/api/v1`, `/apis/networking.k8s.io/v1`. */
export const groupPath = (group: string, version: string): string => (group ? `/apis/${segment(group)}/${segment(version)}` : `/api/${segment(version)}`);

/** The collection of a resource, in a namespace or ('') in all. */
export function collectionPath(resource: Resource, version: string, namespace: string): string {
  const within = resource.namespaced && namespace ? `/namespaces/${segment(namespace)}` : '';
  return `${groupPath(resource.group, version)}${within}/${segment(resource.plural)}`;
}

export const objectPath = (resource: Resource, version: string, namespace: string, name: string): string => `${collectionPath(resource, version, namespace)}/${segment(name)}`;

const segment = (text: string): string => encodeURIComponent(text);
