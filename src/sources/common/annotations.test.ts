import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../kubernetes/object.ts';
import { createAnnotations, splitNames } from './annotations.ts';
import { canonicalProperties } from './properties.ts';

const prefix = 'external-dns.kubernetes.io/';
const old = 'external-dns.alpha.kubernetes.io/';

const objectWith = (annotations: Readonly<Record<string, string>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', uid: '', resourceVersion: '', generation: 0, creationTimestamp: '', labels: {}, annotations },
});

function read(annotations: Readonly<Record<string, string>>, annotationPrefix = prefix, enableLegacyAnnotationPrefix = annotationPrefix === prefix) {
  const warnings: string[] = [];
  return { warnings, noted: createAnnotations({ annotationPrefix, enableLegacyAnnotationPrefix })(objectWith(annotations), { warn: (reason) => warnings.push(reason) }) };
}

describe('annotation prefixes', () => {
  it('reads both by default; the new one wins, with one warning where they differ', () => {
    const { noted, warnings } = read({ [`${old}hostname`]: 'old.example.org', [`${old}ttl`]: '60', [`${prefix}hostname`]: 'new.example.org', [`${old}target`]: 'a.example.net', [`${prefix}target`]: 'b.example.net' });
    assert.deepEqual([noted.hostnames(), noted.ttlSeconds(), noted.targets()], [['new.example.org'], 60, ['b.example.net']]);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /hostname, target/);
  });
  it('says nothing where both agree', () => assert.deepEqual(read({ [`${old}hostname`]: 'a.example.org', [`${prefix}hostname`]: 'a.example.org' }).warnings, []));
  it('an empty new value wins, too', () => assert.deepEqual(read({ [`${old}hostname`]: 'a.example.org', [`${prefix}hostname`]: '' }).noted.hostnames(), []));
  it('reads only the given one', () => {
    const { noted } = read({ [`${prefix}hostname`]: 'usual.example.org', [`${old}hostname`]: 'old.example.org', 'dns.example.net/ttl': '5' }, 'dns.example.net/');
    assert.deepEqual([noted.hostnames(), noted.ttlSeconds()], [[], 5]);
  });
  it('reads the old one beside the given one where that is asked for, and not at all where it is switched off', () => {
    const annotations = { [`${prefix}ttl`]: '5', [`${old}hostname`]: 'old.example.org', 'dns.example.net/ttl': '7' };
    const [beside, off] = [read(annotations, 'dns.example.net/', true).noted, read(annotations, prefix, false).noted];
    assert.deepEqual([beside.hostnames(), beside.ttlSeconds(), off.hostnames(), off.ttlSeconds()], [['old.example.org'], 7, [], 5]);
  });
  it('reads the old one once where that is the given one', () => assert.deepEqual(read({ [`${old}hostname`]: 'old.example.org' }, old, true).noted.hostnames(), ['old.example.org']));
});

describe('annotations that list names', () => {
  const cases: readonly (readonly [text: string, names: readonly string[]])[] = [
    ['a.example.org', ['a.example.org']],
    [' a.example.org. , b.example.org,', ['a.example.org', 'b.example.org']],
    ['a.example.org,\n\tb.example.org\n', ['a.example.org', 'b.example.org']],
    ['a.example.org\nb.example.org', ['a.example.org', 'b.example.org']],
    ['a . example.org', ['a.example.org']],
    ['192.0.2.1,,lb.example.net', ['192.0.2.1', 'lb.example.net']],
    ['', []],
    [' , .', []],
  ];
  for (const [text, names] of cases) it(`${JSON.stringify(text)} holds ${names.length}`, () => assert.deepEqual(splitNames(text), names));
});

describe('the target annotation', () => {
  it('has no empty targets', () => assert.deepEqual(read({ [`${prefix}target`]: '192.0.2.1,,lb.example.net, ' }).noted.targets(), ['192.0.2.1', 'lb.example.net']));
});

describe('the TTL annotation', () => {
  it('is not used where it is none, with a warning', () => {
    const { noted, warnings } = read({ [`${prefix}ttl`]: 'soon' });
    assert.equal(noted.ttlSeconds(), 0);
    assert.match(warnings[0] ?? '', /"soon" is no TTL/);
  });
});

describe('provider-specific annotations', () => {
  const properties = (annotations: Readonly<Record<string, string>>, of = prefix) => Object.fromEntries(read(annotations, of).noted.providerSpecific().map((p) => [p.name, p.value]));

  it('become properties of their provider', () =>
    assert.deepEqual(
      properties({ [`${prefix}aws-weight`]: '10', [`${prefix}scw-priority`]: '1', [`${old}webhook-a-b`]: 'x', [`${prefix}coredns-group`]: 'g', [`${prefix}azure-tags`]: 't', [`${prefix}record-type`]: '', [`${prefix}hostname`]: 'h', [`${prefix}ibmcloud-x`]: 'y' }),
      { 'aws/weight': '10', 'scw/priority': '1', 'webhook/a-b': 'x', 'coredns/group': 'g', 'azure/tags': 't', 'record-type': '' },
    ));
  it("those of Cloudflare keep their whole name, under the default prefix whatever prefix they have", () => {
    const expected = { 'external-dns.kubernetes.io/cloudflare-proxied': 'true' };
    assert.deepEqual(properties({ [`${prefix}cloudflare-proxied`]: 'true', [`${prefix}cloudflare-unknown`]: 'x' }), expected);
    assert.deepEqual(properties({ [`${old}cloudflare-proxied`]: 'true' }), expected);
    assert.deepEqual(properties({ 'dns.example.net/cloudflare-proxied': 'true' }, 'dns.example.net/'), expected);
  });
  for (const [value, kept] of [['true', true], ['A', true], ['AAAA', true], ['false', false], ['True', false], ['', false]] as const)
    it(`alias ${JSON.stringify(value)} is ${kept ? 'kept' : 'none'}`, () => assert.deepEqual(properties({ [`${prefix}alias`]: value }), kept ? { alias: value } : {}));

  it('names in manifests are brought to the same form', () => {
    const canonical = (prefixes: readonly string[], ...names: string[]) => {
      const { properties, differing } = canonicalProperties(names.map((name, i) => ({ name, value: String(i) })), prefixes);
      return [...properties.map((p) => `${p.name}=${p.value}`), ...differing.map((key) => `differing: ${key}`)];
    };
    const own = 'dns.example.net/';
    assert.deepEqual(canonical([prefix, old], `${old}cloudflare-tags`, 'aws/weight'), [`${prefix}cloudflare-tags=0`, 'aws/weight=1']);
    assert.deepEqual(canonical([prefix, old], `${old}cloudflare-tags`, `${prefix}cloudflare-tags`), [`${prefix}cloudflare-tags=1`, 'differing: cloudflare-tags']);
    assert.deepEqual(canonical([own], `${own}cloudflare-tags`, `${prefix}cloudflare-proxied`, `${old}cloudflare-region-key`, 'aws/weight'), [`${prefix}cloudflare-tags=0`, 'aws/weight=3']);
  });
});
