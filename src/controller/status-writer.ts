import { messageOf } from '../errors.ts';
import { ApiError } from '../kubernetes/client/api-error.ts';
import type { ClusterWriter } from '../kubernetes/cluster.ts';
import { type Resource, resourceName } from '../kubernetes/object.ts';
import type { Logger } from '../log/logger.ts';
import type { StatusWrite } from '../sources/engine/source-runner.ts';

/** Annotations to be set at an object; null takes one off. */
export interface AnnotationWrite {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string | null>>;
}

/** What is written at an object. */
export type ObjectWrite = StatusWrite | AnnotationWrite;

/**
 * Writes statuses and annotations one after the other, at the rate that the client allows, apart from publishing.
 * Only the newest of an object is written; one that fails is written again when its object is looked at again.
 */
export class StatusWriter {
  readonly #writer: ClusterWriter;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #queue = new Map<string, ObjectWrite>();
  /** What was forbidden, how often in a row, and until when it is not tried again. */
  readonly #forbidden = new Map<string, { readonly times: number; readonly untilMs: number }>();
  /** Writes that failed since the last that did not. */
  #failures = 0;
  readonly #stop: AbortSignal;
  #running: Promise<void> | undefined;

  constructor(writer: ClusterWriter, log: Logger, stop: AbortSignal, now: () => number = Date.now) {
    this.#writer = writer;
    this.#log = log;
    this.#now = now;
    this.#stop = stop;
  }

  add(writes: Iterable<ObjectWrite>): void {
    const nowMs = this.#now();
    for (const write of writes) if ((this.#forbidden.get(rightOf(write))?.untilMs ?? nowMs) <= nowMs) this.#queue.set(`${rightOf(write)}/${write.name}`, write);
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
      const { resource, namespace, name } = write;
      try {
        if ('status' in write) await this.#writer.patchStatus(resource, namespace, name, write.status, this.#stop);
        else await this.#writer.patchAnnotations(resource, namespace, name, write.annotations, this.#stop);
        this.#forbidden.delete(rightOf(write));
        this.#failures = 0;
      } catch (error) {
        if (this.#stop.aborted) return;
        this.#failed(write, error);
      }
    }
  }

  #failed(write: ObjectWrite, error: unknown): void {
    const { resource, namespace, name } = write;
    // what fails for one thing after the other fails for one reason
    const isNews = ++this.#failures <= mostInARow;
    (isNews ? this.#log.warning : this.#log.debug).call(this.#log, `${'status' in write ? 'status' : 'annotation'} cannot be written`, { object: `${resource.kind}/${namespace}/${name}`, reason: messageOf(error) });
    if (!(error instanceof ApiError) || error.status !== 403) return;
    const right = rightOf(write);
    const times = (this.#forbidden.get(right)?.times ?? 0) + 1;
    const untilMs = times < mostInARow ? Number.NEGATIVE_INFINITY : this.#now() + forbiddenMs;
    this.#forbidden.set(right, { times, untilMs });
    if (times >= mostInARow) for (const [key, waiting] of this.#queue) if (rightOf(waiting) === right) this.#queue.delete(key);
  }
}

/** What a right in the cluster is given for. */
const rightOf = (write: ObjectWrite): string => `${'status' in write ? 'status' : 'annotations'} ${resourceName(write.resource)} ${write.namespace}`;

const mostInARow = 3;
/** So long nothing is tried for which a right is missing; then one object finds out whether it still is. */
const forbiddenMs = 5 * 60_000;
