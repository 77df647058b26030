import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusOf } from '../kubernetes/fake-api.ts';
import { Rig, service } from '../support/process.ts';

describe('a cluster that misbehaves', () => {
  it('cuts watches in the middle of a line', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.start();
      await rig.untilRecords('web.example.org A 192.0.2.1');
      rig.api.cut('{"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Serv');
      rig.api.put('services', service('web', '192.0.2.2'));
      await rig.untilRecords('web.example.org A 192.0.2.2');
      rig.api.say('this is no event\n');
      rig.api.put('services', service('api', '192.0.2.3'));
      await rig.untilRecords('api.example.org A 192.0.2.3', 'web.example.org A 192.0.2.2');
    }));

  it('has forgotten the version (410), while objects came and went', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.api.put('services', service('old', '192.0.2.9'));
      rig.start();
      await rig.untilRecords('old.example.org A 192.0.2.9', 'web.example.org A 192.0.2.1');
      rig.api.fault = ({ query }) => (query.has('watch') ? { status: 500 } : undefined);
      rig.api.cut();
      rig.api.remove('services', 'old');
      rig.api.put('services', service('new', '192.0.2.3'));
      rig.api.tick();
      rig.api.compact();
      rig.api.fault = () => undefined;
      await rig.untilRecords('new.example.org A 192.0.2.3', 'web.example.org A 192.0.2.1');
    }));

  it('answers 429 with Retry-After, 500 and garbage to lists at the start', () =>
    Rig.with(async (rig) => {
      const answers = [{ status: 429, headers: { 'retry-after': '1' } }, { status: 500 }, { status: 200, body: 'no list' }, 'reset' as const];
      rig.api.fault = ({ path }) => (path.endsWith('/services') ? answers.shift() : undefined);
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.webhook.put({ dnsName: 'foreign.example.org', recordType: 'A', targets: ['198.51.100.1'] });
      rig.start();
      await rig.untilRecords('foreign.example.org A 198.51.100.1', 'web.example.org A 192.0.2.1');
    }));

  it('denies a resource: its records stay, the other sources go on, and the log says what is missing', () =>
    Rig.with(async (rig) => {
      rig.webhook.put(
        { dnsName: 'shop.example.org', recordType: 'A', targets: ['192.0.2.7'] },
        { dnsName: 'a-shop.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=me,external-dns/resource=ingress/default/shop"'] },
      );
      rig.api.fault = ({ path }) => (path.includes('ingresses') ? { status: 403, body: statusOf(403, 'Forbidden') } : undefined);
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.start('--source=service', '--source=ingress');
      await rig.untilRecords('shop.example.org A 192.0.2.7', 'web.example.org A 192.0.2.1');
      await rig.until('a message that names the verb and the resource', () => /list/.test(rig.log) && /ingresses/.test(rig.log));
      assert.ok(rig.running);
      // allowed now, and the Ingress is not there: only then its record goes
      rig.api.fault = () => undefined;
      await rig.until('the record goes', () => rig.records().length === 1, 40);
    }));
});

describe('bad objects', () => {
  it('give a warning each that names them, and hold nothing up', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', service('good', '192.0.2.1'));
      rig.api.put('services', service('long', '192.0.2.2', { 'external-dns.kubernetes.io/hostname': `${'x'.repeat(64)}.example.org` }));
      rig.api.put('services', service('empty-label', '192.0.2.3', { 'external-dns.kubernetes.io/hostname': 'a..example.org' }));
      rig.api.put('services', service('ttl', '192.0.2.4', { 'external-dns.kubernetes.io/ttl': 'soon' }));
      rig.api.put('services', { metadata: { name: 'hostile', namespace: 'default', annotations: 'none' as never }, spec: [] as never, status: 7 as never });
      rig.start();
      await rig.untilRecords('good.example.org A 192.0.2.1', 'ttl.example.org A 192.0.2.4');
      for (const name of ['long', 'empty-label', 'ttl']) assert.match(rig.log, new RegExp(`level=warning .*Service/default/${name}\\b`));
      rig.api.put('services', service('later', '192.0.2.5'));
      await rig.untilRecords('good.example.org A 192.0.2.1', 'later.example.org A 192.0.2.5', 'ttl.example.org A 192.0.2.4');
    }));

  it('a template that fails on one object leaves the others alone', () =>
    Rig.with(async (rig) => {
      const plain = (name: string, labels: Record<string, string>): void => rig.api.put('services', { ...service(name, '192.0.2.1'), metadata: { name, namespace: 'default', labels } });
      plain('one', { host: 'first' });
      plain('two', { host: 'x' });
      rig.start('--fqdn-template={{ slice .Labels.host 0 5 }}.example.org');
      await rig.untilRecords('first.example.org A 192.0.2.1');
      await rig.until('a warning that names the object', () => /level=warning .*Service\/default\/two\b/.test(rig.log));
      assert.ok(rig.running);
    }));
});
