import { Namespace } from '../../kubernetes/resources/core.ts';
import {
  Gateway,
  gatewayExperimentalGroup,
  gatewayGroup,
  type GatewayObject,
  type Listener,
  ListenerSet,
  type ListenerSetObject,
  type ParentRef,
  XListenerSet,
} from '../../kubernetes/resources/gateway-api.ts';
import { matchesSelector } from '../../kubernetes/selector.ts';
import { once } from '../common/once.ts';
import { createSelection, selectorOf } from '../common/selection.ts';
import type { ObjectContext, SourceSetup } from '../source.ts';
import { normalHost } from './hosts.ts';
import { type NamespaceRule, namespaceRule } from './namespaces.ts';

/** What a route of one kind can attach to. */
export interface RouteKind {
  readonly kind: string;
  /** Protocols of listeners that take such routes. */
  readonly protocols: readonly string[];
}

/** A listener that takes routes of the kind. */
export interface OpenListener {
  readonly name: string;
  readonly port: number;
  /** Normal form; '' for any host. */
  readonly host: string;
  readonly routes: NamespaceRule;
}

/** A Gateway or ListenerSet that a route names as its parent. */
export type Parent =
  /** None of ours: another kind, or left out by a filter. */
  | { readonly state: 'foreign' }
  | { readonly state: 'unready'; readonly reason: string; readonly listeners: readonly OpenListener[]; readonly namespace: string }
  | {
      readonly state: 'ready';
      /** `Gateway infra/edge` */
      readonly title: string;
      readonly namespace: string;
      readonly listeners: readonly OpenListener[];
      /** Sorted, each once. */
      readonly targets: readonly string[];
    };

/** Finds the parents of routes; what it reads is tracked by the context of the route. */
export type ParentFinder = (ref: ParentRef, context: ObjectContext) => Parent;

const foreign: Parent = { state: 'foreign' };

/** What is made once of a Gateway, however many routes it has. */
interface PreparedGateway {
  /** Passes the Gateway filters. */
  readonly selected: boolean;
  readonly listeners: readonly OpenListener[];
  readonly sets: NamespaceRule;
  readonly targets: readonly string[];
}

interface PreparedSet {
  readonly selected: boolean;
  readonly listeners: readonly OpenListener[];
  /** By annotation; empty for those of the Gateway. */
  readonly targets: readonly string[];
}

/** Throws ConfigurationError on a --gateway-label-filter that cannot be read. */
export function createParentFinder(setup: SourceSetup, route: RouteKind): ParentFinder {
  const { options } = setup;
  selectorOf(options.gatewayLabelFilter, '--gateway-label-filter');
  const selectsGateway = createSelection({ ...options, annotationFilter: '', labelFilter: options.gatewayLabelFilter });
  const selectsSet = createSelection({ ...options, labelFilter: '' });

  const gateway = once((object: GatewayObject, context): PreparedGateway => {
    const annotated = setup.annotations(object, context).targets();
    return {
      selected: selectsGateway(object),
      listeners: openListeners(object.spec.listeners, route),
      sets: namespaceRule(object.spec.allowedListeners, 'none'),
      targets: sortedOnce(annotated.length ? annotated : object.status.addresses),
    };
  });

  const set = once((object: ListenerSetObject, context): PreparedSet => {
    // the first entry of a name counts
    const accepted = new Map([...object.status.listeners].reverse().map((l) => [l.name, l.accepted]));
    return {
      selected: selectsSet(object),
      listeners: openListeners(
        object.spec.listeners.filter((l) => accepted.get(l.name)),
        route,
      ),
      targets: sortedOnce(setup.annotations(object, context).targets()),
    };
  });

  const ofGateway = (namespace: string, name: string, context: ObjectContext): Parent => {
    if (!isRead(namespace, name)) return foreign;
    const title = `Gateway ${namespace}/${name}`;
    const object = context.get(Gateway, namespace, name);
    if (!object) return { state: 'unready', reason: `${title} does not exist`, listeners: [], namespace };
    const { selected, listeners, targets } = gateway(object, context);
    if (!selected) return foreign;
    if (targets.length === 0) return { state: 'unready', reason: `${title} has no address`, listeners, namespace };
    return { state: 'ready', title, namespace, listeners, targets };
  };

  const ofSet = (resource: typeof ListenerSet, { namespace, name }: ParentRef, context: ObjectContext): Parent => {
    const title = `${resource.kind} ${namespace}/${name}`;
    const object = context.get(resource, namespace, name);
    if (!object) return { state: 'unready', reason: `${title} does not exist`, listeners: [], namespace };
    const prepared = set(object, context);
    const owner = object.spec.parentRef;
    if (!prepared.selected || !isRead(owner.namespace, owner.name)) return foreign;
    const { listeners } = prepared;
    const unready = (reason: string): Parent => ({ state: 'unready', reason, listeners, namespace });
    const ownerTitle = `Gateway ${owner.namespace}/${owner.name}`;
    const parent = context.get(Gateway, owner.namespace, owner.name);
    if (!parent) return unready(`${ownerTitle} of ${title} does not exist`);
    const ofParent = gateway(parent, context);
    if (!ofParent.selected) return foreign;
    if (!lets(ofParent.sets, owner.namespace, namespace, context)) return unready(`${ownerTitle} does not allow ${title}`);
    if (!object.status.accepted) return unready(`${title} has not been accepted by ${ownerTitle}`);
    const targets = prepared.targets.length ? prepared.targets : ofParent.targets;
    if (targets.length === 0) return unready(`${ownerTitle} of ${title} has no address`);
    return { state: 'ready', title, namespace, listeners, targets };
  };

  /** Gateways outside of the filters are not even looked up. */
  const isRead = (namespace: string, name: string): boolean =>
    (options.gatewayNamespace === '' || options.gatewayNamespace === namespace) && (options.gatewayName === '' || options.gatewayName === name);

  return (ref, context) => {
    if (ref.group === gatewayGroup && ref.kind === Gateway.kind) return ofGateway(ref.namespace, ref.name, context);
    if (!options.gatewayListenerSets) return foreign;
    if (ref.group === gatewayGroup && ref.kind === ListenerSet.kind) return ofSet(ListenerSet, ref, context);
    if (ref.group === gatewayExperimentalGroup && ref.kind === XListenerSet.kind) return ofSet(XListenerSet, ref, context);
    return foreign;
  };
}

/** Whether a rule of an object in `own` lets in what is in `namespace`; the Namespace is read only where its labels matter. */
export function lets(rule: NamespaceRule, own: string, namespace: string, context: ObjectContext): boolean {
  if (rule === 'all') return true;
  if (rule === 'same') return own === namespace;
  if (rule === 'none') return false;
  const object = context.get(Namespace, '', namespace);
  return object !== undefined && matchesSelector(rule, object.metadata.labels);
}

/** Those of the listeners that take routes of the kind, whatever their namespace; one with a hostname that is none takes nothing. */
function openListeners(listeners: readonly Listener[], route: RouteKind): readonly OpenListener[] {
  return listeners.flatMap((listener) => {
    if (!route.protocols.includes(listener.protocol)) return [];
    if (listener.kinds.length && !listener.kinds.some((k) => k.group === gatewayGroup && k.kind === route.kind)) return [];
    const host = listener.hostname === '' ? '' : normalHost(listener.hostname);
    return host === undefined ? [] : [{ name: listener.name, port: listener.port, host, routes: namespaceRule(listener.namespaces, 'same') }];
  });
}

const sortedOnce = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
