import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GoType } from '../../template/values.ts';
import { template } from '../../template/template.ts';
import type { RawObject } from '../object.ts';
import { goType, typedKinds } from './index.ts';
import { jsonName } from './schema.ts';
import { formatTime, goTimeText, parseTime } from './time.ts';

const split = (kind: string): [apiVersion: string, kind: string] => {
  const [group = '', name = ''] = kind.split('/');
  return [group ? `${group}/v1` : 'v1', name];
};

/** Reads all types that can be reached; throws where one refers to a type that is not there. */
function visit(type: GoType, seen: Set<GoType>): number {
  if (seen.has(type)) return 0;
  seen.add(type);
  switch (type.kind) {
    case 'list':
    case 'map':
      return visit(type.element, seen);
    case 'pointer':
      return visit(type.to, seen);
    case 'struct':
      return [...type.fields.values(), ...(type.promoted?.values() ?? [])].reduce((sum, field) => sum + 1 + visit(field.type, seen), 0);
    default:
      return 0;
  }
}

function render(object: RawObject & { apiVersion: string; kind: string }, text: string): string {
  const type = goType(object.apiVersion, object.kind);
  assert.ok(type, `${object.kind} has no type`);
  return template('main', text).render({ type: type.struct, raw: object });
}

describe('the Go types of kinds', () => {
  for (const kind of typedKinds) {
    it(`can be read for ${kind}, with metadata`, () => {
      const type = goType(...split(kind));
      assert.ok(type);
      assert.ok(visit(type.struct, new Set()) > 15);
      assert.equal(render({ apiVersion: split(kind)[0], kind: split(kind)[1], metadata: { name: 'n', labels: { a: 'b' } } }, '{{.Name}}{{.GetLabels.a}}{{.Kind}}{{.ObjectMeta.Namespace}}'), `nb${split(kind)[1]}`);
    });
  }

  it('are the same in all versions of a group', () => assert.equal(goType('networking.istio.io/v1beta1', 'Gateway'), goType('networking.istio.io/v1', 'Gateway')));

  it('are not there for other kinds', () => {
    assert.equal(goType('v1', 'ConfigMap'), undefined);
    assert.equal(goType('v1', 'constructor'), undefined);
    assert.equal(goType('example.org/v1', 'Service'), undefined);
  });

  const meta = { name: 'n', namespace: 'ns' };
  const cases: readonly (readonly [object: RawObject & { apiVersion: string; kind: string }, template: string, expected: string])[] = [
    [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: meta, spec: { hostnames: ['a.example.org'], parentRefs: [{ name: 'gw', sectionName: 's' }], rules: [{ backendRefs: [{ name: 'b', port: 80 }] }] } }, '{{index .Spec.Hostnames 0}} {{(index .Spec.ParentRefs 0).Name}} {{(index .Spec.ParentRefs 0).SectionName}} {{(index (index .Spec.Rules 0).BackendRefs 0).Port}}', 'a.example.org gw s 80'],
    [{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: meta, spec: { hosts: ['a.example.org'], gateways: ['gw'], exportTo: ['.'], http: [{ route: [{ destination: { host: 'h' } }] }] } }, '{{range .Spec.Hosts}}{{.}} {{end}}{{.Spec.ExportTo}} {{(index (index .Spec.Http 0).Route 0).Destination.Host}}', 'a.example.org [.] h'],
    [{ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: meta, spec: { selector: { istio: 'x' }, servers: [{ hosts: ['h'], port: { number: 80 } }] } }, '{{index .Spec.Selector "istio"}} {{(index .Spec.Servers 0).Port.Number}}', 'x 80'],
    [{ apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: meta, spec: { virtualhost: { fqdn: 'f.example.org' } }, status: { currentStatus: 'valid', loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } }, '{{.Spec.VirtualHost.Fqdn}} {{.Status.CurrentStatus}} {{(index .Status.LoadBalancer.Ingress 0).IP}}', 'f.example.org valid 192.0.2.1'],
    [{ apiVersion: 'cis.f5.com/v1', kind: 'VirtualServer', metadata: meta, spec: { host: 'h', virtualServerAddress: '192.0.2.1', ipamLabel: 'l' }, status: { vsAddress: '192.0.2.2' } }, '{{.Spec.Host}} {{.Spec.VirtualServerAddress}} {{.Spec.IPAMLabel}} {{.Status.VSAddress}}', 'h 192.0.2.1 l 192.0.2.2'],
    [{ apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata: meta, spec: { host: 'h', to: { name: 's' } }, status: { ingress: [{ routerCanonicalHostname: 'r' }] } }, '{{.Spec.Host}} {{.Spec.To.Name}} {{(index .Status.Ingress 0).RouterCanonicalHostname}}', 'h s r'],
    [{ apiVersion: 'zalando.org/v1', kind: 'RouteGroup', metadata: meta, spec: { hosts: ['h'] }, status: { loadBalancer: { routeGroup: [{ hostname: 'l' }] } } }, '{{.Metadata.Name}} {{index .Spec.Hosts 0}} {{(index .Status.LoadBalancer.RouteGroup 0).Hostname}}', 'n h l'],
    [{ apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRoute', metadata: meta, spec: { routes: [{ match: 'Host(`a`)' }] } }, '{{(index .Spec.Routes 0).Match}}', 'Host(`a`)'],
    [{ apiVersion: 'gloo.solo.io/v1', kind: 'Proxy', metadata: meta, spec: { listeners: [{ httpListener: { virtualHosts: [{ domains: ['d'] }] } }] } }, '{{range .Spec.Listeners}}{{range .HTTPListener.VirtualHosts}}{{.Domains}}{{end}}{{end}}', '[d]'],
    [{ apiVersion: 'v1', kind: 'Node', metadata: meta, status: { capacity: { cpu: '4', memory: '2Ki' } } }, '{{range $k, $v := .Status.Capacity}}{{$k}}:{{$v.Value}} {{end}}', 'cpu:4 memory:2048 '],
    [{ apiVersion: 'v1', kind: 'Service', metadata: meta }, '{{.GroupVersionKind.Version}} {{.GetObjectKind.GroupVersionKind}}', 'v1 /v1, Kind=Service'],
  ];
  for (const [object, text, expected] of cases) it(`read fields of ${object.kind}: ${text}`, () => assert.equal(render(object, text), expected));
});

describe('objects as Go writes them', () => {
  it('have what is written though it is empty, and keep what the types do not know', () => {
    const type = goType('v1', 'Pod');
    assert.deepEqual(type?.fill({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { newField: 1, containers: [{ image: 'i' }] } }), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { newField: 1, containers: [{ image: 'i', name: '', resources: {} }] },
      status: {},
    });
  });

  it('take their names in JSON from those in Go', () => {
    const names = { ClusterIP: 'clusterIP', ExternalIPs: 'externalIPs', IP: 'ip', PodIPs: 'podIPs', IPFamilies: 'ipFamilies', HTTPGet: 'httpGet', UID: 'uid', APIVersion: 'apiVersion', Name: 'name', TLS: 'tls', IPs: 'ips' };
    for (const [go, json] of Object.entries(names)) assert.equal(jsonName(go), json);
  });
});

describe('times', () => {
  const time = parseTime('2026-03-04T05:06:07Z');
  assert.ok(time);
  it('are shown as Go shows them', () => assert.equal(goTimeText(time), '2026-03-04 05:06:07 +0000 UTC'));
  it('follow layouts of Go', () => {
    assert.equal(formatTime(time, 'Mon Jan _2 15:04:05 MST 2006'), 'Wed Mar  4 05:06:07 UTC 2026');
    assert.equal(formatTime(time, '2006-01-02T15:04:05Z07:00'), '2026-03-04T05:06:07Z');
    assert.equal(formatTime(time, '06-1-2 3:04PM'), '26-3-4 5:06AM');
  });
  it('are none where the text is none', () => assert.equal(parseTime('soon'), undefined));
});
