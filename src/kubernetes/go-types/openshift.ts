/** Routes of OpenShift, as Go names their fields (route.openshift.io/v1); see schema.ts for the notation. */
export const openshiftTypes = `
Route {+TypeMeta, +ObjectMeta:metadata, Spec RouteSpec, Status RouteStatus}
RouteSpec {Host string, Subdomain string, Path string, To RouteTargetReference, AlternateBackends []RouteTargetReference, Port *RoutePort,
  TLS *TLSConfig, WildcardPolicy WildcardPolicyType, HTTPHeaders *RouteHTTPHeaders}
RouteStatus {Ingress []RouteIngress}
RouteTargetReference {Kind! string, Name! string, Weight! *int32}
RoutePort {TargetPort IntOrString}
TLSConfig {Termination! TLSTerminationType, Certificate string, Key string, CACertificate string, DestinationCACertificate string,
  InsecureEdgeTerminationPolicy InsecureEdgeTerminationPolicyType, ExternalCertificate *LocalObjectReference}
RouteIngress {Host string, RouterName string, Conditions []RouteIngressCondition, WildcardPolicy WildcardPolicyType, RouterCanonicalHostname string}
RouteIngressCondition {Type! RouteIngressConditionType, Status! ConditionStatus, Reason string, Message string, LastTransitionTime *Time}
LocalObjectReference {Name string}
RouteHTTPHeaders {Actions RouteHTTPHeaderActions}
RouteHTTPHeaderActions {Response []RouteHTTPHeader, Request []RouteHTTPHeader}
RouteHTTPHeader {Name! string, Action RouteHTTPHeaderActionUnion}
RouteHTTPHeaderActionUnion {Type! RouteHTTPHeaderActionType, Set *RouteSetHTTPHeader}
RouteSetHTTPHeader {Value! string}
string: InsecureEdgeTerminationPolicyType RouteHTTPHeaderActionType RouteIngressConditionType TLSTerminationType WildcardPolicyType
`;
