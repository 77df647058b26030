import { asList, asRecord } from '../keep.ts';
import type { Resource } from '../object.ts';
import type { ApiClient } from './client.ts';
import { apiVersionOf, groupPath } from './paths.ts';

interface Answer {
  readonly plurals: Promise<ReadonlySet<string>>;
  readonly atMs: number;
}

/** Which resources the server has, by group and version. Asked only where reading did not simply work. */
export class Discovery {
  readonly #client: ApiClient;
  readonly #answers = new Map<string, Answer>();
  readonly #maxAgeMs: number;

  /** An answer holds for `maxAgeMs`: what asks at about the same time shares it. */
  constructor(client: ApiClient, maxAgeMs: number) {
    this.#client = client;
    this.#maxAgeMs = maxAgeMs;
  }

  /** The first version of a resource that is served; undefined: it is not installed. */
  async servedVersion(resource: Resource, signal: AbortSignal): Promise<string | undefined> {
    for (const version of resource.versions) {
      if ((await this.#plurals(resource.group, version, signal)).has(resource.plural)) return version;
    }
    return undefined;
  }

  #plurals(group: string, version: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const key = apiVersionOf(group, version);
    const known = this.#answers.get(key);
    if (known && performance.now() - known.atMs < this.#maxAgeMs) return known.plurals;
    const plurals = this.#client.find({ path: groupPath(group, version), priority: 'list' }, signal).then((list) => {
      const names = asList(list?.['resources']).map((entry) => asRecord(entry)['name']);
      return new Set(names.filter((name) => typeof name === 'string'));
    });
    // what failed is not kept
    plurals.catch(() => this.#answers.delete(key));
    this.#answers.set(key, { plurals, atMs: performance.now() });
    return plurals;
  }
}
