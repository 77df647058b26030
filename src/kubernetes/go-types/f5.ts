/** VirtualServers and TransportServers of F5, as Go names their fields (cis.f5.com/v1); see schema.ts for the notation. */
export const f5Types = `
VirtualServer {+TypeMeta, +ObjectMeta:metadata, Spec VirtualServerSpec, Status CustomResourceStatus}
TransportServer {+TypeMeta, +ObjectMeta:metadata, Spec TransportServerSpec, Status CustomResourceStatus}
VirtualServerSpec {Host string, HostAliases []string, HostGroup string, HostGroupVirtualServerName string, VirtualServerAddress string,
  AdditionalVirtualServerAddresses []string, IPAMLabel string, BigIPRouteDomain:bigipRouteDomain int32, VirtualServerName string,
  VirtualServerHTTPPort int32, VirtualServerHTTPSPort int32, DefaultPool DefaultPool, Pools []VSPool, TLSProfileName string, HTTPTraffic string,
  SNAT string, ConnectionMirroring string, WAF string, RewriteAppRoot string, AllowVLANs:allowVlans []string, IRules []string,
  ServiceIPAddress:serviceAddress []ServiceAddress, PolicyName string, PersistenceProfile string, HTTPCompressionProfile string,
  ProfileMultiplex string, DOS string, BotDefense string, Profiles ProfileVSSpec, AllowSourceRange []string, HttpMrfRoutingEnabled *bool,
  Partition string, HTMLProfile string, HostPersistence HostPersistence, ProfileAccess string, PolicyPerRequestAccess string,
  ProfileAdapt ProfileAdapt}
CustomResourceStatus {VSAddress string, Status string, LastUpdated Time, Error string}
TransportServerSpec {VirtualServerAddress! string, VirtualServerPort! int32, VirtualServerName! string, Host string, HostGroup string, Mode! string,
  SNAT! string, ConnectionMirroring string, Pool TSPool, AllowVLANs:allowVlans []string, Type string,
  ServiceIPAddress:serviceAddress! []ServiceAddress, IPAMLabel! string, BigIPRouteDomain:bigipRouteDomain int32, IRules []string, PolicyName string,
  PersistenceProfile string, ProfileL4 string, DOS string, BotDefense string, Profiles ProfileTSSpec, Partition string, TLS TLSTransportServer}
DefaultPool {Name string, Service! string, ServicePort IntOrString, NodeMemberLabel string, Monitors! []Monitor, Balance:loadBalancingMethod string,
  ServiceNamespace string, ReselectTries int32, ServiceDownAction string, Reference string, StaticPoolMembers []StaticPoolMember}
VSPool {Name string, Path string, Service! string, ServicePort IntOrString, NodeMemberLabel string, Monitor Monitor, Monitors! []Monitor,
  MinimumMonitors IntOrString, Rewrite string, Balance:loadBalancingMethod string, WAF string, ServiceNamespace string, ReselectTries int32,
  ServiceDownAction string, HostRewrite string, Weight *int32, AlternateBackends! []AlternateBackend,
  MultiClusterServices []MultiClusterServiceReference, StaticPoolMembers []StaticPoolMember}
ServiceAddress {ArpEnabled bool, ICMPEcho string, RouteAdvertisement string, TrafficGroup string, SpanningEnabled bool}
ProfileVSSpec {TCP ProfileTCP, HTTP2:http2 ProfileHTTP2}
HostPersistence {Method string, PersistMetaData:metaData PersistMetaData}
ProfileAdapt {Request string, Response string}
TSPool {Name string, Path string, Service! string, ServicePort IntOrString, NodeMemberLabel string, Monitor Monitor, Monitors! []Monitor,
  Rewrite string, Balance:loadBalancingMethod string, WAF string, ServiceNamespace string, ReselectTries int32, ServiceDownAction string,
  HostRewrite string, Weight *int32, AlternateBackends []AlternateBackend, MultiClusterServices []MultiClusterServiceReference}
ProfileTSSpec {TCP ProfileTCP}
TLSTransportServer {ClientSSLs []string, ServerSSLs []string, Reference string}
Monitor {Type string, Send string, Recv string, Interval int, Timeout int, TargetPort int32, Name string, Reference string, SSLProfile string}
StaticPoolMember {Address! string, Port! int32}
AlternateBackend {Service! string, ServiceNamespace string, Weight *int32, StaticPoolMembers []StaticPoolMember}
MultiClusterServiceReference {ClusterName! string, SvcName:service! string, Namespace! string, ServicePort IntOrString, Weight *int}
ProfileTCP {Client string, Server string}
ProfileHTTP2 {Client *string, Server *string}
PersistMetaData {Name string, Netmask string, Key string, Timeout int32, Expiry string, Offset int32, Length int32}
`;
