import { writeFileSync } from 'node:fs';
import { freePort } from './dns-servers.ts';
import { pageBlock, RealProcess, replaced } from './real-process.ts';

/** CoreDNS with the Corefile of its page, on a port of its own, before an etcd. It keeps no answers. */
export class CoreDnsServer extends RealProcess {
  readonly #port: number;

  private constructor(port: number) {
    super('coredns');
    this.#port = port;
  }

  static async open(etcdPort: number): Promise<CoreDnsServer> {
    const server = new CoreDnsServer(await freePort());
    try {
      const health = `127.0.0.1:${await freePort()}`;
      writeFileSync(server.at('Corefile'), replaced(pageBlock('docs/providers/coredns.md', 'corefile'), { '127.0.0.1:2379': `127.0.0.1:${etcdPort}`, 'cache 30': `health ${health}` }));
      await server.start('coredns', ['-conf', server.at('Corefile'), '-dns.port', String(server.#port)], `http://${health}/health`);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  dig(name: string, type: string): readonly string[] {
    return this.tool('dig', '@127.0.0.1', '-p', String(this.#port), '+short', '+tcp', '+tries=1', '+time=2', name, type).split('\n').filter(Boolean).sort();
  }
}
