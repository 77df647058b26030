/** Ingresses, as Go names their fields (k8s.io/api/networking/v1); see schema.ts for the notation. */
export const networkingTypes = `
Ingress {+TypeMeta, +ObjectMeta:metadata, Spec IngressSpec, Status IngressStatus}
IngressSpec {IngressClassName *string, DefaultBackend *IngressBackend, TLS []IngressTLS, Rules []IngressRule}
IngressStatus {LoadBalancer IngressLoadBalancerStatus}
IngressBackend {Service *IngressServiceBackend, Resource *TypedLocalObjectReference}
IngressTLS {Hosts []string, SecretName string}
IngressRule {Host string, +IngressRuleValue}
IngressLoadBalancerStatus {Ingress []IngressLoadBalancerIngress}
IngressServiceBackend {Name! string, Port ServiceBackendPort}
TypedLocalObjectReference {APIGroup! *string, Kind! string, Name! string}
IngressRuleValue {HTTP *HTTPIngressRuleValue}
IngressLoadBalancerIngress {IP string, Hostname string, Ports []IngressPortStatus}
ServiceBackendPort {Name string, Number int32}
HTTPIngressRuleValue {Paths! []HTTPIngressPath}
IngressPortStatus {Port! int32, Protocol! Protocol, Error *string}
HTTPIngressPath {Path string, PathType! *PathType, Backend IngressBackend}
string: PathType Protocol
`;
