import type { FlagDefinition } from './flag.ts';

const providers = [
  'alibabacloud', 'aws', 'aws-sd', 'azure', 'azure-dns', 'azure-private-dns', 'civo', 'cloudflare', 'coredns', 'dnsimple', 'exoscale', 'godaddy', 'google',
  'inmemory', 'linode', 'ns1', 'oci', 'ovh', 'pdns', 'pihole', 'rfc2136', 'scaleway', 'skydns', 'webhook',
] as const;

const sources = [
  'ambassador-host', 'connector', 'contour-httpproxy', 'crd', 'empty', 'f5-transportserver', 'f5-virtualserver', 'fake', 'gateway-grpcroute', 'gateway-httproute',
  'gateway-tcproute', 'gateway-tlsroute', 'gateway-udproute', 'gloo-proxy', 'ingress', 'istio-gateway', 'istio-virtualservice', 'kong-tcpingress', 'node',
  'openshift-route', 'pod', 'service', 'skipper-routegroup', 'traefik-proxy', 'unstructured',
] as const;

const secondMs = 1000;
const minuteMs = 60 * secondMs;

/** All flags, in the order of the help and of docs/flags.md. A new flag is one line here. */
export const flagGroups = {
  Basics: {
    provider: { type: 'enum', default: '', choices: providers, required: true, help: 'The DNS provider that records are written to.' },
    source: { type: 'enums', default: [], choices: sources, required: true, help: 'The kinds of objects that names are taken from.' },
    policy: { type: 'enum', default: '', choices: ['sync', 'upsert-only', 'create-only'], optional: true, help: 'What may be done to records: sync creates, updates and deletes; upsert-only never deletes; create-only never changes what exists. Must be given.' },
    'dry-run': { type: 'bool', default: false, help: 'Shows what would be changed, and changes nothing.' },
    once: { type: 'bool', default: false, help: 'Synchronizes once and ends; the exit status is non-zero when anything could not be done.' },
    interval: { type: 'duration', defaultMs: minuteMs, help: 'Time between two full comparisons of the cluster with the DNS. Changes in the cluster do not wait for it.' },
    'min-event-sync-interval': { type: 'duration', defaultMs: 5 * secondMs, help: 'After a change was published, further changes are gathered for this long.' },
    events: { type: 'bool', default: false, help: 'Accepted for compatibility: changes in the cluster are always followed at once.' },
    'stale-grace': { type: 'duration', defaultMs: 3 * minuteMs, help: 'How long an object that is still there keeps its last targets after it lost them (an empty load balancer status). 0 switches it off; without effect with --once.' },
    'max-delete-percent': { type: 'int', default: 50, help: 'Deletions of more than this share of the records that this instance owns in a zone are held until they are approved. 100 switches it off.' },
    'max-delete-min': { type: 'int', default: 20, help: 'Fewer deletions than this in a zone are never held.' },
    approve: { type: 'string', default: '', placeholder: 'CHECKSUM', help: 'Lets go the held deletions that this checksum stands for; with --once. Of a running process they are let go by the command approve.' },
    'protect-names': { type: 'regexp', default: '', help: 'Names that match are neither changed nor deleted once they stand.' },
    state: { type: 'string', default: '', placeholder: 'PLACE', help: 'A file, or configmap:NAMESPACE/NAME, that remembers the version and the flags of the last run, and what the brake held. After version or flags changed, deletions from --max-delete-min on are held until they are approved, whatever their share. Empty: off.' },
    version: { type: 'bool', default: false, help: 'Prints the version and ends.' },
  },

  'Cluster': {
    server: { type: 'string', default: '', help: 'URL of the Kubernetes API server. Found by itself where it is not given.' },
    kubeconfig: { type: 'string', default: '', help: 'Path of a kubeconfig file. Without it the KUBECONFIG variable, the home directory and the service account of the pod are tried.' },
    manifests: { type: 'string', default: '', placeholder: 'PATH', help: 'A YAML file, a directory of them, or - for the standard input, taken as the cluster instead of a Kubernetes API.' },
    namespace: { type: 'string', default: '', help: 'Only objects of this namespace are read. Empty means all.' },
    'kube-api-request-timeout': { type: 'duration', defaultMs: 30 * secondMs, help: 'Time that a request to the Kubernetes API may take. 0 means no limit.' },
    'request-timeout': { type: 'duration', defaultMs: 30 * secondMs, deprecated: 'use --kube-api-request-timeout', help: 'Older name of --kube-api-request-timeout.' },
    'kube-api-qps': { type: 'int', default: 5, help: 'Requests a second that may be sent to the Kubernetes API.' },
    'kube-api-burst': { type: 'int', default: 10, help: 'Requests that may be sent to the Kubernetes API at once, beyond --kube-api-qps.' },
  },

  'High availability': {
    'leader-elect': { type: 'bool', default: false, help: 'Of several processes only one writes; the others stand by, and take over when it ends. Without effect with --once and --manifests.' },
    'leader-election-id': { type: 'string', default: '', placeholder: 'NAME', help: 'Name of the Lease. Empty means external-dns, followed by the owner where --txt-owner-id is given.' },
    'leader-election-namespace': { type: 'string', default: '', help: 'Namespace of the Lease. Empty means the one that the program runs in.' },
    'leader-election-lease-duration': { type: 'duration', defaultMs: 15 * secondMs, help: 'Time after the last renewal when another process may take over. At least 1s.' },
    'leader-election-renew-deadline': { type: 'duration', defaultMs: 10 * secondMs, help: 'Time after the last renewal when the leader stops writing; shorter than the duration of the lease.' },
    'leader-election-retry-period': { type: 'duration', defaultMs: 2 * secondMs, help: 'Time between two renewals.' },
  },

  'Choice of objects': {
    'annotation-filter': { type: 'string', default: '', placeholder: 'SELECTOR', help: 'Only objects whose annotations match, in the syntax of label selectors.' },
    'label-filter': { type: 'string', default: '', placeholder: 'SELECTOR', help: 'Only objects whose labels match this selector.' },
    'annotation-prefix': { type: 'string', default: 'external-dns.kubernetes.io/', help: 'What the annotations that are read begin with; ends in a slash. When it is given, only this prefix is read.' },
    'enable-legacy-annotation-prefix': { type: 'bool', default: true, help: 'Also reads annotations with the older prefix external-dns.alpha.kubernetes.io/. Off by itself when --annotation-prefix is given.' },
    'ingress-class': { type: 'strings', default: [], help: 'Only Ingresses of this class.' },
    'gateway-name': { type: 'string', default: '', help: 'Only routes of Gateways with this name.' },
    'gateway-namespace': { type: 'string', default: '', help: 'Only routes of Gateways in this namespace.' },
    'gateway-label-filter': { type: 'string', default: '', placeholder: 'SELECTOR', help: 'Only routes of Gateways whose labels match this selector.' },
    'gateway-listener-sets': { type: 'bool', default: false, help: 'Also follows ListenerSets (Gateway API 1.5 and later).' },
    'service-type-filter': { type: 'strings', default: [], placeholder: 'TYPE', help: 'Only Services of this type: ClusterIP, NodePort, LoadBalancer or ExternalName.' },
    'exclude-unschedulable': { type: 'bool', default: true, help: 'Leaves out nodes that take no new pods.' },
    'ignore-non-host-network-pods': { type: 'bool', default: false, help: 'The pod source leaves out pods that do not use the network of their node.' },
    'openshift-router-name': { type: 'string', default: '', help: 'The router whose canonical name the openshift-route source takes as target. Empty means the first that admitted the route.' },
    'gloo-namespace': { type: 'strings', default: ['gloo-system'], help: 'Namespaces that the gloo-proxy source reads.' },
    'skipper-routegroup-groupversion': { type: 'string', default: 'zalando.org/v1', help: 'API version of the RouteGroups that skipper-routegroup reads.' },
    'traefik-enable-legacy': { type: 'bool', default: false, help: 'The traefik-proxy source also reads the API group traefik.containo.us.' },
    'traefik-disable-new': { type: 'bool', default: false, help: 'The traefik-proxy source does not read the API group traefik.io.' },
    'crd-source-apiversion': { type: 'string', default: 'externaldns.k8s.io/v1alpha1', help: 'API version of the objects that the crd source reads.' },
    'crd-source-kind': { type: 'string', default: 'DNSEndpoint', help: 'Kind of the objects that the crd source reads.' },
    'unstructured-resource': { type: 'strings', default: [], placeholder: 'RESOURCE.VERSION.GROUP', help: 'Resources that the unstructured source reads, as resource.version.group (virtualmachineinstances.v1.kubevirt.io, configmaps.v1).' },
    'connector-source-server': { type: 'string', default: 'localhost:8080', placeholder: 'HOST:PORT', help: 'Where the connector source reads its endpoints.' },
  },

  'Names and targets': {
    'fqdn-template': { type: 'strings', default: [], placeholder: 'TEMPLATE', help: 'Template for the names of objects that do not name themselves.' },
    'target-template': { type: 'strings', default: [], placeholder: 'TEMPLATE', help: 'Template for targets.' },
    'fqdn-target-template': { type: 'strings', default: [], placeholder: 'TEMPLATE', help: 'Template for pairs of name and target, as NAME:TARGET, divided by commas.' },
    'combine-fqdn-annotation': { type: 'bool', default: false, help: 'Names from templates are added to those of the object, instead of standing in for them.' },
    'ignore-hostname-annotation': { type: 'bool', default: false, help: 'Takes no names from annotations; needs --fqdn-template.' },
    'ignore-ingress-rules-spec': { type: 'bool', default: false, help: 'Takes no names from the rules of Ingresses.' },
    'ignore-ingress-tls-spec': { type: 'bool', default: false, help: 'Takes no names from the TLS part of Ingresses.' },
    compatibility: { type: 'enum', default: '', choices: ['mate', 'molecule', 'kops-dns-controller'], optional: true, help: 'Also reads the annotations of an older program.' },
    'publish-internal-services': { type: 'bool', default: false, help: 'Also publishes Services of type ClusterIP.' },
    'publish-host-ip': { type: 'bool', default: false, help: 'Headless Services publish the addresses of nodes instead of those of pods.' },
    'always-publish-not-ready-addresses': { type: 'bool', default: false, help: 'Headless Services also publish pods that are not ready.' },
    'resolve-service-load-balancer-hostname': { type: 'bool', default: false, help: 'Looks the host name of a load balancer up and publishes its addresses instead of a CNAME.' },
    'listen-endpoint-events': { type: 'bool', default: false, help: 'Accepted for compatibility: changes of EndpointSlices are always followed.' },
    'expose-internal-ipv6': { type: 'bool', default: false, help: 'Nodes also publish internal IPv6 addresses.' },
    'pod-source-domain': { type: 'string', default: '', help: 'The pod source publishes each pod under this domain.' },
    'default-targets': { type: 'strings', default: [], placeholder: 'TARGET', help: 'Targets for endpoints that have none of their own.' },
    'force-default-targets': { type: 'bool', default: false, deprecated: 'give targets only to the objects that need them, and use --default-targets for the rest', help: '--default-targets replace all other targets.' },
    'target-net-filter': { type: 'strings', default: [], placeholder: 'CIDR', help: 'Only targets in this network.' },
    'exclude-target-net': { type: 'strings', default: [], placeholder: 'CIDR', help: 'No targets in this network.' },
    'nat64-networks': { type: 'strings', default: [], placeholder: 'CIDR', help: 'AAAA targets in this NAT64 network (/96) also give an A record.' },
    'min-ttl': { type: 'duration', defaultMs: 0, bareSeconds: true, help: 'TTL of records that wish none. A bare number is seconds.' },
    'prefer-alias': { type: 'bool', default: false, help: 'Marks CNAME records as aliases, for providers that have them.' },
    'create-ptr': { type: 'bool', default: false, help: 'Makes reverse records for A and AAAA; needs --managed-record-types=PTR and the reverse zones in --domain-filter.' },
  },

  'Domains, zones and record types': {
    'domain-filter': { type: 'strings', default: [], placeholder: 'DOMAIN', help: 'Only names in this domain.' },
    'exclude-domains': { type: 'strings', default: [], placeholder: 'DOMAIN', help: 'No names in this domain.' },
    'regex-domain-filter': { type: 'regexp', default: '', help: 'Only names that match; --domain-filter and --exclude-domains are not used then.' },
    'regex-domain-exclusion': { type: 'regexp', default: '', help: 'No names that match; goes before --regex-domain-filter.' },
    'zone-name-filter': { type: 'strings', default: [], placeholder: 'ZONE', help: 'Only zones of this name (Azure).' },
    'zone-id-filter': { type: 'strings', default: [], placeholder: 'ID', help: 'Only zones with this id.' },
    'managed-record-types': { type: 'strings', default: ['A', 'AAAA', 'CNAME'], placeholder: 'TYPE', help: 'Record types that are managed: A, AAAA, CNAME, DNAME, MX, NAPTR, NS, PTR, SRV, TXT.' },
    'exclude-record-types': { type: 'strings', default: [], placeholder: 'TYPE', help: 'Record types that are left alone.' },
    'batch-change-size': { type: 'int', default: 200, help: 'Changes in a batch, for providers without a flag of their own.' },
    'batch-change-interval': { type: 'duration', defaultMs: secondMs, help: 'Time between two batches.' },
    'provider-cache-time': { type: 'duration', defaultMs: 0, help: 'How long the records of the provider are not read again. 0 means that they always are.' },
  },

  'Ownership': {
    registry: { type: 'enum', default: 'txt', choices: ['aws-sd', 'crd', 'dynamodb', 'noop', 'txt'], help: 'Where it is kept which records are ours.' },
    'txt-owner-id': { type: 'string', default: 'default', help: 'The name of this instance. Records of other owners are never touched.' },
    'txt-prefix': { type: 'string', default: '', help: 'Put before the names of ownership records; may hold %{record_type}. Excludes --txt-suffix.' },
    'txt-suffix': { type: 'string', default: '', help: 'Put after the first label of the names of ownership records; may hold %{record_type}. Excludes --txt-prefix.' },
    'txt-wildcard-replacement': { type: 'string', default: '', help: 'Stands for the asterisk in the names of ownership records.' },
    'txt-encrypt-enabled': { type: 'bool', default: false, help: 'Encrypts ownership records; needs --txt-encrypt-aes-key.' },
    'txt-encrypt-aes-key': { type: 'string', default: '', secret: true, help: 'Key for ownership records: 32 bytes as they are, or in base64.' },
    'txt-cache-interval': { type: 'duration', defaultMs: 0, help: 'How long the ownership records are not read again. 0 means that they always are.' },
    'migrate-from-txt-owner': { type: 'string', default: '', help: 'Records of this owner become ours.' },
    'crd-registry-namespace': { type: 'string', default: '', help: 'Namespace of the DNSRecord objects of the crd registry. Empty means the one that the program runs in.' },
    'dynamodb-region': { type: 'string', default: '', help: 'AWS region of the table of the dynamodb registry.' },
    'dynamodb-table': { type: 'string', default: 'external-dns', help: 'Table of the dynamodb registry.' },
  },

  'Logs, metrics and Events': {
    'log-format': { type: 'enum', default: 'text', choices: ['text', 'json'], help: 'Form of the log.' },
    'log-level': { type: 'enum', default: 'info', choices: ['panic', 'debug', 'info', 'warning', 'error', 'fatal'], synonyms: { warn: 'warning', trace: 'debug' }, help: 'How much is logged.' },
    'metrics-address': { type: 'string', default: ':7979', placeholder: 'HOST:PORT', help: 'Where metrics and health are served.' },
    'status-conditions': { type: 'bool', default: false, help: 'Writes conditions into the status of DNSEndpoints: Accepted, Programmed, Conflict, Held, Stale. Their definition must have them.' },
    'status-annotation': { type: 'bool', default: false, help: 'Notes at Services and Ingresses which of their names are published, in the annotation external-dns.kubernetes.io/published (or of --annotation-prefix). Not with --once or --dry-run.' },
    'events-emit': { type: 'strings', default: [], placeholder: 'REASON', help: 'Kubernetes Events that are written: RecordReady, RecordDeleted, RecordError.' },
  },

  'Webhook provider': {
    'webhook-provider-url': { type: 'string', default: 'http://localhost:8888', help: 'Where the webhook provider listens.' },
    'webhook-provider-read-timeout': { type: 'duration', defaultMs: 5 * secondMs, help: 'Time that reading from the webhook provider may take.' },
    'webhook-provider-write-timeout': { type: 'duration', defaultMs: 10 * secondMs, help: 'Time that writing to the webhook provider may take.' },
    'webhook-provider-read-header-timeout': { type: 'duration', defaultMs: 5 * secondMs, help: 'Time that a client of the webhook server has to send its headers.' },
    'webhook-provider-idle-timeout': { type: 'duration', defaultMs: 30 * secondMs, help: 'Time after which the webhook server closes an idle connection.' },
    'webhook-provider-max-body-size': { type: 'int', default: 33_554_432, wide: true, help: 'Bytes that a body may have, in both directions. 0 means no limit.' },
    'webhook-server': { type: 'bool', default: false, help: 'Serves the provider to others by the webhook protocol, instead of synchronizing.' },
  },

  'Alibaba Cloud': {
    'alibaba-cloud-config-file': { type: 'string', default: '/etc/kubernetes/alibaba-cloud.json', help: 'Configuration file. Empty means the RAM role of the machine.' },
    'alibaba-cloud-zone-type': { type: 'enum', default: '', choices: ['public', 'private'], optional: true, help: 'Only zones of this type.' },
  },

  AWS: {
    'aws-zone-type': { type: 'enum', default: '', choices: ['public', 'private'], optional: true, help: 'Only hosted zones of this type.' },
    'aws-zone-tags': { type: 'strings', default: [], placeholder: 'KEY=VALUE', help: 'Only hosted zones with this tag.' },
    'aws-profile': { type: 'strings', default: [], help: 'Profiles to use; each is an account of its own.' },
    'aws-assume-role': { type: 'string', default: '', placeholder: 'ARN', help: 'Role to assume, as in arn:aws:iam::123456789012:role/external-dns.' },
    'aws-assume-role-external-id': { type: 'string', default: '', secret: true, help: 'External id that goes with --aws-assume-role.' },
    'aws-batch-change-size': { type: 'int', default: 1000, help: 'Changes in a batch.' },
    'aws-batch-change-size-bytes': { type: 'int', default: 32_000, help: 'Bytes of all values in a batch.' },
    'aws-batch-change-size-values': { type: 'int', default: 1000, help: 'Values in a batch.' },
    'aws-batch-change-interval': { type: 'duration', defaultMs: secondMs, help: 'Time between two batches.' },
    'aws-evaluate-target-health': { type: 'bool', default: true, help: 'Aliases follow the health of their target.' },
    'aws-api-retries': { type: 'int', default: 3, help: 'How often a call is tried.' },
    'aws-prefer-cname': { type: 'bool', default: false, help: 'Makes CNAME records instead of aliases.' },
    'aws-zones-cache-duration': { type: 'duration', defaultMs: 0, help: 'How long the list of zones is kept. 0 means not at all.' },
    'aws-zone-match-parent': { type: 'bool', default: false, help: '--domain-filter also chooses the zones above its domains.' },
    'aws-sd-service-cleanup': { type: 'bool', default: false, help: 'Cloud Map: deletes Services without instances.' },
    'aws-sd-create-tag': { type: 'map', default: {}, placeholder: 'KEY=VALUE', help: 'Cloud Map: tag of new Services.' },
  },

  Azure: {
    'azure-config-file': { type: 'string', default: '/etc/kubernetes/azure.json', help: 'Configuration file.' },
    'azure-resource-group': { type: 'string', default: '', help: 'Resource group, instead of that of the file.' },
    'azure-subscription-id': { type: 'string', default: '', help: 'Subscription, instead of that of the file.' },
    'azure-user-assigned-identity-client-id': { type: 'string', default: '', help: 'Client id of the user-assigned identity, instead of that of the file.' },
    'azure-zones-cache-duration': { type: 'duration', defaultMs: 0, help: 'How long the list of zones is kept. 0 means not at all.' },
    'azure-maxretries-count': { type: 'int', default: 3, help: 'How often a call is repeated. A negative number means never.' },
  },

  Cloudflare: {
    'cloudflare-proxied': { type: 'bool', default: false, help: 'Records go through the proxy, where their annotation does not say otherwise.' },
    'cloudflare-custom-hostnames': { type: 'bool', default: false, help: 'Manages custom hostnames (Cloudflare for SaaS).' },
    'cloudflare-custom-hostnames-min-tls-version': { type: 'enum', default: '1.0', choices: ['1.0', '1.1', '1.2', '1.3'], help: 'Lowest TLS version of custom hostnames.' },
    'cloudflare-custom-hostnames-certificate-authority': { type: 'enum', default: 'none', choices: ['google', 'ssl_com', 'lets_encrypt', 'none'], help: 'Certificate authority of custom hostnames; none leaves it to Cloudflare.' },
    'cloudflare-dns-records-per-page': { type: 'int', default: 100, help: 'Records in a page; at most 5000.' },
    'cloudflare-regional-services': { type: 'bool', default: false, help: 'Manages regional hostnames.' },
    'cloudflare-region-key': { type: 'string', default: '', help: 'Region of records that name none; switches --cloudflare-regional-services on.' },
    'cloudflare-record-comment': { type: 'string', default: '', help: 'Comment of records that have none of their own.' },
  },

  'CoreDNS (etcd)': {
    'coredns-prefix': { type: 'string', default: '/skydns/', help: 'What keys begin with.' },
    'coredns-strictly-owned': { type: 'bool', default: false, help: 'Keeps the owner in each key, and leaves those of other owners alone.' },
  },

  Exoscale: {
    'exoscale-apienv': { type: 'string', default: 'api', help: 'API environment.' },
    'exoscale-apizone': { type: 'string', default: 'ch-gva-2', help: 'API zone.' },
    'exoscale-apikey': { type: 'string', default: '', secret: true, help: 'API key.' },
    'exoscale-apisecret': { type: 'string', default: '', secret: true, help: 'API secret.' },
    'exoscale-zones-cache-duration': { type: 'duration', defaultMs: 0, help: 'How long the list of zones is kept. 0 means not at all.' },
  },

  GoDaddy: {
    'godaddy-api-key': { type: 'string', default: '', secret: true, help: 'API key.' },
    'godaddy-api-secret': { type: 'string', default: '', secret: true, help: 'API secret.' },
    'godaddy-api-ttl': { type: 'int', default: 0, wide: true, help: 'TTL in seconds of records that wish none.' },
    'godaddy-api-ote': { type: 'bool', default: false, help: 'Uses the test environment.' },
  },

  'Google Cloud DNS': {
    'google-project': { type: 'string', default: '', help: 'Project; inside Google Cloud it is found by itself.' },
    'google-batch-change-size': { type: 'int', default: 1000, help: 'Changes in a batch.' },
    'google-batch-change-interval': { type: 'duration', defaultMs: secondMs, help: 'Time between two batches.' },
    'google-zone-visibility': { type: 'enum', default: '', choices: ['public', 'private'], optional: true, help: 'Only zones of this visibility.' },
  },

  'In memory': {
    'inmemory-zone': { type: 'strings', default: [], placeholder: 'ZONE', help: 'Zones that exist at the start.' },
    'inmemory-dns-address': { type: 'string', default: '', placeholder: 'HOST:PORT', help: 'Serves the records by DNS at this address (127.0.0.1:5353). Empty means not at all.' },
  },

  NS1: {
    'ns1-endpoint': { type: 'string', default: '', help: 'URL of the API. Empty means https://api.nsone.net/v1/.' },
    'ns1-ignoressl': { type: 'bool', default: false, help: 'Does not check the certificate of the API.' },
    'ns1-min-ttl': { type: 'int', default: 0, help: 'Smallest TTL in seconds.' },
  },

  'Oracle Cloud (OCI)': {
    'oci-config-file': { type: 'string', default: '/etc/kubernetes/oci.yaml', help: 'Configuration file.' },
    'oci-compartment-ocid': { type: 'string', default: '', help: 'Compartment of the zones; needed with --oci-auth-instance-principal.' },
    'oci-zone-scope': { type: 'enum', default: 'GLOBAL', choices: ['GLOBAL', 'PRIVATE'], optional: true, help: 'Only zones of this scope. Empty means both.' },
    'oci-auth-instance-principal': { type: 'bool', default: false, help: 'Signs in as the machine, without keys in the file.' },
    'oci-zones-cache-duration': { type: 'duration', defaultMs: 0, help: 'How long the list of zones is kept. 0 means not at all.' },
  },

  OVH: {
    'ovh-endpoint': { type: 'string', default: 'ovh-eu', help: 'Which of the APIs is used.' },
    'ovh-api-rate-limit': { type: 'int', default: 20, help: 'Calls a second.' },
    'ovh-enable-cname-relative': { type: 'bool', default: false, help: 'CNAME targets without a final dot are relative to their zone.' },
  },

  'Pi-hole': {
    'pihole-server': { type: 'string', default: '', help: 'URL of the Pi-hole.' },
    'pihole-password': { type: 'string', default: '', secret: true, help: 'Password, where it has one.' },
    'pihole-tls-skip-verify': { type: 'bool', default: false, help: 'Does not check the certificate.' },
    'pihole-api-version': { type: 'enum', default: '6', choices: ['5', '6'], help: 'Version of the Pi-hole.' },
  },

  PowerDNS: {
    'pdns-server': { type: 'string', default: 'http://localhost:8081', help: 'URL of the API.' },
    'pdns-server-id': { type: 'string', default: 'localhost', help: 'Id of the server; other than localhost only behind a proxy.' },
    'pdns-api-key': { type: 'string', default: '', secret: true, help: 'API key.' },
    'pdns-skip-tls-verify': { type: 'bool', default: false, help: 'Does not check the certificate.' },
  },

  'RFC 2136': {
    'rfc2136-host': { type: 'strings', default: [], help: 'Name or address of the DNS server; given several times, --rfc2136-load-balancing-strategy says which is asked.' },
    'rfc2136-port': { type: 'int', default: 0, help: 'Port of the DNS server; 0: 53, or 853 with --rfc2136-use-tls.' },
    'rfc2136-zone': { type: 'strings', default: [], placeholder: 'ZONE', help: 'Zones of the DNS server; by default the root zone.' },
    'rfc2136-insecure': { type: 'bool', default: false, help: 'Sends no TSIG.' },
    'rfc2136-tsig-keyname': { type: 'string', default: '', help: 'Name of the TSIG key; needed without --rfc2136-insecure.' },
    'rfc2136-tsig-secret': { type: 'string', default: '', secret: true, help: 'The TSIG key in base64.' },
    'rfc2136-tsig-secret-alg': { type: 'string', default: '', help: 'Algorithm of the TSIG key: hmac-md5, hmac-sha1, hmac-sha224, hmac-sha256, hmac-sha384, hmac-sha512.' },
    'rfc2136-axfr': { type: 'bool', default: false, help: 'Reads records by zone transfer. Without it records are only created.' },
    'rfc2136-tsig-axfr': { type: 'bool', default: false, deprecated: 'use --rfc2136-axfr', help: 'Older name of --rfc2136-axfr.' },
    'rfc2136-min-ttl': { type: 'duration', defaultMs: 0, help: 'Smallest TTL.' },
    'rfc2136-gss-tsig': { type: 'bool', default: false, help: 'Signs with Kerberos. Not supported: refused at the start.' },
    'rfc2136-kerberos-username': { type: 'string', default: '', help: 'Kerberos user.' },
    'rfc2136-kerberos-password': { type: 'string', default: '', secret: true, help: 'Kerberos password.' },
    'rfc2136-kerberos-realm': { type: 'string', default: '', help: 'Kerberos realm.' },
    'rfc2136-batch-change-size': { type: 'int', default: 50, help: 'Changes in a batch.' },
    'rfc2136-use-tls': { type: 'bool', default: false, help: 'Speaks DNS over TLS.' },
    'rfc2136-skip-tls-verify': { type: 'bool', default: false, help: 'Does not check the certificate.' },
    'rfc2136-load-balancing-strategy': { type: 'enum', default: 'disabled', choices: ['random', 'round-robin', 'disabled'], help: 'Which of several DNS servers is asked.' },
  },

  'TLS of providers': {
    'tls-ca': { type: 'string', default: '', placeholder: 'PATH', help: 'Certificates of the authorities that are trusted (PowerDNS, RFC 2136, Pi-hole).' },
    'tls-client-cert': { type: 'string', default: '', placeholder: 'PATH', help: 'Client certificate.' },
    'tls-client-cert-key': { type: 'string', default: '', placeholder: 'PATH', help: 'Key of the client certificate.' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FlagDefinition>>>>;

/** Every flag by name; secrets may also be given as files. */
export const flags: ReadonlyMap<string, FlagDefinition> = new Map(Object.values(flagGroups).flatMap((group) => Object.entries<FlagDefinition>(group).flatMap(([name, flag]) => withFile(name, flag))));

function withFile(name: string, flag: FlagDefinition): [string, FlagDefinition][] {
  if (!('secret' in flag)) return [[name, flag]];
  return [[name, flag], [`${name}-file`, { type: 'string', default: '', placeholder: 'PATH', fileOf: name, help: `File that holds --${name}.` }]];
}
