/** Resources of OpenShift: what sources read of them. Absent texts are ''. */
import { asRecord, asText, keepParts, recordList } from '../keep.ts';
import type { KubeObject, RawObject, Resource } from '../object.ts';

const text = (record: RawObject, field: string): string => asText(record[field]) ?? '';

/** What one router reports of a Route. */
export interface RouteIngress {
  readonly host: string;
  readonly routerName: string;
  readonly routerCanonicalHostname: string;
  /** The router's condition Admitted is True. */
  readonly admitted: boolean;
}

export interface OpenShiftRouteObject extends KubeObject {
  readonly spec: { readonly host: string };
  readonly status: { readonly ingress: readonly RouteIngress[] };
}

export const OpenShiftRoute: Resource<OpenShiftRouteObject> = {
  group: 'route.openshift.io',
  versions: ['v1'],
  plural: 'routes',
  kind: 'Route',
  namespaced: true,
  install: 'use it with OpenShift, which has Routes',
  keep: (raw) => keepParts(raw, { host: text(asRecord(raw['spec']), 'host') }, { ingress: recordList(asRecord(raw['status'])['ingress'], keepRouteIngress) }),
};

function keepRouteIngress(entry: RawObject): RouteIngress {
  const admitted = recordList(entry['conditions'], (condition) => condition).find((condition) => condition['type'] === 'Admitted');
  return {
    host: text(entry, 'host'),
    routerName: text(entry, 'routerName'),
    routerCanonicalHostname: text(entry, 'routerCanonicalHostname'),
    admitted: admitted?.['status'] === 'True',
  };
}
