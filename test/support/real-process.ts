import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { which } from './dns-servers.ts';
import { freeze } from './freeze.ts';

const startMs = 20_000;

/** A real server in a folder of its own, that can be killed, frozen and started again. */
export class RealProcess {
  readonly dir: string;
  readonly #name: string;
  #command: readonly [string, readonly string[]] = ['', []];
  #readyUrl = '';
  #child: ChildProcess | undefined;
  #log = '';

  constructor(name: string) {
    this.#name = name;
    this.dir = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  }

  at(name: string): string {
    return path.join(this.dir, name);
  }

  /** `readyUrl`: gives an answer of 200 as soon as the server can be used. */
  async start(program: string, args: readonly string[], readyUrl: string): Promise<void> {
    this.#command = [which(program) ?? program, args];
    this.#readyUrl = readyUrl;
    await this.run();
  }

  /** Starts it again, as it was. */
  async run(): Promise<void> {
    const child = spawn(...this.#command, { cwd: this.dir, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (this.#log = `${this.#log}${data}`.slice(-20_000)));
    const end = Date.now() + startMs;
    while (!(await isUp(this.#readyUrl))) {
      if (child.exitCode !== null || Date.now() > end) throw new Error(`${this.#name} does not start: ${this.#log}`);
      await sleep(20);
    }
  }

  /** Ends the process; `SIGKILL` as a crash does. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    child.kill('SIGCONT');
    await ended;
  }

  freeze(): void {
    freeze(this.#child);
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }

  /** What a program prints. */
  tool(program: string, ...args: readonly string[]): string {
    return execFileSync(which(program) ?? program, args, { cwd: this.dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000 });
  }
}

async function isUp(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** The first block in a language on a page of the documentation. */
export function pageBlock(page: string, language: string): string {
  const text = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readFileSync(page, 'utf8'))?.[1];
  if (text === undefined) throw new Error(`${page} has no block in ${language}`);
  return text;
}

/** Puts something else into a text of the documentation; throws where it is not there. */
export function replaced(text: string, pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs).reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the documentation no longer says ${JSON.stringify(from)}`);
    return now.replaceAll(from, () => to);
  }, text);
}
