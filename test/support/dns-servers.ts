import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeze } from './freeze.ts';

/** The path of a program, also where only root looks for it; undefined where it is not installed. */
export function which(name: string): string | undefined {
  for (const dir of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin']) {
    try {
      accessSync(path.join(dir, name), constants.X_OK);
      return path.join(dir, name);
    } catch {
      // not there
    }
  }
  return undefined;
}

export type ServerKind = 'bind' | 'knot';
export const serverPrograms: Readonly<Record<ServerKind, string>> = { bind: 'named', knot: 'knotd' };

/** A real DNS server with the configuration of docs/providers/rfc2136.md, in a folder and on a port of its own. */
export class RealServer {
  readonly port: number;
  readonly #kind: ServerKind;
  readonly #dir: string;
  #child: ChildProcess | undefined;
  #log = '';

  private constructor(kind: ServerKind, dir: string, port: number) {
    this.#kind = kind;
    this.#dir = dir;
    this.port = port;
  }

  /** `zone`: lines that are added to the zone file; `change`: what is to be different in the configuration. */
  static async start(kind: ServerKind, zone: readonly string[] = [], change: (configuration: string) => string = (text) => text): Promise<RealServer> {
    const server = new RealServer(kind, mkdtempSync(path.join(os.tmpdir(), `${kind}-`)), await freePort());
    server.#configure(zone, change);
    await server.run();
    return server;
  }

  async run(): Promise<void> {
    const [file, args] = this.#kind === 'bind' ? [this.#copy(which('named') ?? 'named'), ['-g', '-n', '1', '-c', this.#at('named.conf')]] : [which('knotd') ?? 'knotd', ['-c', this.#at('knot.conf')]];
    const child = spawn(file, args, { cwd: this.#dir, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (this.#log = `${this.#log}${data}`.slice(-20_000)));
    const isReady = this.#kind === 'bind' ? /all zones loaded[^]*running/ : /\[example\.org\.\] loaded/;
    this.#log = '';
    for (const end = Date.now() + 20_000; !isReady.test(this.#log); await sleep(20)) if (child.exitCode !== null || Date.now() > end) throw new Error(`${this.#kind} does not start: ${this.#log}`);
  }

  /** Ends the process; `SIGKILL` as a crash does. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill(signal);
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
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #at(name: string): string {
    return path.join(this.#dir, name);
  }

  #configure(zone: readonly string[], change: (configuration: string) => string): void {
    mkdirSync(this.#at('db'));
    writeFileSync(this.#at('example.org.zone'), `${example('zone')}${zone.join('\n')}\n`);
    const text = change(example(this.#kind));
    if (this.#kind === 'bind') {
      // BIND up to 9.18 wants a lock file in /run, unless told otherwise
      const lock = / 9\.1\d/.test(execFileSync(which('named') ?? 'named', ['-v'], { encoding: 'utf8' })) ? 'lock-file none;' : '';
      const own = `options {\n  pid-file none; session-keyfile "${this.#at('session.key')}"; managed-keys-directory "${this.#dir}"; notify no; ${lock}`;
      writeFileSync(this.#at('named.conf'), `controls { };\n${text.replaceAll(/\/var\/(cache|lib)\/bind/g, this.#dir).replace('port 53 { any; }', `port ${this.port} { 127.0.0.1; }`).replace('options {', own)}`);
    } else {
      const own = `server:\n  rundir: ${this.#dir}\n  pidfile: ${this.#at('knot.pid')}`;
      const database = `database:\n  storage: ${this.#at('db')}\n  journal-db-max-size: 50M\n  kasp-db-max-size: 10M\n  timer-db-max-size: 5M\nlog:\n  - target: stderr\n    any: info\n`;
      writeFileSync(this.#at('knot.conf'), `${text.replaceAll('/var/lib/knot', this.#dir).replace('0.0.0.0@53', `127.0.0.1@${this.port}`).replace('server:', own)}${database}`);
    }
  }

  /** AppArmor's profile of the installed program forbids other folders. */
  #copy(program: string): string {
    const copy = this.#at('named');
    if (!existsSync(copy)) copyFileSync(program, copy);
    return copy;
  }
}

/** A piece of the page on these servers. */
export function example(language: ServerKind | 'zone'): string {
  const text = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(readFileSync('docs/providers/rfc2136.md', 'utf8'))?.[1];
  if (text === undefined) throw new Error(`docs/providers/rfc2136.md has no example for ${language}`);
  return text;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
