/** Objects by the field names and types that they have in Go, held against what Go's text/template prints for the same objects. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goType } from '../../kubernetes/go-types/index.ts';
import { TemplateError } from '../../template/errors.ts';
import { template } from '../../template/template.ts';
import { templateFunctions } from './template-functions.ts';

type Case = readonly [template: string, expected: string];

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'web', uid: 'u-1', labels: { env: 'prod', 'app.kubernetes.io/name': 'store' }, annotations: { hosts: '{"zeta":1,"alpha":2.5}', bad: '{no' }, creationTimestamp: '2026-01-02T15:04:05Z', generation: 2 }, spec: { type: 'LoadBalancer', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], selector: { app: 'shop', tier: 'front' }, ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30080 }, { name: 'https', port: 443, protocol: 'TCP', targetPort: 'web-tls' }], loadBalancerClass: 'example.net/metal', ipFamilies: ['IPv4', 'IPv6'], sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } } }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.10' }, { hostname: 'lb.example.net' }] } } };
const servicePrints: readonly Case[] = [
  ['{{.Name}} {{.Namespace}} {{.Kind}} {{.APIVersion}} {{.UID}} {{.Generation}}', 'shop web Service v1 u-1 2'],
  ['{{.ObjectMeta.Name}} {{.ObjectMeta.Labels}} {{.TypeMeta.Kind}}', 'shop map[app.kubernetes.io/name:store env:prod] Service'],
  ['{{.Labels.env}} {{.Labels.nope}} {{index .Labels "nope"}}|{{index .Labels "app.kubernetes.io/name"}}', 'prod <no value> |store'],
  ['{{.Spec.Type}} {{.Spec.ClusterIP}} {{.Spec.ClusterIPs}} {{.Spec.ExternalIPs}} {{.Spec.Selector}}', 'LoadBalancer 10.0.0.1 [10.0.0.1] [] map[app:shop tier:front]'],
  ['{{toLower (printf "%s" .Spec.Type)}} {{print .Spec.Type | toLower}}', 'loadbalancer loadbalancer'],
  ['{{eq .Spec.Type "LoadBalancer"}}', 'true'],
  ['{{.Spec.LoadBalancerClass}}', 'example.net/metal'],
  ['{{.Spec.LoadBalancerClass | replace "/" "-"}}', 'example.net-metal'],
  ['{{eq .Spec.LoadBalancerClass nil}}', 'false'],
  ['{{if .Spec.LoadBalancerClass}}y{{end}}{{if .Spec.TrafficDistribution}}n{{end}}', 'y'],
  ['{{.Spec.TrafficDistribution}}', '<nil>'],
  ['{{range .Spec.Ports}}{{.Name}}/{{.Port}}/{{.NodePort}}/{{.TargetPort}}/{{.TargetPort.String}}/{{.TargetPort.IntVal}}/{{.TargetPort.StrVal}}/{{.TargetPort.Type}} {{end}}', 'http/80/30080/8080/8080/8080//0 https/443/0/web-tls/web-tls/0/web-tls/1 '],
  ['{{range .Spec.Ports}}{{printf "%d-%s" .Port .Protocol}} {{end}}', '80-TCP 443-TCP '],
  ['{{(index .Spec.Ports 1).Name}} {{(index .Status.LoadBalancer.Ingress 0).IP}} {{len .Spec.Ports}}', 'https 192.0.2.10 2'],
  ['{{.Spec.SessionAffinityConfig.ClientIP.TimeoutSeconds}}', '600'],
  ['{{if eq (len .Spec.IPFamilies) 2}}{{index .Spec.IPFamilies 1}}{{end}}', 'IPv6'],
  ['{{range .Status.LoadBalancer.Ingress}}{{.IP}}|{{.Hostname}};{{end}}', '192.0.2.10|;|lb.example.net;'],
  ['{{.GetName}} {{.GetNamespace}} {{index .GetLabels "env"}} {{.GetUID}}', 'shop web prod u-1'],
  ['{{hasKey .Labels "env"}} {{hasKey .Annotations "x"}} {{hasKey .Spec.Selector "app"}}', 'true false true'],
  ['{{.CreationTimestamp}}', '2026-01-02 15:04:05 +0000 UTC'],
  ['{{.CreationTimestamp.Format "2006-01-02"}} {{.CreationTimestamp.Year}} {{.CreationTimestamp.Unix}} {{.CreationTimestamp.IsZero}}', '2026-01-02 2026 1767366245 false'],
  ['{{.DeletionTimestamp}}', '<nil>'],
  ['{{range $k, $v := fromJson .Annotations.hosts}}{{$k}}-{{$v}}.{{end}}', 'alpha-2.5.zeta-1.'],
  ['{{range fromJson .Annotations.bad}}x{{else}}none{{end}}', 'none'],
  ['{{range $k, $v := .Spec.Selector}}{{$k}}={{$v}} {{end}}', 'app=shop tier=front '],
  ['{{.Spec.SessionAffinity}}|{{.Spec.HealthCheckNodePort}}|{{.Spec.PublishNotReadyAddresses}}', '|0|false'],
  ['{{with .Spec.AllocateLoadBalancerNodePorts}}x{{else}}none{{end}}', 'none'],
  ['{{.Labels | len}}', '2'],
  ['{{or .Labels.dns .Annotations.dns "x"}}', 'x'],
  ['{{index (index .Spec.Ports 0).Name 0 | printf "%c"}}', 'h'],
  ['{{(index .Spec.Ports 0).TargetPort.IntValue}}', '8080'],
  ['{{.Name | printf "%s-%s" .Namespace | replace "web" "w" | toLower}}', 'w-shop'],
  ['{{.OwnerReferences}} {{.Finalizers}}', '[] []'],
  ['{{.Status.LoadBalancer.Ingress | len}}', '2'],
  ['{{eq .Spec.Type .Spec.SessionAffinity}}', 'false'],
  ['{{lt (index .Spec.Ports 0).Port 100}} {{eq (index .Spec.Ports 0).Port 80}}', 'true true'],
  ['{{print .Spec.LoadBalancerIP}}|{{.Spec.LoadBalancerSourceRanges}}', '|[]'],
  ['{{.Spec.Ports | len | printf "%02d"}}', '02'],
  ['{{slice .Spec.ClusterIPs 0 1}}', '[10.0.0.1]'],
  ['{{.GroupVersionKind.Kind}}', 'Service'],
];
const serviceFails: readonly Case[] = [
  ['{{.Nope}}', "1:3: at <.Nope>: can't evaluate field Nope in type v1.Service"],
  ['{{.Spec.nope}}', "1:3: at <.Spec.nope>: can't evaluate field nope in type v1.ServiceSpec"],
  ['{{.Spec.clusterIP}}', "1:3: at <.Spec.clusterIP>: can't evaluate field clusterIP in type v1.ServiceSpec"],
  ['{{.metadata}}', "1:3: at <.metadata>: can't evaluate field metadata in type v1.Service"],
  ['{{toLower .Spec.Type}}', '1:11: at <.Spec.Type>: wrong type for value; expected string; got v1.ServiceType'],
  ['{{eq .Spec.LoadBalancerClass "x"}}', '1:3: at <eq .Spec.LoadBalancerClass "x">: error calling eq: incompatible types for comparison: *string and string'],
  ['{{.Spec.TrafficDistribution | toLower}}', '1:31: at <toLower>: dereference of nil pointer of type string'],
  ['{{toLower .Spec.TrafficDistribution}}', '1:11: at <.Spec.TrafficDistribution>: dereference of nil pointer of type string'],
  ['{{.GetName "x"}}', '1:3: at <.GetName "x">: wrong number of args for GetName: want 0 got 1'],
  ['{{.Name "x"}}', '1:3: at <.Name>: Name has arguments but cannot be invoked as function'],
  ['{{range fromJson .Annotations.missing}}x{{else}}none{{end}}', '1:18: at <.Annotations.missing>: invalid value; expected string'],
  ['{{.Spec.Ports.Name}}', "1:3: at <.Spec.Ports.Name>: can't evaluate field Name in type []v1.ServicePort"],
  ['{{index .Spec.ExternalIPs 0}}', '1:3: at <index .Spec.ExternalIPs 0>: error calling index: index out of range: 0'],
  ['{{index .Spec.Ports 0 "Name"}}', "1:3: at <index .Spec.Ports 0 \"Name\">: error calling index: can't index item of type v1.ServicePort"],
];

const bareService = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'bare', namespace: 'web' }, spec: {} };
const bareServicePrints: readonly Case[] = [
  ['{{.Name}}|{{.Labels}}|{{.Annotations}}|{{.Spec.Type}}|{{.Spec.Ports}}|{{.Spec.Selector}}|{{.Status.LoadBalancer.Ingress}}|{{.Spec.ClusterIP}}', 'bare|map[]|map[]||[]|map[]|[]|'],
  ['{{.Labels.x}}', '<no value>'],
  ['{{index .Labels "x"}}|', '|'],
  ['{{if .Labels}}a{{end}}{{if .Spec}}b{{end}}{{if .Status.LoadBalancer}}c{{end}}', 'bc'],
  ['{{if and .Spec.SessionAffinityConfig .Spec.SessionAffinityConfig.ClientIP}}x{{end}}', ''],
  ['{{range .Spec.Ports}}x{{else}}none{{end}}', 'none'],
  ['{{.CreationTimestamp}}', '0001-01-01 00:00:00 +0000 UTC'],
  ['{{eq .Labels nil}} {{eq .Spec.Ports nil}}', 'true true'],
  ['{{hasKey .Labels "x"}}', 'false'],
  ['{{len .Labels}} {{len .Spec.Ports}}', '0 0'],
  ['{{print .Spec.LoadBalancerClass}}', '<nil>'],
  ['{{.Spec.AllocateLoadBalancerNodePorts}}', '<nil>'],
];
const bareServiceFails: readonly Case[] = [
  ['{{.Spec.SessionAffinityConfig.ClientIP}}', '1:3: at <.Spec.SessionAffinityConfig.ClientIP>: nil pointer evaluating *v1.SessionAffinityConfig.ClientIP'],
  ['{{index .Status.LoadBalancer.Ingress 0}}', '1:3: at <index .Status.LoadBalancer.Ingress 0>: error calling index: index out of range: 0'],
  ['{{.Spec.SessionAffinityConfig.Nope}}', "1:3: at <.Spec.SessionAffinityConfig.Nope>: can't evaluate field Nope in type *v1.SessionAffinityConfig"],
  ['{{range .Spec.LoadBalancerClass}}x{{end}}', "1:3: at <range .Spec.LoadBalancerClass>: range can't iterate over <nil>"],
  ['{{len .Spec.LoadBalancerClass}}', '1:3: at <len .Spec.LoadBalancerClass>: error calling len: len of nil pointer'],
];

const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'web', ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'x', controller: true }] }, spec: { nodeName: 'n1', hostname: 'zero', containers: [{ name: 'main', image: 'i', ports: [{ containerPort: 80 }], env: [{ name: 'A', value: 'b' }] }], nodeSelector: { disk: 'ssd' } }, status: { phase: 'Running', podIP: '10.1.0.5', podIPs: [{ ip: '10.1.0.5' }, { ip: '2001:db8::5' }], conditions: [{ type: 'Ready', status: 'True' }] } };
const podPrints: readonly Case[] = [
  ['{{.Spec.Hostname}}.{{.Spec.NodeName}}.{{(index .Spec.Containers 0).Name}}.{{toLower (print .Status.Phase)}}', 'zero.n1.main.running'],
  ['{{range .Status.PodIPs}}{{.IP}} {{end}}', '10.1.0.5 2001:db8::5 '],
  ['{{.Status.PodIPs}}', '[{10.1.0.5} {2001:db8::5}]'],
  ['{{with .OwnerReferences}}{{(index . 0).Name}}.{{toLower (index . 0).Kind}}{{end}}', 'db.statefulset'],
  ['{{(index .OwnerReferences 0).Controller}}', 'true'],
  ['{{if (index .OwnerReferences 0).Controller}}y{{end}}', 'y'],
  ['{{.Spec.NodeSelector.disk}} {{.Spec.HostNetwork}}', 'ssd false'],
  ['{{range .Spec.Containers}}{{range .Ports}}{{.ContainerPort}}{{end}}{{range .Env}}{{.Name}}={{.Value}}{{end}}{{end}}', '80A=b'],
  ['{{range .Status.Conditions}}{{.Type}}={{.Status}}{{end}}', 'Ready=True'],
  ['{{.Status.StartTime}}', '<nil>'],
  ['{{.Spec.TerminationGracePeriodSeconds}}', '<nil>'],
  ['{{.Status.HostIP}}|', '|'],
];
const podFails: readonly Case[] = [
  ['{{toLower .Status.Phase}}', '1:11: at <.Status.Phase>: wrong type for value; expected string; got v1.PodPhase'],
  ['{{range .Spec.Containers}}{{.Nope}}{{end}}', "1:29: at <.Nope>: can't evaluate field Nope in type v1.Container"],
  ['{{.Spec.Affinity.NodeAffinity}}', '1:3: at <.Spec.Affinity.NodeAffinity>: nil pointer evaluating *v1.Affinity.NodeAffinity'],
];

const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', labels: { zone: 'z1' } }, spec: { providerID: 'metal://r/n1', podCIDRs: ['10.1.0.0/24'], taints: [{ key: 'k', effect: 'NoSchedule' }] }, status: { addresses: [{ type: 'Hostname', address: 'n1' }, { type: 'InternalIP', address: '172.16.0.1' }], capacity: { cpu: '4', memory: '16Gi' }, nodeInfo: { architecture: 'arm64' } } };
const nodePrints: readonly Case[] = [
  ['{{range .Status.Addresses}}{{if eq .Type "InternalIP"}}{{.Address}}{{end}}{{end}}', '172.16.0.1'],
  ['{{.Status.Addresses}}', '[{Hostname n1} {InternalIP 172.16.0.1}]'],
  ['{{.Status.NodeInfo.Architecture}} {{.Spec.ProviderID}} {{.Spec.PodCIDRs}}', 'arm64 metal://r/n1 [10.1.0.0/24]'],
  ['{{(index .Spec.Taints 0).Key}} {{(index .Spec.Taints 0).Effect}} {{(index .Spec.Taints 0).Value}}|', 'k NoSchedule |'],
  ['{{.Namespace}}|{{.Labels.zone}}', '|z1'],
  ['{{.Spec.Unschedulable}}', 'false'],
  ['{{range $k, $v := .Status.Capacity}}{{$k}} {{end}}', 'cpu memory '],
  ['{{.Status.DaemonEndpoints.KubeletEndpoint.Port}}', '0'],
];
const nodeFails: readonly Case[] = [
  ['{{.Status.Capacity.cpu}}', "1:3: at <.Status.Capacity.cpu>: can't evaluate field cpu in type v1.ResourceList"],
  ['{{index .Status.Capacity "cpu"}}', '1:3: at <index .Status.Capacity "cpu">: error calling index: value has type string; should be v1.ResourceName'],
];

const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'front', namespace: 'web' }, spec: { ingressClassName: 'nginx', defaultBackend: { service: { name: 'shop', port: { number: 80 } } }, tls: [{ hosts: ['a.example.org'], secretName: 's' }], rules: [{ host: 'h.example.net', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { name: 'web' } } } }] } }, { host: 'i.example.net' }] }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.80' }] } } };
const ingressPrints: readonly Case[] = [
  ['{{$c := .Spec.IngressClassName}}{{range .Spec.Rules}}{{$c}}.{{.Host}},{{end}}{{with .Spec.DefaultBackend}}{{.Service.Name}}-{{.Service.Port.Number}}{{end}}', 'nginx.h.example.net,nginx.i.example.net,shop-80'],
  ['{{range .Spec.Rules}}{{if .HTTP}}{{range .HTTP.Paths}}{{.Path}} {{.PathType}} {{.Backend.Service.Name}} {{.Backend.Service.Port.Name}}{{end}}{{else}}none{{end}};{{end}}', '/ Prefix shop web;none;'],
  ['{{range .Spec.TLS}}{{.Hosts}}{{.SecretName}}{{end}}', '[a.example.org]s'],
  ['{{if contains .Spec.IngressClassName "ngi"}}y{{end}}', 'y'],
  ['{{(index .Status.LoadBalancer.Ingress 0).IP}}', '192.0.2.80'],
  ['{{.Spec.IngressClassName}}-{{.Name}}', 'nginx-front'],
];
const ingressFails: readonly Case[] = [
  ['{{(index .Spec.Rules 1).HTTP.Paths}}', '1:3: at <(index .Spec.Rules 1).HTTP.Paths>: nil pointer evaluating *v1.HTTPIngressRuleValue.Paths'],
  ['{{eq .Spec.IngressClassName "nginx"}}', '1:3: at <eq .Spec.IngressClassName "nginx">: error calling eq: incompatible types for comparison: *string and string'],
];

function check(object: { apiVersion: string; kind: string }, prints: readonly Case[], fails: readonly Case[]): void {
  const type = goType(object.apiVersion, object.kind);
  assert.ok(type);
  const render = (text: string): string => template('main', text, templateFunctions('service')).render({ type: type.struct, raw: object });
  for (const [text, expected] of prints) it(`${text} gives ${JSON.stringify(expected)}`, () => assert.equal(render(text), expected));
  for (const [text, expected] of fails) {
    it(`${text} fails`, () =>
      assert.throws(
        () => render(text),
        (error) => error instanceof TemplateError && assert.equal(error.message, `template: main:${expected}`) === undefined,
      ));
  }
}

describe('Go types: a Service', () => check(service, servicePrints, serviceFails));

describe('Go types: a Service without anything', () => check(bareService, bareServicePrints, bareServiceFails));

describe('Go types: a Pod', () => check(pod, podPrints, podFails));

describe('Go types: a Node', () => check(node, nodePrints, nodeFails));

describe('Go types: an Ingress', () => check(ingress, ingressPrints, ingressFails));
