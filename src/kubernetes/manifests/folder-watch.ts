import { type FSWatcher, watch } from 'node:fs';

/**
 * Calls `scan` when something in one of some folders may have changed: at once by the notices of the system, and every second in any case, since
 * notices are lost (network file systems, folders that are replaced). `scan` gives the folders to watch from then on, and must not reject.
 * It is called again only after it has ended. Ends with the signal.
 */
export class FolderWatch {
  readonly #scan: () => Promise<readonly string[]>;
  readonly #signal: AbortSignal;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #again = false;

  constructor(scan: () => Promise<readonly string[]>, signal: AbortSignal) {
    this.#scan = scan;
    this.#signal = signal;
  }

  start(folders: readonly string[]): void {
    if (this.#signal.aborted) return;
    this.#signal.addEventListener('abort', () => this.#stop(), { once: true });
    this.#watch(folders);
    this.#timer = setTimeout(() => void this.#run(), pollMs);
  }

  #watch(folders: readonly string[]): void {
    const wanted = new Set(folders);
    for (const [folder, watcher] of this.#watchers) if (!wanted.has(folder)) this.#close(folder, watcher);
    for (const folder of wanted) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, () => this.#noticed());
        this.#watchers.set(folder, watcher);
        watcher.on('error', () => this.#close(folder, watcher));
      } catch {
        // gone, or too many watches: the poll sees it
      }
    }
  }

  #noticed(): void {
    this.#again = true;
    if (this.#running) return;
    // what an editor does is several notices
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), gatherMs);
  }

  async #run(): Promise<void> {
    this.#running = true;
    do {
      this.#again = false;
      const folders = await this.#scan();
      if (this.#signal.aborted) return;
      this.#watch(folders);
    } while (this.#again);
    this.#running = false;
    this.#timer = setTimeout(() => void this.#run(), pollMs);
  }

  #close(folder: string, watcher: FSWatcher): void {
    watcher.close();
    this.#watchers.delete(folder);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    for (const [folder, watcher] of this.#watchers) this.#close(folder, watcher);
  }
}

const gatherMs = 20;
const pollMs = 1000;
