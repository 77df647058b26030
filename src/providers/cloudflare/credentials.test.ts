import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { readCredentials } from './credentials.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'cloudflare-'));
const file = path.join(directory, 'token');
writeFileSync(file, '  secret\n');
after(() => rmSync(directory, { recursive: true }));

describe('credentials', () => {
  const good: readonly { readonly title: string; readonly env: Record<string, string>; readonly headers: Record<string, string> }[] = [
    { title: 'a token', env: { CF_API_TOKEN: 'secret' }, headers: { authorization: 'Bearer secret' } },
    { title: 'a token with blanks around it', env: { CF_API_TOKEN: ' secret\n' }, headers: { authorization: 'Bearer secret' } },
    { title: 'a token in a file', env: { CF_API_TOKEN: `file:${file}` }, headers: { authorization: 'Bearer secret' } },
    { title: 'key and e-mail address', env: { CF_API_KEY: 'key', CF_API_EMAIL: 'dns@example.org' }, headers: { 'x-auth-key': 'key', 'x-auth-email': 'dns@example.org' } },
    { title: 'a token goes before a key', env: { CF_API_TOKEN: 'secret', CF_API_KEY: 'key', CF_API_EMAIL: 'dns@example.org' }, headers: { authorization: 'Bearer secret' } },
    { title: 'CLOUDFLARE_API_TOKEN where there is nothing else', env: { CLOUDFLARE_API_TOKEN: 'secret', CF_API_TOKEN: '', CF_API_KEY: 'half' }, headers: { authorization: 'Bearer secret' } },
    { title: 'a key goes before CLOUDFLARE_API_TOKEN', env: { CLOUDFLARE_API_TOKEN: 'secret', CF_API_KEY: 'key', CF_API_EMAIL: 'dns@example.org' }, headers: { 'x-auth-key': 'key', 'x-auth-email': 'dns@example.org' } },
  ];
  for (const { title, env, headers } of good) it(title, () => assert.deepEqual(readCredentials(env).headers, headers));

  const bad: readonly { readonly title: string; readonly env: Record<string, string>; readonly says: RegExp }[] = [
    { title: 'none', env: {}, says: /no credentials; set CF_API_TOKEN/ },
    { title: 'a key without e-mail address', env: { CF_API_KEY: 'hush' }, says: /CF_API_KEY alone is not enough/ },
    { title: 'a token of blanks', env: { CF_API_TOKEN: '  ' }, says: /CF_API_TOKEN: is empty/ },
    { title: 'a file that is not there', env: { CF_API_TOKEN: `file:${directory}/none` }, says: /CF_API_TOKEN: the file .*none cannot be read/ },
    { title: 'a token with "Bearer"', env: { CF_API_TOKEN: 'Bearer hush' }, says: /without "Bearer"/ },
    { title: 'a token in quotes', env: { CF_API_TOKEN: '"hush"' }, says: /in quotes/ },
  ];
  for (const { title, env, says } of bad)
    it(`${title} is refused`, () =>
      assert.throws(
        () => readCredentials(env),
        (error: unknown) => error instanceof ConfigurationError && says.test(error.message) && !error.message.includes('hush'),
      ));
});
