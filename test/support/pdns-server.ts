import { writeFileSync } from 'node:fs';
import { freePort, which } from './dns-servers.ts';
import { pageBlock, RealProcess, replaced } from './real-process.ts';

const page = 'docs/providers/pdns.md';
export const pdnsPrograms = ['pdns_server', 'pdnsutil', 'sqlite3', 'dig'] as const;

/** PowerDNS with the configuration, the database and the zone of its page, on ports of its own. */
export class PdnsServer extends RealProcess {
  readonly apiPort: number;
  readonly apiKey: string;
  readonly #dnsPort: number;

  private constructor(apiPort: number, dnsPort: number) {
    super('pdns');
    this.apiPort = apiPort;
    this.#dnsPort = dnsPort;
    const text = pageBlock(page, 'conf');
    this.apiKey = /^api-key=(.*)$/m.exec(text)?.[1] ?? '';
    const own = { '/var/lib/powerdns': this.dir, 'address=0.0.0.0': 'address=127.0.0.1', 'webserver-port=8081': `webserver-port=${apiPort}`, 'resolver=192.0.2.53': `resolver=127.0.0.1:${dnsPort}` };
    writeFileSync(this.at('pdns.conf'), `${replaced(text, own)}local-port=${dnsPort}\nsocket-dir=${this.dir}\n`);
  }

  static async open(): Promise<PdnsServer> {
    const server = new PdnsServer(await freePort(), await freePort());
    try {
      const commands = replaced(pageBlock(page, 'sh'), { '/var/lib/powerdns': server.dir, 'pdnsutil ': `${which('pdnsutil')} --config-dir=${server.dir} `, 'sqlite3 /': `${which('sqlite3')} /` });
      server.tool('sh', '-e', '-c', commands);
      // without a suffix it asks nobody on the Internet whether it is up to date
      await server.start('pdns_server', [`--config-dir=${server.dir}`, '--guardian=no', '--daemon=no', '--disable-syslog', '--write-pid=no', '--security-poll-suffix='], `http://127.0.0.1:${server.apiPort}/`);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  util(...args: readonly string[]): string {
    return this.tool('pdnsutil', `--config-dir=${this.dir}`, ...args);
  }

  sql(query: string): readonly string[] {
    return this.tool('sqlite3', '-cmd', '.timeout 2000', this.at('pdns.sqlite3'), query).split('\n').filter(Boolean);
  }

  dig(name: string, type: string): readonly string[] {
    return this.tool('dig', '@127.0.0.1', '-p', String(this.#dnsPort), '+short', '+tcp', '+tries=1', '+time=2', name, type).split('\n').filter(Boolean).sort();
  }
}
