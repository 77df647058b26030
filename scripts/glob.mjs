import { readdirSync } from 'node:fs';
import path from 'node:path';

/** All files below a directory that a test accepts, as paths with the directory, sorted. */
export function globSync(dir, accepts) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter(accepts)
    .sort();
}
