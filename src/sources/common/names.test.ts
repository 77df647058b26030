import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameProblem } from './names.ts';

describe('names that can be published', () => {
  const label = 'a'.repeat(63);
  const good = ['web.example.org', 'web.example.org.', 'shop', '*.example.org', '_sip._tcp.example.org', 'Web.Example.ORG', 'bücher.example.org', '☃.example.org', `${label}.example.org`, '0/25.2.0.192.in-addr.arpa', 'a{b}c-100%-x.example.org', 'xn--bcher-kva.example.org', [label, label, label, 'a'.repeat(61)].join('.')];
  for (const name of good) it(`${name.slice(0, 40)} can`, () => assert.equal(nameProblem(name), undefined));

  const bad: readonly (readonly [name: string, reason: RegExp])[] = [
    ['', /empty/],
    ['.', /empty label/],
    ['n1..example.org', /empty label/],
    ['.example.org', /empty label/],
    [`${label}a.example.org`, /more than 63/],
    [`${'ü'.repeat(60)}.example.org`, /more than 63/],
    [[label, label, label, 'a'.repeat(62)].join('.'), /more than 253/],
    ['shop.<no value>.example.org', /no value/],
    ['a b.example.org', /" "/],
    ['a\tb.example.org', /no DNS name/],
    ['a\u0000.example.org', /no DNS name/],
    ['a\u202eb.example.org', /no DNS name/],
    ['a.example.org:8080', /":"/],
    ['x/y/z.example.org', /"\/"/],
    ['*', /\*/],
    ['a.*.example.org', /\*/],
    ['*a.example.org', /\*/],
    ['_shop._tcp.*.example.org', /\*/],
  ];
  for (const [name, reason] of bad)
    it(`${JSON.stringify(name).slice(0, 40)} cannot`, () => assert.match(nameProblem(name) ?? '', reason));
});
