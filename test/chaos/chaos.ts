// A long random history of the running program: objects come, change and go; watches are cut and versions forgotten; the provider is slow, fails,
// loses answers and breaks off in a batch; another owner writes in the zone; two replicas are killed and started again. Every so often all is quiet:
// then everything must be as the cluster wants it within ten seconds, not counted the time for which these processes stood ready and other work of the
// machine had the processor. What belongs to others is checked all the time, and that a provider which works in the order given leaves no record without
// its ownership.
//
//   npm run chaos -- [--seconds 600] [--objects 2000] [--seed N] [--kills 1]
//
// `--kills 0`: no process is killed, so that it can be seen what one needs in the long run.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { FakeAnswer } from '../kubernetes/fake-api.ts';
import type { WebhookFault } from '../support/fake-webhook.ts';
import { Rig, service } from '../support/process.ts';
import { waitedForProcessorMs } from '../support/processor-time.ts';
import { wireKey, type WireRecord, wireStyles } from '../support/wire-steps.ts';
import { randomOf } from './random.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' }, objects: { type: 'string', default: '2000' }, kills: { type: 'string', default: '1' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) } } });
const [seconds, objects, kills, seed] = [Number(values.seconds), Number(values.objects), Number(values.kills), Number(values.seed)];
const random = randomOf(seed);
const end = Date.now() + seconds * 1000;
const counts: Record<string, number> = {};
const worst = { rounds: 0, tookMs: 0, rssMb: 0 };

