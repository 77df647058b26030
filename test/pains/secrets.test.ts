import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { flags } from '../../src/config/flags.ts';
import { Rig, service } from '../support/process.ts';

const secretFlags = [...flags].flatMap(([name, flag]) => ('secret' in flag ? [name] : []));
/** Of the length of an AES key, and base64. */
const secret = 'GeheimGeheimGeheimGeheimGeheim12';

describe('secrets', () => {
  it('are in no log, metric or answer of a process that has them all', () =>
    Rig.with(async (rig) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      rig.start('--log-level=debug', ...secretFlags.map((name) => `--${name}=${secret}`));
      await rig.untilRecords('web.example.org A 192.0.2.1');
      const port = /metrics and health are served.* port=(\d+)/.exec(rig.log)?.[1];
      const answers = await Promise.all(['metrics', 'readyz', 'healthz', 'livez', 'nothing'].map(async (name) => (await fetch(`http://127.0.0.1:${port}/${name}`)).text()));
      for (const text of [rig.log, ...answers]) assert.ok(!text.includes(secret), 'a secret is shown');
      assert.match(rig.log, /pdns-api-key="?\*\*\*\*\*\*/);
    }));

  for (const provider of ['aws', 'exoscale', 'godaddy', 'pdns', 'pihole', 'rfc2136'])
    it(`are in no message of ${provider}, when it cannot do its work`, () =>
      Rig.with(async (rig) => {
        const folder = mkdtempSync(path.join(tmpdir(), 'secrets-'));
        try {
          const file = path.join(folder, 'secret');
          writeFileSync(file, `${secret}\n`);
          rig.api.put('services', service('web', '192.0.2.1'));
          rig.start(
            '--once', '--log-level=debug', `--provider=${provider}`, '--pdns-server=http://127.0.0.1:9', '--pihole-server=http://127.0.0.1:9', '--rfc2136-host=127.0.0.1', '--rfc2136-port=9', '--rfc2136-zone=example.org', '--rfc2136-tsig-keyname=key',
            '--rfc2136-tsig-secret-alg=hmac-sha256', '--rfc2136-axfr', ...secretFlags.map((name) => `--${name}-file=${file}`),
          );
          await rig.until('it ends', () => !rig.running, 20);
          assert.equal(await rig.ended(), 1);
          assert.match(rig.log, /level=error/);
          assert.ok(!rig.log.includes(secret), `a secret is shown:\n${rig.log}`);
        } finally {
          rmSync(folder, { recursive: true });
        }
      }));
});
