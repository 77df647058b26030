import { endpointsForName } from '../../endpoint/build.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { Resource } from '../../kubernetes/object.ts';
import { Namespace } from '../../kubernetes/resources/core.ts';
import { Gateway, ListenerSet, type ParentRef, type RouteObject, XListenerSet } from '../../kubernetes/resources/gateway-api.ts';
import type { Annotations } from '../common/annotations.ts';
import { annotatedTraits, resourceLabelOf } from '../common/targets.ts';
import { defineSource, type ObjectContext, type Read, type SourceDefinition, type SourceSetup, walk } from '../source.ts';
import { commonHost, normalHost } from './hosts.ts';
import { createParentFinder, lets, type OpenListener, type Parent } from './parents.ts';

/** What tells one kind of route from another. */
export interface RouteSourceFacts {
  /** As in `--source`. */
  readonly name: string;
  readonly resource: Resource<RouteObject>;
  /** Protocols of listeners that take such routes. */
  readonly protocols: readonly string[];
}

/**
 * Routes of the Gateway API: names from the route, narrowed by the listeners of the parents that accepted it;
 * targets from the addresses of these Gateways, or the target annotation of Gateway or ListenerSet.
 */
export function defineRouteSource({ name, resource, protocols }: RouteSourceFacts): SourceDefinition {
  const label = resource.kind.toLowerCase();
  return defineSource({
    name,
    title: `Gateway API ${resource.kind}`,
    resources: [resource, Gateway, ListenerSet, XListenerSet, Namespace],
    resourceLabels: [label],
    templates: true,
    annotations: ['hostname', 'gateway-hostname-source', 'target', 'ttl', 'controller', 'set-identifier', 'alias', 'record-type'],
    create(setup) {
      const { options } = setup;
      const find = createParentFinder(setup, { kind: resource.kind, protocols });
      const reads: Read[] = [
        { resource: Gateway, namespace: options.gatewayNamespace },
        { resource: Namespace, namespace: '' },
      ];
      // where one of them cannot be read, only the routes that name one are frozen
      if (options.gatewayListenerSets) for (const set of [ListenerSet, XListenerSet]) reads.push({ resource: set, namespace: '', flag: '--gateway-listener-sets' });
      return {
        walks: [
          walk({
            resource,
            namespace: options.namespace,
            endpoints(route, context) {
              if (!setup.selects(route)) return [];
              const annotations = setup.annotations(route, context);
              const hosts = wantedHosts(route, annotations, setup, context);
              const targets = targetsByHost(route, hosts, find, context);
              const traits = annotatedTraits(annotations, resourceLabelOf(label, route));
              const endpoints: Endpoint[] = [];
              for (const [host, of] of targets) endpoints.push(...endpointsForName(host, of, traits));
              return endpoints;
            },
          }),
        ],
        reads,
      };
    },
  });
}

/**
 * Hosts that a route wants, in normal form, each once; '' for those of the listeners.
 * The annotation gateway-hostname-source chooses between spec (with templates) and the hostname annotation.
 */
function wantedHosts(route: RouteObject, annotations: Annotations, setup: SourceSetup, context: ObjectContext): readonly string[] {
  const { templates, options } = setup;
  const only = hostnameSource(annotations, context);
  const hosts: string[] = [];
  if (only !== 'annotation-only') {
    const { hostnames } = route.spec;
    hosts.push(...hostnames);
    if (templates.hasNames && (hostnames.length === 0 || templates.combining)) hosts.push(...templates.names(route));
    if (hostnames.length === 0 && only === undefined) hosts.push('');
  }
  if (only !== 'defined-hosts-only' && !options.ignoreHostnameAnnotation) hosts.push(...annotations.hostnames());

  const normal: string[] = [];
  for (const host of hosts) {
    const found = host === '' ? '' : normalHost(host);
    if (found === undefined) context.warn(`hostname ${JSON.stringify(host)} is no DNS name that the Gateway API takes`);
    else if (!normal.includes(found)) normal.push(found);
  }
  return normal;
}

type HostnameSource = 'annotation-only' | 'defined-hosts-only';

