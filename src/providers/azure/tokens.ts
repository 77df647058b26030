import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigurationError } from '../../errors.ts';
import { type AccessToken, requestToken, tokenError, tokenOf } from '../../http/auth/access-token.ts';
import { signJWT } from '../../http/auth/jwt.ts';
import type { HttpClient } from '../../http/client/index.ts';
import type { AzureSettings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The instance metadata service, at an address that only the machine itself reaches. */
const metadataHost = 'http://169.254.169.254';
const metadataVersion = '2018-02-01';
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const assertionSeconds = 600;

/** Gets an access token for the Resource Manager. */
export function getToken({ credentials, cloud }: Pick<AzureSettings, 'credentials' | 'cloud'>, http: HttpClient, env: Environment, signal: AbortSignal): Promise<AccessToken> {
  if (credentials.type === 'managed-identity') return machineToken(credentials.identity, cloud.audience, http, env, signal);
  const url = `${cloud.authority}/${encodeURIComponent(credentials.tenantId)}/oauth2/v2.0/token`;
  const form = { grant_type: 'client_credentials', client_id: credentials.clientId, scope: `${cloud.audience}/.default` };
  const what = `${names[credentials.type]} of client ${credentials.clientId}`;
  switch (credentials.type) {
    case 'client-secret':
      return requestToken(http, { url, form: { ...form, client_secret: credentials.clientSecret }, what }, signal);
    case 'client-certificate': {
      const assertion = certificateAssertion(credentials.clientId, url, readNamed(credentials.certificateFile, 'client certificate'), credentials.certificateFile);
      return requestToken(http, { url, form: { ...form, client_assertion_type: assertionType, client_assertion: assertion }, what }, signal);
    }
    case 'workload-identity': {
      const assertion = readNamed(credentials.tokenFile, 'AZURE_FEDERATED_TOKEN_FILE').trim();
      return requestToken(http, { url, form: { ...form, client_assertion_type: assertionType, client_assertion: assertion }, what }, signal);
    }
  }
}

const names = { 'client-secret': 'secret', 'client-certificate': 'certificate', 'workload-identity': 'workload identity' } as const;

async function machineToken(identity: string, audience: string, http: HttpClient, env: Environment, signal: AbortSignal): Promise<AccessToken> {
  const what = identity === '' ? 'managed identity of the machine' : `managed identity ${identity}`;
  const base = (env['AZURE_POD_IDENTITY_AUTHORITY_HOST'] || metadataHost).replace(/\/+$/, '');
  const url = `${base}/metadata/identity/oauth2/token`;
  const query = { 'api-version': metadataVersion, resource: audience, ...(identity !== '' && { [identity.startsWith('/') ? 'msi_res_id' : 'client_id']: identity }) };
  const response = await http.request({ method: 'GET', url, query, headers: { metadata: 'true' } }, signal);
  if (response.status !== 200) throw tokenError(what, url, response);
  return tokenOf(what, response);
}

/** A statement signed with the key of a certificate, in place of a secret. `pem` holds both. */
export function certificateAssertion(clientId: string, audience: string, pem: string, file: string, nowMs = Date.now()): string {
  const setting = `client certificate ${file}`;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw new ConfigurationError(`${setting}: is no certificate in PEM; convert a PFX file: openssl pkcs12 -in FILE.pfx -nodes -out FILE.pem`);
  }
  const key = /-----BEGIN (?:RSA )?PRIVATE KEY-----[^-]+-----END (?:RSA )?PRIVATE KEY-----/.exec(pem)?.[0];
  if (key === undefined) throw new ConfigurationError(`${setting}: has no private key without a passphrase beside its certificate`);
  const thumbprint = createHash('sha1').update(certificate.raw).digest('base64url');
  const now = Math.floor(nowMs / 1000);
  return signJWT({ x5t: thumbprint }, { aud: audience, iss: clientId, sub: clientId, jti: randomUUID(), nbf: now - 60, iat: now, exp: now + assertionSeconds }, key, setting);
}

function readNamed(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${setting}: ${file} cannot be read`, { cause: error });
  }
}
