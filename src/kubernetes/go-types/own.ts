/** Kinds of which ExternalDNS v0.22 has types of its own, with only the fields that it reads; see schema.ts for the notation. */
export const skipperTypes = `
RouteGroup {+TypeMeta, +ObjectMeta:metadata, Spec RouteGroupSpec, Status RouteGroupStatus, Metadata *ObjectMeta}
RouteGroupSpec {Hosts! []string}
RouteGroupStatus {LoadBalancer RouteGroupLoadBalancerStatus}
RouteGroupLoadBalancerStatus {RouteGroup! []RouteGroupLoadBalancer}
RouteGroupLoadBalancer {IP string, Hostname string}
`;

export const traefikTypes = `
IngressRoute {+TypeMeta, +ObjectMeta:metadata, Spec IngressRouteSpec}
IngressRouteTCP {+TypeMeta, +ObjectMeta:metadata, Spec IngressRouteSpec}
IngressRouteUDP {+TypeMeta, +ObjectMeta:metadata}
IngressRouteSpec {Routes! []Route}
Route {Match! string}
`;

export const glooTypes = `
Proxy {+TypeMeta, +ObjectMeta:metadata, Spec ProxySpec}
ProxySpec {Listeners []Listener}
Listener {HTTPListener HTTPListener, AggregateListener AggregateListener, MetadataStatic ListenerMetadata}
HTTPListener {VirtualHosts []VirtualHost}
AggregateListener {HTTPFilterChains []HTTPFilterChain, HTTPResources HTTPResources}
HTTPFilterChain {VirtualHostRefs []string}
HTTPResources {VirtualHosts map[string]VirtualHost}
ListenerMetadata {Source:sources []ResourceSource}
VirtualHost {Domains []string, Metadata VirtualHostMetadata, MetadataStatic VirtualHostMetadataStatic}
VirtualHostMetadata {Source:sources []ObjectSource}
ObjectSource {Kind string, Name string, Namespace string}
VirtualHostMetadataStatic {Source:sources! []ResourceSource}
ResourceSource {ResourceKind string, ResourceRef ResourceRef}
ResourceRef {Name string, Namespace string}
`;