function hostnameSource(annotations: Annotations, context: ObjectContext): HostnameSource | undefined {
  const value = annotations.get('gateway-hostname-source');
  if (value === undefined) return undefined;
  const lower = value.toLowerCase();
  if (lower === 'annotation-only' || lower === 'defined-hosts-only') return lower;
  context.warn(`annotation gateway-hostname-source: ${JSON.stringify(value)} is neither annotation-only nor defined-hosts-only, and is left out of account`);
  return undefined;
}

/** Targets of each host, sorted, each once. Hosts that wait for a parent are told to the context. */
function targetsByHost(
  route: RouteObject,
  hosts: readonly string[],
  find: (ref: ParentRef, context: ObjectContext) => Parent,
  context: ObjectContext,
): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, readonly string[]>();
  const waiting = new Map<string, string>();
  let unmatched: string | undefined;
  if (hosts.length === 0) return targets;

  for (const { ref, accepted } of parentsOf(route)) {
    const parent = find(ref, context);
    if (parent.state === 'foreign') continue;
    const matched = matchingHosts(route, hosts, ref, parent, context);
    if (parent.state === 'ready' && accepted) {
      for (const host of matched) targets.set(host, joined(targets.get(host), parent.targets));
      if (matched.length === 0) unmatched ??= parent.title;
      continue;
    }
    const reason = parent.state === 'unready' ? parent.reason : `${parent.title} has not accepted the route`;
    // what cannot be matched as yet is wanted as it stands
    const wanted = matched.length || (accepted && parent.listeners.length) ? matched : hosts;
    for (const host of wanted) if (host !== '' && !waiting.has(host)) waiting.set(host, reason);
  }

  for (const [host, reason] of waiting) if (!targets.has(host)) context.pending(host, reason);
  if (targets.size === 0 && waiting.size === 0 && unmatched !== undefined) context.warn(`no listener of ${unmatched} takes the route under any of its hostnames`);
  return targets;
}

interface RouteParent {
  readonly ref: ParentRef;
  readonly accepted: boolean;
}

/**
 * The parents that the status speaks of, if the spec names them, too; then those of the spec that no controller has spoken of.
 * It is enough that one controller accepted the route.
 */
function parentsOf({ spec, status }: RouteObject): readonly RouteParent[] {
  const parents: RouteParent[] = [];
  for (const { parentRef, accepted } of status.parents) if (spec.parentRefs.some((ref) => isOf(parentRef, ref))) parents.push({ ref: parentRef, accepted });
  for (const ref of spec.parentRefs) if (!status.parents.some(({ parentRef }) => isOf(parentRef, ref))) parents.push({ ref, accepted: false });
  return parents;
}

/**
 * Whether a status speaks of a reference of the spec. A section or port that both name must be the same: what the status says of
 * the one that the spec named before is out of date.
 */
export function isOf(reported: ParentRef, ref: ParentRef): boolean {
  return (
    reported.name === ref.name &&
    reported.namespace === ref.namespace &&
    reported.kind === ref.kind &&
    reported.group === ref.group &&
    (reported.sectionName === ref.sectionName || reported.sectionName === '' || ref.sectionName === '') &&
    (reported.port === ref.port || reported.port === 0 || ref.port === 0)
  );
}

/** The hosts that the listeners of a parent let through, each once. */
function matchingHosts(route: RouteObject, hosts: readonly string[], ref: ParentRef, parent: Exclude<Parent, { state: 'foreign' }>, context: ObjectContext): readonly string[] {
  const matched: string[] = [];
  for (const listener of parent.listeners) {
    if (!isMeant(listener, ref) || !lets(listener.routes, parent.namespace, route.metadata.namespace, context)) continue;
    for (const wanted of hosts) {
      const host = commonHost(listener.host, wanted);
      if (host !== undefined && host !== '' && !matched.includes(host)) matched.push(host);
    }
  }
  return matched;
}

/** The reference means this listener: section and port fit, where it names them. */
export const isMeant = (listener: OpenListener, ref: ParentRef): boolean =>
  (ref.sectionName === '' || ref.sectionName === listener.name) && (ref.port === 0 || ref.port === listener.port);

/** Two sorted lists as one. */
function joined(known: readonly string[] | undefined, more: readonly string[]): readonly string[] {
  return known === undefined || known === more ? more : [...new Set([...known, ...more])].sort();
}
