import { type Endpoint, ownerLabel, withLabels } from '../../endpoint/endpoint.ts';
import { endpointToJSON } from '../../endpoint/json.ts';
import type { ClusterWriter } from '../../kubernetes/cluster.ts';
import { isRecord } from '../../kubernetes/keep.ts';
import type { RawObject } from '../../kubernetes/object.ts';
import { DNSRecord, readyCondition, recordObjectName, recordOwnerLabel } from './dns-record.ts';

/** How far a record has come: taken into the plan, held by the provider, or refused by it. */
export type Stage = 'Accepted' | 'Programmed' | 'Failed';

/** How often a write is tried anew when somebody else writes the same object. */
const tries = 3;

/** Writes the DNSRecords of one owner in one namespace. */
export class DNSRecordWriter {
  readonly #writer: ClusterWriter;
  readonly #namespace: string;
  readonly #ownerId: string;
  readonly #oldOwnerId: string;
  readonly #now: () => Date;

  constructor(writer: ClusterWriter, { namespace, ownerId, oldOwnerId, now }: { namespace: string; ownerId: string; oldOwnerId: string; now: () => Date }) {
    this.#writer = writer;
    this.#namespace = namespace;
    this.#ownerId = ownerId;
    this.#oldOwnerId = oldOwnerId;
    this.#now = now;
  }

  /**
   * Makes the object of a record, or brings it up to date, and marks it as accepted. Gives the owner where it is another's, and leaves it
   * as it is then, unless it is that of the owner whose records become ours. Rejects with ApiError.
   */
  async put(record: Endpoint, signal: AbortSignal): Promise<string | undefined> {
    const name = recordObjectName(record);
    for (let left = tries; ; left--) {
      const standing = await this.#writer.get(DNSRecord, this.#namespace, name, signal);
      const owner = standing && ownerOf(standing);
      if (owner !== undefined && owner !== this.#ownerId && (owner === '' || owner !== this.#oldOwnerId)) return owner;
      try {
        if (standing) await this.#writer.replace(DNSRecord, this.#object(name, record, standing), signal);
        else await this.#writer.create(DNSRecord, this.#object(name, record, undefined), signal);
        break;
      } catch (error) {
        if (left <= 1 || !isRace(error)) throw error;
      }
    }
    await this.setStage(record, 'Accepted', 'the record is about to be given to the provider', signal);
    return undefined;
  }

  /** Says on the object how far its record has come. An object that is gone is left so. */
  async setStage(record: Endpoint, stage: Stage, message: string, signal: AbortSignal): Promise<void> {
    const condition = {
      type: readyCondition,
      status: stage === 'Programmed' ? 'True' : 'False',
      reason: stage,
      message: message.slice(0, longestMessage),
      lastTransitionTime: this.#now().toISOString().replace(/\.\d+Z$/, 'Z'),
    };
    await this.#writer.patchStatus(DNSRecord, this.#namespace, recordObjectName(record), { conditions: [condition] }, signal);
  }

  async delete(record: Endpoint, signal: AbortSignal): Promise<void> {
    await this.#writer.delete(DNSRecord, this.#namespace, recordObjectName(record), signal);
  }

  #object(name: string, record: Endpoint, standing: RawObject | undefined): RawObject {
    const metadata = standing && isRecord(standing['metadata']) ? standing['metadata'] : {};
    const labels = isRecord(metadata['labels']) ? metadata['labels'] : {};
    return {
      metadata: { ...metadata, name, namespace: this.#namespace, labels: { ...labels, [recordOwnerLabel]: this.#ownerId } },
      spec: { endpoint: endpointToJSON(withLabels(record, { [ownerLabel]: this.#ownerId })) },
      ...(standing?.['status'] !== undefined && { status: standing['status'] }),
    };
  }
}

/** A condition's message has at most 32768 bytes (metav1.Condition). */
const longestMessage = 8192;

function ownerOf(object: RawObject): string | undefined {
  const metadata = object['metadata'];
  const labels = isRecord(metadata) ? metadata['labels'] : undefined;
  const owner = isRecord(labels) ? labels[recordOwnerLabel] : undefined;
  return typeof owner === 'string' ? owner : '';
}

/** Somebody made or changed the object since it was read. */
const isRace = (error: unknown): boolean => error instanceof Error && 'reason' in error && (error.reason === 'Conflict' || error.reason === 'AlreadyExists');
