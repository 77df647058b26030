import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { loadSources, sourceNames } from '../../sources/index.ts';
import { rbac } from './rbac.ts';

interface Printed {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly apiGroups: readonly string[]; readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly name: string; readonly namespace: string }[];
}

async function textOf(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  let text = '';
  const status = await rbac(flags, env, (part) => void (text += part), () => {});
  assert.equal(status, 0);
  return text;
}

const printed = async (flags: readonly string[]): Promise<readonly Printed[]> => parseAllDocuments(await textOf(flags)).map((document) => document.toJS() as Printed);

/** `ClusterRole: get,list,watch services pods`, `Role infra: get,list,watch gateways.gateway.networking.k8s.io`. */
async function rulesOf(flags: readonly string[]): Promise<readonly string[]> {
  const roles = (await printed(flags)).filter(({ rules }) => rules);
  return roles.flatMap(({ kind, metadata, rules = [] }) =>
    rules.map(({ apiGroups: [group], resources, verbs }) => `${[kind, metadata.namespace].filter(Boolean).join(' ')}: ${verbs.join()} ${resources.map((r) => (group ? `${r}.${group}` : r)).join(' ')}`),
  );
}

const read = 'get,list,watch';
const core = (resources: string): string => `ClusterRole: ${read} ${resources}`;
const slices = 'endpointslices.discovery.k8s.io';

