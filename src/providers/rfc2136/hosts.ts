import { messageOf, SoftError } from '../../errors.ts';
import { isCertainlyUndone } from '../../http/client/errors.ts';
import type { DnsClient } from '../../dns/client.ts';
import type { Logger } from '../../log/logger.ts';

export type Strategy = 'disabled' | 'round-robin' | 'random';

/**
 * The servers of --rfc2136-host. Reading and updating take turns apart from each other.
 *
 *   disabled      the first; after a failure the next, which then stays
 *   round-robin   one after the other
 *   random        any
 *
 * Whatever the strategy: where one fails or refuses, the others are asked.
 */
export class Hosts {
  readonly clients: readonly DnsClient[];
  readonly #strategy: Strategy;
  readonly #log: Logger;
  readonly #random: () => number;
  readonly #turn = { read: 0, update: 0 };

  constructor(clients: readonly DnsClient[], strategy: Strategy, log: Logger, random: () => number = Math.random) {
    this.clients = clients;
    this.#strategy = strategy;
    this.#log = log;
    this.#random = random;
  }

  /** Does something with the first server that can. Rejects with the error that says most, and the reasons of all. */
  async any<T>(operation: 'read' | 'update', work: (client: DnsClient) => Promise<T>, signal: AbortSignal): Promise<T> {
    const failures: Error[] = [];
    for (const at of this.#order(operation)) {
      const client = this.clients[at];
      if (!client) continue;
      try {
        const result = await work(client);
        if (this.#strategy === 'disabled') this.#turn[operation] = at;
        return result;
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        failures.push(error);
        if (signal.aborted) break;
        if (failures.length < this.clients.length) this.#log.warning('DNS server is passed over for the next', { server: client.name, reason: messageOf(error) });
      }
    }
    const worst = failures.toSorted((a, b) => rank(a) - rank(b))[0] ?? new Error('there is no DNS server');
    if (failures.length > 1) worst.message = failures.map((f) => f.message).join('; ');
    throw worst;
  }

  close(): void {
    for (const client of this.clients) client.close();
  }

  #order(operation: 'read' | 'update'): readonly number[] {
    const { length } = this.clients;
    const first = this.#strategy === 'random' ? Math.floor(this.#random() * length) : this.#turn[operation];
    if (this.#strategy === 'round-robin') this.#turn[operation] = (first + 1) % length;
    return this.clients.map((_, i) => (first + i) % length);
  }
}

/** Most of all counts that something may have been changed, then a clear answer, then that nobody was reached. */
function rank(error: Error): number {
  if (isCertainlyUndone(error)) return 2;
  return error instanceof SoftError ? 0 : 1;
}
