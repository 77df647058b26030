import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigurationError, messageOf } from '../../errors.ts';
import { type ManifestObject, type ManifestText, parseManifests, type ParsedDocuments } from './parse.ts';

/** An object, and the file where it stands. */
export interface FileObject extends ManifestObject {
  readonly file: string;
}

interface ReadFile {
  readonly signature: string;
  readonly documents: ParsedDocuments;
  /** The last that could be understood; undefined: never. */
  readonly good: ManifestText | undefined;
  /** Why it cannot be understood now. */
  readonly error: string | undefined;
  readonly warnings: readonly string[];
}

/** What a scan found to tell; each is told once. */
export interface ScanNews {
  readonly changed: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** The manifests below a path (a directory, a file, or `-` for standard input), as they were when it was last scanned. */
export class ManifestFiles {
  readonly path: string;
  /** Where files may come, change and go; known after a scan. */
  folders: readonly string[] = [];
  #files: ReadonlyMap<string, ReadFile> = new Map();

  constructor(path: string) {
    this.path = path;
  }

  /** All objects, files in order of their names. Of a broken file those of its last good state. */
  *objects(): Generator<FileObject> {
    for (const [file, { good }] of this.#files) for (const object of good?.objects ?? []) yield { ...object, file };
  }

  /** Files that could never be understood: what they hold is not known. */
  get unknown(): readonly string[] {
    return [...this.#files.values()].flatMap(({ good, error }) => (good === undefined && error !== undefined ? [error] : []));
  }

  /** Reads what has changed since the last scan. Rejects with ConfigurationError if the path itself cannot be read. */
  async scan(): Promise<ScanNews> {
    const { names, folders } = this.path === '-' ? { names: ['-'], folders: [] } : await findManifests(this.path);
    const files = new Map<string, ReadFile>();
    let changed = names.length !== this.#files.size;
    const errors: string[] = [];
    const warnings: string[] = [];
    for (const file of names) {
      const known = this.#files.get(file);
      const now = await readManifest(file, known);
      if (now === undefined) {
        changed = true;
        continue;
      }
      files.set(file, now);
      if (now === known) continue;
      changed = true;
      if (now.error !== undefined && now.error !== known?.error) errors.push(now.error);
      warnings.push(...now.warnings.filter((warning) => !known?.warnings.includes(warning)));
    }
    this.#files = files;
    this.folders = folders;
    return { changed, errors, warnings };
  }
}

/** Undefined: it is gone. */
async function readManifest(file: string, known: ReadFile | undefined): Promise<ReadFile | undefined> {
  let text: string;
  let signature = '';
  try {
    if (file === '-') {
      if (known) return known;
      text = await readStandardInput();
    } else {
      const { mtimeMs, size, ino } = await stat(file);
      signature = `${mtimeMs} ${size} ${ino}`;
      if (known?.signature === signature) return known;
      if (size > maxFileBytes) return broken(signature, known, `${file}: is larger than ${maxFileBytes >> 20} MB`);
      text = await readFile(file, 'utf8');
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return broken(signature, known, `${file}: cannot be read: ${messageOf(error)}`);
  }
  const { documents, ...parsed } = parseManifests(text, known?.documents);
  const [first] = parsed.errors;
  const warnings = parsed.warnings.map(({ line, message }) => `${file}:${line}: ${message}`);
  if (first) return { ...broken(signature, known, `${file}:${first.line}: ${first.message}`), documents };
  return { signature, documents, good: parsed, error: undefined, warnings };
}

const broken = (signature: string, known: ReadFile | undefined, error: string): ReadFile => ({
  signature,
  documents: known?.documents ?? new Map(),
  good: known?.good,
  error,
  warnings: [],
});

/** The manifests at a path, in order. Hidden files and folders are left out: editors and mounted ConfigMaps keep copies in them. */
async function findManifests(root: string): Promise<{ readonly names: string[]; readonly folders: string[] }> {
  let isFile: boolean;
  try {
    isFile = !(await stat(root)).isDirectory();
  } catch (error) {
    throw new ConfigurationError(`manifests: ${root} cannot be read`, { cause: error });
  }
  // a file is seen by its folder: editors put a new one in its place
  if (isFile) return { names: [root], folders: [path.dirname(root)] };
  const names: string[] = [];
  const folders: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true });
    folders.push(folder);
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const at = path.join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await stat(at).catch(() => undefined) : entry;
      if (kind?.isDirectory()) {
        if (depth < maxDepth) await walk(at, depth + 1).catch(ignoreMissing);
      } else if (kind?.isFile() && /\.(ya?ml|json)$/i.test(entry.name)) {
        names.push(at);
      }
    }
  };
  await walk(root, 0);
  return { names: names.sort(), folders };
}

/** A folder may go while it is read. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

const maxFileBytes = 64 << 20;
/** Links can lead in circles. */
const maxDepth = 20;
