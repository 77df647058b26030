/** Resources of F5 Container Ingress Services: what sources read of them. Absent texts are ''. */
import { asRecord, asText, keepHead, textList } from '../keep.ts';
import type { KubeObject, RawObject, Resource } from '../object.ts';

/** A VirtualServer or a TransportServer; the latter has no aliases. */
export interface F5ServerObject extends KubeObject {
  readonly spec: {
    readonly host: string;
    readonly hostAliases: readonly string[];
    readonly virtualServerAddress: string;
  };
  /** `vsAddress` is `None` while the server has no address. */
  readonly status: { readonly vsAddress: string };
}

const keepServer = (raw: RawObject): F5ServerObject => {
  const spec = asRecord(raw['spec']);
  return {
    ...keepHead(raw),
    spec: {
      host: asText(spec['host']) ?? '',
      hostAliases: textList(spec['hostAliases']),
      virtualServerAddress: asText(spec['virtualServerAddress']) ?? '',
    },
    status: { vsAddress: asText(asRecord(raw['status'])['vsAddress']) ?? '' },
  };
};

const server = (kind: string, plural: string): Resource<F5ServerObject> => ({
  group: 'cis.f5.com',
  versions: ['v1'],
  plural,
  kind,
  namespaced: true,
  install: 'install the custom resource definitions of F5 Container Ingress Services',
  keep: keepServer,
});

export const F5VirtualServer = server('VirtualServer', 'virtualservers');
export const F5TransportServer = server('TransportServer', 'transportservers');
