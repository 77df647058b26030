import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig, service } from '../support/process.ts';
import { wireStyles } from '../support/wire-steps.ts';

const foreign = [
  { dnsName: 'mail.example.org', recordType: 'MX', targets: ['10 mx.example.net'] },
  { dnsName: 'foreign.example.org', recordType: 'A', targets: ['198.51.100.1'], recordTTL: 77 },
  { dnsName: 'theirs.example.org', recordType: 'A', targets: ['198.51.100.2'] },
  { dnsName: 'a-theirs.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=other,external-dns/resource=service/default/theirs"'] },
];
const foreignLines = ['foreign.example.org A 198.51.100.1', 'mail.example.org MX 10 mx.example.net', 'theirs.example.org A 198.51.100.2'];
const asTheyWere = JSON.stringify(foreign);

/** A rig with foreign records, among them one at a name that an object wants; checks at the end that they are as they were. */
const withForeign = (test: (rig: Rig) => Promise<void>): Promise<void> =>
  Rig.with(async (rig) => {
    rig.webhook.put(...foreign);
    rig.api.put('services', service('theirs', '192.0.2.66'));
    await test(rig);
    assert.equal(JSON.stringify(foreign.map((r) => rig.webhook.records.get(`${r.dnsName}|${r.recordType}|`))), asTheyWere);
  });

describe('a provider that misbehaves', () => {
  for (const [what, answer] of [
    ['refuses for a while', { status: 503 }],
    ['asks to wait', { status: 429, headers: { 'retry-after': '1' } }],
    ['answers garbage', { status: 200, text: '[{"dnsName":' }],
    ['ends the connection', 'cut'],
    ['does not answer', 'hang'],
  ] as const)
    it(`${what} when it is read: the process goes on, and publishes in the end`, () =>
      withForeign(async (rig) => {
        rig.api.put('services', service('web', '192.0.2.1'));
        rig.start();
        await rig.untilRecords(...foreignLines, 'web.example.org A 192.0.2.1');
        let left = 4;
        rig.webhook.fault = (method, path) => (path === '/records' && method === 'GET' && left-- > 0 ? answer : undefined);
        rig.api.put('services', service('api', '192.0.2.2'));
        rig.api.remove('services', 'web');
        await rig.until('the change is published', () => rig.records().join() === [...foreignLines, 'api.example.org A 192.0.2.2'].sort().join(), 20);
        assert.ok(rig.running);
      }));

  it('loses answers after the work is done: nothing is done twice, nothing is lost', () =>
    withForeign(async (rig) => {
      rig.start();
      await rig.until('a first sweep', () => rig.webhook.calls.includes('GET /records'));
      let left = 2;
      rig.webhook.fault = (method, path) => (path === '/records' && method === 'POST' && left-- > 0 ? 'cut-after' : undefined);
      for (let i = 0; i < 5; i++) rig.api.put('services', service(`web${i}`, `192.0.2.${i}`));
      await rig.until('all records', () => rig.records().length === foreignLines.length + 5, 20);
      rig.api.remove('services', 'web0');
      await rig.until('one is gone', () => rig.records().length === foreignLines.length + 4, 20);
    }));

  for (const style of wireStyles)
    it(`breaks off while it changes records (${style}): all of them have their ownership in the end`, () =>
      withForeign(async (rig) => {
        const names = Array.from({ length: 6 }, (_, i) => `web${i}`);
        for (const name of names) rig.api.put('services', service(name, '192.0.2.1'));
        rig.start('--interval=1h');
        const lines = (address: string): string[] => names.map((name) => `${name}.example.org A ${address}`);
        await rig.untilRecords(...foreignLines, ...lines('192.0.2.1'));
        rig.webhook.style = style;
        for (const [round, share] of [0.3, 0.6].entries()) {
          let left = 1;
          rig.webhook.fault = (method, path) => (path === '/records' && method === 'POST' && left-- > 0 ? { share } : undefined);
          for (const name of names) rig.api.put('services', service(name, `192.0.2.${round + 2}`));
          await rig.until('all are changed', () => rig.records().join() === [...foreignLines, ...lines(`192.0.2.${round + 2}`)].sort().join(), 20);
          await rig.until('all have their ownership', () => names.every((name) => rig.webhook.records.has(`a-${name}.example.org|TXT|`)));
        }
      }));

  it('is killed with us in the middle of a batch: after the next start all is right', () =>
    withForeign(async (rig) => {
      for (let i = 0; i < 20; i++) rig.api.put('services', service(`web${i}`, `192.0.2.${i}`));
      const killed = new Promise<void>((resolve) => {
        rig.webhook.onHalf = () => void rig.kill('SIGKILL').then(() => resolve());
      });
      rig.webhook.fault = (method, path) => (path === '/records' && method === 'POST' ? 'half' : undefined);
      rig.start();
      await killed;
      rig.webhook.fault = () => undefined;
      // while it was down, an object went and another changed
      rig.api.remove('services', 'web3');
      rig.api.put('services', service('web4', '203.0.113.4'));
      rig.start();
      const wanted = Array.from({ length: 20 }, (_, i) => `web${i}.example.org A ${i === 4 ? '203.0.113.4' : `192.0.2.${i}`}`).filter((_, i) => i !== 3);
      await rig.untilRecords(...foreignLines, ...wanted);
      for (const line of wanted) assert.ok(rig.webhook.records.has(`a-${line.split(' ')[0]}|TXT|`), `${line} has no ownership`);
    }));
});

describe('the end', () => {
  it('comes within a second of SIGTERM, with status 0', () =>
    withForeign(async (rig) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.start();
      await rig.untilRecords(...foreignLines, 'web.example.org A 192.0.2.1');
      const { code, tookMs } = await rig.kill('SIGTERM');
      assert.equal(code, 0);
      assert.ok(tookMs < 1000, `${tookMs} ms`);
    }));

  it('waits for the batch under way', () =>
    withForeign(async (rig) => {
      rig.start();
      await rig.until('a first sweep', () => rig.webhook.calls.includes('GET /records'));
      let release = (): void => {};
      const reached = new Promise<void>((resolve) => (release = resolve));
      rig.webhook.delay = async (method, path) => {
        if (method !== 'POST' || path !== '/records') return;
        release();
        await sleep(400);
      };
      rig.api.put('services', service('web', '192.0.2.1'));
      await reached;
      assert.equal((await rig.kill('SIGTERM')).code, 0);
      assert.deepEqual(rig.records(), [...foreignLines, 'web.example.org A 192.0.2.1']);
      assert.match(rig.log, /record created.*web\.example\.org/);
    }));
});
