import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a server on the loopback, and can lose answers: the server has done its work, and the client does not know. */
export class LossyProxy {
  port = 0;
  /** So many of the next answers are lost. */
  lose = 0;
  lost = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(targetPort: number) {
    this.#server = createServer((client) => {
      const server = connect(targetPort, '127.0.0.1');
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}).on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          server.destroy();
        });
      }
      client.on('data', (data) => void server.write(data));
      server.on('data', (data) => {
        if (this.lose === 0) return void client.write(data);
        this.lose--;
        this.lost++;
        client.destroy();
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    return this;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
