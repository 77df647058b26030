import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SoftError } from '../../errors.ts';
import type { Logger } from '../../log/logger.ts';
import { asRecord, asText, isRecord, withoutNoise } from '../keep.ts';
import { type KubeObject, type RawObject, type Resource, resourceName } from '../object.ts';
import type { StoreWriter } from '../store.ts';
import { ApiError, apiError, isExpired } from './api-error.ts';
import { Backoff } from './backoff.ts';
import { type ApiClient, UnreachableError } from './client.ts';
import type { Discovery } from './discovery.ts';
import { explainFailure, type Failure, notInstalled } from './failures.ts';
import { listPages } from './list-pages.ts';
import { apiVersionOf, collectionPath } from './paths.ts';
import { watchEvents } from './watch-events.ts';

/** All waits of a reflector, in milliseconds; tests have shorter ones. */
export interface ReflectorTiming {
  /**
   * Between tries, growing to the longest. The first is as in client-go and kube-rs; the longest is shorter than their 30 s, so that changes are
   * published soon after the API server is back. Each is up to twice as long, at random.
   */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** What went well for this long ends the growing. */
  readonly goodTimeMs: number;
  /** Between looks for what is not installed. */
  readonly notInstalledMs: number;
  /** After this time of failures that may pass the view counts as failed. */
  readonly failedAfterMs: number;
  /** The server is asked to end a watch after this time, up to twice as long, at random. */
  readonly watchMs: number;
  /** A watch that has shown bookmarks, which come every minute, and then nothing for this time is dead. */
  readonly silenceMs: number;
}

export const reflectorTiming: ReflectorTiming = {
  firstBackoffMs: 800,
  longestBackoffMs: 4_000,
  goodTimeMs: 120_000,
  notInstalledMs: 30_000,
  failedAfterMs: 30_000,
  watchMs: 300_000,
  silenceMs: 180_000,
};

export interface ReflectorSetup<T extends KubeObject> {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  /** For messages: where the URL and the credentials come from. */
  readonly origin: string;
  readonly resource: Resource<T>;
  /** '' for all. */
  readonly namespace: string;
  /** Flags that ask for the resource; they may still be coming. */
  readonly neededBy: ReadonlySet<string>;
  readonly writer: StoreWriter<T>;
  readonly log: Logger;
  readonly timing: ReflectorTiming;
}

/** Keeps a store the same as a collection of the API: lists it, watches it from there, and begins anew where the watch cannot go on. */
export class Reflector<T extends KubeObject> {
  readonly #setup: ReflectorSetup<T>;
  readonly #name: string;
  readonly #backoff: Backoff;
  #whole = false;
  /** From where to watch; undefined: a list is needed. */
  #position: { readonly version: string; resourceVersion: string } | undefined;
  /** Where the present list or watch is cut. */
  #turn = new AbortController();
  #failingSinceMs: number | undefined;
  #failure: Failure | undefined;
  #badWatches = 0;
  #listedAtMs = Number.NEGATIVE_INFINITY;
  readonly #warned = new Set<string>();

  constructor(setup: ReflectorSetup<T>) {
    this.#setup = setup;
    this.#name = resourceName(setup.resource) + (setup.namespace && setup.resource.namespaced ? ` in ${setup.namespace}` : '');
    this.#backoff = new Backoff(setup.timing);
  }

