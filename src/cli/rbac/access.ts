import type { Config } from '../../config/config.ts';
import { annotates } from '../../controller/published-names.ts';
import { Lease } from '../../controller/leader/lease.ts';
import { ConfigurationError } from '../../errors.ts';
import { Pod } from '../../kubernetes/resources/core.ts';
import { silentLogger } from '../../log/logger.ts';
import { DNSRecord } from '../../registries/crd/dns-record.ts';
import { createTemplates } from '../../sources/common/templates.ts';
import { createSource } from '../../sources/engine/open-sources.ts';
import { loadSources } from '../../sources/index.ts';
import type { Source } from '../../sources/source.ts';
import { eventReasons } from '../validate.ts';

/** A right in the cluster: verbs on a resource, and who needs it. */
export interface Access {
  /** API group; '' for the core group. */
  readonly group: string;
  /** In the plural, with its subresource where that is meant: `dnsendpoints/status`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** '' for the whole cluster. */
  readonly namespace: string;
  /** For the reader: `--source=ingress`. */
  readonly neededBy: string;
}

/** A source as the options make it. */
export interface NamedSource {
  readonly name: string;
  readonly source: Source;
}

/** What is watched; `get` comes with it by custom. */
const readVerbs = ['get', 'list', 'watch'];

/** Where Events of objects without a namespace are written to. */
const clusterEventsNamespace = 'default';

/**
 * All rights that a process with these options uses: what its sources read for them, statuses, the registry, Events, the Lease of the leader, remembered state.
 * `ownNamespace`: where the process runs; '' if that is not known. Throws ConfigurationError.
 */
export async function accessOf(options: Config, ownNamespace: string): Promise<readonly Access[]> {
  const sources = await sourcesOf(options);
  return [
    ...sources.flatMap(accessOfSource),
    ...(annotates(options) ? sources.flatMap(accessOfAnnotations) : []),
    ...accessOfRegistry(options, ownNamespace),
    ...accessOfEvents(options, sources, ownNamespace),
    ...accessOfLease(options, ownNamespace),
    ...accessOfState(options),
  ];
}

/** The sources that the options name, without a cluster. Throws ConfigurationError. */
export async function sourcesOf(options: Config): Promise<readonly NamedSource[]> {
  const templates = createTemplates(options);
  const definitions = await loadSources([...new Set(options.source)]);
  return Promise.all(definitions.map(async (definition) => ({ name: definition.name, source: await createSource(definition, options, templates, silentLogger) })));
}

/** What a source reads, first or second-hand, also what it reads only when an object needs it; and the statuses that it writes. */
export function accessOfSource({ name, source: { walks, reads } }: NamedSource): readonly Access[] {
  const neededBy = `--source=${name}`;
  return [
    ...[...walks, ...reads].map(({ resource, namespace }) => ({
      group: resource.group,
      resource: resource.plural,
      verbs: readVerbs,
      namespace: resource.namespaced ? namespace : '',
      neededBy,
    })),
    ...walks
      .filter((walk) => walk.status)
      .map(({ resource, namespace }) => ({ group: resource.group, resource: `${resource.plural}/status`, verbs: ['patch'], namespace, neededBy })),
  ];
}

/** The annotation is metadata: there is no right for it alone. */
function accessOfAnnotations({ source: { walks } }: NamedSource): readonly Access[] {
  return walks
    .filter((walk) => walk.annotated)
    .map(({ resource, namespace }) => ({ group: resource.group, resource: resource.plural, verbs: ['patch'], namespace: resource.namespaced ? namespace : '', neededBy: '--status-annotation' }));
}

function accessOfRegistry({ registry, crdRegistryNamespace }: Config, ownNamespace: string): readonly Access[] {
  if (registry !== 'crd') return [];
  const namespace = crdRegistryNamespace || known(ownNamespace, '--registry=crd keeps its DNSRecords', '--crd-registry-namespace');
  const { group, plural } = DNSRecord;
  const neededBy = '--registry=crd';
  return [
    { group, resource: plural, verbs: [...readVerbs, 'create', 'update', 'delete'], namespace, neededBy },
    { group, resource: `${plural}/status`, verbs: ['patch'], namespace, neededBy },
  ];
}

/** Events are written beside the objects that they speak of; what concerns no object that is there, beside the pod of the program, of which the uid is read. */
function accessOfEvents({ eventsEmit }: Config, sources: readonly NamedSource[], ownNamespace: string): readonly Access[] {
  if (!eventsEmit.some((reason) => eventReasons.includes(reason))) return [];
  const neededBy = '--events-emit';
  const namespaces = sources.flatMap(({ source }) => source.walks.map(({ resource, namespace }) => (resource.namespaced ? namespace : clusterEventsNamespace)));
  const beside = eventsEmit.includes('RecordError') && ownNamespace !== '' ? [ownNamespace] : [];
  return [
    ...[...new Set([...namespaces, ...beside])].map((namespace) => ({ group: 'events.k8s.io', resource: 'events', verbs: ['create'], namespace, neededBy })),
    ...beside.map((namespace) => ({ group: '', resource: Pod.plural, verbs: ['get'], namespace, neededBy })),
  ];
}

function accessOfLease({ leaderElect, leaderElectionNamespace, once }: Config, ownNamespace: string): readonly Access[] {
  if (!leaderElect || once) return [];
  const namespace = leaderElectionNamespace || known(ownNamespace, '--leader-elect keeps its Lease', '--leader-election-namespace');
  return [{ group: Lease.group, resource: Lease.plural, verbs: ['get', 'create', 'update'], namespace, neededBy: '--leader-elect' }];
}

/** A ConfigMap that remembers the last run; a file needs nothing. */
function accessOfState({ state }: Config): readonly Access[] {
  const [, namespace] = /^configmap:([^/]+)\/[^/]+$/.exec(state) ?? [];
  return namespace === undefined ? [] : [{ group: '', resource: 'configmaps', verbs: ['get', 'create', 'update'], namespace, neededBy: '--state' }];
}

/** The namespace of the process, for what is kept there. Throws ConfigurationError where it is not known. */
function known(ownNamespace: string, what: string, flag: string): string {
  if (ownNamespace === '') throw new ConfigurationError(`${what} in the namespace that the program runs in; name that with --service-account=NAMESPACE/NAME, or another with ${flag}`);
  return ownNamespace;
}
