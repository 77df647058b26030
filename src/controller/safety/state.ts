import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import { version } from '../../config/version.ts';
import { ConfigurationError, messageOf } from '../../errors.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import { asRecord, asText, keepAll } from '../../kubernetes/keep.ts';
import type { RawObject, Resource } from '../../kubernetes/object.ts';
import type { Logger } from '../../log/logger.ts';

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

/** Remembers version and flags from one run to the next, and says what has changed since. */
export class RunMemory {
  readonly #store: StateStore;
  readonly #facts: Readonly<Record<string, string>>;
  readonly #log: Logger;
  #due = true;
  #writing: Promise<void> | undefined;

  constructor(store: StateStore, facts: Readonly<Record<string, string>>, log: Logger) {
    this.#store = store;
    this.#facts = facts;
    this.#log = log;
  }

  /** What has changed since the last run, in words; empty: nothing, or there was none. What cannot be read counts as changed. */
  async changes(signal: AbortSignal): Promise<readonly string[]> {
    try {
      const before = await this.#store.read(signal);
      const changed = before === undefined ? [] : changedFacts(before, this.#facts);
      this.#due = before === undefined || changed.length > 0;
      return changed;
    } catch (error) {
      this.#log.warning('state of the last run cannot be read', { reason: messageOf(error) });
      return ['state'];
    }
  }

  /** All is as it is wanted: from now on this is the last run. Tried again at the next call where it cannot be written. */
  settled(signal: AbortSignal): void {
    if (!this.#due || this.#writing) return;
    this.#writing = this.#store
      .write(`${JSON.stringify({ facts: this.#facts }, undefined, 1)}\n`, signal)
      .then(() => void (this.#due = false))
      .catch((error: unknown) => this.#log.warning('state cannot be written', { reason: messageOf(error) }))
      .finally(() => (this.#writing = undefined));
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#writing;
  }
}
