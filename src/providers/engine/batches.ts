import type { Change, ChangeGroup } from '../../endpoint/change.ts';
import { endpointOf } from '../../endpoint/change.ts';
import type { BatchLimits, Weight } from './zone-provider.ts';

/**
 * Puts groups into batches as large as the limits allow. Groups of one name (with different set identifiers) stay in one batch, those
 * that delete something first. What is too large alone gets a batch of its own, and `onOversized` is told.
 */
export function packBatches(groups: readonly ChangeGroup[], limits: BatchLimits, onOversized: (name: string) => void = () => {}): readonly (readonly ChangeGroup[])[] {
  const batches: ChangeGroup[][] = [];
  let room: Weight | undefined;
  for (const unit of byName(groups)) {
    const weight = total(unit.flatMap((g) => g.changes).map((c) => (limits.weigh ?? weigh)(c)));
    const sum: Weight = room ? total([room, weight]) : weight;
    const batch = batches.at(-1);
    if (batch && room && fits(sum, limits)) {
      batch.push(...unit);
      room = sum;
      continue;
    }
    if (!fits(weight, limits)) onOversized(unit[0]?.name ?? '');
    batches.push([...unit]);
    room = weight;
  }
  return batches;
}

function byName(groups: readonly ChangeGroup[]): Iterable<readonly ChangeGroup[]> {
  const units = new Map<string, ChangeGroup[]>();
  for (const group of groups) {
    const unit = units.get(group.name);
    if (unit) unit.push(group);
    else units.set(group.name, [group]);
  }
  const deletes = (g: ChangeGroup): number => (g.changes.some((c) => c.action === 'delete') ? 0 : 1);
  for (const unit of units.values()) if (unit.length > 1) unit.sort((a, b) => deletes(a) - deletes(b));
  return units.values();
}

function weigh(change: Change): Weight {
  const { targets } = endpointOf(change);
  return { changes: 1, values: targets.length, bytes: targets.reduce((sum, t) => sum + Buffer.byteLength(t), 0) };
}

const total = (weights: readonly Weight[]): Weight => ({
  changes: weights.reduce((sum, w) => sum + w.changes, 0),
  values: weights.reduce((sum, w) => sum + w.values, 0),
  bytes: weights.reduce((sum, w) => sum + w.bytes, 0),
});

const fits = (weight: Weight, { changes = 0, values = 0, bytes = 0 }: BatchLimits): boolean =>
  (changes <= 0 || weight.changes <= changes) && (values <= 0 || weight.values <= values) && (bytes <= 0 || weight.bytes <= bytes);
