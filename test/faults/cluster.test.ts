import { describe, it } from 'node:test';
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
});
