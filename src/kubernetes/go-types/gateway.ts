/** The routes of the Gateway API, as Go names their fields (sigs.k8s.io/gateway-api/apis/v1); see schema.ts for the notation. */
export const gatewayTypes = `
HTTPRoute {+TypeMeta, +ObjectMeta:metadata, Spec HTTPRouteSpec, Status HTTPRouteStatus}
GRPCRoute {+TypeMeta, +ObjectMeta:metadata, Spec GRPCRouteSpec, Status GRPCRouteStatus}
TLSRoute {+TypeMeta, +ObjectMeta:metadata, Spec TLSRouteSpec, Status TLSRouteStatus}
TCPRoute {+TypeMeta, +ObjectMeta:metadata, Spec TCPRouteSpec, Status TCPRouteStatus}
UDPRoute {+TypeMeta, +ObjectMeta:metadata, Spec UDPRouteSpec, Status UDPRouteStatus}
HTTPRouteSpec {+CommonRouteSpec, Hostnames []Hostname, Rules []HTTPRouteRule}
HTTPRouteStatus {+RouteStatus}
GRPCRouteSpec {+CommonRouteSpec, Hostnames []Hostname, Rules []GRPCRouteRule}
GRPCRouteStatus {+RouteStatus}
TLSRouteSpec {+CommonRouteSpec, Hostnames []Hostname, Rules []TLSRouteRule}
TLSRouteStatus {+RouteStatus}
TCPRouteSpec {+CommonRouteSpec, Rules []TCPRouteRule}
TCPRouteStatus {+RouteStatus}
UDPRouteSpec {+CommonRouteSpec, Rules! []UDPRouteRule}
UDPRouteStatus {+RouteStatus}
CommonRouteSpec {ParentRefs []ParentReference, UseDefaultGateways GatewayDefaultScope}
HTTPRouteRule {Name *SectionName, Matches []HTTPRouteMatch, Filters []HTTPRouteFilter, BackendRefs []HTTPBackendRef, Timeouts *HTTPRouteTimeouts,
  Retry *HTTPRouteRetry, SessionPersistence *SessionPersistence}
RouteStatus {Parents! []RouteParentStatus}
GRPCRouteRule {Name *SectionName, Matches []GRPCRouteMatch, Filters []GRPCRouteFilter, BackendRefs []GRPCBackendRef,
  SessionPersistence *SessionPersistence}
TLSRouteRule {Name *SectionName, BackendRefs []BackendRef}
TCPRouteRule {Name *SectionName, BackendRefs []BackendRef}
UDPRouteRule {Name *SectionName, BackendRefs []BackendRef}
ParentReference {Group *Group, Kind *Kind, Namespace *Namespace, Name! ObjectName, SectionName *SectionName, Port *int32}
HTTPRouteMatch {Path *HTTPPathMatch, Headers []HTTPHeaderMatch, QueryParams []HTTPQueryParamMatch, Method *HTTPMethod}
HTTPRouteFilter {Type! HTTPRouteFilterType, RequestHeaderModifier *HTTPHeaderFilter, ResponseHeaderModifier *HTTPHeaderFilter,
  RequestMirror *HTTPRequestMirrorFilter, RequestRedirect *HTTPRequestRedirectFilter, URLRewrite *HTTPURLRewriteFilter, CORS *HTTPCORSFilter,
  ExternalAuth *HTTPExternalAuthFilter, ExtensionRef *LocalObjectReference}
HTTPBackendRef {+BackendRef, Filters []HTTPRouteFilter}
HTTPRouteTimeouts {Request *Duration, BackendRequest *Duration}
HTTPRouteRetry {Codes []HTTPRouteRetryStatusCode, Attempts *int, Backoff *Duration}
SessionPersistence {SessionName *string, AbsoluteTimeout *Duration, Type *SessionPersistenceType, CookieConfig *CookieConfig}
RouteParentStatus {ParentRef ParentReference, ControllerName! GatewayController, Conditions []Condition}
GRPCRouteMatch {Method *GRPCMethodMatch, Headers []GRPCHeaderMatch}
GRPCRouteFilter {Type! GRPCRouteFilterType, RequestHeaderModifier *HTTPHeaderFilter, ResponseHeaderModifier *HTTPHeaderFilter,
  RequestMirror *HTTPRequestMirrorFilter, ExtensionRef *LocalObjectReference}
GRPCBackendRef {+BackendRef, Filters []GRPCRouteFilter}
BackendRef {+BackendObjectReference, Weight *int32}
HTTPPathMatch {Type *PathMatchType, Value *string}
HTTPHeaderMatch {Type *HeaderMatchType, Name! HTTPHeaderName, Value! string}
HTTPQueryParamMatch {Type *QueryParamMatchType, Name! HTTPHeaderName, Value! string}
HTTPHeaderFilter {Set []HTTPHeader, Add []HTTPHeader, Remove []string}
HTTPRequestMirrorFilter {BackendRef BackendObjectReference, Percent *int32, Fraction *Fraction}
HTTPRequestRedirectFilter {Scheme *string, Hostname *PreciseHostname, Path *HTTPPathModifier, Port *int32, StatusCode *int}
HTTPURLRewriteFilter {Hostname *PreciseHostname, Path *HTTPPathModifier}
HTTPCORSFilter {AllowOrigins []CORSOrigin, AllowCredentials *bool, AllowMethods []HTTPMethodWithWildcard, AllowHeaders []HTTPHeaderName,
  ExposeHeaders []HTTPHeaderName, MaxAge int32}
HTTPExternalAuthFilter {ExternalAuthProtocol:protocol HTTPRouteExternalAuthProtocol, BackendRef BackendObjectReference,
  GRPCAuthConfig:grpc *GRPCAuthConfig, HTTPAuthConfig:http *HTTPAuthConfig, ForwardBody *ForwardBodyConfig}
LocalObjectReference {Group! Group, Kind! Kind, Name! ObjectName}
CookieConfig {LifetimeType *CookieLifetimeType}
GRPCMethodMatch {Type *GRPCMethodMatchType, Service *string, Method *string}
GRPCHeaderMatch {Type *GRPCHeaderMatchType, Name! GRPCHeaderName, Value! string}
BackendObjectReference {Group *Group, Kind *Kind, Name! ObjectName, Namespace *Namespace, Port *int32}
HTTPHeader {Name! HTTPHeaderName, Value! string}
Fraction {Numerator! int32, Denominator *int32}
HTTPPathModifier {Type! HTTPPathModifierType, ReplaceFullPath *string, ReplacePrefixMatch *string}
GRPCAuthConfig {AllowedRequestHeaders:allowedHeaders []string}
HTTPAuthConfig {Path string, AllowedRequestHeaders:allowedHeaders []string, AllowedResponseHeaders []string}
ForwardBodyConfig {MaxSize uint16}
HTTPRouteRetryStatusCode int32
string: CORSOrigin CookieLifetimeType Duration GRPCHeaderMatchType GRPCHeaderName GRPCMethodMatchType GRPCRouteFilterType GatewayController
  GatewayDefaultScope Group HTTPHeaderName HTTPMethod HTTPMethodWithWildcard HTTPPathModifierType HTTPRouteExternalAuthProtocol HTTPRouteFilterType
  HeaderMatchType Hostname Kind Namespace ObjectName PathMatchType PreciseHostname QueryParamMatchType SectionName SessionPersistenceType
`;
