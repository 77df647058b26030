import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig, service } from '../support/process.ts';

const flags = ['--leader-elect', '--leader-election-namespace=default', '--leader-election-lease-duration=1s', '--leader-election-renew-deadline=700ms', '--leader-election-retry-period=100ms', '--stale-grace=0', '--interval=1h', '--log-level=debug'];

const holderOf = (rig: Rig): string => {
  const lease = rig.api.get('leases', 'external-dns-me') as { spec?: { holderIdentity?: string } } | undefined;
  return lease?.spec?.holderIdentity ?? '';
};
const leads = (rig: Rig): boolean => rig.running && /this process leads/.test(rig.log) && rig.log.includes(`identity=${holderOf(rig)}`) && holderOf(rig) !== '';

/** Two processes; at the end the provider's log must show no change that was done twice, and no two at once. */
const withTwo = (test: (rig: Rig, other: Rig) => Promise<void>): Promise<void> =>
  Rig.with(async (rig) => {
    rig.api.install('coordination.k8s.io/v1', 'leases', 'Lease');
    let writing = 0;
    let together = 0;
    rig.webhook.delay = async (method, path) => {
      if (method !== 'POST' || path !== '/records') return;
      together = Math.max(together, ++writing);
      await sleep(30);
      writing--;
    };
    const other = rig.beside();
    rig.start(...flags);
    await rig.until('the first leads', () => leads(rig));
    other.start(...flags);
    await other.until('the second stands by', () => /another process leads/.test(other.log));
    await test(rig, other);
    assert.deepEqual(rig.webhook.applied.filter((line) => line.includes('!')), []);
    assert.ok(together <= 1, 'two processes wrote at once');
  });

describe('two processes with --leader-elect', () => {
  it('20 times the leader is killed in the middle of its work: nothing is done twice, nothing is lost', () =>
    withTwo(async (rig, other) => {
      let [leader, standby] = [rig, other];
      const wanted = new Set<string>();
      for (let round = 0; round < 20; round++) {
        rig.api.put('services', service(`web${round}`, `192.0.2.${round}`));
        wanted.add(`web${round}.example.org A 192.0.2.${round}`);
        if (round > 0) {
          rig.api.put('services', service('moving', `198.51.100.${round}`));
          for (const line of wanted) if (line.startsWith('moving.')) wanted.delete(line);
          wanted.add(`moving.example.org A 198.51.100.${round}`);
        }
        if (round > 2) {
          rig.api.remove('services', `web${round - 2}`);
          wanted.delete(`web${round - 2}.example.org A 192.0.2.${round - 2}`);
        }
        // before, within and after the writing
        await sleep((round * 17) % 90);
        await leader.kill('SIGKILL');
        await standby.until('the other takes over', () => leads(standby));
        leader.start();
        await standby.until('all is as it is wanted', () => rig.records().join() === [...wanted].sort().join());
        [leader, standby] = [standby, leader];
        await standby.until('the killed one stands by', () => standby.log.split('another process leads').length > 1 && standby.running);
      }
      const updates = rig.webhook.applied.filter((line) => line === 'update moving.example.org|A|').length;
      assert.ok(updates <= 18, `the record was moved 18 times, and written ${updates} times`);
    }));

  it('a clean end hands over within two seconds', () =>
    withTwo(async (rig, other) => {
      const ended = rig.kill('SIGTERM');
      const started = Date.now();
      await other.until('the other leads', () => leads(other));
      const tookMs = Date.now() - started;
      assert.ok(tookMs < 2_000, `${tookMs} ms`);
      assert.equal((await ended).code, 0);
      rig.api.put('services', service('web', '192.0.2.1'));
      await other.untilRecords('web.example.org A 192.0.2.1');
    }));

  it('a leader that is stopped and goes on later writes nothing, and stands by', () =>
    withTwo(async (rig, other) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      await rig.untilRecords('web.example.org A 192.0.2.1');
      rig.signal('SIGSTOP');
      rig.api.put('services', service('web', '192.0.2.2'));
      await other.until('the other leads', () => leads(other));
      await other.untilRecords('web.example.org A 192.0.2.2');
      const before = rig.webhook.applied.length;
      rig.signal('SIGCONT');
      await rig.until('it has seen that another leads', () => /leadership is lost/.test(rig.log));
      await sleep(300);
      assert.equal(rig.webhook.applied.length, before);
      assert.ok(rig.running);
    }));

  it('a standby reads nothing of the provider, and is ready', () =>
    withTwo(async (rig, other) => {
      rig.api.put('services', service('web', '192.0.2.1'));
      await rig.untilRecords('web.example.org A 192.0.2.1');
      const reads = (): number => rig.webhook.calls.filter((call) => call === 'GET /records').length;
      const before = reads();
      await sleep(300);
      assert.equal(reads(), before);
      const port = /metrics and health are served.* port=(\d+)/.exec(other.log)?.[1];
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      assert.equal(ready.status, 200);
      assert.equal(await ready.text(), `OK\nstandby: ${holderOf(rig)} leads\n`);
    }));
});
