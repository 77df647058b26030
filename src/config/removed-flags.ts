import type { RemovedFlag } from './flag.ts';

const leftOut = (provider: string): RemovedFlag => ({ instead: `the provider ${provider} is not part of the program any more; use a webhook provider (--provider=webhook), and leave this flag out` });

/** Flags that versions before v0.22 had; a user who comes from there is told what to write instead. */
export const removedFlags: ReadonlyMap<string, RemovedFlag> = new Map<string, RemovedFlag>([
  ['master', { instead: 'use --server' }],
  ['debug', { instead: 'use --log-level=debug' }],
  ['emit-events', { instead: 'use --events-emit' }],
  ['aws-max-change-count', { instead: 'use --aws-batch-change-size' }],
  ['cloudflare-zones-per-page', { instead: 'pages of zones have a fixed size; leave it out (--cloudflare-dns-records-per-page is for records)' }],
  ['exoscale-endpoint', { instead: 'use --exoscale-apienv and --exoscale-apizone' }],
  ['istio-ingress-gateway', { instead: 'Services of Istio gateways are found by the selector of the Gateway; leave it out' }],
  ['pdns-tls-enabled', { instead: 'an https:// URL in --pdns-server switches TLS on; use --tls-ca for an authority of your own' }],
  ['rfc2136-create-ptr', { instead: 'use --create-ptr with --managed-record-types=PTR' }],
  ['traefik-disable-legacy', { instead: 'the legacy group is read only with --traefik-enable-legacy; leave it out' }],
  ['txt-new-format-only', { instead: 'ownership records are always written in the new format; leave it out' }],
  ['contour-load-balancer', { instead: 'addresses come from the status of each HTTPProxy; leave it out', accepted: true }],
  ...['api-endpoint', 'username', 'password'].map((n) => [`cf-${n}`, { instead: 'the source cloudfoundry is not part of the program any more' }] as const),
  ...['access-token', 'client-secret', 'client-token', 'edgerc-path', 'edgerc-section', 'serviceconsumerdomain'].map((n) => [`akamai-${n}`, leftOut('akamai')] as const),
  ...['config-file', 'dns-configuration', 'dns-deploy-type', 'dns-server-name', 'dns-view', 'gateway-host', 'root-zone', 'skip-tls-verify'].map((n) => [`bluecat-${n}`, leftOut('bluecat')] as const),
  ['digitalocean-api-page-size', leftOut('digitalocean')],
  ...['customer-name', 'min-ttl', 'password', 'username'].map((n) => [`dyn-${n}`, leftOut('dyn')] as const),
  ...['config-file', 'proxied'].map((n) => [`ibmcloud-${n}`, leftOut('ibmcloud')] as const),
  ...['cache-duration', 'create-ptr', 'fqdn-regex', 'grid-host', 'max-results', 'name-regex', 'ssl-verify', 'view', 'wapi-password', 'wapi-port', 'wapi-username', 'wapi-version'].map((n) => [`infoblox-${n}`, leftOut('infoblox')] as const),
  ...['cluster', 'provider'].map((n) => [`plural-${n}`, leftOut('plural')] as const),
  ['rcodezero-txt-encrypt', leftOut('rcodezero')],
  ...['config-file', 'zone-type'].map((n) => [`tencent-cloud-${n}`, leftOut('tencentcloud')] as const),
  ...['account', 'keyfile'].map((n) => [`transip-${n}`, leftOut('transip')] as const),
]);

const formerProviders = [
  'akamai', 'bluecat', 'designate', 'digitalocean', 'dyn', 'gandi', 'hetzner', 'ibmcloud', 'infoblox', 'plural', 'rcodezero', 'rdns', 'safedns', 'tencentcloud', 'transip', 'ultradns', 'vinyldns', 'vultr',
];

/** Values that flags had in older versions, by flag, and what to do instead. */
export const removedChoices: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['provider', new Map(formerProviders.map((name) => [name, 'use a webhook provider for it (--provider=webhook)']))],
  [
    'source',
    new Map([
      ['cloudfoundry', 'leave it out'],
      ['contour-ingressroute', 'use contour-httpproxy'],
    ]),
  ],
]);
