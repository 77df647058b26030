import { randomBytes } from 'node:crypto';
import type { ChangeGroup, Outcome } from '../../endpoint/change.ts';
import { endpointOf } from '../../endpoint/change.ts';
import type { DomainFilter } from '../../endpoint/domain-filter.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { ConfigurationError, messageOf, SoftError } from '../../errors.ts';
import { tlsFiles } from '../../http/client/tls-files.ts';
import { adjustToLimits } from '../engine/adjust.ts';
import { judge } from '../engine/attempts.ts';
import { packBatches } from '../engine/batches.ts';
import { measured } from '../engine/call-metrics.ts';
import { each } from '../engine/each.ts';
import { Sender, type Sent } from '../engine/sender.ts';
import type { BatchLimits } from '../engine/zone-provider.ts';
import type { Provider, ProviderDefinition, ProviderSetup, Snapshot } from '../provider.ts';
import { adjustEndpoint, changed, type Entry, isOurs, operations, recordTypes, toEndpoints, type WriteRules } from './convert.ts';
import { EtcdClient, type EtcdOperation } from './etcd-client.ts';
import { Reader } from './reader.ts';

/** CoreDNS (and SkyDNS) with records in etcd: one key a target, below the labels of the name in reverse. There are no zones. */
export const coredns: ProviderDefinition = {
  name: 'coredns',
  title: 'CoreDNS',
  credentials: [
    { name: 'ETCD_URLS', about: 'members of etcd, with commas between; by default http://localhost:2379' },
    { name: 'ETCD_USERNAME, ETCD_PASSWORD', about: 'user, where etcd wants one' },
    { name: 'ETCD_CA_FILE', about: 'authorities that the certificates of etcd are checked against' },
    { name: 'ETCD_CERT_FILE, ETCD_KEY_FILE', about: 'client certificate and its key' },
    { name: 'ETCD_TLS_SERVER_NAME', about: 'name that the certificates of etcd must be for, where it is not that of the URL' },
    { name: 'ETCD_TLS_INSECURE', about: 'true, yes or 1: takes any certificate' },
  ],
  flags: ['coredns-prefix', 'coredns-strictly-owned'],
  recordTypes,
  async create(setup): Promise<Provider> {
    return new CoreDns(openEtcd(setup), setup);
  },
};