  /** From now on whole objects are kept; what was read before is read again. */
  keepWhole(): void {
    if (this.#whole) return;
    this.#whole = true;
    if (this.#position === undefined) {
      this.#turn.abort();
      return;
    }
    this.#position = undefined;
    this.#setup.writer.restart();
    this.#turn.abort();
  }

  /** Reads until the signal; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const turn = new AbortController();
      this.#turn = turn;
      const stop = (): void => turn.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      const watching = this.#position !== undefined;
      const startedMs = performance.now();
      try {
        if (this.#position === undefined) await this.#list(turn.signal);
        else await this.#watch(this.#position, turn.signal);
      } catch (error) {
        if (!turn.signal.aborted) await this.#failed(error, watching ? 'watch' : 'list', watching ? performance.now() : startedMs, turn.signal);
      } finally {
        signal.removeEventListener('abort', stop);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, resource, namespace, writer } = this.#setup;
    const versions = this.#failure?.reason === 'not-installed' ? await this.#installedVersions(signal) : resource.versions;
    for (const version of versions) {
      writer.startList();
      let resourceVersion = '';
      try {
        for await (const page of listPages(client, collectionPath(resource, version, namespace), () => writer.startList(), signal)) {
          resourceVersion = page.resourceVersion;
          for (const item of page.items) {
            const object = this.#keep(item, version, page.kind);
            if (object) writer.add(object);
          }
        }
      } catch (error) {
        // the path is not served: the next version, if there is one
        if (error instanceof ApiError && error.status === 404) continue;
        throw error;
      }
      signal.throwIfAborted();
      this.#position = { version, resourceVersion };
      writer.finishList(version);
      this.#backoff.succeeded();
      this.#listedAtMs = performance.now();
      this.#recovered();
      this.#setup.log.debug('resource is listed', { resource: this.#name, version: apiVersionOf(resource.group, version) });
      return;
    }
    throw new NotInstalledError(notInstalled(resource, this.#setup.neededBy));
  }

  async #installedVersions(signal: AbortSignal): Promise<readonly string[]> {
    const { discovery, resource } = this.#setup;
    try {
      const version = await discovery.servedVersion(resource, signal);
      return version === undefined ? [] : [version];
    } catch (error) {
      // who may not look must try
      if (error instanceof ApiError && error.status === 403) return resource.versions;
      throw error;
    }
  }

  async #watch(position: { readonly version: string; resourceVersion: string }, signal: AbortSignal): Promise<void> {
    const { client, resource, namespace, timing } = this.#setup;
    const watchMs = Math.round(timing.watchMs * (1 + Math.random()));
    const query = new URLSearchParams({ watch: '1', allowWatchBookmarks: 'true', resourceVersion: position.resourceVersion, timeoutSeconds: String(Math.max(1, Math.round(watchMs / 1000))) });
    const cut = new AbortController();
    const stop = (): void => cut.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const guard = new SilenceGuard(() => cut.abort(), watchMs + graceMs);
    const started = performance.now();
    let gave = false;
    try {
      const path = `${collectionPath(resource, position.version, namespace)}?${query}`;
      const stream = client.stream({ path, priority: 'watch' }, () => this.#watchOpened(), cut.signal);
      for await (const events of watchEvents(stream)) {
        gave = true;
        this.#badWatches = 0;
        this.#backoff.succeeded();
        const bookmarked = this.#handle(events, position);
        guard.heard(bookmarked ? timing.silenceMs : undefined);
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) throw error;
      // silence: the server should have ended it; it is resumed as after an end
      if (!cut.signal.aborted) throw error;
      this.#setup.log.debug('watch was silent for too long and is resumed', { resource: this.#name });
      return;
    } finally {
      guard.stop();
      signal.removeEventListener('abort', stop);
      cut.abort();
    }
    if (!gave && performance.now() - started < shortWatchMs) throw new SoftError('the watch ended at once');
  }

  /** Gives whether there was a bookmark. */
  #handle(events: readonly { readonly type: string; readonly object: RawObject }[], position: { readonly version: string; resourceVersion: string }): boolean {
    const { writer } = this.#setup;
    let bookmarked = false;
    try {
      for (const { type, object } of events) {
        if (type === 'ERROR') throw apiError(500, object);
        const metadata = asRecord(object['metadata']);
        if (type === 'ADDED' || type === 'MODIFIED') {
          const kept = this.#keep(object, position.version);
          if (kept) writer.apply(kept);
        } else if (type === 'DELETED') {
          writer.remove(asText(metadata['namespace']) ?? '', asText(metadata['name']) ?? '');
        } else if (type === 'BOOKMARK') {
          bookmarked = true;
        } else {
          continue;
        }
        position.resourceVersion = asText(metadata['resourceVersion']) || position.resourceVersion;
      }
    } finally {
      // what came before an error counts
      writer.flush();
    }
    return bookmarked;
  }

