import { type Endpoint, ownerLabel, type ProviderSpecificProperty } from '../endpoint/endpoint.ts';
import { forceUpdateProperty } from '../endpoint/labels.ts';
import { sameTargets } from '../endpoint/targets.ts';
import type { PlanRules } from './plan.ts';

/** Why a current record must be updated to be as it is wanted, in words; empty: it is as wanted. A TTL that is not wished for may be any. */
export function differences(current: Endpoint, wanted: Endpoint, rules: PlanRules): readonly string[] {
  const reasons: string[] = [];
  if (!sameTargets(wanted.recordType, current.targets, wanted.targets)) reasons.push(`targets changed from ${listed(current.targets)} to ${listed(wanted.targets)}`);
  if (wanted.ttlSeconds > 0 && wanted.ttlSeconds !== current.ttlSeconds) reasons.push(`TTL changed from ${current.ttlSeconds || 'none'} to ${wanted.ttlSeconds}`);
  reasons.push(...propertyDifferences(current.providerSpecific, wanted.providerSpecific));
  if (isToBeMoved(current, rules)) reasons.push(`it moves from owner "${rules.oldOwnerId}" to "${rules.ownerId}"`);
  return reasons;
}

/** Whether a record is of the owner whose records are to become ours. */
export function isToBeMoved(current: Endpoint, rules: PlanRules): boolean {
  return rules.ownerId !== undefined && rules.oldOwnerId !== '' && rules.oldOwnerId !== rules.ownerId && current.labels[ownerLabel] === rules.oldOwnerId;
}

function propertyDifferences(current: readonly ProviderSpecificProperty[], wanted: readonly ProviderSpecificProperty[]): string[] {
  if (current.length === 0 && wanted.length === 0) return [];
  const [before, after] = [byName(current), byName(wanted)];
  const reasons: string[] = [];
  for (const [name, value] of before) {
    const next = after.get(name);
    if (name === forceUpdateProperty) reasons.push('its ownership record is missing in the present form');
    else if (next === undefined) reasons.push(`property ${name} (${value}) is no longer wanted`);
    else if (next !== value) reasons.push(`property ${name} changed from ${value} to ${next}`);
  }
  for (const [name, value] of after) if (!before.has(name)) reasons.push(`property ${name} (${value}) is new`);
  return reasons;
}

const byName = (properties: readonly ProviderSpecificProperty[]): ReadonlyMap<string, string> => new Map(properties.map((p) => [p.name, p.value]));
const listed = (targets: readonly string[]): string => targets.join(', ') || 'none';
