import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { Rig } from '../support/process.ts';

const own = [
  { dnsName: 'old.example.org', recordType: 'A', targets: ['192.0.2.9'] },
  { dnsName: 'a-old.example.org', recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=me"'] },
];

describe('where there is no cluster', () => {
  it('sources that read none are published, once and all the time', () =>
    Rig.with(async (rig) => {
      rig.webhook.put(...own);
      rig.start('--server=', '--source=empty', '--once');
      assert.equal(await rig.ended(), 0);
      assert.deepEqual(rig.records(), []);
      rig.start('--server=', '--source=fake', '--fqdn-template=example.org');
      await rig.until('made-up records', () => rig.records().length > 0);
      assert.ok(rig.running);
    }));

  it('a connector that is away leaves its records as they are', () =>
    Rig.with(async (rig) => {
      const free = createServer();
      await new Promise<void>((resolve) => void free.listen(0, '127.0.0.1', resolve));
      const address = free.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      await new Promise((resolve) => free.close(resolve));
      rig.webhook.put(...own);
      rig.start('--server=', '--source=connector', `--connector-source-server=127.0.0.1:${port}`, '--once');
      assert.notEqual(await rig.ended(), 0);
      assert.deepEqual(rig.records(), ['old.example.org A 192.0.2.9']);
    }));

  for (const flags of [['--source=service'], ['--source=empty', '--source=unstructured', '--unstructured-resource=configmaps.v1', '--fqdn-template={{.Name}}'], ['--source=empty', '--state=configmap:dns/state']])
    it(`the process says so and ends with ${flags.join(' ')}`, () =>
      Rig.with(async (rig) => {
        rig.start('--server=', ...flags, '--once');
        assert.notEqual(await rig.ended(), 0);
        assert.match(rig.log, /no Kubernetes cluster is configured/);
      }));
});
