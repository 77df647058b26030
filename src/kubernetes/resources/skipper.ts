/** Resources of the Skipper ingress controller: what sources read of them. */
import { asRecord, asText, keepHead, recordList, textList } from '../keep.ts';
import type { KubeObject, Resource } from '../object.ts';
import type { LoadBalancerIngress } from './core.ts';

export interface RouteGroupObject extends KubeObject {
  readonly spec: { readonly hosts: readonly string[] };
  /** Other than with an Ingress, the list of addresses is called `routeGroup`. */
  readonly status: { readonly loadBalancer: { readonly routeGroup: readonly LoadBalancerIngress[] } };
}

/** RouteGroups of the group and version that the user names, `zalando.org/v1` if not told otherwise. */
export const routeGroup = (group: string, version: string): Resource<RouteGroupObject> => ({
  group,
  versions: [version],
  plural: 'routegroups',
  kind: 'RouteGroup',
  namespaced: true,
  install: 'install the RouteGroup custom resource definition of Skipper, or set --skipper-routegroup-groupversion',
  keep: (raw) => ({
    ...keepHead(raw),
    spec: { hosts: textList(asRecord(raw['spec'])['hosts']) },
    status: {
      loadBalancer: {
        routeGroup: recordList(asRecord(asRecord(raw['status'])['loadBalancer'])['routeGroup'], (entry) => ({
          ip: asText(entry['ip']) ?? '',
          hostname: asText(entry['hostname']) ?? '',
        })),
      },
    },
  }),
});

export const RouteGroup = routeGroup('zalando.org', 'v1');
