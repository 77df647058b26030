import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { type Endpoint, type Labels, ownerLabel, resourceLabel, withLabels } from '../../endpoint/endpoint.ts';
import { descriptionLabel, parseLabels, serializeLabels } from '../../endpoint/labels.ts';
import { normalizeName } from '../../endpoint/name.ts';
import { type Prepared, writeThrough } from '../common/write-through.ts';
import type { CurrentRecords, Registry, RegistryOutcome, Write } from '../registry.ts';

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html */
const longestDescription = 1024;

/** Keeps ownership in the descriptions of services, which the provider aws-sd reads and writes as a label of their endpoints. */
export class AwsSdRegistry implements Registry {
  readonly name = 'aws-sd';
  readonly ownerId: string;
  /** Labels of what was written; they count until the provider has read the descriptions. */
  readonly #written = new Map<string, Labels>();

  constructor(ownerId: string) {
    this.ownerId = ownerId;
  }

  namesOf(record: Endpoint): readonly string[] {
    return [normalizeName(record.dnsName)];
  }

  label(_name: string, records: readonly Endpoint[]): readonly Endpoint[] {
    return records.map((record) => {
      const description = record.labels[descriptionLabel];
      const labels = description === undefined ? this.#written.get(keyOf(record)) : parseLabels(description);
      return { ...record, labels: labels ?? {} };
    });
  }

  recordNames(name: string): readonly string[] {
    return [name];
  }

  async apply(groups: readonly ChangeGroup[], write: Write, _current: CurrentRecords, signal: AbortSignal): Promise<readonly RegistryOutcome[]> {
    const outcomes = await writeThrough(groups, (group) => this.#prepare(group), (written) => write(written, signal));
    for (const { result, group } of outcomes) if (result === 'applied') for (const change of group.changes) this.#remember(change);
    return outcomes;
  }

  #prepare(group: ChangeGroup): Prepared {
    const changes = group.changes.map((change): Change => {
      if (change.action === 'create') return { ...change, after: this.#described(change.after) };
      if (change.action === 'delete') return { ...change, before: this.#described(change.before) };
      return { ...change, before: this.#described(change.before), after: this.#described(change.after) };
    });
    const long = changes.find(({ after }) => (after?.labels[descriptionLabel]?.length ?? 0) > longestDescription);
    return long ? { problem: `the description with the owner of ${group.name} would be longer than the ${longestDescription} characters of Cloud Map` } : { written: { ...group, changes } };
  }

  #described(e: Endpoint): Endpoint {
    return withLabels(e, { [descriptionLabel]: serializeLabels(this.#labelsOf(e)) });
  }

  #labelsOf({ labels }: Endpoint): Labels {
    const resource = labels[resourceLabel];
    return { [ownerLabel]: this.ownerId, ...(resource !== undefined && { [resourceLabel]: resource }) };
  }

  #remember({ action, before, after }: Change): void {
    if (action === 'delete') this.#written.delete(keyOf(before));
    else this.#written.set(keyOf(after), this.#labelsOf(after));
  }
}

const keyOf = (e: Endpoint): string => `${normalizeName(e.dnsName)}|${e.recordType}`;