const cases: readonly (readonly [title: string, flags: string, rules: readonly string[]])[] = [
  ['an ingress', '--source=ingress', [core('ingresses.networking.k8s.io')]],
  ['two sources, each resource once', '--source=service --source=pod --source=node', [core('nodes pods services'), core(slices)]],
  ['Services whose type needs nothing else', '--source=service --service-type-filter=LoadBalancer --service-type-filter=ExternalName', [core('services')]],
  ['Services of type ClusterIP, without nodes', '--source=service --service-type-filter=ClusterIP', [core('pods services'), core(slices)]],
  ['Services of type NodePort, without slices', '--source=service --service-type-filter=NodePort', [core('nodes pods services')]],
  [
    'one namespace, and the nodes, which have none',
    '--source=service --namespace=shop',
    [core('nodes'), `Role shop: ${read} pods services`, `Role shop: ${read} ${slices}`],
  ],
  ['one namespace alone', '--source=ingress --source=contour-httpproxy --namespace=shop', [`Role shop: ${read} ingresses.networking.k8s.io`, `Role shop: ${read} httpproxies.projectcontour.io`]],
  ['what has no namespace, whatever --namespace says', '--source=node --namespace=shop', [core('nodes')]],
  ['routes', '--source=gateway-tlsroute', [core('namespaces'), core('gateways.gateway.networking.k8s.io tlsroutes.gateway.networking.k8s.io')]],
  [
    'routes of one namespace and Gateways of another',
    '--source=gateway-httproute --source=gateway-grpcroute --namespace=shop --gateway-namespace=infra',
    [core('namespaces'), `Role infra: ${read} gateways.gateway.networking.k8s.io`, `Role shop: ${read} grpcroutes.gateway.networking.k8s.io httproutes.gateway.networking.k8s.io`],
  ],
  [
    'ListenerSets in both of their groups',
    '--source=gateway-httproute --gateway-listener-sets',
    [core('namespaces'), core('gateways.gateway.networking.k8s.io httproutes.gateway.networking.k8s.io listenersets.gateway.networking.k8s.io'), core('xlistenersets.gateway.networking.x-k8s.io')],
  ],
  [
    'what a role of the cluster has, in no other role',
    '--source=ambassador-host --source=service --service-type-filter=LoadBalancer --namespace=shop',
    [core('services'), `Role shop: ${read} hosts.getambassador.io`],
  ],
  [
    'istio in one namespace',
    '--source=istio-virtualservice --namespace=shop',
    [
      `Role shop: ${read} services`,
      `Role shop: ${read} gateways.networking.istio.io virtualservices.networking.istio.io`,
      `Role shop: ${read} ingresses.networking.k8s.io`,
    ],
  ],
  ['DNSEndpoints and their status', '--source=crd', [core('dnsendpoints.externaldns.k8s.io'), 'ClusterRole: patch dnsendpoints/status.externaldns.k8s.io']],
  [
    'objects of another kind, where the crd source reads these',
    '--source=crd --crd-source-apiversion=dns.example.org/v2 --crd-source-kind=NamePolicy --namespace=dns',
    [`Role dns: ${read} namepolicies.dns.example.org`, 'Role dns: patch namepolicies/status.dns.example.org'],
  ],
  ['the group that the user names for RouteGroups', '--source=skipper-routegroup --skipper-routegroup-groupversion=routes.example.org/v2', [core('routegroups.routes.example.org')]],
  ['the newer group of Traefik', '--source=traefik-proxy', [core('ingressroutes.traefik.io ingressroutetcps.traefik.io ingressrouteudps.traefik.io')]],
  [
    'the older group of Traefik',
    '--source=traefik-proxy --traefik-enable-legacy --traefik-disable-new',
    [core('ingressroutes.traefik.containo.us ingressroutetcps.traefik.containo.us ingressrouteudps.traefik.containo.us')],
  ],
  [
    'any resources',
    '--source=unstructured --unstructured-resource=configmaps.v1 --unstructured-resource=virtualmachineinstances.v1.kubevirt.io --namespace=vms',
    [`Role vms: ${read} configmaps`, `Role vms: ${read} virtualmachineinstances.kubevirt.io`],
  ],
  [
    'the crd registry, in its own namespace',
    '--source=ingress --registry=crd --crd-registry-namespace=dns',
    [core('ingresses.networking.k8s.io'), `Role dns: ${read},create,update,delete dnsrecords.externaldns.k8s.io`, 'Role dns: patch dnsrecords/status.externaldns.k8s.io'],
  ],
  [
    'the crd registry, where the service account is',
    '--source=node --registry=crd --service-account=dns/external-dns',
    [core('nodes'), `Role dns: ${read},create,update,delete dnsrecords.externaldns.k8s.io`, 'Role dns: patch dnsrecords/status.externaldns.k8s.io'],
  ],
  ['the Lease of the leader', '--source=node --leader-elect --service-account=dns/external-dns', [core('nodes'), 'Role dns: get,create,update leases.coordination.k8s.io']],
  ['the Lease in a namespace of its own', '--source=node --leader-elect --leader-election-namespace=leases', [core('nodes'), 'Role leases: get,create,update leases.coordination.k8s.io']],
  ['no Lease with --once', '--source=node --leader-elect --once', [core('nodes')]],
  ['the ConfigMap of the state', '--source=node --state=configmap:dns/last-run', [core('nodes'), 'Role dns: get,create,update configmaps']],
  ['nothing for a state in a file', '--source=node --state=/var/lib/external-dns/state', [core('nodes')]],
  [
    'the annotation at Services and Ingresses, beside what is read',
    '--source=service --source=ingress --source=node --service-type-filter=LoadBalancer --namespace=shop --status-annotation',
    [core('nodes'), 'Role shop: get,list,watch,patch services', `Role shop: ${read},patch ingresses.networking.k8s.io`],
  ],
  ['no annotation in a single run', '--source=ingress --status-annotation --once', [core('ingresses.networking.k8s.io')]],
  ['Events beside the objects', '--source=ingress --events-emit=RecordReady', ['ClusterRole: create events.events.k8s.io', core('ingresses.networking.k8s.io')]],
  [
    'Events of one namespace, and those of nodes',
    '--source=ingress --source=node --namespace=shop --events-emit=RecordError',
    [core('nodes'), 'Role default: create events.events.k8s.io', 'Role shop: create events.events.k8s.io', `Role shop: ${read} ingresses.networking.k8s.io`],
  ],
  [
    'Events beside the pod of the program, where that is known',
    '--source=ingress --namespace=shop --events-emit=RecordError --service-account=dns/external-dns',
    ['Role dns: get pods', 'Role dns: create events.events.k8s.io', 'Role shop: create events.events.k8s.io', `Role shop: ${read} ingresses.networking.k8s.io`],
  ],
  ['no Events of reasons that there are not', '--source=ingress --events-emit=Nonsense', [core('ingresses.networking.k8s.io')]],
];

