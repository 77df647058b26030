// One process only: while its pod is started anew, nothing is published; two of them write both. Ours elects one that writes, and the others are ready to take over.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rig, service } from '../support/process.ts';
import { waitedForProcessorMs } from '../support/processor-time.ts';

/** `npm run handovers` asks for 200. */
const handovers = Number(process.env['HANDOVERS'] ?? 20);

const common = ['--leader-elect', '--leader-election-namespace=default', '--stale-grace=0', '--interval=1h', '--log-level=debug'];
const quick = [...common, '--leader-election-lease-duration=1s', '--leader-election-renew-deadline=700ms', '--leader-election-retry-period=100ms'];

const holderOf = (rig: Rig): string => {
  const lease = rig.api.get('leases', 'external-dns-me') as { spec?: { holderIdentity?: string } } | undefined;
  return lease?.spec?.holderIdentity ?? '';
};
const leads = (rig: Rig): boolean => rig.running && /this process leads/.test(rig.log) && rig.log.includes(`identity=${holderOf(rig)}`) && holderOf(rig) !== '';

/** Two processes; at the end the provider's log must show no change that was done twice, and no two at once. */
const withTwo = (test: (rig: Rig, other: Rig) => Promise<void>, flags: readonly string[] = quick): Promise<void> =>
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
  it(`${handovers} times the leader is killed in the middle of its work: nothing is done twice, nothing is lost`, (t) =>
    withTwo(async (rig, other) => {
      let [leader, standby] = [rig, other];
      const wanted = new Map<string, string>();
      const want = (name: string, address: string): void => {
        rig.api.put('services', service(name, address));
        wanted.set(name, `${name}.example.org A ${address}`);
      };
      const tookMs: number[] = [];
      for (let round = 0; round < handovers; round++) {
        want(`web${round}`, `192.0.2.${round}`);
        if (round > 0) want('moving', `198.51.100.${round}`);
        if (round > 2) {
          rig.api.remove('services', `web${round - 2}`);
          wanted.delete(`web${round - 2}`);
        }
        // before, within and after the writing
        await sleep((round * 17) % 90);
        await leader.kill('SIGKILL');
        const killed = Date.now();
        await standby.until('the other takes over', () => leads(standby));
        tookMs.push(Date.now() - killed);
        leader.log = '';
        leader.start();
        await standby.until('all is as it is wanted', () => rig.records().join() === [...wanted.values()].sort().join());
        [leader, standby] = [standby, leader];
        await standby.until('the killed one stands by', () => standby.running && /another process leads/.test(standby.log));
      }
      // what the provider was told to do, each with its ownership
      const times = new Map<string, number>();
      for (const line of rig.webhook.applied) times.set(line, (times.get(line) ?? 0) + 1);
      const steps = (action: string, name: string): (number | undefined)[] => [times.get(`${action} ${name}|A|`), times.get(`${action} a-${name}|TXT|`)];
      for (let i = 0; i < handovers; i++) {
        assert.deepEqual(steps('create', `web${i}.example.org`), [1, 1], `web${i} is created`);
        assert.deepEqual(steps('delete', `web${i}.example.org`), i > 0 && i < handovers - 2 ? [1, 1] : [undefined, undefined], `web${i} is deleted`);
      }
      assert.deepEqual(steps('create', 'moving.example.org'), [1, 1]);
      const updates = times.get('update moving.example.org|A|') ?? 0;
      assert.ok(updates <= handovers - 2, `the record was moved ${handovers - 2} times, and written ${updates} times`);
      const inOrder = tookMs.toSorted((x, y) => x - y);
      t.diagnostic(`${handovers} hand-overs, ${rig.webhook.applied.length} changes at the provider, none twice and none lost; from the kill to the next leader ${inOrder[handovers >> 1]} ms (median), at most ${inOrder.at(-1)} ms`);
    }));

  it('a clean end hands over within two seconds, with the usual times', () =>
    withTwo(async (rig, other) => {
      const waited = (): number => waitedForProcessorMs(process.pid, other.pid);
      const [started, waitedBefore] = [Date.now(), waited()];
      const ended = rig.kill('SIGTERM');
      await other.until('the other leads', () => leads(other));
      const tookMs = Date.now() - started - (waited() - waitedBefore);
      assert.ok(tookMs < 2_000, `${tookMs} ms`);
      assert.equal((await ended).code, 0);
      rig.api.put('services', service('web', '192.0.2.1'));
      await other.untilRecords('web.example.org A 192.0.2.1');
    }, common));

  it('a clean end in the middle of a batch hands over when the batch is done, and not before', () =>
    withTwo(async (rig, other) => {
      const states: string[] = [];
      rig.webhook.delay = async (method, path) => {
        if (method !== 'POST' || path !== '/records') return;
        states.push(`written by ${holderOf(rig)}`);
        await sleep(1_500);
        states.push(`done under ${holderOf(rig)}`);
      };
      const first = holderOf(rig);
      rig.api.put('services', service('web', '192.0.2.1'));
      await rig.until('the batch', () => states.length === 1);
      const ended = rig.kill('SIGTERM');
      await other.until('the other leads', () => leads(other));
      assert.deepEqual(states, [`written by ${first}`, `done under ${first}`]);
      assert.deepEqual(rig.records(), ['web.example.org A 192.0.2.1']);
      assert.equal((await ended).code, 0);
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
