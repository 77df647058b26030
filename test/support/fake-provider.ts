import { createHash } from 'node:crypto';
import type { ChangeGroup, Outcome } from '../../src/endpoint/change.ts';
import { type Endpoint, endpoint } from '../../src/endpoint/endpoint.ts';
import { normalizeName } from '../../src/endpoint/name.ts';
import { SoftError } from '../../src/errors.ts';
import type { Provider, Snapshot } from '../../src/providers/provider.ts';

export const recordKey = (e: Endpoint): string => `${normalizeName(e.dnsName)}|${e.recordType}|${e.setIdentifier}`;

/** What the provider is to do wrong at the next call; 'after': it does the work, and the answer is lost. */
export type Fault = 'none' | 'before' | 'after' | 'half';

/** A provider in memory that is strict (no create over a record, no change of what is not there) and can be made to fail. */
export class FakeProvider implements Provider {
  readonly name = 'fake';
  readonly domainFilter = { configured: false, matches: () => true, matchesZone: () => true, toJSON: () => ({}) };
  readonly records = new Map<string, Endpoint>();
  readonly applied: ChangeGroup[] = [];
  reads = 0;
  readFault = false;
  applyFault: Fault = 'none';
  /** Names that are refused every time. */
  readonly refused = new Set<string>();
  unreadable: Snapshot['unreadable'] = [];
  /** None: it does not say which zones it has. */
  zones: readonly string[] = [];
  /** What it makes of a record that it is given. */
  stores: (record: Endpoint) => Endpoint = (record) => record;

  zoneOf(name: string): string | undefined {
    return this.zones.filter((zone) => name === zone || name.endsWith(`.${zone}`)).sort((a, b) => b.length - a.length)[0];
  }

  put(...records: Endpoint[]): void {
    for (const record of records) this.records.set(recordKey(record), record);
  }

  async snapshot(_signal: AbortSignal, since?: string): Promise<Snapshot> {
    this.reads++;
    if (this.readFault) throw new SoftError('the provider cannot be read');
    const records = [...this.records.values()].filter((r) => !this.unreadable.some((u) => r.dnsName.endsWith(u.zone)));
    const fingerprint = createHash('sha1').update(JSON.stringify(records)).digest('hex');
    return { ...(fingerprint === since ? {} : { records }), fingerprint, unreadable: this.unreadable };
  }

  async adjust(endpoints: readonly Endpoint[]): Promise<readonly Endpoint[]> {
    return endpoints;
  }

  async apply(groups: readonly ChangeGroup[]): Promise<readonly Outcome[]> {
    const fault = this.applyFault;
    if (fault === 'before') return groups.map((group) => ({ group, result: 'failed', error: new SoftError('the provider is down'), state: 'unchanged' }));
    return groups.map((group, i): Outcome => {
      if (this.refused.has(group.name)) return { group, result: 'failed', error: new Error('the provider refuses this record'), state: 'unchanged' };
      if (fault === 'half' && i % 2 === 1) return { group, result: 'failed', error: new SoftError('the provider went away'), state: 'unchanged' };
      const wrong = this.#check(group);
      if (wrong) return { group, result: 'failed', error: new Error(wrong), state: 'unchanged' };
      for (const { before, after } of group.changes) {
        if (before) this.records.delete(recordKey(before));
        if (after) this.put(this.stores(endpoint({ ...after, labels: {}, refs: [] })));
      }
      this.applied.push(group);
      return fault === 'after' ? { group, result: 'failed', error: new SoftError('the answer was lost'), state: 'unknown' } : { group, result: 'applied', zone: 'example.org' };
    });
  }

  #check(group: ChangeGroup): string | undefined {
    const gone = new Set<string>();
    for (const { action, before, after } of group.changes) {
      if (before && !this.records.has(recordKey(before))) return `${action}: ${recordKey(before)} is not there`;
      if (before) gone.add(recordKey(before));
      if (action === 'create' && this.records.has(recordKey(after)) && !gone.has(recordKey(after))) return `create: ${recordKey(after)} is there already`;
    }
    return undefined;
  }
}
