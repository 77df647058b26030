import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, ChangeGroup, Outcome } from '../../src/endpoint/change.ts';
import type { Endpoint } from '../../src/endpoint/endpoint.ts';
import { type Metrics, noMetrics } from '../../src/metrics/metrics.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { create, group, lines, remove, update } from './rfc2136.ts';

const never = new AbortController().signal;
const keyOf = (e: Endpoint): string => `${e.dnsName} ${e.recordType}`;

/** What leads from the records to the wishes, a group for each name; those that go first. */
export function changesTo(records: readonly Endpoint[], wishes: readonly Endpoint[]): readonly ChangeGroup[] {
  const [there, wanted] = [records, wishes].map((endpoints) => new Map(endpoints.map((e) => [keyOf(e), e])));
  const gone = records.filter((e) => !wanted?.has(keyOf(e))).map(remove);
  const come = wishes.flatMap((e): Change[] => {
    const now = there?.get(keyOf(e));
    if (!now) return [create(e)];
    return lines([now])[0] === lines([e])[0] ? [] : [update(now, e)];
  });
  const byName = new Map<string, Change[]>();
  for (const change of [...gone, ...come]) {
    const { dnsName } = change.after ?? change.before;
    byName.set(dnsName, [...(byName.get(dnsName) ?? []), change]);
  }
  return [...byName.values()].map((changes) => group(...changes));
}

/** What a controller does: reads, compares, changes. Rejects where it cannot be read. */
export async function round(p: Provider, wishes: readonly Endpoint[], isOurs: (e: Endpoint) => boolean): Promise<readonly Outcome[]> {
  const { records = [] } = await p.snapshot(never);
  return p.apply(changesTo(records.filter(isOurs), await p.adjust(wishes, never)), never);
}

/** Rounds until nothing is left to do. */
export async function settle(p: Provider, wishes: readonly Endpoint[], isOurs: (e: Endpoint) => boolean): Promise<void> {
  for (let i = 0; i < 50; i++) {
    const outcomes = await round(p, wishes, isOurs).catch(() => undefined);
    if (outcomes?.length === 0) return;
    await sleep(20);
  }
  assert.fail('it does not settle');
}

/** Metrics that call `act` once, right after the given number of calls that change something. */
export class Trigger {
  readonly metrics: Metrics = {
    ...noMetrics,
    add: (name, labels) => {
      if (name === 'provider_calls_total' && labels?.['call'] === 'apply' && this.#act && --this.#calls === 0) {
        const act = this.#act;
        this.#act = undefined;
        act();
      }
    },
  };
  #calls = 0;
  #act: (() => void) | undefined;

  after(calls: number, act: () => void): void {
    this.#calls = calls;
    this.#act = act;
  }
}

/** Counts the requests that an HTTP client makes, and tells how long work takes. */
export class RequestCount {
  readonly metrics: Metrics = {
    ...noMetrics,
    observe: (name) => {
      if (name === 'http_request_duration_seconds') this.#requests++;
    },
  };
  readonly #tell: (text: string) => void;
  #requests = 0;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** The requests of some work. */
  async of(what: string, work: () => Promise<unknown>): Promise<number> {
    const [before, from] = [this.#requests, performance.now()];
    await work();
    const requests = this.#requests - before;
    this.#tell(`${what}: ${(performance.now() - from).toFixed(1)} ms, ${requests} calls`);
    return requests;
  }
}
