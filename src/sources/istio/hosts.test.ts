import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { holdsAll } from './gateway-targets.ts';
import { isExportedTo, nameOfHost, serverHost, serves } from './hosts.ts';

describe('serverHost', () => {
  for (const [text, expected] of [
    ['web.example.org', { namespace: '*', host: 'web.example.org' }],
    ['shop/web.example.org', { namespace: 'shop', host: 'web.example.org' }],
    ['./*', { namespace: '.', host: '*' }],
    ['x/y/z.example.org', undefined],
  ] as const)
    it(`reads ${text}`, () => assert.deepEqual(serverHost(text), expected));
});

describe('nameOfHost', () => {
  for (const [text, expected] of [
    ['web.example.org', 'web.example.org'],
    ['shop/*.example.org', '*.example.org'],
    ['*', undefined],
    ['shop/*', undefined],
    ['', undefined],
    ['x/y/z.example.org', 'x/y/z.example.org'],
  ] as const)
    it(`of "${text}" is ${expected ?? 'none'}`, () => assert.equal(nameOfHost(text), expected));
});

describe('a host of a Gateway in namespace infra', () => {
  for (const [text, wanted, from, expected] of [
    ['*', 'web.example.org', 'shop', true],
    ['web.example.org', 'web.example.org', 'shop', true],
    ['Web.example.org', 'web.example.org.', 'shop', true],
    ['*.example.org', 'a.b.example.org', 'shop', true],
    ['*.example.org', '*.example.org', 'shop', true],
    ['*.example.org', 'example.org', 'shop', false],
    ['*.example.org', 'badexample.org', 'shop', false],
    ['web.example.org', '*.example.org', 'shop', false],
    ['shop/*', 'web.example.org', 'shop', true],
    ['shop/*', 'web.example.org', 'infra', false],
    ['./*', 'web.example.org', 'infra', true],
    ['./*', 'web.example.org', 'shop', false],
    ['*/web.example.org', 'web.example.org', 'shop', true],
  ] as const)
    it(`${text} ${expected ? 'serves' : 'does not serve'} ${wanted} of ${from}`, () => {
      const host = serverHost(text);
      assert.ok(host);
      assert.equal(serves(host, 'infra', wanted, from), expected);
    });
});

describe('exportTo of a VirtualService in namespace shop', () => {
  for (const [exportTo, gatewayNamespace, expected] of [
    [[], 'infra', true],
    [['*'], 'infra', true],
    [['infra'], 'infra', true],
    [['.'], 'shop', true],
    [['.'], 'infra', false],
    [['dmz', 'infra'], 'infra', true],
    [['dmz'], 'infra', false],
  ] as const)
    it(`[${exportTo.join()}] ${expected ? 'holds' : 'does not hold'} ${gatewayNamespace}`, () => assert.equal(isExportedTo(exportTo, 'shop', gatewayNamespace), expected));
});

describe('holdsAll', () => {
  for (const [name, selector, wanted, expected] of [
    ['equal labels', { istio: 'edge' }, { istio: 'edge' }, true],
    ['more labels', { istio: 'edge', app: 'gw' }, { istio: 'edge' }, true],
    ['fewer labels', { istio: 'edge' }, { istio: 'edge', app: 'gw' }, false],
    ['another value', { istio: 'inner' }, { istio: 'edge' }, false],
    ['no labels wanted', {}, {}, true],
    ['a label named like a built-in property', {}, { constructor: 'x' }, false],
  ] as const)
    it(`is ${expected} for ${name}`, () => assert.equal(holdsAll(selector, wanted), expected));
});
