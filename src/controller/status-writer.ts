import { messageOf } from '../errors.ts';
import type { ClusterWriter } from '../kubernetes/cluster.ts';
import type { Logger } from '../log/logger.ts';
import type { StatusWrite } from '../sources/engine/source-runner.ts';

/**
 * Writes statuses one after the other, at the rate that the client allows, apart from publishing.
 * Only the newest status of an object is written; one that fails is written again when its object is computed again.
 */
export class StatusWriter {
  readonly #writer: ClusterWriter;
  readonly #log: Logger;
  readonly #queue = new Map<string, StatusWrite>();
  readonly #stop: AbortSignal;
  #running: Promise<void> | undefined;

  constructor(writer: ClusterWriter, log: Logger, stop: AbortSignal) {
    this.#writer = writer;
    this.#log = log;
    this.#stop = stop;
  }

  add(writes: Iterable<StatusWrite>): void {
    for (const write of writes) this.#queue.set(`${write.resource.plural}/${write.namespace}/${write.name}`, write);
    if (this.#queue.size > 0) this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** Resolves when all that was added is written or has failed. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    for (const [key, write] of this.#queue) {
      if (this.#stop.aborted) return;
      this.#queue.delete(key);
      try {
        await this.#writer.patchStatus(write.resource, write.namespace, write.name, write.status, this.#stop);
      } catch (error) {
        if (!this.#stop.aborted) this.#log.warning('status cannot be written', { object: `${write.resource.kind}/${write.namespace}/${write.name}`, reason: messageOf(error) });
      }
    }
  }
}
