import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigurationError } from '../../errors.ts';
import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy.example.org:3128';

describe('the proxy for a URL', () => {
  const cases: readonly { readonly title: string; readonly url: string; readonly env: Record<string, string>; readonly want: string | undefined }[] = [
    { title: 'is that of its scheme', url: 'https://api.example.com', env: { HTTPS_PROXY: proxy, HTTP_PROXY: 'http://other.example.org' }, want: 'http://proxy.example.org:3128/' },
    { title: 'is that of the other scheme', url: 'http://api.example.com', env: { HTTPS_PROXY: 'http://other.example.org', HTTP_PROXY: proxy }, want: 'http://proxy.example.org:3128/' },
    { title: 'may be named in lower case', url: 'https://api.example.com', env: { https_proxy: proxy }, want: 'http://proxy.example.org:3128/' },
    { title: 'in capitals goes first', url: 'https://api.example.com', env: { HTTPS_PROXY: proxy, https_proxy: 'http://other.example.org' }, want: 'http://proxy.example.org:3128/' },
    { title: 'needs no scheme', url: 'https://api.example.com', env: { HTTPS_PROXY: 'proxy.example.org:3128' }, want: 'http://proxy.example.org:3128/' },
    { title: 'is none without a variable', url: 'https://api.example.com', env: { HTTP_PROXY: proxy }, want: undefined },
    { title: 'is none for localhost', url: 'https://localhost:8443', env: { HTTPS_PROXY: proxy }, want: undefined },
    { title: 'is none for any loopback address', url: 'https://127.8.9.10', env: { HTTPS_PROXY: proxy }, want: undefined },
    { title: 'is none for the IPv6 loopback', url: 'https://[::1]:8443', env: { HTTPS_PROXY: proxy }, want: undefined },
    { title: 'of HTTP_PROXY is not taken in a CGI program', url: 'http://api.example.com', env: { HTTP_PROXY: proxy, REQUEST_METHOD: 'GET' }, want: undefined },
  ];
  for (const { title, url, env, want } of cases) it(title, () => assert.equal(proxyFor(new URL(url), env)?.href, want));

  const exemptions: readonly { readonly list: string; readonly url: string; readonly exempt: boolean }[] = [
    { list: '*', url: 'https://api.example.com', exempt: true },
    { list: 'example.com', url: 'https://example.com', exempt: true },
    { list: 'example.com', url: 'https://api.example.com', exempt: true },
    { list: 'example.com', url: 'https://notexample.com', exempt: false },
    { list: '.example.com', url: 'https://api.example.com', exempt: true },
    { list: '.example.com', url: 'https://example.com', exempt: false },
    { list: '*.example.com', url: 'https://api.example.com', exempt: true },
    { list: 'EXAMPLE.com', url: 'https://example.COM', exempt: true },
    { list: 'a.example.org, example.com', url: 'https://example.com', exempt: true },
    { list: 'example.com:8443', url: 'https://example.com:8443', exempt: true },
    { list: 'example.com:8443', url: 'https://example.com', exempt: false },
    { list: 'example.com:443', url: 'https://example.com', exempt: true },
    { list: '192.0.2.1', url: 'https://192.0.2.1', exempt: true },
    { list: '192.0.2.0/24', url: 'https://192.0.2.77:8443', exempt: true },
    { list: '192.0.2.0/24', url: 'https://198.51.100.1', exempt: false },
    { list: '192.0.2.0/24', url: 'https://api.example.com', exempt: false },
    { list: '2001:db8::/32', url: 'https://[2001:db8::1]', exempt: true },
    { list: '2001:db8:0::1', url: 'https://[2001:db8::1]', exempt: true },
    { list: '[2001:db8::1]:443', url: 'https://[2001:db8::1]', exempt: true },
    { list: ',,', url: 'https://api.example.com', exempt: false },
  ];
  for (const { list, url, exempt } of exemptions)
    it(`NO_PROXY=${list} ${exempt ? 'exempts' : 'does not exempt'} ${url}`, () => {
      for (const variable of ['NO_PROXY', 'no_proxy']) assert.equal(proxyFor(new URL(url), { HTTPS_PROXY: proxy, [variable]: list }) === undefined, exempt);
    });

  it('must be a URL, and its text is not shown', () => {
    assert.throws(() => proxyFor(new URL('https://api.example.com'), { HTTPS_PROXY: 'http://user:secret@:x' }), (error: unknown) => error instanceof ConfigurationError && !error.message.includes('secret'));
  });
});
