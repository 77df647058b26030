import { execFileSync } from 'node:child_process';
import { freePort, which } from './dns-servers.ts';
import { pageBlock, RealProcess, replaced } from './real-process.ts';

const page = 'docs/providers/coredns.md';
export const etcdPrograms = ['etcd', 'etcdctl'] as const;
export const etcdPassword = 'not-for-use';

/** A member of etcd, started as the page on CoreDNS says, on ports of its own. */
export class EtcdServer extends RealProcess {
  readonly port: number;

  private constructor(port: number) {
    super('etcd');
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  static async open(): Promise<EtcdServer> {
    const server = new EtcdServer(await freePort());
    try {
      const command = replaced(pageBlock(page, 'etcd'), { '127.0.0.1:2379': `127.0.0.1:${server.port}`, '/var/lib/etcd': server.at('data') });
      const [program = '', ...args] = command.split(/[\s\\]+/).filter(Boolean);
      const peer = `http://127.0.0.1:${await freePort()}`;
      // a member that is alone need not wait for others
      const own = [`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=dns=${peer}`, '--heartbeat-interval=10', '--election-timeout=100'];
      await server.start(program, [...args, ...own], `${server.url}/health`);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  ctl(...args: readonly string[]): string {
    return this.tool('etcdctl', `--endpoints=${this.url}`, ...args);
  }

  /** Keys below a prefix with their values. */
  keys(prefix: string, ...args: readonly string[]): ReadonlyMap<string, string> {
    const printed = this.ctl('get', '--prefix', prefix, ...args).split('\n');
    return new Map(printed.flatMap((key, i) => (i % 2 === 0 && key !== '' ? [[key, printed[i + 1] ?? '']] : [])));
  }

  /** Makes the users of the page, with `etcdPassword`; the user is `dns-writer`. */
  wantUsers(): void {
    const commands = replaced(pageBlock(page, 'etcdctl'), { 'user add dns-writer': `user add dns-writer:${etcdPassword}`, 'user add root': `user add root:${etcdPassword}`, 'etcdctl ': `${which('etcdctl')} --endpoints=${this.url} ` });
    execFileSync('sh', ['-e', '-c', commands], { stdio: 'pipe', timeout: 10_000 });
  }
}