console.log(`chaos: seed ${seed}, ${objects} objects, ${seconds} s`);
await Rig.with(async (rig) => {
  const wanted = new Map<string, string>(); // object -> address
  const foreign = new Map<string, string>(); // record key -> JSON
  const brokenUnder = new Map<string, string>(); // name that a break left without ownership -> who led, and alone knows of it
  const brokenTexts = new Set<string>(); // names of which a break left only the ownership
  const address = (): string => `10.${random.below(250)}.${random.below(250)}.${random.below(250)}`;
  const put = (name: string): void => {
    const ip = address();
    wanted.set(name, ip);
    rig.api.put('services', service(name, ip));
  };
  for (let i = 0; i < objects; i++) put(`s${i}`);
  foreignWrites();
  // two replicas, of which one writes
  rig.api.install('coordination.k8s.io/v1', 'leases', 'Lease');
  const replicas = [rig, rig.beside()];
  const election = ['--leader-elect', '--leader-election-namespace=default', '--leader-election-lease-duration=2s', '--leader-election-renew-deadline=1500ms', '--leader-election-retry-period=200ms'];
  for (const replica of replicas) replica.start('--kube-api-qps=1000', '--interval=3s', '--max-delete-percent=100', '--stale-grace=0s', ...election);
  rig.webhook.onHalf = noteUnowned;

  for (let round = 1; Date.now() < end; round++) {
    const until = Math.min(end, Date.now() + 3000 + random.below(4000));
    while (Date.now() < until) {
      act();
      checkForeign();
      await sleep(random.below(60));
    }
    await quiet(round);
  }
  for (const replica of replicas) {
    const { code, tookMs } = await replica.kill('SIGTERM');
    if (code !== 0) throw new Error(`ended with ${code} after ${tookMs} ms`);
  }

  function act(): void {
    const name = `s${random.below(objects)}`;
    const action = random.pick([
      ['change', 40], ['remove', 6], ['cut', 2], ['compact', 1], ['api-fault', 2], ['provider-fault', 6], ['foreign', 4], ['kill', kills], ['burst', 1],
    ] as const);
    counts[action] = (counts[action] ?? 0) + 1;
    if (action === 'change') put(name);
    else if (action === 'burst') for (let i = 0; i < objects / 20; i++) put(`s${random.below(objects)}`);
    else if (action === 'remove') {
      if (wanted.delete(name)) rig.api.remove('services', name);
    } else if (action === 'cut') rig.api.cut(random.below(2) ? '{"type":"MODIFIED","obj' : '');
    else if (action === 'compact') {
      rig.api.tick();
      rig.api.compact();
      rig.api.cut();
    } else if (action === 'api-fault') {
      const answers: FakeAnswer[] = Array.from({ length: 1 + random.below(3) }, () => random.pick<FakeAnswer>([[{ status: 500 }, 2], [{ status: 429, headers: { 'retry-after': '1' } }, 1], ['reset', 1], [{ status: 200, body: 'garbage' }, 1]]));
      rig.api.fault = ({ path }) => (path.endsWith('/services') ? answers.shift() : undefined);
    } else if (action === 'provider-fault') {
      const faults: WebhookFault[] = Array.from({ length: 1 + random.below(2) }, () =>
        random.pick<WebhookFault>([[{ status: 500 }, 2], [{ status: 429, headers: { 'retry-after': '1' } }, 1], ['cut', 1], ['cut-after', 1], [{ share: random.below(100) / 100 }, 3], ['hang', 0.3], [{ status: 200, text: '{"not": "records"' }, 1]]),
      );
      rig.webhook.style = random.pick(wireStyles.map((style) => [style, 1] as const));
      // a process that cannot begin ends, and is started again by others: here it always can begin
      rig.webhook.fault = (method, path) => {
        const [next] = faults;
        const isForWrites = typeof next === 'object' && 'share' in next;
        return path === '/' || (isForWrites && (method !== 'POST' || path !== '/records')) ? undefined : faults.shift();
      };
    } else if (action === 'foreign') foreignWrites();
    else if (action === 'kill') {
      const replica = replicas[random.below(2)];
      void replica?.kill('SIGKILL').then(() => replica.start());
    }
  }

  /** Another owner makes and changes records of its own; it takes no name that is taken. */
  function foreignWrites(): void {
    const name = `${random.below(3) ? 'theirs' : 's'}${random.below(objects)}.example.org`;
    const held = rig.webhook.records.get(`${name}|A|`);
    if (held && !foreign.has(wireKey(held))) return;
    const records: WireRecord[] = [
      { dnsName: name, recordType: 'A', targets: [`198.51.100.${random.below(250)}`], recordTTL: 60 + random.below(600) },
      { dnsName: `a-${name}`, recordType: 'TXT', targets: ['"heritage=external-dns,external-dns/owner=other,external-dns/resource=service/other/x"'] },
    ];
    rig.webhook.put(...records);
    for (const record of records) foreign.set(wireKey(record), JSON.stringify(record));
  }

  function checkForeign(): void {
    for (const [key, record] of foreign) if (JSON.stringify(rig.webhook.records.get(key)) !== record) throw new Error(`${key} belongs to another, and is ${JSON.stringify(rig.webhook.records.get(key))} instead of ${record}`);
  }

  function unowned(): string[] {
    return [...rig.webhook.records.values()].filter((r) => r.recordType === 'A' && !foreign.has(wireKey(r)) && !rig.webhook.records.has(`a-${r.dnsName}|TXT|`)).map((r) => r.dnsName);
  }

  /** Names of which only our ownership stands. It does no harm, and is used again when the name is wanted again. */
  function textsAlone(): string[] {
    const names = [...rig.webhook.records.values()].filter((r) => r.recordType === 'TXT' && r.targets.join().includes('owner=me')).map((r) => r.dnsName.replace(/^a-/, ''));
    return names.filter((name) => !rig.webhook.records.has(`${name}|A|`));
  }

  function leader(): string {
    return (rig.api.get('leases', 'external-dns-me') as { spec?: { holderIdentity?: string } } | undefined)?.spec?.holderIdentity ?? '';
  }

  /** A provider that takes old records away before it writes the new ones may break off in between. */
  function noteUnowned(): void {
    counts['breaks'] = (counts['breaks'] ?? 0) + 1;
    for (const name of textsAlone()) brokenTexts.add(name);
    const left = unowned();
    for (const name of brokenUnder.keys()) if (!left.includes(name)) brokenUnder.delete(name);
    for (const name of left) {
      if (brokenUnder.has(name)) continue;
      if (rig.webhook.style === 'in-place') throw new Error(`${name} is left without ownership, though the provider did all in the order given`);
      brokenUnder.set(name, leader());
    }
  }

  /** What only a process that has ended, or that leads no more, could have mended is deleted by hand, as docs/safety.md has it. */
  function deleteByHand(): void {
    const left = new Set(unowned());
    for (const [name, who] of brokenUnder) {
      if (left.has(name) && who === leader()) continue;
      brokenUnder.delete(name);
      if (!left.has(name)) continue;
      rig.webhook.records.delete(`${name}|A|`);
      counts['by hand'] = (counts['by hand'] ?? 0) + 1;
    }
  }

  /** All faults end; within ten seconds all is as it is wanted. */
  async function quiet(round: number): Promise<void> {
    rig.api.fault = () => undefined;
    rig.webhook.fault = () => undefined;
    await rig.until('the processes run', () => replicas.every((r) => r.running)).catch(() => {
      throw new Error(`a process has ended by itself; the end of its log:\n${replicas.find((r) => !r.running)?.log.slice(-3000)}`);
    });
    // the fakes and one of the replicas do the work, in turn
    const pids = replicas.map((r) => r.pid);
    const waits = (): readonly number[] => [waitedForProcessorMs(process.pid), ...pids.map((pid) => waitedForProcessorMs(pid))];
    const [started, before] = [Date.now(), waits()];
    const waitedMs = (): number => {
      const [ours = 0, ...theirs] = waits().map((ms, i) => ms - (before[i] ?? 0));
      return ours + Math.max(...theirs);
    };
    const spentMs = (): number => Date.now() - started - waitedMs();
    const converged = (): boolean => {
      deleteByHand();
      return difference() === undefined;
    };
    await rig.until(`round ${round}: convergence within 10 s and what was waited for a processor`, () => converged() || spentMs() > 10_000, 120);
    await rig.until(`round ${round}: convergence`, converged, 0).catch((error: Error) => {
      error.message = `${error.message.slice(0, 200)}\nfirst difference: ${difference()}\nthe other's log:\n${replicas[1]?.log.slice(-3000)}`;
      throw error;
    });
    const took = Date.now() - started;
    worst.rounds = round;
    worst.tookMs = Math.max(worst.tookMs, took);
    const rss = Math.max(...replicas.map((r) => Number(readFileSync(`/proc/${r.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1]) / 1024));
    console.log(`round ${round}: converged after ${took} ms (waited ${waitedMs().toFixed(0)} ms for a processor); ${wanted.size} objects, ${rig.webhook.records.size} records, ${rss.toFixed(0)} MB; ${JSON.stringify(counts)}`);
    worst.rssMb = Math.max(worst.rssMb, rss);
    if (rss > 400) throw new Error(`${rss} MB are in use`);
    for (const replica of replicas) {
      const bug = replica.log.match(/.*(?:unhandled|TypeError|RangeError).*/i)?.[0];
      if (bug) throw new Error(`a bug shows in the log: ${bug}`);
      replica.log = '';
    }
  }

  function difference(): string | undefined {
    checkForeign();
    let ours = 0;
    for (const [object, ip] of wanted) {
      const name = `${object}.example.org`;
      if (foreign.has(`${name}|A|`)) continue;
      ours++;
      const record = rig.webhook.records.get(`${name}|A|`);
      if (record?.targets.join() !== ip) return `${name} is ${record?.targets.join() ?? 'not there'} instead of ${ip}`;
      if (!rig.webhook.records.has(`a-${name}|TXT|`)) return `${name} has no ownership`;
    }
    const alone = textsAlone();
    for (const name of brokenTexts) if (!alone.includes(name)) brokenTexts.delete(name);
    const unexplained = alone.filter((name) => !brokenTexts.has(name));
    if (unexplained.length > 0) return `${unexplained} have only their ownership`;
    counts['ownership alone'] = alone.length;
    const left = rig.webhook.records.size - foreign.size - 2 * ours - alone.length;
    return left === 0 ? undefined : `${left} records too many`;
  }
});
console.log(`chaos: passed; seed ${seed}, ${worst.rounds} rounds, the longest convergence took ${worst.tookMs} ms, at most ${worst.rssMb.toFixed(0)} MB were in use; ${JSON.stringify(counts)}`);
