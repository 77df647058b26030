import { endpointOf } from '../../endpoint/change.ts';
import { type Endpoint, type ObjectRef, ownerLabel, resourceLabel } from '../../endpoint/endpoint.ts';
import type { RegistryOutcome } from '../../registries/registry.ts';
import type { Desired } from '../../sources/engine/desired.ts';
import type { NameStatus } from '../status.ts';
import type { EventAction, Occurrence } from './event.ts';

interface Sources {
  readonly desired: Pick<Desired, 'endpoints' | 'objectOf'>;
  /** Current endpoints of a name, with labels. */
  current(name: string): readonly Endpoint[];
  readonly ownerId: string | undefined;
}

/** States that the owner of an object must know of; the others pass by themselves or concern all names at once. */
const told: ReadonlySet<NameStatus['state']> = new Set(['foreign', 'contested', 'held', 'held-by-brake', 'protected', 'failed', 'quarantined', 'skipped', 'invalid', 'looping']);

const actions = { create: 'Created', update: 'Updated', delete: 'Deleted' } as const satisfies Record<string, EventAction>;

/** What is to be told of changes that were made, to each object that gave them; nothing of objects that are gone. */
export function occurrencesOfOutcome(outcome: RegistryOutcome, { desired, ownerId }: Sources): Occurrence[] {
  if (outcome.result !== 'applied') return [];
  return outcome.group.changes.flatMap((change) => {
    const endpoint = endpointOf(change);
    const facts = `owner:${endpoint.labels[ownerLabel] ?? ownerId ?? ''},type:${endpoint.recordType},ttl:${endpoint.ttlSeconds},targets:${endpoint.targets.join(',')}`;
    return objectsOf([endpoint], desired).map((object): Occurrence => ({ object, reason: change.action === 'delete' ? 'RecordDeleted' : 'RecordReady', action: actions[change.action], name: endpoint.dnsName, facts }));
  });
}

/** What is to be told of a name that is not in order, to each object that wants it (and does not have it), or else to that of its record. */
export function occurrencesOfStatus(name: string, status: NameStatus, { desired, current, ownerId }: Sources): Occurrence[] {
  if (!told.has(status.state)) return [];
  const wishing = status.losers ?? objectsOf(desired.endpoints(name), desired);
  const objects = wishing.length > 0 ? wishing : objectsOf(current(name), desired);
  return objects.map((object): Occurrence => ({ object, reason: 'RecordError', action: 'FailedSync', name, facts: `owner:${ownerId ?? ''},state:${status.state},error:${status.reason}` }));
}

/** The objects that endpoints come from, each once; by their resource label where they do not name them. */
function objectsOf(endpoints: readonly Endpoint[], desired: Sources['desired']): ObjectRef[] {
  const objects = new Map<string, ObjectRef>();
  for (const { refs, labels } of endpoints) {
    const resource = labels[resourceLabel];
    const known = refs.length > 0 || resource === undefined ? refs : [desired.objectOf(resource)];
    for (const ref of known) if (ref) objects.set(`${ref.kind}/${ref.namespace}/${ref.name}`, ref);
  }
  return [...objects.values()];
}
