import type { Endpoint, ObjectRef } from '../../endpoint/endpoint.ts';
import type { Wrappers } from '../wrappers/index.ts';
import type { Computed } from './computed.ts';
import type { SourceRunner } from './source-runner.ts';
import type { HostResolver } from './host-resolver.ts';
import { Tally } from './tally.ts';

/** Why the current records of some names must stay as they are: it is not known what the cluster wants of them. */
export interface Untrusted {
  /** Sources that cannot be read, by what their resource labels begin with (`ingress`; `*` for any that is not in `claimed`), with the reason. */
  readonly sources: ReadonlyMap<string, string>;
  /** Objects that were never computed without an error, by resource label (`ingress/default/web`, or with `*` before the first slash). */
  readonly objects: ReadonlyMap<string, string>;
  /** What the resource labels of the sources of this process begin with. */
  readonly claimed: ReadonlySet<string>;
  /** Set where a record without a resource label may belong to what cannot be read. */
  readonly unlabelled: string | undefined;
}

/** Why the object of a resource label (`ingress/default/web`) is not known to want what it wanted; undefined: it is. */
export function reasonToDistrust({ objects, sources, claimed }: Untrusted, resource: string): string | undefined {
  const slash = Math.max(0, resource.indexOf('/'));
  const kind = resource.slice(0, slash);
  const own = objects.get(resource) ?? sources.get(kind);
  return own ?? (claimed.has(kind) ? undefined : (objects.get(`*${resource.slice(slash)}`) ?? sources.get('*')));
}

/** What the sources want of each DNS name: the runners' endpoints in order of the sources, through the wrappers. */
export class Desired {
  /** Endpoints that the wrappers left out, as `A|ingress`. */
  readonly invalidEndpoints = new Tally();
  readonly duplicateEndpoints = new Tally();
  readonly #runners: readonly SourceRunner[];
  readonly #wrappers: Wrappers;
  readonly #resolver: HostResolver;
  readonly #ptr: PTRContributions | undefined;
  readonly #invalid = new Map<string, string>();
  readonly #onInvalid: (endpoint: Endpoint, reason: string) => void;
  readonly #settled: (signal: AbortSignal) => Promise<void>;

  constructor(parts: { runners: readonly SourceRunner[]; wrappers: Wrappers; resolver: HostResolver; onInvalid: (endpoint: Endpoint, reason: string) => void; settled: (signal: AbortSignal) => Promise<void> }) {
    this.#runners = parts.runners;
    this.#wrappers = parts.wrappers;
    this.#resolver = parts.resolver;
    this.#onInvalid = parts.onInvalid;
    this.#settled = parts.settled;
    this.#ptr = parts.wrappers.makesPTR ? new PTRContributions() : undefined;
  }

