import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FakeApi, type FakeObject } from '../kubernetes/fake-api.ts';
import { FakeWebhook } from './fake-webhook.ts';
import { waitedForProcessorMs } from './processor-time.ts';

/** The running program between a fake API and a fake provider. */
export class Rig {
  readonly api: FakeApi;
  readonly webhook: FakeWebhook;
  log = '';
  /** Variables of the processes that are started. */
  env: Readonly<Record<string, string>> = {};
  #child: ChildProcess | undefined;
  #flags: readonly string[] = [];
  readonly #beside: Rig[] = [];

  private constructor(api: FakeApi, webhook: FakeWebhook) {
    this.api = api;
    this.webhook = webhook;
  }

  /** Runs a test with a rig of its own, and ends it. */
  static async with(test: (rig: Rig) => Promise<void>): Promise<void> {
    const rig = new Rig(await FakeApi.start(), await FakeWebhook.start());
    rig.api.install('v1', 'services', 'Service');
    rig.api.install('networking.k8s.io/v1', 'ingresses', 'Ingress');
    rig.api.install('externaldns.k8s.io/v1alpha1', 'dnsendpoints', 'DNSEndpoint');
    try {
      await test(rig);
    } catch (error) {
      if (error instanceof Error) error.message += `\nlog:\n${rig.log.slice(-4000)}`;
      throw error;
    } finally {
      await Promise.all([rig, ...rig.#beside].map((each) => each.kill('SIGKILL')));
      await Promise.all([rig.api.stop(), rig.webhook.stop()]);
    }
  }

  /** For a further process between the same API and provider; it ends with this one. */
  beside(): Rig {
    const rig = new Rig(this.api, this.webhook);
    this.#beside.push(rig);
    return rig;
  }

  /** Starts the program; again with the same flags where none are given. */
  start(...flags: string[]): void {
    if (flags.length) this.#flags = flags;
    const given = new Set(this.#flags.map((f) => f.split('=')[0]));
    const base = [
      `--server=${this.api.url}`, '--source=service', '--provider=webhook', `--webhook-provider-url=${this.webhook.url}`, '--policy=sync', '--registry=txt', '--txt-owner-id=me',
      '--interval=2s', '--kube-api-qps=1000', '--kube-api-burst=1000', '--metrics-address=127.0.0.1:0', '--webhook-provider-read-timeout=1s', '--webhook-provider-write-timeout=1s',
    ].filter((f) => f.startsWith('--source') ? !given.has('--source') : !given.has(f.split('=')[0] ?? ''));
    const child = spawn(process.execPath, [path.resolve(process.env['EXTERNAL_DNS_PROGRAM'] ?? 'bin/external-dns'), ...base, ...this.#flags], { env: { PATH: process.env['PATH'], HOME: '/nowhere', ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (this.log += data.toString()));
    this.#child = child;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** What the program answers at the port of its metrics; it must log at the level debug, so that the port is known. */
  async answer(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const port = [...this.log.matchAll(/metrics and health are served.* port=(\d+)/g)].at(-1)?.[1];
    const response = await fetch(`http://127.0.0.1:${port}/${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** Ends the program with a signal; gives its exit status (null: by the signal) and how long it took, in milliseconds. */
  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ code: number | null; tookMs: number }> {
    const child = this.#child;
    if (!child || !this.running) return { code: child?.exitCode ?? null, tookMs: 0 };
    const started = Date.now();
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return { code: await gone, tookMs: Date.now() - started };
  }

  /** Resolves with the exit status. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    return this.running ? new Promise((resolve) => child.once('exit', resolve)) : child.exitCode;
  }

  /** Records without ownership, in order: `web.example.org A 192.0.2.1`. */
  records(): string[] {
    return [...this.webhook.records.values()]
      .filter((r) => r.recordType !== 'TXT' || !String(r.targets[0]).includes('heritage='))
      .map((r) => `${r.dnsName} ${r.recordType} ${[...r.targets].sort().join(',')}`)
      .sort();
  }

  /** Waits until something holds; fails after some seconds, naming it. What the processes wait for a processor meanwhile does not count. */
  async until(what: string, holds: () => boolean | Promise<boolean>, seconds = 8): Promise<void> {
    const waited = (): number => waitedForProcessorMs(process.pid, ...[this, ...this.#beside].map((rig) => rig.pid));
    const [end, before] = [Date.now() + seconds * 1000, waited()];
    while (!(await holds())) {
      if (Date.now() > end + Math.max(0, waited() - before)) throw new Error(`${what}: not within ${seconds} s; the provider holds ${JSON.stringify(this.records())}`);
      await sleep(20);
    }
  }

  async untilRecords(...records: string[]): Promise<void> {
    const wanted = JSON.stringify([...records].sort());
    await this.until(`records ${wanted}`, () => JSON.stringify(this.records()) === wanted);
  }
}

export const service = (name: string, address: string, annotations: Readonly<Record<string, string>> = {}): FakeObject => ({
  metadata: { name, namespace: 'default', uid: name, annotations: { 'external-dns.kubernetes.io/hostname': `${name}.example.org`, ...annotations } },
  spec: { type: 'LoadBalancer' },
  status: { loadBalancer: { ingress: [{ ip: address }] } },
});
