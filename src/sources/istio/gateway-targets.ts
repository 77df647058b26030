import type { Index } from '../../kubernetes/cluster.ts';
import { Ingress, Service, type ServiceObject } from '../../kubernetes/resources/core.ts';
import type { IstioGatewayObject } from '../../kubernetes/resources/istio.ts';
import { parseReference } from '../common/reference.ts';
import { loadBalancerAddresses } from '../common/targets.ts';
import type { ObjectContext, Read, SourceSetup } from '../source.ts';

/** Targets of a Gateway, or why it has none as yet. */
export interface GatewayTargets {
  readonly targets: readonly string[];
  /** '' where there are targets. */
  readonly missing: string;
}

/** Services by each label of their selector, so that only a change of those that a Gateway may mean computes anything again. */
const servicesBySelector: Index<ServiceObject> = {
  name: 'selector',
  values: ({ spec }) => Object.entries(spec.selector).map(labelText),
};

/** What the targets of a Gateway are read from. */
export const targetReads = (namespace: string): readonly Read[] => [
  { resource: Service, namespace },
  { resource: Ingress, namespace },
];

/**
 * Targets of an Istio Gateway: its annotation `target`; else the status of the Ingress that its annotation `ingress` names; else the
 * Services whose selector holds the Gateway's. Throws where that Ingress does not exist.
 */
export function targetsOfGateway(gateway: IstioGatewayObject, setup: SourceSetup, context: ObjectContext): GatewayTargets {
  const annotations = setup.annotations(gateway, context);
  const annotated = annotations.targets();
  if (annotated.length) return { targets: annotated, missing: '' };
  const ingress = annotations.get('ingress') ?? '';
  return ingress === '' ? targetsOfServices(gateway, setup.options.namespace, context) : targetsOfIngress(gateway, ingress, context);
}

function targetsOfIngress({ metadata }: IstioGatewayObject, text: string, context: ObjectContext): GatewayTargets {
  const gateway = `Gateway ${metadata.namespace}/${metadata.name}`;
  const reference = parseReference(text, metadata.namespace);
  if (!reference) throw new Error(`annotation ingress of ${gateway}: ${JSON.stringify(text)} is neither NAME nor NAMESPACE/NAME`);
  const title = `Ingress ${reference.namespace}/${reference.name}`;
  const ingress = context.get(Ingress, reference.namespace, reference.name);
  if (!ingress) throw new Error(`annotation ingress of ${gateway}: ${title} does not exist`);
  const targets = loadBalancerAddresses(ingress.status.loadBalancer.ingress);
  return { targets, missing: targets.length ? '' : `${title} has no address` };
}

function targetsOfServices({ spec }: IstioGatewayObject, namespace: string, context: ObjectContext): GatewayTargets {
  const wanted = Object.entries(spec.selector);
  const [first] = wanted;
  const services = first ? context.lookup(Service, servicesBySelector, labelText(first)) : context.list(Service, namespace);
  const chosen = services.filter((service) => holdsAll(service.spec.selector, spec.selector));
  const found = chosen.flatMap((service) => (service.spec.externalIPs.length ? service.spec.externalIPs : loadBalancerAddresses(service.status.loadBalancer.ingress)));
  const targets = [...new Set(found.filter((target) => target !== ''))].sort();
  return { targets, missing: targets.length ? '' : missingAddress(wanted, chosen) };
}

function missingAddress(wanted: readonly (readonly [string, string])[], chosen: readonly ServiceObject[]): string {
  const [service] = chosen;
  if (chosen.length === 1 && service) return `Service ${service.metadata.namespace}/${service.metadata.name} has no address`;
  const selector = wanted.map(labelText).join(',');
  if (chosen.length) return `none of the ${chosen.length} Services with the selector ${selector} has an address`;
  return selector === '' ? 'there is no Service' : `no Service has the selector ${selector}`;
}

/** Whether a selector holds all labels of another. */
export function holdsAll(selector: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  for (const key of Object.keys(wanted)) if (!Object.hasOwn(selector, key) || selector[key] !== wanted[key]) return false;
  return true;
}

const labelText = ([key, value]: readonly [string, string]): string => `${key}=${value}`;
