import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import { version } from '../../config/version.ts';
import { ConfigurationError, messageOf } from '../../errors.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import { asRecord, asText, keepAll } from '../../kubernetes/keep.ts';
import type { RawObject, Resource } from '../../kubernetes/object.ts';
import type { Logger } from '../../log/logger.ts';
import type { HeldBase } from '../../plan/brake.ts';

/** Where a small text is kept from one run to the next. */
export interface StateStore {
  /** undefined: nothing was written yet. */
  read(signal: AbortSignal): Promise<string | undefined>;
  write(text: string, signal: AbortSignal): Promise<void>;
}

/**
 * The store that --state names: a file, or `configmap:NAMESPACE/NAME`; undefined for ''.
 * @throws ConfigurationError
 */
export function openState(place: string, writer: ClusterWriter): StateStore | undefined {
  if (place === '') return undefined;
  if (!place.startsWith('configmap:')) return fileState(place);
  const [namespace = '', name = '', ...more] = place.slice('configmap:'.length).split('/');
  if (namespace === '' || name === '' || more.length > 0) throw new ConfigurationError(`--state=${place} names no ConfigMap; write configmap:NAMESPACE/NAME`);
  return configMapState(writer, namespace, name);
}

function fileState(path: string): StateStore {
  return {
    async read() {
      return readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
    },
    async write(text) {
      // a process that ends in the middle leaves the old one
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    },
  };
}

const ConfigMap: Resource = { group: '', versions: ['v1'], plural: 'configmaps', kind: 'ConfigMap', namespaced: true, keep: keepAll };
const stateKey = 'state.json';

function configMapState(writer: ClusterWriter, namespace: string, name: string): StateStore {
  const get = (signal: AbortSignal): Promise<RawObject | undefined> => writer.get(ConfigMap, namespace, name, signal);
  return {
    async read(signal) {
      return asText(asRecord((await get(signal))?.['data'])[stateKey]);
    },
    async write(text, signal) {
      const standing = await get(signal);
      const object = { ...(standing ?? { metadata: { namespace, name } }), data: { ...asRecord(standing?.['data']), [stateKey]: text } };
      await (standing ? writer.replace(ConfigMap, object, signal) : writer.create(ConfigMap, object, signal));
    },
  };
}

/** Flags by which other records are wanted, or other records are ours; by the names of their properties. */
const rememberedFlags = {
  provider: 'provider', source: 'source', registry: 'registry', policy: 'policy', namespace: 'namespace', server: 'server',
  txtOwnerId: 'txt-owner-id', txtPrefix: 'txt-prefix', txtSuffix: 'txt-suffix', txtWildcardReplacement: 'txt-wildcard-replacement', migrateFromTxtOwner: 'migrate-from-txt-owner', crdRegistryNamespace: 'crd-registry-namespace',
  annotationPrefix: 'annotation-prefix', enableLegacyAnnotationPrefix: 'enable-legacy-annotation-prefix', annotationFilter: 'annotation-filter', labelFilter: 'label-filter', ingressClass: 'ingress-class',
  domainFilter: 'domain-filter', excludeDomains: 'exclude-domains', regexDomainFilter: 'regex-domain-filter', regexDomainExclusion: 'regex-domain-exclusion', managedRecordTypes: 'managed-record-types', excludeRecordTypes: 'exclude-record-types',
  fqdnTemplate: 'fqdn-template', targetTemplate: 'target-template', fqdnTargetTemplate: 'fqdn-target-template', ignoreHostnameAnnotation: 'ignore-hostname-annotation',
} as const satisfies Partial<Record<keyof Config, string>>;

/** What is remembered of a run: the version, and the flags above. */
export function runFacts(options: Config): Readonly<Record<string, string>> {
  const flags = Object.entries(rememberedFlags).map(([property, flag]) => [`--${flag}`, JSON.stringify(options[property as keyof typeof rememberedFlags])]);
  return { version, ...Object.fromEntries(flags) };
}

/** Names of the facts that differ from those of the last run. `before` is what was written then; unreadable is different. */
export function changedFacts(before: string, now: Readonly<Record<string, string>>): readonly string[] {
  let facts: RawObject;
  try {
    facts = asRecord(asRecord(JSON.parse(before))['facts']);
  } catch {
    return ['state'];
  }
  // a fact that an older version did not remember tells nothing
  return Object.keys(now).filter((name) => facts[name] !== now[name] && (facts[name] !== undefined || name === 'version'));
}

type Bases = Readonly<Record<string, HeldBase>>;

/** What is known of the last run. */
interface Recalled {
  /** What has changed since, in words; empty: nothing, or there was none. What cannot be read counts as changed. */
  readonly changed: readonly string[];
  /** What the brake held, by zone. */
  readonly held: Bases;
}

/** Remembers version, flags and what the brake holds from one run to the next. */
export class RunMemory {
  readonly #store: StateStore;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #log: Logger;
  /** The facts that stand there; undefined: not known. */
  #standing: RawObject | undefined;
  #text: string | undefined;
  #writing: Promise<void> | undefined;

  constructor(store: StateStore, facts: Readonly<Record<string, string>>, log: Logger) {
    this.#store = store;
    this.#facts = facts;
    this.#log = log;
  }

  async recall(signal: AbortSignal): Promise<Recalled> {
    try {
      this.#text = await this.#store.read(signal);
      if (this.#text === undefined) {
        // the first run has nothing that it could differ from
        this.#standing = this.#facts;
        return { changed: [], held: {} };
      }
      const { facts, held } = parse(this.#text);
      this.#standing = facts;
      return { changed: changedFacts(this.#text, this.#facts), held };
    } catch (error) {
      this.#log.warning('state of the last run cannot be read', { reason: messageOf(error) });
      return { changed: ['state'], held: {} };
    }
  }

  /** All is as it is wanted: from now on this is the last run. Tried again at the next call where it cannot be written. */
  settled(signal: AbortSignal): void {
    this.#standing = this.#facts;
    this.#write({}, signal);
  }

  /** Deletions are held: what was remembered stays, and what is held is added. */
  holds(held: Bases, signal: AbortSignal): void {
    // what could not be read is not written over
    if (this.#standing !== undefined) this.#write(held, signal);
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #write(held: Bases, signal: AbortSignal): void {
    const text = `${JSON.stringify({ facts: this.#standing, ...(Object.keys(held).length > 0 && { held }) }, undefined, 1)}\n`;
    // what is due after this is written with the next call
    if (this.#writing || text === this.#text) return;
    this.#writing = this.#store
      .write(text, signal)
      .then(() => void (this.#text = text))
      .catch((error: unknown) => this.#log.warning('state cannot be written', { reason: messageOf(error) }))
      .finally(() => (this.#writing = undefined));
  }
}

/** What is written, as far as it can be understood. */
function parse(text: string): { readonly facts: RawObject; readonly held: Bases } {
  let state: RawObject;
  try {
    state = asRecord(JSON.parse(text));
  } catch {
    return { facts: {}, held: {} };
  }
  const held = Object.entries(asRecord(state['held'])).flatMap(([zone, base]): [string, HeldBase][] => {
    const { owned, recent } = asRecord(base);
    return typeof owned === 'number' && typeof recent === 'number' ? [[zone, { owned, recent }]] : [];
  });
  return { facts: asRecord(state['facts']), held: Object.fromEntries(held) };
}
