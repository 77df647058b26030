import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Calls `changed` when something below a path may have changed: at once by the notices of the system, and every second in any case, since
 * notices are lost (network file systems, replaced folders). It is called again only after it has ended. Ends with the signal.
 */
export function watchTree(root: string, changed: () => Promise<void>, signal: AbortSignal): void {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;

  const run = async (): Promise<void> => {
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = true;
    do {
      again = false;
      await changed();
    } while (again && !signal.aborted);
    running = false;
    if (!signal.aborted) timer = setTimeout(() => void run(), pollMs);
  };
  const noticed = (): void => {
    if (running) {
      again = true;
      return;
    }
    // what an editor does is several notices
    clearTimeout(timer);
    timer = setTimeout(() => void run(), gatherMs);
  };
  const open = async (): Promise<void> => {
    try {
      // a file is seen by its folder: editors put a new one in its place
      const folder = (await stat(root)).isDirectory();
      watcher = watch(folder ? root : path.dirname(root), { recursive: folder, signal }, noticed);
      watcher.on('error', () => watcher?.close());
    } catch {
      // without notices the poll sees it
    }
  };

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  void open();
  timer = setTimeout(() => void run(), pollMs);
}

const gatherMs = 20;
const pollMs = 1000;
