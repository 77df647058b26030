import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proxyOf } from './proxy.ts';

const proxy = 'http://proxy.example.org:3128';

describe('the proxy of the environment', () => {
  for (const [url, noProxy, used] of [
    ['https://10.0.0.1', '', true],
    ['https://10.0.0.1', '10.0.0.0/8', false],
    ['https://11.0.0.1', '10.0.0.0/8', true],
    ['https://10.0.0.1:6443', 'a.example.org, 10.0.0.1', false],
    ['https://10.0.0.1:6443', '10.0.0.1:443', true],
    ['https://10.0.0.1', '10.0.0.1:443', false],
    ['https://[2001:db8::1]', '2001:0db8::1', false],
    ['https://[2001:db8::1]', '2001:db8::/32', false],
    ['https://[2001:db8::1]:6443', '[2001:db8::1]:6443', false],
    ['https://API.example.org', 'example.org', false],
    ['https://example.org', '.example.org', true],
    ['https://a.example.org', '.example.org', false],
    ['https://a.example.org', '*.example.org', false],
    ['https://notexample.org', 'example.org', true],
    ['https://example.org', '*', false],
    ['https://localhost:6443', '', false],
    ['https://127.0.0.2', '', false],
    ['https://[::1]', '', false],
    ['https://example.org', ' , ', true],
    ['http://example.org', '', false],
  ] as const) {
    it(`is ${used ? '' : 'not '}used for ${url} with NO_PROXY="${noProxy}"`, () => assert.equal(proxyOf(new URL(url), { HTTPS_PROXY: proxy, NO_PROXY: noProxy }), used ? proxy : ''));
  }

  it('may be written in small letters, and without a scheme', () => {
    assert.equal(proxyOf(new URL('https://example.org'), { https_proxy: 'proxy.example.org:3128' }), proxy);
    assert.equal(proxyOf(new URL('http://example.org'), { HTTP_PROXY: proxy, HTTPS_PROXY: 'x' }), proxy);
  });
});
