import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { after, before, describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { trustOf, withSharedSettings } from './settings.ts';

describe('settings of the shared files', () => {
  let home = '';
  const config = `[default]
region = eu-west-1
endpoint_url = http://127.0.0.1:1
services = mine
use_fips_endpoint = true
[services mine]
route_53 =
  endpoint_url = http://127.0.0.1:2
[profile second]
region = us-east-2
ca_bundle = /etc/ca.pem
`;
  before(() => {
    home = mkdtempSync(path.join(tmpdir(), 'aws-settings-'));
    mkdirSync(path.join(home, '.aws'));
    writeFileSync(path.join(home, '.aws', 'config'), config);
    writeFileSync(path.join(home, '.aws', 'credentials'), '[keys]\naws_access_key_id = AKID\naws_secret_access_key = s\nregion = sa-east-1\n');
  });
  after(() => rmSync(home, { recursive: true }));

  const cases: readonly { title: string; env?: Record<string, string>; profile?: string; settings: Record<string, string | undefined> }[] = [
    { title: 'of the default profile', settings: { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_ROUTE_53: 'http://127.0.0.1:2', AWS_ENDPOINT_URL_STS: undefined, AWS_USE_FIPS_ENDPOINT: 'true' } },
    { title: 'of the profile that is given', profile: 'second', settings: { AWS_REGION: 'us-east-2', AWS_CA_BUNDLE: '/etc/ca.pem', AWS_ENDPOINT_URL: undefined } },
    { title: 'of the profile of the environment', env: { AWS_PROFILE: 'second' }, settings: { AWS_REGION: 'us-east-2' } },
    { title: 'of a profile in the file of credentials', profile: 'keys', settings: { AWS_REGION: 'sa-east-1' } },
    { title: 'come after those of the environment', env: { AWS_DEFAULT_REGION: 'eu-central-1', AWS_USE_FIPS_ENDPOINT: 'false' }, settings: { AWS_REGION: undefined, AWS_USE_FIPS_ENDPOINT: 'false' } },
    { title: 'an endpoint of the environment goes before that of a service', env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:3' }, settings: { AWS_ENDPOINT_URL: 'http://127.0.0.1:3', AWS_ENDPOINT_URL_ROUTE_53: undefined } },
  ];
  for (const { title, env = {}, profile = '', settings } of cases)
    it(title, async () => {
      const merged = await withSharedSettings({ HOME: home, ...env }, profile);
      assert.deepEqual(Object.fromEntries(Object.keys(settings).map((name) => [name, merged[name]])), settings);
    });

  it('are not needed', async () => assert.deepEqual(await withSharedSettings({ HOME: '/nonexistent' }, ''), { HOME: '/nonexistent' }));
  for (const env of [{ HOME: '/nonexistent' }, { HOME: '' }])
    it(`a profile that is in no file is an error, with ${env.HOME ? 'no files' : 'files'}`, () =>
      assert.rejects(withSharedSettings({ HOME: env.HOME || home, AWS_PROFILE: 'third' }, ''), (e) => e instanceof ConfigurationError && /AWS profile "third" is neither in .*config nor in .*credentials/.test(e.message)));

  it('authorities of AWS_CA_BUNDLE are the only ones', () => {
    const file = path.join(home, 'ca.pem');
    writeFileSync(file, String(rootCertificates[0]));
    assert.deepEqual(trustOf({ AWS_CA_BUNDLE: file }), { ca: String(rootCertificates[0]) });
    assert.deepEqual(trustOf({}), {});
    assert.throws(() => trustOf({ AWS_CA_BUNDLE: path.join(home, 'none') }), (e) => e instanceof ConfigurationError && /AWS_CA_BUNDLE/.test(e.message));
  });
});
