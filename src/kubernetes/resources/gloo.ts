/** Resources of Gloo Edge: what sources read of them. Absent texts are '', absent lists and maps empty. */
import { asRecord, asText, isRecord, keepHead, recordList, textList } from '../keep.ts';
import type { KubeObject, RawObject, Resource } from '../object.ts';

/** The object that a listener or a virtual host was made of. */
export interface GlooOrigin {
  /** As Gloo writes it: `*v1.VirtualService`, `*v1.Gateway`. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface GlooVirtualHost {
  readonly domains: readonly string[];
  readonly origins: readonly GlooOrigin[];
}

export interface GlooListener {
  /** Of an HTTP listener all, of an aggregate listener those that its filter chains refer to, in their order. */
  readonly virtualHosts: readonly GlooVirtualHost[];
  readonly origins: readonly GlooOrigin[];
}

export interface GlooProxyObject extends KubeObject {
  readonly spec: { readonly listeners: readonly GlooListener[] };
}

const install = 'install the custom resource definitions of Gloo Edge';

export const GlooProxy: Resource<GlooProxyObject> = {
  group: 'gloo.solo.io',
  versions: ['v1'],
  plural: 'proxies',
  kind: 'Proxy',
  namespaced: true,
  install,
  keep: (raw) => ({ ...keepHead(raw), spec: { listeners: recordList(asRecord(raw['spec'])['listeners'], keepListener) } }),
};

/** Only metadata (annotations) is read of a Gateway. */
export const GlooGateway: Resource = {
  group: 'gateway.solo.io',
  versions: ['v1'],
  plural: 'gateways',
  kind: 'Gateway',
  namespaced: true,
  install,
  keep: keepHead,
};

/** Only metadata (annotations) is read of a VirtualService. */
export const GlooVirtualService: Resource = {
  group: 'gateway.solo.io',
  versions: ['v1'],
  plural: 'virtualservices',
  kind: 'VirtualService',
  namespaced: true,
  install,
  keep: keepHead,
};

function keepListener(listener: RawObject): GlooListener {
  const aggregate = asRecord(listener['aggregateListener']);
  const byName = asRecord(asRecord(aggregate['httpResources'])['virtualHosts']);
  const referred = recordList(aggregate['httpFilterChains'], (chain) => textList(chain['virtualHostRefs'])).flat();
  return {
    virtualHosts: [
      ...recordList(asRecord(listener['httpListener'])['virtualHosts'], keepVirtualHost),
      ...referred.flatMap((ref) => {
        const host = Object.hasOwn(byName, ref) ? byName[ref] : undefined;
        return isRecord(host) ? [keepVirtualHost(host)] : [];
      }),
    ],
    origins: keepStaticOrigins(listener),
  };
}

const keepVirtualHost = (host: RawObject): GlooVirtualHost => ({
  domains: textList(host['domains']),
  origins: [...recordList(asRecord(host['metadata'])['sources'], keepOrigin), ...keepStaticOrigins(host)],
});

/** Older versions of Gloo write `metadata.sources`, newer ones `metadataStatic.sources`, in another form. */
const keepStaticOrigins = (owner: RawObject): readonly GlooOrigin[] =>
  recordList(asRecord(owner['metadataStatic'])['sources'], (source) => keepOrigin({ ...asRecord(source['resourceRef']), kind: source['resourceKind'] }));

const keepOrigin = (source: RawObject): GlooOrigin => ({
  kind: asText(source['kind']) ?? '',
  namespace: asText(source['namespace']) ?? '',
  name: asText(source['name']) ?? '',
});