describe('the roles that are printed', () => {
  for (const [title, flags, rules] of cases) it(`allow ${title}`, async () => assert.deepEqual(await rulesOf(flags.split(' ')), rules));

  for (const flags of ['--source=fake', '--source=empty', '--source=connector', '--source=ingress --manifests=cluster/'])
    it(`are none with ${flags}`, async () => assert.match(await textOf(flags.split(' ')), /^# .* no rights are needed\n$/));

  it('say above each rule which flag needs it', async () => assert.match(await textOf(['--source=pod', '--source=node']), /\n {2}# --source=node, --source=pod\n {2}- apiGroups: \[""\]\n/));

  it('read no more than the source says of itself', async () => {
    for (const definition of await loadSources(sourceNames.filter((name) => name !== 'unstructured'))) {
      const known = definition.resources.map(({ group, plural }) => [plural, group].filter(Boolean).join('.'));
      const rules = await rulesOf([`--source=${definition.name}`, '--gateway-listener-sets', '--traefik-enable-legacy']);
      const resources = rules.filter((rule) => rule.includes(read)).flatMap((rule) => rule.slice(rule.indexOf(read) + read.length + 1).split(' '));
      assert.deepEqual(resources.sort(), known.sort(), definition.name);
    }
  });
});

describe('names and bindings', () => {
  it('are of a name, and give a service account what the roles allow', async () => {
    const objects = await printed(['--source=service', '--namespace=shop', '--name=dns', '--service-account', 'infra/robot']);
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`),
      ['ServiceAccount infra/robot', 'ClusterRole /dns', 'ClusterRoleBinding /dns', 'Role shop/dns', 'RoleBinding shop/dns'],
    );
    for (const { roleRef, subjects, kind } of objects.filter((object) => object.roleRef)) {
      assert.deepEqual(roleRef, { apiGroup: 'rbac.authorization.k8s.io', kind: kind.replace('Binding', ''), name: 'dns' });
      assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: 'robot', namespace: 'infra' }]);
    }
  });
});

describe('the flags of rbac', () => {
  it('are those of the process, which may also stand in the environment', async () => {
    assert.match(await textOf(['--provider=webhook', '--policy=sync', '--source=pod']), /pods/);
    assert.match(await textOf([], { EXTERNAL_DNS_SOURCE: 'ingress', EXTERNAL_DNS_NAMESPACE: 'shop' }), /namespace: shop/);
  });

  it('are explained by --help', async () => assert.match(await textOf(['--help']), /^usage: external-dns rbac /));

  for (const [flags, message] of [
    ['', /--source is missing/],
    ['--source=nonsense', /--source.*nonsense/],
    ['--source=ingress --no-such-flag', /unknown flag --no-such-flag/],
    ['--source=service --service-type-filter=Nonsense', /--service-type-filter=Nonsense: there is no such type/],
    ['--source=ingress --name=External_DNS', /--name=External_DNS is no name of a Kubernetes object/],
    ['--source=ingress --name', /--name needs a value/],
    ['--source=ingress --name=a --name=b', /--name is given more than once/],
    ['--source=ingress --service-account=robot', /--service-account=robot: not of the form NAMESPACE\/NAME/],
    ['--source=ingress --leader-elect', /--leader-elect keeps its Lease in the namespace that the program runs in; name that with --service-account/],
    ['--source=ingress --registry=crd', /--registry=crd keeps its DNSRecords in the namespace that the program runs in; name that with --service-account/],
  ] as const)
    it(`are refused: ${flags || 'none'}`, () => assert.rejects(textOf(flags.split(' ').filter(Boolean)), (error) => message.test(String((error as { problems?: unknown }).problems ?? error))));
});