  /** Computes all objects that have changed since the last call; gives the names of which something else may be wanted now. */
  async flush(signal: AbortSignal, sweep: boolean, nowMs = Date.now()): Promise<Set<string>> {
    const dirty = new Set<string>();
    if (sweep) for (const runner of this.#runners) await runner.poll(dirty, signal);
    for (const runner of this.#runners) runner.flush(dirty, nowMs);
    while (this.#runners.map((runner) => runner.takeOpened()).includes(true)) {
      await this.#settled(signal);
      for (const runner of this.#runners) runner.flush(dirty, nowMs);
    }
    if (sweep || this.#resolver.pending) {
      const changed = await this.#resolver.refresh(sweep);
      for (const runner of this.#runners) {
        runner.hostChanged(changed);
        runner.flush(dirty, nowMs);
      }
    }
    if (this.#ptr) {
      // reverse names are added on the way
      const forward = [...dirty];
      for (const name of forward) this.#ptr.update(name, this.#forward(name), this.#wrappers, dirty);
    }
    return dirty;
  }

  /** The endpoints that are wanted for a normalised name. */
  endpoints(name: string): readonly Endpoint[] {
    let endpoints = this.#forward(name);
    const ptr = this.#ptr?.of(name);
    if (this.#ptr && endpoints.length) endpoints = this.#wrappers.withoutPTRRequest(endpoints);
    if (ptr?.length) {
      const reverse = this.#wrappers.ptrEndpoint(name, ptr);
      if (reverse) endpoints = [...endpoints, reverse];
    }
    return endpoints.length ? this.#wrappers.finish(endpoints) : endpoints;
  }

  #forward(name: string): readonly Endpoint[] {
    const [only, ...more] = this.#runners;
    const given = only && more.length === 0 ? only.endpointsOf(name) : this.#runners.flatMap((r) => r.endpointsOf(name));
    if (given.length === 0) {
      this.#invalid.delete(name);
      this.invalidEndpoints.set(name, []);
      this.duplicateEndpoints.set(name, []);
      return given;
    }
    const reasons: string[] = [];
    const invalid: string[] = [];
    const duplicate: string[] = [];
    const endpoints = this.#wrappers.perName(
      given,
      (endpoint, reason) => {
        reasons.push(reason);
        invalid.push(kindOf(endpoint));
        // told once for each change of reason
        if (!this.#invalid.get(name)?.includes(reason)) this.#onInvalid(endpoint, reason);
      },
      (endpoint) => duplicate.push(kindOf(endpoint)),
    );
    this.invalidEndpoints.set(name, invalid);
    this.duplicateEndpoints.set(name, duplicate);
    if (reasons.length) this.#invalid.set(name, reasons.join('; '));
    else this.#invalid.delete(name);
    return endpoints;
  }

  /** Why an endpoint of this name is not published as its source gave it. */
  invalid(name: string): string | undefined {
    return this.#invalid.get(name);
  }

  /** Why an object that shares a record of this name has no target for it at the moment, and keeps its last one; undefined: there is none. */
  shortOf(name: string): string | undefined {
    for (const runner of this.#runners) {
      const reason = runner.shortOf(name);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** When the last targets of an object end to count. */
  get nextMs(): number | undefined {
    const times = this.#runners.flatMap((r) => r.lastEndsMs ?? []);
    return times.length ? Math.min(...times) : undefined;
  }

  contributors(name: string): readonly Computed[] {
    return this.#runners.flatMap((r) => r.contributors(name));
  }

  /** The object that a resource label stands for, if it is there still. */
  objectOf(resource: string): ObjectRef | undefined {
    for (const runner of this.#runners) {
      const object = runner.objectOf(resource);
      if (object) return object;
    }
    return undefined;
  }

  *names(): Iterable<string> {
    for (const runner of this.#runners) yield* runner.names();
    if (this.#ptr) yield* this.#ptr.names();
  }

  get untrusted(): Untrusted | undefined {
    const sources = new Map<string, string>();
    const objects = new Map<string, string>();
    let unlabelled: string | undefined;
    for (const runner of this.#runners) {
      const { unreadable } = runner;
      const { name, resourceLabels } = runner.definition;
      if (unreadable !== undefined) {
        for (const label of resourceLabels) sources.set(label, unreadable);
        unlabelled ??= `source ${name} cannot be read: ${unreadable}`;
      }
      for (const computed of runner.failed) {
        if (!computed.unknown) continue;
        // labels of cluster-scoped objects are spelled with and without the place of the namespace
        for (const label of resourceLabels) for (const key of new Set([computed.key, computed.key.replace(/^\//, '')])) objects.set(`${label}/${key}`, computed.error ?? '');
        unlabelled ??= `an object of source ${name} cannot be computed: ${computed.key}: ${computed.error}`;
      }
    }
    return unlabelled === undefined ? undefined : { sources, objects, claimed: new Set(this.#runners.flatMap((r) => r.definition.resourceLabels)), unlabelled };
  }

  /** Sources and objects that are in trouble, in words; empty: none. */
  *troubles(): Iterable<string> {
    for (const runner of this.#runners) {
      if (runner.unreadable !== undefined) yield `source ${runner.definition.name}: ${runner.unreadable}`;
      for (const computed of runner.failed) yield `${runner.definition.name} ${computed.key}: ${computed.error}`;
    }
  }

  get runners(): readonly SourceRunner[] {
    return this.#runners;
  }
}

/** Which names contribute to which reverse name. */
class PTRContributions {
  readonly #byReverse = new Map<string, Map<string, PTRContribution>>();
  readonly #byForward = new Map<string, readonly string[]>();

  update(name: string, forward: readonly Endpoint[], wrappers: Wrappers, dirty: Set<string>): void {
    for (const reverse of this.#byForward.get(name) ?? []) {
      const contributions = this.#byReverse.get(reverse);
      contributions?.delete(name);
      if (contributions?.size === 0) this.#byReverse.delete(reverse);
      dirty.add(reverse);
    }
    const now = wrappers.ptrContributions(forward);
    for (const contribution of now) {
      let contributions = this.#byReverse.get(contribution.reverseName);
      if (!contributions) this.#byReverse.set(contribution.reverseName, (contributions = new Map()));
      contributions.set(name, contribution);
      dirty.add(contribution.reverseName);
    }
    if (now.length) this.#byForward.set(name, [...new Set(now.map((c) => c.reverseName))]);
    else this.#byForward.delete(name);
  }

  of(reverse: string): readonly PTRContribution[] {
    const contributions = this.#byReverse.get(reverse);
    return contributions ? [...contributions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, c]) => c) : [];
  }

  names(): Iterable<string> {
    return this.#byReverse.keys();
  }
}

type PTRContribution = ReturnType<Wrappers['ptrContributions']>[number];

const kindOf = (endpoint: Endpoint): string => `${endpoint.recordType}|${endpoint.refs[0]?.source ?? 'unknown'}`;
