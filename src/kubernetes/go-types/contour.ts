/** HTTPProxies of Contour, as Go names their fields (projectcontour.io/v1); see schema.ts for the notation. */
export const contourTypes = `
HTTPProxy {+TypeMeta, +ObjectMeta:metadata, Spec HTTPProxySpec, Status HTTPProxyStatus}
HTTPProxySpec {VirtualHost:virtualhost *VirtualHost, Routes []Route, TCPProxy:tcpproxy *TCPProxy, Includes []Include, IngressClassName string}
HTTPProxyStatus {CurrentStatus string, Description string, LoadBalancer LoadBalancerStatus, Conditions []DetailedCondition}
VirtualHost {Fqdn! string, TLS *TLS, Authorization *AuthorizationServer, CORSPolicy *CORSPolicy, RateLimitPolicy *RateLimitPolicy,
  JWTProviders []JWTProvider, IPAllowFilterPolicy:ipAllowPolicy []IPFilterPolicy, IPDenyFilterPolicy:ipDenyPolicy []IPFilterPolicy}
Route {Conditions []MatchCondition, Services []Service, EnableWebsockets bool, PermitInsecure bool, AuthPolicy *AuthorizationPolicy,
  TimeoutPolicy *TimeoutPolicy, RetryPolicy *RetryPolicy, HealthCheckPolicy *HTTPHealthCheckPolicy, LoadBalancerPolicy *LoadBalancerPolicy,
  PathRewritePolicy *PathRewritePolicy, RequestHeadersPolicy *HeadersPolicy, ResponseHeadersPolicy *HeadersPolicy,
  CookieRewritePolicies []CookieRewritePolicy, RateLimitPolicy *RateLimitPolicy, RequestRedirectPolicy *HTTPRequestRedirectPolicy,
  DirectResponsePolicy *HTTPDirectResponsePolicy, InternalRedirectPolicy *HTTPInternalRedirectPolicy, JWTVerificationPolicy *JWTVerificationPolicy,
  IPAllowFilterPolicy:ipAllowPolicy []IPFilterPolicy, IPDenyFilterPolicy:ipDenyPolicy []IPFilterPolicy}
TCPProxy {LoadBalancerPolicy *LoadBalancerPolicy, Services! []Service, Include *TCPProxyInclude, IncludesDeprecated:includes *TCPProxyInclude,
  HealthCheckPolicy *TCPHealthCheckPolicy}
Include {Name! string, Namespace string, Conditions []MatchCondition}
LoadBalancerStatus {Ingress []LoadBalancerIngress}
DetailedCondition {+Condition, Errors []SubCondition, Warnings []SubCondition}
TLS {SecretName string, MinimumProtocolVersion string, MaximumProtocolVersion string, Passthrough bool, ClientValidation *DownstreamValidation,
  EnableFallbackCertificate bool}
AuthorizationServer {ExtensionServiceRef:extensionRef ExtensionServiceReference, AuthPolicy *AuthorizationPolicy, ResponseTimeout string,
  FailOpen bool, WithRequestBody *AuthorizationServerBufferSettings}
CORSPolicy {AllowCredentials bool, AllowOrigin! []string, AllowMethods! []CORSHeaderValue, AllowHeaders []CORSHeaderValue,
  ExposeHeaders []CORSHeaderValue, MaxAge string, AllowPrivateNetwork bool}
RateLimitPolicy {Local *LocalRateLimitPolicy, Global *GlobalRateLimitPolicy}
JWTProvider {Name! string, Default bool, Issuer string, Audiences []string, RemoteJWKS RemoteJWKS, ForwardJWT bool}
IPFilterPolicy {Source! IPFilterSource, CIDR! string}
MatchCondition {Prefix string, Exact string, Regex string, Header *HeaderMatchCondition, QueryParameter *QueryParameterMatchCondition}
Service {Name! string, Port! int, HealthPort int, Protocol *string, Weight int64, UpstreamValidation:validation *UpstreamValidation, Mirror bool,
  RequestHeadersPolicy *HeadersPolicy, ResponseHeadersPolicy *HeadersPolicy, CookieRewritePolicies []CookieRewritePolicy,
  SlowStartPolicy *SlowStartPolicy}
AuthorizationPolicy {Disabled bool, Context map[string]string}
TimeoutPolicy {Response string, Idle string, IdleConnection string}
RetryPolicy {NumRetries:count! int64, PerTryTimeout string, RetryOn []RetryOn, RetriableStatusCodes []uint32}
HTTPHealthCheckPolicy {Path! string, Host string, IntervalSeconds! int64, TimeoutSeconds! int64, UnhealthyThresholdCount! int64,
  HealthyThresholdCount! int64, ExpectedStatuses []HTTPStatusRange}
LoadBalancerPolicy {Strategy string, RequestHashPolicies []RequestHashPolicy}
PathRewritePolicy {ReplacePrefix []ReplacePrefix}
HeadersPolicy {Set []HeaderValue, Remove []string}
CookieRewritePolicy {Name! string, PathRewrite *CookiePathRewrite, DomainRewrite *CookieDomainRewrite, Secure *bool, SameSite *string}
HTTPRequestRedirectPolicy {Scheme *string, Hostname *string, Port *int32, StatusCode *RedirectResponseCode, Path *string, Prefix *string}
HTTPDirectResponsePolicy {StatusCode! int, Body string}
HTTPInternalRedirectPolicy {MaxInternalRedirects uint32, RedirectResponseCodes []RedirectResponseCode, AllowCrossSchemeRedirect string,
  DenyRepeatedRouteRedirect bool}
JWTVerificationPolicy {Require string, Disabled bool}
TCPProxyInclude {Name! string, Namespace string}
TCPHealthCheckPolicy {IntervalSeconds! int64, TimeoutSeconds! int64, UnhealthyThresholdCount! uint32, HealthyThresholdCount! uint32}
LoadBalancerIngress {IP string, Hostname string, IPMode *LoadBalancerIPMode, Ports []PortStatus}
SubCondition {Type! string, Status! ConditionStatus, Reason! string, Message! string}
DownstreamValidation {CACertificate:caSecret string, SkipClientCertValidation! bool, ForwardClientCertificate *ClientCertificateDetails,
  CertificateRevocationList:crlSecret string, OnlyVerifyLeafCertCrl:crlOnlyVerifyLeafCert! bool, OptionalClientCertificate! bool}
ExtensionServiceReference {APIVersion string, Namespace string, Name string}
AuthorizationServerBufferSettings {MaxRequestBytes uint32, AllowPartialMessage bool, PackAsBytes bool}
LocalRateLimitPolicy {Requests! uint32, Unit! string, Burst uint32, ResponseStatusCode uint32, ResponseHeadersToAdd []HeaderValue}
GlobalRateLimitPolicy {Disabled bool, Descriptors []RateLimitDescriptor}
RemoteJWKS {URI! string, UpstreamValidation:validation *UpstreamValidation, Timeout string, CacheDuration string, DNSLookupFamily string}
HeaderMatchCondition {Name! string, Present bool, NotPresent:notpresent bool, Contains string, NotContains:notcontains string, IgnoreCase bool,
  Exact string, NotExact:notexact string, Regex string, TreatMissingAsEmpty bool}
QueryParameterMatchCondition {Name! string, Exact string, Prefix string, Suffix string, Regex string, Contains string, IgnoreCase bool, Present bool}
UpstreamValidation {CACertificate:caSecret! string, SubjectName! string, SubjectNames! []string}
SlowStartPolicy {Window! string, Aggression! string, MinimumWeightPercent:minWeightPercent! uint32}
HTTPStatusRange {Start! int64, End! int64}
RequestHashPolicy {Terminal bool, HeaderHashOptions *HeaderHashOptions, QueryParameterHashOptions *QueryParameterHashOptions, HashSourceIP bool}
ReplacePrefix {Prefix string, Replacement! string}
HeaderValue {Name! string, Value! string}
CookiePathRewrite {Value! string}
CookieDomainRewrite {Value! string}
PortStatus {Port! int32, Protocol! Protocol, Error *string}
ClientCertificateDetails {Subject! bool, Cert! bool, Chain! bool, DNS! bool, URI! bool}
RateLimitDescriptor {Entries []RateLimitDescriptorEntry}
HeaderHashOptions {HeaderName string}
QueryParameterHashOptions {ParameterName string}
RateLimitDescriptorEntry {GenericKey *GenericKeyDescriptor, RequestHeader *RequestHeaderDescriptor,
  RequestHeaderValueMatch *RequestHeaderValueMatchDescriptor, RemoteAddress *RemoteAddressDescriptor}
GenericKeyDescriptor {Key string, Value string}
RequestHeaderDescriptor {HeaderName string, DescriptorKey string}
RequestHeaderValueMatchDescriptor {Headers []HeaderMatchCondition, ExpectMatch bool, Value string}
RemoteAddressDescriptor {}
RedirectResponseCode int32
string: CORSHeaderValue IPFilterSource LoadBalancerIPMode Protocol RetryOn
`;
