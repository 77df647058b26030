/** Where a service of AWS is called, and the region that requests to it are signed for. */
export interface ServiceEndpoint {
  readonly url: string;
  readonly region: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Partition {
  readonly regions: RegExp;
  readonly domain: string;
  /** Route 53 is one service for a whole partition. */
  readonly route53: { readonly host: string; readonly region: string };
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html, https://docs.aws.amazon.com/general/latest/gr/r53.html */
const partitions: readonly Partition[] = [
  { regions: /^cn-/, domain: 'amazonaws.com.cn', route53: { host: 'route53.amazonaws.com.cn', region: 'cn-northwest-1' } },
  { regions: /^us-gov-/, domain: 'amazonaws.com', route53: { host: 'route53.us-gov.amazonaws.com', region: 'us-gov-west-1' } },
  { regions: /^us-iso-/, domain: 'c2s.ic.gov', route53: { host: 'route53.c2s.ic.gov', region: 'us-iso-east-1' } },
  { regions: /^us-isob-/, domain: 'sc2s.sgov.gov', route53: { host: 'route53.sc2s.sgov.gov', region: 'us-isob-east-1' } },
  { regions: /^us-isof-/, domain: 'csp.hci.ic.gov', route53: { host: 'route53.csp.hci.ic.gov', region: 'us-isof-south-1' } },
  { regions: /^eu-isoe-/, domain: 'cloud.adc-e.uk', route53: { host: 'route53.cloud.adc-e.uk', region: 'eu-isoe-west-1' } },
  { regions: /^eusc-/, domain: 'amazonaws.eu', route53: { host: 'route53.amazonaws.eu', region: 'eusc-de-east-1' } },
];
const aws: Partition = { regions: /./, domain: 'amazonaws.com', route53: { host: 'route53.amazonaws.com', region: 'us-east-1' } };

const partitionOf = (region: string): Partition => partitions.find((p) => p.regions.test(region)) ?? aws;

/** Names of services as they stand in AWS_ENDPOINT_URL_<SERVICE>. */
export const environmentNames = { route53: 'ROUTE_53', dynamodb: 'DYNAMODB', sts: 'STS', servicediscovery: 'SERVICEDISCOVERY' } as const;

export type AwsService = keyof typeof environmentNames;

/** The region that the environment names; '' where none is. */
export const regionOf = (env: Environment): string => env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || '';

/**
 * The endpoint of a service in a region ('' is possible for route53 and sts only, and stands for the public partition).
 * AWS_ENDPOINT_URL_<SERVICE> and AWS_ENDPOINT_URL go first, unless AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is set;
 * AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT choose among the service's own.
 */
export function endpointOf(service: AwsService, region: string, env: Environment): ServiceEndpoint {
  const partition = partitionOf(region);
  const isOn = (name: string): boolean => env[name]?.toLowerCase() === 'true';
  const signedFor = service === 'route53' ? partition.route53.region : region || 'us-east-1';
  const configured = isOn('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ? undefined : env[`AWS_ENDPOINT_URL_${environmentNames[service]}`] || env['AWS_ENDPOINT_URL'];
  if (configured) return { url: configured, region: signedFor };
  const [fips, dualStack] = [isOn('AWS_USE_FIPS_ENDPOINT'), isOn('AWS_USE_DUALSTACK_ENDPOINT')];
  if (service === 'route53') return { url: `https://${route53Host(partition, fips, dualStack)}`, region: signedFor };
  // in the government's regions the plain endpoints of STS and DynamoDB are FIPS endpoints
  const name = fips && !region.startsWith('us-gov-') ? `${service}-fips` : service;
  if (service === 'sts' && region === '') return { url: 'https://sts.amazonaws.com', region: signedFor };
  return { url: `https://${name}.${signedFor}.${dualStack && partition === aws && service !== 'sts' ? 'api.aws' : partition.domain}`, region: signedFor };
}

function route53Host(partition: Partition, fips: boolean, dualStack: boolean): string {
  if (partition !== aws) return partition.route53.host;
  if (fips) return 'route53-fips.amazonaws.com';
  return dualStack ? 'route53.global.api.aws' : partition.route53.host;
}
