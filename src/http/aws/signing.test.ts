import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signedHeaders } from './signing.ts';

/** From the test suite of Signature Version 4: https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html */
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = new Date('2015-08-30T12:36:00Z');
const request = { method: 'GET', url: new URL('https://example.amazonaws.com/'), headers: {}, body: '' };

describe('signatures', () => {
  it('are those of AWS', async () => {
    const { authorization } = await signedHeaders(request, 'service', { region: 'us-east-1' }, credentials, at);
    assert.equal(authorization, 'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31');
  });

  it('take the token of a session with them', async () => {
    const headers = await signedHeaders(request, 'service', { region: 'us-east-1' }, { ...credentials, sessionToken: 'token' }, at);
    assert.equal(headers['x-amz-security-token'], 'token');
    assert.match(headers['authorization'] ?? '', /SignedHeaders=[^,]*x-amz-security-token/);
  });

  it('depend on the body', async () => {
    const of = async (body: string): Promise<string | undefined> => (await signedHeaders({ ...request, method: 'POST', body }, 'service', { region: 'us-east-1' }, credentials, at))['authorization'];
    assert.notEqual(await of('a'), await of('b'));
    assert.equal(await of('a'), await of('a'));
  });

  it('leave the host to the client', async () => assert.equal((await signedHeaders(request, 'service', { region: 'us-east-1' }, credentials, at))['host'], undefined));
});
