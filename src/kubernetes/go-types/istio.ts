/** Gateways and VirtualServices of Istio, as Go names their fields (istio.io/api/networking); see schema.ts for the notation. */
export const istioTypes = `
Gateway {+TypeMeta, +ObjectMeta:metadata, Spec GatewaySpec, Status IstioStatus}
VirtualService {+TypeMeta, +ObjectMeta:metadata, Spec VirtualServiceSpec, Status IstioStatus}
GatewaySpec {Servers []*Server, Selector map[string]string}
VirtualServiceSpec {Hosts []string, Gateways []string, Http []*HTTPRoute, Tls []*TLSRoute, Tcp []*TCPRoute, ExportTo []string}
IstioStatus {Conditions []*IstioCondition, ValidationMessages []*AnalysisMessageBase, ObservedGeneration int64}
Server {Port *Port, Bind string, Hosts []string, Tls *ServerTLSSettings, DefaultEndpoint string, Name string}
HTTPRoute {Name string, Match []*HTTPMatchRequest, Route []*HTTPRouteDestination, Redirect *HTTPRedirect, DirectResponse *HTTPDirectResponse,
  Delegate *Delegate, Rewrite *HTTPRewrite, Timeout any, Retries *HTTPRetry, Fault *HTTPFaultInjection, Mirror *Destination,
  Mirrors []*HTTPMirrorPolicy, MirrorPercent any, MirrorPercentage *Percent, CorsPolicy *CorsPolicy, Headers *Headers}
TLSRoute {Match []*TLSMatchAttributes, Route []*RouteDestination}
TCPRoute {Match []*L4MatchAttributes, Route []*RouteDestination}
IstioCondition {Type string, Status string, LastProbeTime *Time, LastTransitionTime *Time, Reason string, Message string, ObservedGeneration int64}
AnalysisMessageBase {Type *AnalysisMessageBase_Type, Level AnalysisMessageBase_Level, DocumentationUrl string}
Port {Number uint32, Protocol string, Name string, TargetPort uint32}
ServerTLSSettings {HttpsRedirect bool, Mode ServerTLSSettings_TLSmode, ServerCertificate string, PrivateKey string, CaCertificates string,
  CaCrl string, CredentialName string, CredentialNames []string, CaCertCredentialName string, TlsCertificates []*ServerTLSSettings_TLSCertificate,
  SubjectAltNames []string, VerifyCertificateSpki []string, VerifyCertificateHash []string, MinProtocolVersion ServerTLSSettings_TLSProtocol,
  MaxProtocolVersion ServerTLSSettings_TLSProtocol, CipherSuites []string}
HTTPMatchRequest {Name string, Uri any, Scheme any, Method any, Authority any, Headers map[string]any, Port uint32, SourceLabels map[string]string,
  Gateways []string, QueryParams map[string]any, IgnoreUriCase bool, WithoutHeaders map[string]any, SourceNamespace string, StatPrefix string}
HTTPRouteDestination {Destination *Destination, Weight int32, Headers *Headers}
HTTPRedirect {Uri string, Authority string, Scheme string, RedirectCode uint32}
HTTPDirectResponse {Status uint32, Body any}
Delegate {Name string, Namespace string}
HTTPRewrite {Uri string, Authority string, UriRegexRewrite *RegexRewrite}
HTTPRetry {Attempts int32, PerTryTimeout any, RetryOn string, RetryRemoteLocalities any, RetryIgnorePreviousHosts any, Backoff any}
HTTPFaultInjection {Delay *HTTPFaultInjection_Delay, Abort *HTTPFaultInjection_Abort}
Destination {Host string, Subset string, Port *PortSelector}
HTTPMirrorPolicy {Destination *Destination, Percentage *Percent}
Percent {Value float64}
CorsPolicy {AllowOrigin []string, AllowOrigins []any, AllowMethods []string, AllowHeaders []string, ExposeHeaders []string, MaxAge any,
  AllowCredentials any, UnmatchedPreflights CorsPolicy_UnmatchedPreflights}
Headers {Request *Headers_HeaderOperations, Response *Headers_HeaderOperations}
TLSMatchAttributes {SniHosts []string, DestinationSubnets []string, Port uint32, SourceLabels map[string]string, Gateways []string,
  SourceNamespace string}
RouteDestination {Destination *Destination, Weight int32}
L4MatchAttributes {DestinationSubnets []string, Port uint32, SourceSubnet string, SourceLabels map[string]string, Gateways []string,
  SourceNamespace string}
AnalysisMessageBase_Type {Name string, Code string}
ServerTLSSettings_TLSCertificate {ServerCertificate string, PrivateKey string, CaCertificates string}
RegexRewrite {Match string, Rewrite string}
HTTPFaultInjection_Delay {Percent int32, Percentage *Percent}
HTTPFaultInjection_Abort {Percentage *Percent}
PortSelector {Number uint32}
Headers_HeaderOperations {Set map[string]string, Add map[string]string, Remove []string}
string: AnalysisMessageBase_Level CorsPolicy_UnmatchedPreflights ServerTLSSettings_TLSProtocol ServerTLSSettings_TLSmode
`;
