// Whoever may write an annotation, or answer for the provider, can stop the controller, make it say what he likes in the log, or take other names with it.
// Ours publishes what is good beside it, and writes one line of the log a line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Rig, service } from '../support/process.ts';

const hostname = (value: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({ 'external-dns.kubernetes.io/hostname': value, ...more });
const large = 10 * 1024 * 1024;
const forged = '\ntime="2026-01-01T00:00:00Z" level=error msg="forged"';
/** Object with so many objects inside each other, as JSON. */
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/** Publishes one more record; nothing that came before has stopped the program. */
async function goesOn(rig: Rig, name: string, seconds = 20): Promise<void> {
  rig.api.put('services', service(name, '192.0.2.200'));
  await rig.until(`${name} is published`, () => rig.records().includes(`${name}.example.org A 192.0.2.200`), seconds);
  assert.ok(rig.running);
}

function checkLog(log: string): void {
  const lines = log.split('\n').filter((line) => line !== '');
  for (const line of lines) {
    assert.match(line, /^time="[^"]+" level=\w+ msg=/, `a line of the log is none of ours: ${JSON.stringify(line.slice(0, 200))}`);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(line, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/, `a control character stands in ${JSON.stringify(line.slice(0, 200))}`);
    assert.ok(line.length < 20_000, `a line of ${line.length} characters: ${line.slice(0, 200)}`);
  }
  assert.ok(!lines.some((line) => line.includes('msg="forged"') && !line.includes('msg=\\"forged')), 'a forged line stands in the log');
}

describe('hostile objects', () => {
  it('of ten megabytes hold up nothing', () =>
    Rig.with(async (rig) => {
      rig.start();
      await goesOn(rig, 'before');
      rig.api.put('services', service('long-name', '192.0.2.1', hostname(`${'x'.repeat(large)}.example.org`)));
      rig.api.put('services', service('many-labels', '192.0.2.1', hostname(`${'a.'.repeat(large / 2)}example.org`)));
      rig.api.put('services', service('commas', '192.0.2.1', hostname(','.repeat(large))));
      rig.api.put('services', service('target', '192.0.2.1', { 'external-dns.kubernetes.io/target': 'x'.repeat(large) }));
      rig.api.put('services', service('ttl', '192.0.2.1', { 'external-dns.kubernetes.io/ttl': '9'.repeat(large) }));
      rig.api.put('services', service('identifier', '192.0.2.1', { 'external-dns.kubernetes.io/set-identifier': 'i'.repeat(large) }));
      rig.api.put('services', service('label', '192.0.2.1', { [`${'k'.repeat(1024)}/x`]: 'v'.repeat(large) }));
      await goesOn(rig, 'after', 60);
      checkLog(rig.log);
      const rssMb = Number(readFileSync(`/proc/${rig.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024;
      assert.ok(rssMb < 700, `${rssMb} MB are in use`);
    }));

  it('with control characters and line ends make no record, and no line of the log of their own', () =>
    Rig.with(async (rig) => {
      const names = ['a\u0000b.example.org', '\u001b[31mred.example.org', `x.example.org${forged}`, 'a\u2028b.example.org', '\u202eright-to-left.example.org', 'quo"te.example.org', 'back\\slash.example.org', 'tab\tbed.example.org'];
      for (const [i, name] of names.entries()) rig.api.put('services', service(`s${i}`, '192.0.2.1', hostname(name)));
      rig.api.put('services', service('ttl', '192.0.2.1', { 'external-dns.kubernetes.io/ttl': `soon${forged}` }));
      rig.api.put('services', service('target', '192.0.2.1', { 'external-dns.kubernetes.io/target': `lb.example.net${forged}` }));
      rig.api.put('services', service('alias', '192.0.2.1', { 'external-dns.kubernetes.io/alias': `true${forged}` }));
      rig.start('--log-level=debug');
      await goesOn(rig, 'good');
      checkLog(rig.log);
      // oxlint-disable-next-line no-control-regex
      for (const record of rig.webhook.records.values()) assert.doesNotMatch(`${record.dnsName}${record.targets.join('')}`, /[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    }));

  it('are one line each where the log is JSON', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', service('x', '192.0.2.1', hostname(`x.example.org${forged}`)));
      rig.api.put('services', service('y', '192.0.2.1', hostname('y\u2028y.example.org', { 'external-dns.kubernetes.io/ttl': `soon${forged}` })));
      rig.start('--log-format=json');
      await goesOn(rig, 'good');
      for (const line of rig.log.split('\n').filter((l) => l !== '')) assert.equal(typeof (JSON.parse(line) as { msg?: unknown }).msg, 'string');
    }));

  it('with keys of every JavaScript object are plain data', () =>
    Rig.with(async (rig) => {
      const keys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'];
      for (const [i, key] of keys.entries()) {
        const annotations = JSON.parse(`{"external-dns.kubernetes.io/hostname": "k${i}.example.org", "external-dns.kubernetes.io/set-identifier": "${key}", "external-dns.kubernetes.io/webhook-${key}": "x", "${key}": "x"}`) as Record<string, string>;
        rig.api.put('services', { ...service(`k${i}`, '192.0.2.1'), metadata: { name: `k${i}`, namespace: 'default', uid: key, labels: annotations, annotations } });
        rig.api.put('services', service(`n${i}`, '192.0.2.1', hostname(`${key.replaceAll('_', 'u')}.example.org`)));
      }
      rig.start('--fqdn-template={{ index .Labels "__proto__" }}{{ .Name }}.template.example.org', '--combine-fqdn-annotation');
      await goesOn(rig, 'good');
      for (const [i, key] of keys.entries()) await rig.until(`k${i} is published`, () => rig.webhook.records.has(`k${i}.example.org|A|${key}`));
      await rig.until('constructor.example.org is published', () => rig.records().includes('constructor.example.org A 192.0.2.1'));
      checkLog(rig.log);
    }));

  it('of any depth, and of any shape, stop no watch for long', () =>
    Rig.with(async (rig) => {
      rig.start('--source=service', '--source=crd');
      await goesOn(rig, 'before');
      for (const levels of [1_000, 100_000]) {
        rig.api.say(`{"type":"ADDED","object":{"apiVersion":"v1","kind":"Service","metadata":{"name":"deep${levels}","namespace":"default","resourceVersion":"1","annotations":${deep(levels)}},"spec":${deep(levels)}}}\n`);
        rig.api.say(`{"type":"MODIFIED","object":{"apiVersion":"externaldns.k8s.io/v1alpha1","kind":"DNSEndpoint","metadata":{"name":"deep${levels}","namespace":"default","resourceVersion":"1"},"spec":{"endpoints":[${deep(levels)}]}}}\n`);
      }
      for (const object of ['null', '[]', '7', '"text"', '{}', '{"metadata":null}', '{"metadata":{"name":{},"namespace":[]},"spec":"x"}']) rig.api.say(`{"type":"ADDED","object":${object}}\n`);
      rig.api.say(`${'['.repeat(1_000_000)}\n`);
      await goesOn(rig, 'after', 60);
      checkLog(rig.log);
    }));

  it('do not slow down regular expressions of filters', () =>
    Rig.with(async (rig) => {
      // what takes some implementations of regular expressions longer than the world will stand
      const label = 'a'.repeat(60);
      for (let i = 0; i < 50; i++) rig.api.put('services', service(`slow${i}`, '192.0.2.1', hostname(`${label}.${label}.${label}.s${i}.example.com`)));
      rig.start('--regex-domain-filter=^(([a-z0-9])+\\.?)+example\\.org$', '--regex-domain-exclusion=^((a+)+)+b');
      await goesOn(rig, 'good');
    }));
});

describe('a hostile provider', () => {
  it('is not believed in what it says, and says nothing in our name', () =>
    Rig.with(async (rig) => {
      const answers = [
        { status: 500, text: `trouble${forged}\u001b[31m${'x'.repeat(large)}` },
        { status: 200, text: deep(100_000) },
        { status: 200, text: `[${'['.repeat(100_000)}` },
        { status: 200, text: JSON.stringify([{ dnsName: `evil.example.org${forged}`, recordType: 'A', targets: ['192.0.2.1'] }]) },
        { status: 200, text: '[{"dnsName":"p.example.org","recordType":"A","targets":["192.0.2.1"],"__proto__":{"targets":["192.0.2.66"]},"labels":{"__proto__":"x","constructor":"y"},"providerSpecific":[{"name":"__proto__","value":"x"}]}]' },
        { status: 200, text: JSON.stringify([{ dnsName: 'l.example.org', recordType: 'TXT', targets: [`"heritage=external-dns,external-dns/owner=me,external-dns/resource=service/default/${'x'.repeat(large)}"`] }]) },
        { status: 200, text: JSON.stringify([{ dnsName: 7, recordType: {}, targets: 'x' }]) },
      ];
      const count = answers.length;
      let asked = 0;
      rig.webhook.fault = (method, path) => (method === 'GET' && path === '/records' && asked < count ? answers[asked++] : undefined);
      rig.start('--interval=200ms');
      await rig.until('all answers were given', () => asked === count, 60);
      await goesOn(rig, 'good', 60);
      checkLog(rig.log);
      assert.ok(!rig.webhook.applied.some((line) => line.includes('evil') || line.includes('p.example.org')), 'what is not ours was changed');
    }));
});
