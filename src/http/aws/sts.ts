import { parseXml, type XmlDocument, XmlElement } from '@rgrove/parse-xml';
import { SoftError } from '../../errors.ts';
import type { Logger } from '../../log/logger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { createHttpClient, type HttpResponse } from '../client/index.ts';
import type { Credentials } from './credentials.ts';
import { type AwsFailure, awsError } from './errors.ts';
import { endpointOf } from './endpoints.ts';
import { trustOf } from './settings.ts';
import { signedHeaders } from './signing.ts';

export interface StsOptions {
  readonly region: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Parameters of AssumeRole and AssumeRoleWithWebIdentity by their names in the API, as RoleArn and RoleSessionName. */
export type RoleParameters = Readonly<Record<string, string | number | undefined>>;

/** Credentials of a role for those of another identity. Rejects with ConfigurationError where that is not allowed. */
export const assumeRole = (by: Credentials, parameters: RoleParameters, options: StsOptions, signal: AbortSignal): Promise<Credentials> => ask('AssumeRole', parameters, by, options, signal);

/** Credentials of a role for a token of the cluster (IAM roles for service accounts). */
export const assumeRoleWithWebIdentity = (parameters: RoleParameters, options: StsOptions, signal: AbortSignal): Promise<Credentials> => ask('AssumeRoleWithWebIdentity', parameters, undefined, options, signal);

async function ask(action: string, parameters: RoleParameters, by: Credentials | undefined, { region, ...tools }: StsOptions, signal: AbortSignal): Promise<Credentials> {
  const endpoint = endpointOf('sts', region, tools.env);
  const body = new URLSearchParams({ Action: action, Version: '2011-06-15', RoleSessionName: 'external-dns' });
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== '') body.set(name, String(value));
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const http = createHttpClient({
    name: 'sts',
    timeoutMs: 15_000,
    ...tools,
    ...trustOf(tools.env),
    retries: { tries: 3, firstWaitMs: 250 },
    perTry: by
      ? [
          (next) => async (request, stop) => {
            const signed = await signedHeaders({ method: request.method, url: request.url, headers: request.headers ?? {}, body: body.toString() }, 'sts', endpoint, by);
            return next({ ...request, headers: signed }, stop);
          },
        ]
      : [],
  });
  try {
    const response = await http.request({ method: 'POST', url: new URL('/', endpoint.url), headers, body: body.toString(), idempotent: true }, signal);
    if (response.status !== 200) throw awsError(`sts:${action}`, `role ${String(parameters['RoleArn'] ?? '')}`, response, xmlFailure(response));
    return credentialsIn(response);
  } finally {
    await http.close();
  }
}

function credentialsIn(response: HttpResponse): Credentials {
  const element = find(parsed(response), 'Credentials');
  const [accessKeyId, secretAccessKey, sessionToken, expiration] = ['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'].map((name) => element && find(element, name)?.text.trim());
  if (!accessKeyId || !secretAccessKey) throw new SoftError('STS gave an answer without credentials');
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }), ...(expiration && { expiration: new Date(expiration) }) };
}

/** Code and message of a failed answer in XML, as Route 53 and STS give it. */
export function xmlFailure(response: HttpResponse): AwsFailure {
  try {
    const document = parsed(response);
    const error = find(document, 'Error') ?? document;
    return { code: find(error, 'Code')?.text.trim() || (root(document)?.name ?? ''), message: find(error, 'Message')?.text.trim() ?? '' };
  } catch {
    return { code: '', message: '' };
  }
}

const root = (document: XmlDocument | XmlElement): XmlElement | undefined => document.children.find((c): c is XmlElement => c instanceof XmlElement);
const parsed = (response: HttpResponse): XmlDocument => parseXml(response.text());

function find(node: XmlDocument | XmlElement, name: string): XmlElement | undefined {
  for (const child of node.children) {
    if (!(child instanceof XmlElement)) continue;
    if (child.name === name) return child;
    const found = find(child, name);
    if (found) return found;
  }
  return undefined;
}
