import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commonHost, normalHost } from './hosts.ts';

describe('normalHost', () => {
  for (const [host, expected] of [
    ['web.example.org', 'web.example.org'],
    ['Web.Example.ORG.', 'web.example.org'],
    ['*.example.org', '*.example.org'],
    ['localhost', 'localhost'],
    ['xn--bcher-kva.example.org', 'xn--bcher-kva.example.org'],
    [`${'a'.repeat(63)}.example.org`, `${'a'.repeat(63)}.example.org`],
    [`${'a'.repeat(64)}.example.org`, undefined],
    [`${'a.'.repeat(130)}org`, undefined],
    ['under_score.example.org', undefined],
    ['-dash.example.org', undefined],
    ['dash-.example.org', undefined],
    ['two..dots.example.org', undefined],
    ['a.*.example.org', undefined],
    ['*', undefined],
    ['192.0.2.1', undefined],
    ['2001:db8::1', undefined],
    ['bücher.example.org', undefined],
    ['web.example.org:8080', undefined],
  ] as const)
    it(`makes ${expected ?? 'nothing'} of ${host.slice(0, 70)}`, () => assert.equal(normalHost(host), expected));
});

describe('commonHost', () => {
  for (const [listener, route, expected] of [
    ['', '', ''],
    ['', 'web.example.org', 'web.example.org'],
    ['web.example.org', '', 'web.example.org'],
    ['web.example.org', 'web.example.org', 'web.example.org'],
    ['web.example.org', 'api.example.org', undefined],
    ['*.example.org', 'web.example.org', 'web.example.org'],
    ['*.example.org', 'a.b.example.org', 'a.b.example.org'],
    ['*.example.org', 'example.org', undefined],
    ['*.example.org', 'notexample.org', undefined],
    ['*.example.org', '*.example.org', '*.example.org'],
    ['*.example.org', '*.apps.example.org', '*.apps.example.org'],
    ['*.apps.example.org', '*.example.org', '*.apps.example.org'],
    ['web.example.org', '*.example.org', 'web.example.org'],
    ['web.example.org', '*.example.net', undefined],
    ['*.example.org', '*.example.net', undefined],
  ] as const)
    it(`of listener "${listener}" and route "${route}" is ${expected === undefined ? 'none' : `"${expected}"`}`, () => assert.equal(commonHost(listener, route), expected));
});