  #keep(raw: unknown, version: string, listed = ''): T | undefined {
    const { resource } = this.#setup;
    if (!isRecord(raw) || !asText(asRecord(raw['metadata'])['name'])) {
      this.#warn('', 'object without a name is left out');
      return undefined;
    }
    // items of lists do not say what they are
    const full = asText(raw['kind']) && asText(raw['apiVersion']) ? raw : { ...raw, apiVersion: apiVersionOf(resource.group, version), kind: resource.kind || listed };
    try {
      const kept = resource.keep(full);
      return this.#whole ? { ...kept, raw: withoutNoise(full) } : kept;
    } catch (error) {
      const metadata = asRecord(raw['metadata']);
      this.#warn(`${asText(metadata['namespace']) ?? ''}/${asText(metadata['name']) ?? ''}`, `object is left out, since it cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }

  #warn(object: string, message: string): void {
    if (this.#warned.has(object)) return;
    this.#warned.add(object);
    this.#setup.log.warning(message, { resource: this.#name, ...(object && { object }) });
  }

  #watchOpened(): void {
    if (this.#failure) this.#setup.writer.recover();
    this.#recovered();
  }

  #recovered(): void {
    this.#failingSinceMs = undefined;
    if (!this.#failure) return;
    this.#failure = undefined;
    this.#setup.log.info('resource can be read again', { resource: this.#name });
  }

  async #failed(error: unknown, verb: 'list' | 'watch', sinceMs: number, signal: AbortSignal): Promise<void> {
    const { log, timing } = this.#setup;
    const expired = isExpired(error);
    if (verb === 'watch') {
      const gone = expired || (error instanceof ApiError && error.status === 404);
      // a server that does not understand where to go on from, or sends nothing but rubbish: begin anew
      if (!isPassing(error)) this.#badWatches++;
      if (gone || this.#badWatches >= maxBadWatches) {
        this.#position = undefined;
        this.#badWatches = 0;
      }
    }
    log.debug(expired ? 'watch is too far behind; listing again' : `${verb} failed`, { resource: this.#name, error: messageOf(error) });
    // no trouble, but the answer of a server that is well: unless the list was made only just now, the next is made at once
    if (expired && performance.now() - this.#listedAtMs > shortWatchMs) return;
    const failure = await this.#explain(error, verb, signal);
    if (signal.aborted) return;
    if (!expired) this.#note(failure, sinceMs);
    const retryAfterMs = error instanceof SoftError ? (error.retryAfterMs ?? 0) : 0;
    const waitMs = failure.reason === 'not-installed' ? timing.notInstalledMs * (0.75 + 0.5 * Math.random()) : Math.max(this.#backoff.nextMs(), retryAfterMs);
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }

  async #explain(error: unknown, verb: 'list' | 'watch', signal: AbortSignal): Promise<Failure> {
    const { client, resource, namespace, origin } = this.#setup;
    if (error instanceof NotInstalledError) return error.failure;
    const failure = explainFailure(error, { resource, namespace, verb, server: client.server, origin });
    // what may not be read is refused before it is looked for: perhaps it is not there at all
    if (failure.reason !== 'forbidden' || resource.group === '') return failure;
    const served = await this.#installedVersions(signal).catch(() => resource.versions);
    return served.length > 0 ? failure : notInstalled(resource, this.#setup.neededBy);
  }

  /** A failure that may pass counts only when it has lasted. */
  #note(failure: Failure, sinceMs: number): void {
    const { log, writer, timing } = this.#setup;
    this.#failingSinceMs ??= sinceMs;
    if (failure.passing && performance.now() - this.#failingSinceMs < timing.failedAfterMs) return;
    const { reason, message } = failure;
    writer.fail(reason, message);
    if (this.#failure?.message !== message) log.warning('resource cannot be read', { resource: this.#name, reason: message });
    this.#failure = failure;
  }
}

/** The server is away, or busy: the place where to go on is good still. */
const isPassing = (error: unknown): boolean => error instanceof UnreachableError || (error instanceof ApiError && (error.status >= 500 || [401, 403, 408, 429].includes(error.status)));

class NotInstalledError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Calls `cut` when nothing is heard for too long. */
class SilenceGuard {
  readonly #cut: () => void;
  #timer: NodeJS.Timeout;
  #limitMs: number;

  constructor(cut: () => void, limitMs: number) {
    this.#cut = cut;
    this.#limitMs = limitMs;
    this.#timer = setTimeout(cut, limitMs);
  }

  /** `limitMs`: how long it may be silent from now on; undefined: as before. */
  heard(limitMs: number | undefined): void {
    if (limitMs !== undefined && limitMs < this.#limitMs) {
      this.#limitMs = limitMs;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(this.#cut, limitMs);
    } else {
      this.#timer.refresh();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** How much later than asked for the end of a watch may come. */
const graceMs = 15_000;
/** A watch that ends sooner, with nothing said, is a failure; else the end is that which was asked for. */
const shortWatchMs = 1000;
const maxBadWatches = 3;
