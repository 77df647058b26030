import { lookup } from 'node:dns/promises';

/** Addresses of load balancers' host names. Answers from memory; what is not known yet is looked up in the background. */
export class HostResolver {
  readonly #known = new Map<string, { addresses: readonly string[]; dependents: Set<object> }>();
  readonly #wanted = new Set<string>();

  /** Known addresses, in order; none while it is not looked up. `dependent` is told of by `refresh` when they change. */
  resolve(host: string, dependent: object): readonly string[] {
    let entry = this.#known.get(host);
    if (!entry) {
      this.#known.set(host, (entry = { addresses: [], dependents: new Set() }));
      this.#wanted.add(host);
    }
    entry.dependents.add(dependent);
    return entry.addresses;
  }

  /** Whether hosts wait to be looked up for the first time. */
  get pending(): boolean {
    return this.#wanted.size > 0;
  }

  /** Looks up the hosts that were asked for (all: those that are known, too); gives whom the answers concern that have changed. */
  async refresh(all: boolean): Promise<readonly object[]> {
    const hosts = all ? [...this.#known.keys()] : [...this.#wanted];
    this.#wanted.clear();
    const changed: object[] = [];
    await Promise.all(
      hosts.map(async (host) => {
        const entry = this.#known.get(host);
        if (!entry) return;
        // a look-up that failed says nothing: keep what was known
        const answers = await lookup(host, { all: true }).catch(() => undefined);
        if (!answers) return;
        const addresses = answers.map((a) => a.address).sort();
        if (addresses.join() === entry.addresses.join()) return;
        entry.addresses = addresses;
        changed.push(...entry.dependents);
        entry.dependents.clear();
      }),
    );
    return changed;
  }
}
