import { ConfigurationError } from '../../errors.ts';
import { credentialsOf } from '../../http/aws/credentials.ts';
import { regionOf } from '../../http/aws/endpoints.ts';
import { withSharedSettings } from '../../http/aws/settings.ts';
import { signedHeaders } from '../../http/aws/signing.ts';
import type { StsOptions } from '../../http/aws/sts.ts';

/** Gives the subject token of a workload on AWS. `url`: of STS, with `{region}` in it; `audience`: whom it is for. */
export type AwsIdentity = (url: string, audience: string, signal: AbortSignal) => Promise<string>;

/**
 * A call that asks AWS who makes it, signed but not sent: Google sends it, and so learns whose credentials these are.
 * https://google.aip.dev/auth/4117. Rejects with ConfigurationError where there are no credentials of AWS, or the region is not known.
 */
export function awsIdentity({ env: given, metrics, log }: Omit<StsOptions, 'region'>): AwsIdentity {
  return async (template, audience, signal) => {
    const env = await withSharedSettings(given, '');
    const region = regionOf(env);
    if (region === '') throw new ConfigurationError('workload identity federation: the region of AWS is not known; set AWS_REGION');
    const credentials = await credentialsOf({ profile: '', role: '', externalId: { current: () => '' }, region, env, metrics, log }).get(signal);
    const url = new URL(template.replaceAll('{region}', region));
    const signed = await signedHeaders({ method: 'POST', url, headers: { 'x-goog-cloud-target-resource': audience }, body: '' }, 'sts', { region }, credentials);
    const headers = Object.entries({ ...signed, host: url.host }).map(([key, value]) => ({ key, value }));
    return encodeURIComponent(JSON.stringify({ url: url.href, method: 'POST', headers }));
  };
}
