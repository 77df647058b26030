/** Resources of Emissary-ingress (once Ambassador): what sources read of them. */
import { asRecord, asText, keepHead } from '../keep.ts';
import type { KubeObject, Resource } from '../object.ts';

export interface AmbassadorHostObject extends KubeObject {
  /** `hostname` is '' where it is not written. */
  readonly spec: { readonly hostname: string };
}

/** v2 is what Emissary-ingress before 3.0 serves; the hostname is at the same place there. */
export const AmbassadorHost: Resource<AmbassadorHostObject> = {
  group: 'getambassador.io',
  versions: ['v3alpha1', 'v2'],
  plural: 'hosts',
  kind: 'Host',
  namespaced: true,
  install: 'install the custom resource definitions of Emissary-ingress',
  keep: (raw) => ({ ...keepHead(raw), spec: { hostname: asText(asRecord(raw['spec'])['hostname']) ?? '' } }),
};