function openEtcd({ env, metrics, log }: ProviderSetup): EtcdClient {
  const urls = (env['ETCD_URLS'] || 'http://localhost:2379').split(',').map((url) => url.trim()).filter(Boolean);
  const wrong = urls.find((url) => !/^https?:\/\//i.test(url) || !URL.canParse(url));
  if (wrong !== undefined || urls.length === 0) throw new ConfigurationError(`ETCD_URLS: ${JSON.stringify(wrong ?? '')} is no URL that begins with http:// or https://`);
  const secure = urls.some((url) => /^https:/i.test(url));
  const files = {
    ca: { path: env['ETCD_CA_FILE'], setting: 'ETCD_CA_FILE' },
    cert: { path: env['ETCD_CERT_FILE'], setting: 'ETCD_CERT_FILE' },
    key: { path: env['ETCD_KEY_FILE'], setting: 'ETCD_KEY_FILE' },
  };
  const serverName = env['ETCD_TLS_SERVER_NAME'];
  return new EtcdClient({
    urls,
    username: env['ETCD_USERNAME'] ?? '',
    password: env['ETCD_PASSWORD'] ?? '',
    ...(secure && { files: tlsFiles(files, log) }),
    ...(serverName && { serverName }),
    insecureSkipVerify: /^(true|yes|1)$/i.test(env['ETCD_TLS_INSECURE'] ?? ''),
    env,
    metrics,
    log,
  });
}

/** etcd takes 128 operations in a transaction, unless it is told otherwise. */
const mostOperations = 120;
const batchLimits: BatchLimits = {
  changes: mostOperations,
  weigh: ({ before, after }) => ({ changes: (before?.targets.length ?? 0) + (after?.targets.length ?? 0), values: 0, bytes: 0 }),
};
const limits = { singleValueTypes: ['CNAME', 'PTR'] };

class CoreDns implements Provider {
  readonly name = 'coredns';
  readonly domainFilter: DomainFilter;
  readonly #client: EtcdClient;
  readonly #reader: Reader;
  readonly #setup: ProviderSetup;
  readonly #rules: WriteRules;
  readonly #sender: Sender;
  readonly #told = new Set<string>();
  /** Counts the states of the entries that were seen. */
  #state = 0;

  constructor(client: EtcdClient, setup: ProviderSetup) {
    const { options, domainFilter } = setup;
    const prefix = `${options.corednsPrefix.replace(/\/+$/, '')}/`;
    if (!prefix.startsWith('/')) setup.log.warning('--coredns-prefix does not begin with a slash: CoreDNS looks only for keys that do', { provider: this.name, prefix });
    this.domainFilter = domainFilter;
    this.#client = client;
    this.#setup = setup;
    this.#reader = new Reader(client, prefix);
    this.#rules = { prefix, owner: options.corednsStrictlyOwned ? options.txtOwnerId : undefined, newLabel: () => randomBytes(4).toString('hex') };
    this.#sender = new Sender({
      send: (groups) => this.#send(groups),
      mayWrite: setup.mayWrite,
      pack: (groups) => packBatches(groups, batchLimits),
    });
  }

  async snapshot(signal: AbortSignal, since?: string): Promise<Snapshot> {
    const { entries } = this.#reader;
    const isNew = await this.#call('records', () => this.#reader.refresh(signal)).catch((error: unknown) => {
      throw signal.aborted ? error : softly(error);
    });
    if (isNew) this.#state++;
    const fingerprint = String(this.#state);
    const unreadable = entries.unreadable;
    return { ...(fingerprint !== since && { records: this.#records(entries.names()) }), fingerprint, unreadable };
  }

  async recordsOf(names: readonly string[], signal: AbortSignal): Promise<readonly Endpoint[]> {
    try {
      await each(names, 8, (name) => this.#call('records', () => this.#reader.refreshName(name, signal)));
    } catch (error) {
      throw signal.aborted ? error : softly(error);
    }
    this.#state++;
    return this.#records(names);
  }

  async adjust(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    return adjustToLimits(endpoints, { limits, recordTypes: new Set<string>(recordTypes), setIdentifiers: false, warn: (what, e) => this.#tell(what, e) }).map(adjustEndpoint);
  }

  apply(groups: readonly ChangeGroup[], signal: AbortSignal): Promise<readonly Outcome[]> {
    return this.#sender.send(groups, signal);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #records(names: Iterable<string>): readonly Endpoint[] {
    return [...names].flatMap((name) => (this.domainFilter.matches(name) ? toEndpoints(this.#reader.entries.of(name).filter((e) => isOurs(e, this.#rules))) : []));
  }

  /** One transaction; what is too large for one goes in several, new keys before those that are removed. */
  async #send(groups: readonly ChangeGroup[]): Promise<Sent> {
    let begun = false;
    try {
      const { before, after } = this.#entriesOf(groups);
      const all = operations(before, after);
      for (let at = 0; at < all.length; at += mostOperations) {
        const part = all.slice(at, at + mostOperations);
        const revision = await this.#call('apply', () => this.#client.transact(part, never));
        if (revision === undefined) {
          this.#reader.forget();
          throw new SoftError(`keys of ${groups.map((g) => g.name).join(', ').slice(0, 200)} in etcd were changed by somebody else; they are read again`);
        }
        this.#follow(part, after, revision);
        begun = true;
      }
      return { result: 'applied' };
    } catch (error) {
      return judge(error, begun);
    }
  }

  #entriesOf(groups: readonly ChangeGroup[]): { readonly before: readonly Entry[]; readonly after: readonly Entry[] } {
    const byName = new Map<string, { readonly before: readonly Entry[]; after: readonly Entry[] }>();
    for (const change of groups.flatMap((g) => g.changes)) {
      const name = normalizeName(endpointOf(change).dnsName);
      let state = byName.get(name);
      if (!state) {
        const before = this.#reader.entries.of(name);
        state = { before, after: before };
        byName.set(name, state);
      }
      state.after = changed(state.after, change, this.#rules);
    }
    return { before: [...byName.values()].flatMap((s) => s.before), after: [...byName.values()].flatMap((s) => s.after) };
  }

  #follow(done: readonly EtcdOperation[], after: readonly Entry[], revision: bigint): void {
    const byKey = new Map(after.map((e) => [e.key, e]));
    for (const { key } of done) {
      const entry = byKey.get(key);
      if (entry) this.#reader.entries.set({ ...entry, modRevision: revision });
      else this.#reader.entries.remove(key);
    }
    this.#state++;
  }

  #call<T>(call: 'records' | 'apply', work: () => Promise<T>): Promise<T> {
    return measured(this.#setup.metrics, { provider: this.name, call, zone: '' }, work);
  }

  #tell(what: string, e: Endpoint): void {
    const key = `${what} ${e.dnsName} ${e.recordType}`;
    if (this.#told.has(key)) return;
    if (this.#told.size >= mostTold) this.#told.clear();
    this.#told.add(key);
    this.#setup.log.warning(what, { provider: this.name, name: e.dnsName, type: e.recordType, targets: e.targets });
  }
}

const mostTold = 10_000;
/** A write under way is not broken off: nobody would know what came of it. */
const never = new AbortController().signal;
const softly = (error: unknown): SoftError => (error instanceof SoftError ? error : new SoftError(messageOf(error), { cause: error }));
