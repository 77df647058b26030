import assert from 'node:assert/strict';
import { createHash, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import type { HttpClient, HttpRequest } from '../../http/client/index.ts';
import { responseOf } from '../../http/client/transport.ts';
import { type Credentials, readSettings } from './settings.ts';
import { certificateAssertion, getToken } from './tokens.ts';

const never = new AbortController().signal;
const dir = mkdtempSync(path.join(tmpdir(), 'azure-'));
after(() => rmSync(dir, { recursive: true }));

const flags = { azureConfigFile: path.join(dir, 'azure.json'), azureResourceGroup: '', azureSubscriptionId: '', azureUserAssignedIdentityClientId: '' };
const base = { tenantId: 't', subscriptionId: 's', resourceGroup: 'g' };
const secret = { aadClientId: 'c', aadClientSecret: 'x' };

function settings(content: unknown, env: Record<string, string> = {}, more: Partial<typeof flags> = {}): ReturnType<typeof readSettings> {
  writeFileSync(flags.azureConfigFile, typeof content === 'string' ? content : JSON.stringify(content));
  return readSettings({ ...flags, ...more }, env);
}

describe('azure.json', () => {
  const federated = { AZURE_FEDERATED_TOKEN_FILE: '/token', AZURE_CLIENT_ID: 'ec', AZURE_TENANT_ID: 'et' };
  const cases: readonly { readonly title: string; readonly content: object; readonly env?: Record<string, string>; readonly flags?: Partial<typeof flags>; readonly want: Credentials }[] = [
    { title: 'a client secret', content: { ...base, ...secret }, want: { type: 'client-secret', tenantId: 't', clientId: 'c', clientSecret: 'x' } },
    { title: 'a client secret goes before identities', content: { ...base, ...secret, useManagedIdentityExtension: true, useWorkloadIdentityExtension: true }, env: federated, want: { type: 'client-secret', tenantId: 't', clientId: 'c', clientSecret: 'x' } },
    { title: 'placeholders of managed identities are no client secret', content: { ...base, aadClientId: 'msi', aadClientSecret: 'MSI', useManagedIdentityExtension: true }, want: { type: 'managed-identity', identity: '' } },
    { title: 'a certificate', content: { ...base, aadClientId: 'c', aadClientCertPath: '/cert.pem' }, want: { type: 'client-certificate', tenantId: 't', clientId: 'c', certificateFile: '/cert.pem' } },
    { title: 'workload identity goes before managed identity', content: { ...base, useManagedIdentityExtension: true, useWorkloadIdentityExtension: true }, env: federated, want: { type: 'workload-identity', tenantId: 't', clientId: 'ec', tokenFile: '/token' } },
    { title: 'the file goes before the variables', content: { ...base, aadClientId: 'c', useWorkloadIdentityExtension: true }, env: federated, want: { type: 'workload-identity', tenantId: 't', clientId: 'c', tokenFile: '/token' } },
    { title: 'what the file has not comes from variables', content: { subscriptionId: 's', useWorkloadIdentityExtension: true }, env: federated, want: { type: 'workload-identity', tenantId: 'et', clientId: 'ec', tokenFile: '/token' } },
    { title: 'a user-assigned identity', content: { ...base, useManagedIdentityExtension: true, userAssignedIdentityID: 'u' }, want: { type: 'managed-identity', identity: 'u' } },
    { title: 'the flag goes before the identity of the file', content: { ...base, useManagedIdentityExtension: true, userAssignedIdentityID: 'u' }, flags: { azureUserAssignedIdentityClientId: 'f' }, want: { type: 'managed-identity', identity: 'f' } },
    { title: 'keys in any case', content: { TenantID: 't', SUBSCRIPTIONID: 's', usemanagedidentityextension: 'true' }, want: { type: 'managed-identity', identity: '' } },
    { title: 'a secret of variables, where the file has nothing', content: base, env: { AZURE_CLIENT_ID: 'ec', AZURE_CLIENT_SECRET: 'es' }, want: { type: 'client-secret', tenantId: 't', clientId: 'ec', clientSecret: 'es' } },
  ];
  for (const { title, content, env = {}, flags: more = {}, want } of cases) it(title, () => assert.deepEqual(settings(content, env, more).credentials, want));

  it('gives way to the flags', () => {
    const { subscriptionId, resourceGroup } = settings({ ...base, ...secret }, {}, { azureSubscriptionId: 's2', azureResourceGroup: 'g2' });
    assert.deepEqual([subscriptionId, resourceGroup], ['s2', 'g2']);
  });

  const clouds: readonly (readonly [name: string, host: string])[] = [['', 'management.azure.com'], ['AzurePublicCloud', 'management.azure.com'], ['AZURECLOUD', 'management.azure.com'], ['AzureUSGovernment', 'management.usgovcloudapi.net'], ['azureusgovernmentcloud', 'management.usgovcloudapi.net'], ['AzureChinaCloud', 'management.chinacloudapi.cn']];
  for (const [name, host] of clouds) it(`cloud "${name}" is at ${host}`, () => assert.equal(settings({ ...base, ...secret, cloud: name }).cloud.resourceManager, `https://${host}`));

  it('AzureStackCloud brings its own hosts', () => {
    const cloud = { activeDirectoryAuthorityHost: 'https://login.stack.example/', resourceManagerEndpoint: 'https://arm.stack.example/', resourceManagerAudience: 'https://audience.stack.example' };
    assert.deepEqual(settings({ ...base, ...secret, cloud: 'AzureStackCloud', ...cloud }).cloud, { authority: 'https://login.stack.example', resourceManager: 'https://arm.stack.example', audience: 'https://audience.stack.example' });
    assert.throws(() => settings({ ...base, ...secret, cloud: 'AzureStackCloud' }), /needs activeDirectoryAuthorityHost/);
  });

  const wrong: readonly { readonly title: string; readonly content: unknown; readonly message: RegExp }[] = [
    { title: 'no JSON, without quoting it', content: 'aadClientSecret: topsecret', message: /azure\.json: is no JSON$/ },
    { title: 'no credentials', content: base, message: /has no credentials/ },
    { title: 'no subscription', content: { ...base, ...secret, subscriptionId: '' }, message: /--azure-subscription-id/ },
    { title: 'no tenant', content: { ...base, ...secret, tenantId: '' }, message: /AZURE_TENANT_ID/ },
    { title: 'an unknown cloud', content: { ...base, ...secret, cloud: 'Cumulus' }, message: /cloud "Cumulus"/ },
    { title: 'workload identity without its token', content: { ...base, aadClientId: 'c', useWorkloadIdentityExtension: true }, message: /azure\.workload\.identity\/use/ },
  ];
  for (const { title, content, message } of wrong) it(`refuses ${title}`, () => assert.throws(() => settings(content), (e) => e instanceof ConfigurationError && message.test(e.message)));

  it('must be there', () => assert.throws(() => readSettings({ ...flags, azureConfigFile: path.join(dir, 'none.json') }, {}), ConfigurationError));
});

describe('access tokens of Azure', () => {
  const cloud = { authority: 'https://login.example', resourceManager: 'https://arm.example', audience: 'https://arm.example' };
  async function request(credentials: Credentials, env: Record<string, string> = {}): Promise<HttpRequest> {
    const requests: HttpRequest[] = [];
    const http: HttpClient = { request: async (r) => (requests.push(r), responseOf(200, {}, Buffer.from('{"access_token":"a","expires_in":"60"}'))), close: async () => {} };
    assert.equal((await getToken({ credentials, cloud }, http, env, never)).value, 'a');
    const [only] = requests;
    assert.ok(only);
    return only;
  }
  const formOf = (r: HttpRequest): Record<string, string> => Object.fromEntries(new URLSearchParams(String(r.body)));

  it('by a secret', async () => {
    const r = await request({ type: 'client-secret', tenantId: 't', clientId: 'c', clientSecret: 'x' });
    assert.deepEqual([r.url, formOf(r)], ['https://login.example/t/oauth2/v2.0/token', { grant_type: 'client_credentials', client_id: 'c', scope: 'https://arm.example/.default', client_secret: 'x' }]);
  });

  it('by the token of the service account', async () => {
    const tokenFile = path.join(dir, 'token');
    writeFileSync(tokenFile, 'pod\n');
    const form = formOf(await request({ type: 'workload-identity', tenantId: 't', clientId: 'c', tokenFile }));
    assert.deepEqual([form['client_assertion'], form['client_assertion_type']], ['pod', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer']);
  });

  const identities: readonly { readonly identity: string; readonly want: Record<string, string> }[] = [
    { identity: '', want: {} },
    { identity: 'u', want: { client_id: 'u' } },
    { identity: '/subscriptions/s/id', want: { msi_res_id: '/subscriptions/s/id' } },
  ];
  for (const { identity, want } of identities)
    it(`by the managed identity "${identity}"`, async () => {
      const r = await request({ type: 'managed-identity', identity });
      assert.deepEqual([r.url, r.headers?.['metadata'], r.query], ['http://169.254.169.254/metadata/identity/oauth2/token', 'true', { 'api-version': '2018-02-01', resource: 'https://arm.example', ...want }]);
    });

  it('by a certificate: a statement signed with its key', () => {
    const assertion = certificateAssertion('c', 'https://login.example/t/oauth2/v2.0/token', certificate, 'cert.pem', 1_700_000_000_000);
    const [header = '', claims = '', signature = ''] = assertion.split('.');
    const x509 = new X509Certificate(certificate);
    assert.ok(verify('sha256', Buffer.from(`${header}.${claims}`), x509.publicKey, Buffer.from(signature, 'base64url')));
    const part = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
    assert.deepEqual(part(header), { alg: 'RS256', typ: 'JWT', x5t: createHash('sha1').update(x509.raw).digest('base64url') });
    const { aud, iss, sub, exp } = part(claims);
    assert.deepEqual([aud, iss, sub, exp], ['https://login.example/t/oauth2/v2.0/token', 'c', 'c', 1_700_000_600]);
  });

  it('refuse a certificate without a key, and what is none', () => {
    assert.throws(() => certificateAssertion('c', 'a', certificate.slice(0, certificate.indexOf('-----BEGIN PRIVATE')), 'cert.pem'), /has no private key/);
    assert.throws(() => certificateAssertion('c', 'a', 'nonsense', 'cert.pfx'), /openssl pkcs12/);
  });
});

/** A certificate with its key, valid for a hundred years. It protects nothing. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIDGzCCAgOgAwIBAgIUJ9Izrns53R6suAu0xQ1DMwaSjCowDQYJKoZIhvcNAQEL
BQAwHDEaMBgGA1UEAwwRZXh0ZXJuYWwtZG5zLXRlc3QwIBcNMjYxMTIxMTUxNDI4
WhgPMjEyNjEwMjgxNTE0MjhaMBwxGjAYBgNVBAMMEWV4dGVybmFsLWRucy10ZXN0
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkgz8owy+a8xtgO+P1iZZ
3ywa/4udy731z1GgJ3QSJ5HKDe7YRLTjmUqI2fyWYqXV5bpjCawFVGYNVuxVS3te
1DXa/U0l3qAQTgNtuxMjjEtQJCfP8KrhCf30P3s315pMT2d8JTWHMonmuwOsxbGH
yfbBgZZKrknjSmgDEZlrEqo6QLonqzeFqv8E/reTkFiYFlgecQ0Fcwu4CjyFDMd9
DvoQKPC4wRklj0Ls0ExYHPI7PdLRBEv/Fzia1ImCvfaOon1D9IB15o1Mr+PAnYy9
aYJDnvHUut1w12ph+TlqFD7aJIDVOcfq1b1Pw5efks4jKxzEkRWUbdt15dR4GJg2
YQIDAQABo1MwUTAdBgNVHQ4EFgQUwm6+qLFfh11FMT+gRKAC1aFXsfcwHwYDVR0j
BBgwFoAUwm6+qLFfh11FMT+gRKAC1aFXsfcwDwYDVR0TAQH/BAUwAwEB/zANBgkq
hkiG9w0BAQsFAAOCAQEAVfXHT1G1qLI4GuG18j9WUQImYOpd7YddKGVdP/le3l2V
NLVOsIRO5ZO/GzSI6edSsbHPYQ+2dIa46RauSoFLvzB9HlfEePHmZZ7vIwsAd6aQ
bmjPL5R5hz1+JadIUFsXTkueN0b33UQP3KIEbvVSIwSCsBUaz5cH8mx6qje+id9z
gynCLChDOi6Wk/Y4idRq4Z2748PIw35r/iwPyVO77Jq1zavVjA4GTuWNOg+H/+vH
/ldW6hszeGEmcVn+OWGYcLTvtNL2AlqxhhlusIofPy1N+6X2aeOSe6I+KtbUwn1A
4Air3xqAjaxZ8NzE77PLvHnFZSsUJEiGiHmYHk+xpw==
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCSDPyjDL5rzG2A
74/WJlnfLBr/i53LvfXPUaAndBInkcoN7thEtOOZSojZ/JZipdXlumMJrAVUZg1W
7FVLe17UNdr9TSXeoBBOA227EyOMS1AkJ8/wquEJ/fQ/ezfXmkxPZ3wlNYcyiea7
A6zFsYfJ9sGBlkquSeNKaAMRmWsSqjpAuierN4Wq/wT+t5OQWJgWWB5xDQVzC7gK
PIUMx30O+hAo8LjBGSWPQuzQTFgc8js90tEES/8XOJrUiYK99o6ifUP0gHXmjUyv
48CdjL1pgkOe8dS63XDXamH5OWoUPtokgNU5x+rVvU/Dl5+SziMrHMSRFZRt23Xl
1HgYmDZhAgMBAAECggEAHWoOK4xygWVvnGsjDd81dHP+j/7/bbw5WGK5HZkL2vpK
tlmnJtdDi2jufPCZHQ8HMDhEn/sMK75N63a3ivcy1wxtqVwzR033Wq7oF6g4HZZB
crat82uG3StPWMWpLnv96HQQFbJdIzmQxZNs5XfmwC85M68gJU/uPdsK2y2J2f0u
s4ACGoTZ/K5c7++VKey20JGRrlXgU7KDo9dCbXqazSuU4ZWB/5KJ6rFPEPDqZ5Mc
ow7JS6V4X+EUTUj9la9pSJjD7j8bvCSyMxcjNVA2O6eXPGUdoWTHNsX51tHli1wv
yfITwwvNSDoElexv9ZiS2y/a9P46TBJRq3SZnNBAUQKBgQDMONIsAp0Uh9VFEqme
43pt965SQ4z5BhKTA+KcVM6LVkdbi5YZ2aIUrTpGTbippiGXG+S7fK6fOBeJmvGJ
xqCgv/eQWaftpyohh7w9Gp7JLkLQRRy0nPjSVlgg1cm06F/+x3xDZEd6/7vd0Rtd
WiDvWgk6Nu6w+jsW/9Baq6uOhQKBgQC3FITSbuIoBpY8UYVt9t0aU5EGWK7WOUmc
ESMSsgR1rD0hKuTmEHnZckXn4xux3kKVxtJSihAn953kgvD//ltcTYGjQRo+hVGg
5CDMD5ikdfEYYv/uPcVrZ+5hZZ5dsW66qP4FClLo0u9zJp6rHHInbXyLXRivd1ai
Zh4VhgZVLQKBgHweYKY85Gkw8Q6s/AhEawlgykLXKVvENA/EAbtP08RdqLrbyFtn
qRl1+v/1hrEc9jdXzZmheqPsPGn2kKxS2xc39Od3hhdrTLDaRS7B+hV9lz/rcTnY
WWXE8oTqSlA4FvfLGBwBW2xG91AmIcKH35J5HziRYFqRis48pc4lnfvdAoGAKivX
zIEuJvodcRd2HLZYh8/oAAY9f6sCgaiQ46WN0W0zR4iR4Uy6RJRF9fwiTP5daBK8
L7cNsacf/5sJ2G3GraRM0EYWvYAIJX9m7ppJFtj0CCIFweMIrozqJBU8PWi5kNWM
bazLHEY6UdP7iH6s7NgTcCapoQFkO1Q6acrNeqECgYEAlDs2ab1cav1YjMsghiDK
BJob2xo7FRhxfyeU0oG2nxTBLN5cFS8XFIkQRoMqR6K+BEO5OVZpqnyzZp3AbUpI
J7BhZusdsY6CaDnfKBzXfCDHXBcLknp+JJxo4S97aVTDyV3fGujePKexJIEwi3p9
+k4LRo5dpsg64EQ6UzCkDXY=
-----END PRIVATE KEY-----
`;
