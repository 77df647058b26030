/** Resources of Istio: what sources read of them. Absent texts are '', absent lists and maps empty. */
import { asRecord, keepHead, recordList, textList, textRecord } from '../keep.ts';
import type { KubeObject, Resource } from '../object.ts';

const group = 'networking.istio.io';
const versions = ['v1', 'v1beta1', 'v1alpha3'];
const install = 'install Istio';

export interface IstioGatewayObject extends KubeObject {
  readonly spec: {
    /** Labels that the selector of a Service must hold to give its addresses. */
    readonly selector: Readonly<Record<string, string>>;
    /** Hosts may have a namespace in front: `HOST`, `NAMESPACE/HOST`, `./HOST`. */
    readonly servers: readonly { readonly hosts: readonly string[] }[];
  };
}

export const IstioGateway: Resource<IstioGatewayObject> = {
  group,
  versions,
  plural: 'gateways',
  kind: 'Gateway',
  namespaced: true,
  install,
  keep(raw) {
    const spec = asRecord(raw['spec']);
    return {
      ...keepHead(raw),
      spec: {
        selector: textRecord(spec['selector']),
        servers: recordList(spec['servers'], (server) => ({ hosts: textList(server['hosts']) })),
      },
    };
  },
};

export interface IstioVirtualServiceObject extends KubeObject {
  readonly spec: {
    readonly hosts: readonly string[];
    /** `NAME`, `NAMESPACE/NAME`, or `mesh` for all sidecars. */
    readonly gateways: readonly string[];
    /** Namespaces, `.` for its own, `*` for all; empty for all. */
    readonly exportTo: readonly string[];
  };
}

export const IstioVirtualService: Resource<IstioVirtualServiceObject> = {
  group,
  versions,
  plural: 'virtualservices',
  kind: 'VirtualService',
  namespaced: true,
  install,
  keep(raw) {
    const spec = asRecord(raw['spec']);
    return {
      ...keepHead(raw),
      spec: { hosts: textList(spec['hosts']), gateways: textList(spec['gateways']), exportTo: textList(spec['exportTo']) },
    };
  },
};
