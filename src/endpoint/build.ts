import { isIPv4, isIPv6 } from 'node:net';
import { endpoint, type Endpoint, type ProviderSpecificProperty, resourceLabel } from './endpoint.ts';
import { trimDot } from './name.ts';

/** A for an IPv4 address, AAAA for an IPv6 address (also `::ffff:192.0.2.1`), CNAME for all else. */
export function recordTypeOf(target: string): 'A' | 'AAAA' | 'CNAME' {
  if (isIPv4(target)) return 'A';
  return isIPv6(target) ? 'AAAA' : 'CNAME';
}

/** What the endpoints of one object have in common. */
export interface EndpointTraits {
  readonly ttlSeconds?: number;
  readonly providerSpecific?: readonly ProviderSpecificProperty[];
  readonly setIdentifier?: string;
  /** Value of the resource label, as `ingress/default/web`; '' or absent: none. */
  readonly resource?: string;
}

/** Record types whose targets keep a trailing dot. */
const keepsDot = new Set(['TXT', 'NAPTR', 'SRV']);

/** One endpoint with its name and targets without trailing dots (but for TXT, NAPTR and SRV). */
export function makeEndpoint(dnsName: string, recordType: string, targets: readonly string[], traits: EndpointTraits = {}): Endpoint {
  return endpoint({
    dnsName: trimDot(dnsName),
    recordType,
    targets: keepsDot.has(recordType) ? targets : targets.map(trimDot),
    ttlSeconds: traits.ttlSeconds ?? 0,
    setIdentifier: traits.setIdentifier ?? '',
    ...(traits.providerSpecific && { providerSpecific: traits.providerSpecific }),
    ...(traits.resource && { labels: { [resourceLabel]: traits.resource } }),
  });
}

/** Endpoints of one name: its targets by type, A before AAAA before CNAME; none without targets. */
export function endpointsForName(dnsName: string, targets: readonly string[], traits: EndpointTraits = {}): Endpoint[] {
  return (['A', 'AAAA', 'CNAME'] as const).flatMap((type) => {
    const ofType = targets.filter((t) => recordTypeOf(t) === type);
    return ofType.length ? [makeEndpoint(dnsName, type, ofType, traits)] : [];
  });
}
