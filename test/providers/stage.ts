import { setMaxListeners } from 'node:events';
import type { Config } from '../../src/config/config.ts';
import { Controller } from '../../src/controller/controller.ts';
import { StatusWriter } from '../../src/controller/status-writer.ts';
import type { SyncResult } from '../../src/controller/synchronizer.ts';
import { createDomainFilter } from '../../src/endpoint/domain-filter.ts';
import { recordTypes } from '../../src/endpoint/endpoint.ts';
import { messageOf } from '../../src/errors.ts';
import type { LogFields, Logger } from '../../src/log/logger.ts';
import type { RawObject } from '../../src/kubernetes/object.ts';
import { noMetrics } from '../../src/metrics/metrics.ts';
import { loadProvider } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { FakeCluster } from '../support/fake-cluster.ts';
import { configOf, type Harness, startHarness } from '../support/harness.ts';
import type { Wish } from './records.ts';
import type { StoryApi, StoryFaults } from './story-api.ts';

/** What came of a run, as its user sees it. */
export interface Run {
  /** Whether the exit status is 0. */
  readonly ok: boolean;
  /** Why it is not. */
  readonly reasons: readonly string[];
  readonly applied: number;
  readonly failed: number;
  readonly log: readonly string[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface Process {
  readonly provider: Provider;
  readonly harness: Harness;
  readonly controller: Controller;
  readonly log: string[];
  readonly outcomes: { applied: number; failed: number };
}

/** Entries of a DNSEndpoint. */
const toAnObject = 40;

/** A cluster with DNSEndpoints, the whole program, and an API. */
export class Stage {
  readonly api: StoryApi;
  readonly #name: string;
  readonly #managedTypes: readonly string[];
  readonly #cluster = new FakeCluster();
  #options: Config | undefined;
  #generation = 0;
  #objects = 0;
  /** The process that stays. */
  #staying: Process | undefined;
  #counted = { all: 0, writes: 0 };

  constructor(name: string, api: StoryApi, managedTypes: readonly string[] = recordTypes) {
    this.#name = name;
    this.api = api;
    this.#managedTypes = managedTypes;
  }

  get faults(): StoryFaults {
    const { faults } = this.api;
    if (!faults) throw new Error(`nothing goes wrong with ${this.#name}`);
    return faults;
  }

  /** All that the cluster wants from now on. */
  wants(...endpoints: readonly Wish[]): void {
    this.#generation++;
    const objects = Array.from({ length: Math.ceil(endpoints.length / toAnObject) }, (_, i) => this.#object(i, endpoints.slice(i * toAnObject, (i + 1) * toAnObject)));
    for (const object of objects) this.#cluster.put(object);
    for (let i = objects.length; i < this.#objects; i++) this.#cluster.remove(this.#object(i, []));
    this.#objects = objects.length;
  }

  #object(i: number, endpoints: readonly Wish[]): RawObject {
    return { apiVersion: 'externaldns.k8s.io/v1alpha1', kind: 'DNSEndpoint', metadata: { name: `story${i}`, namespace: 'dns', uid: `story${i}`, generation: this.#generation }, spec: { endpoints } };
  }

  /** A new process, which ends after one sweep (--once). */
  async once(): Promise<Run> {
    let process: Process;
    try {
      process = await this.#start();
    } catch (error) {
      const reason = messageOf(error);
      return { ok: false, reasons: [reason], applied: 0, failed: 0, log: [reason], errors: [], warnings: [] };
    }
    try {
      const { ok, reasons } = await process.controller.once(never);
      return runOf(process, ok, reasons);
    } finally {
      await process.provider.close?.();
    }
  }

  /** A sweep of the process that stays. */
  sweep(): Promise<Run> {
    return this.#next((harness) => harness.sweep());
  }

  /** The process that stays publishes what has changed in the cluster. */
  event(): Promise<Run> {
    return this.#next((harness) => harness.event());
  }

  async passes(seconds: number): Promise<void> {
    const { harness } = (this.#staying ??= await this.#start());
    harness.clock.nowMs += seconds * 1000;
  }

  /** Calls since the last time. */
  taken(): { readonly all: number; readonly writes: number } {
    const [before, now] = [this.#counted, this.api.counts()];
    this.#counted = now;
    return { all: now.all - before.all, writes: now.writes - before.writes };
  }

  async close(): Promise<void> {
    await this.#staying?.provider.close?.();
    await this.api.close();
  }

  async #next(work: (harness: Harness) => Promise<SyncResult>): Promise<Run> {
    const process = (this.#staying ??= await this.#start());
    process.log.length = 0;
    const { error, applied, failed } = await work(process.harness);
    Object.assign(process.outcomes, { applied, failed });
    return runOf(process, error === undefined && failed === 0, error ? [messageOf(error)] : []);
  }

  async #start(): Promise<Process> {
    const { api } = this;
    // the same for all processes
    const options = (this.#options ??= configOf(`--provider=${this.#name}`, '--source=crd', '--max-delete-percent=100', '--batch-change-interval=0s', ...this.#managedTypes.map((type) => `--managed-record-types=${type}`), ...api.flags));
    const log: string[] = [];
    const logger = recorder(log);
    const setup = { options, env: api.env, domainFilter: await createDomainFilter({ include: options.domainFilter }), log: logger, metrics: noMetrics, signal: never };
    const provider = await (api.open?.(setup) ?? (await loadProvider(this.#name)).create(setup));
    try {
      const outcomes = { applied: 0, failed: 0 };
      const harness = await startHarness(this.#cluster, provider, options, logger);
      const { synchronizer, desired, clock } = harness;
      const onSynchronized = ({ applied, failed }: SyncResult): void => void Object.assign(outcomes, { applied, failed });
      const controller = new Controller({ synchronizer, desired, statusWriter: new StatusWriter(this.#cluster.writer, logger, never), intervalMs: 60_000, minEventSyncIntervalMs: 5_000, log: logger, metrics: noMetrics, now: () => clock.nowMs, onSynchronized });
      return { provider, harness, controller, log, outcomes };
    } catch (error) {
      await provider.close?.();
      throw error;
    }
  }
}

const runOf = ({ log, outcomes: { applied, failed } }: Process, ok: boolean, reasons: readonly string[]): Run => {
  const lines = [...log];
  const at = (level: string): string[] => lines.filter((l) => l.startsWith(`${level} `));
  return { ok, reasons, applied, failed, log: lines, errors: at('error'), warnings: at('warning') };
};

function recorder(lines: string[]): Logger {
  const at = (level: string) => (message: string, fields: LogFields = {}) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { level: 'debug', debug: at('debug'), info: at('info'), warning: at('warning'), error: at('error'), isEnabled: () => true };
}

const never = new AbortController().signal;
// many things end with it, as with the process
setMaxListeners(0, never);
