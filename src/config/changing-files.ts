import { statSync } from 'node:fs';

/** A value that is read from files, and read again when they change. */
export interface FromFiles<T> {
  /** The value as the files have it now; the same object as long as they are the same. While they cannot be used, what was read last stands. */
  current(): T;
}

/** Where a file that cannot be used is told of; a logger fits. */
export interface Warner {
  warning(message: string, fields: Readonly<Record<string, string>>): void;
}

/**
 * A value out of files that may be exchanged while the process runs, as mounted Secrets are. `read` throws where they cannot be used, with a message that
 * gives nothing secret away: the first time that goes to the caller; later it is told once, and what was read before stays in use.
 */
export function fromFiles<T>(paths: readonly string[], read: () => T, log: Warner): FromFiles<T> {
  let seen = stateOf(paths);
  let value = read();
  let told = false;
  return {
    current() {
      const state = stateOf(paths);
      if (state === seen) return value;
      try {
        const next = read();
        // somebody is still writing: with the next call
        if (stateOf(paths) !== state) return value;
        value = next;
        seen = state;
        told = false;
      } catch (error) {
        if (!told) log.warning('changed file cannot be used; what was read before stays in use', { file: paths.join(', '), reason: error instanceof Error ? error.message : String(error) });
        told = true;
      }
      return value;
    },
  };
}

/** Differs whenever one of the files has changed, or was exchanged for another. */
function stateOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      return stats ? `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}` : '';
    })
    .join('\n');
}
