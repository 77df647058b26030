import type { Change } from '../endpoint/change.ts';
import { type Endpoint, endpoint, ownerLabel, resourceLabel, withLabels } from '../endpoint/endpoint.ts';
import { normalizeName } from '../endpoint/name.ts';
import { compareText, sameTargets } from '../endpoint/targets.ts';
import { winnerOfFree, winnerOfHeld, withoutConflictingCNAMEs } from './conflict.ts';
import { differences, isToBeMoved } from './difference.ts';
import type { Decision, Loser, PlanName, PlanRow, PlanRules } from './plan.ts';
import { allows } from './policy.ts';

/**
 * What is to be done for one DNS name; one row for each set identifier, in text order. No row at all where the name or its
 * types are outside of what is managed. Depends on nothing but its arguments, and not on the order of their endpoints.
 */
export const planName: PlanName = (name, desired, current, rules) => {
  if ((desired.length === 0 && current.length === 0) || !rules.matches(name)) return [];
  const isManaged = (e: Endpoint): boolean => rules.manages(e.recordType);
  const [wanted, held] = [desired.filter(isManaged), current.filter(isManaged)];
  const setIdentifiers = new Set([...wanted, ...held].map((e) => e.setIdentifier));
  return [...setIdentifiers].sort(compareText).map((setIdentifier) => {
    const ofSet = (e: Endpoint): boolean => e.setIdentifier === setIdentifier;
    return planRow({ name, setIdentifier, candidates: wanted.filter(ofSet), current: held.filter(ofSet), rules });
  });
};

interface RowInput {
  readonly name: string;
  readonly setIdentifier: string;
  readonly candidates: readonly Endpoint[];
  readonly current: readonly Endpoint[];
  readonly rules: PlanRules;
}

/** What one record type of a row comes to. `hindrance`: why it is not done, though it is due. */
interface Step {
  readonly change?: Change;
  readonly reason: string;
  readonly hindrance?: 'foreign' | 'held-by-policy' | 'protected';
}

/** What is to be told beside what is decided. */
interface Told {
  readonly conflicts: string[];
  readonly losers: Loser[];
}

function planRow(row: RowInput): PlanRow {
  const told: Told = { conflicts: [], losers: [] };
  const steps = stepsOf(row, told);
  const done = steps.flatMap(({ change, hindrance, reason }) => (change && !hindrance ? [{ change, reason }] : []));
  const hindered = steps.filter((s) => s.hindrance);
  const { name, setIdentifier, candidates, current } = row;
  if (done.length === 0) {
    const foreign = hindered.filter((s) => s.hindrance === 'foreign');
    const decisive = foreign.find((s) => s.change?.after) ?? foreign[0] ?? hindered[0];
    const reason = decisive?.reason ?? steps[0]?.reason ?? 'it is as wanted';
    return withTold({ name, setIdentifier, candidates, current, decision: decisive?.hindrance ?? 'unchanged', reason, group: undefined }, told);
  }
  told.conflicts.push(...hindered.map((s) => s.reason));
  done.sort((a, b) => order[a.change.action] - order[b.change.action]);
  const changes = done.map((s) => s.change);
  const reason = [...new Set(done.map((s) => s.reason))].join('; ');
  const [only, ...more] = new Set(changes.map((c) => c.action));
  const decision: Decision = only && more.length === 0 ? only : 'replace';
  return withTold({ name, setIdentifier, candidates, current, decision, reason, group: { name, setIdentifier, changes, reason } }, told);
}

/** Rows are written out field by field: with spreads, those of a first publication take several times the memory. */
const withTold = (row: PlanRow, { conflicts, losers }: Told): PlanRow => (conflicts.length ? { ...row, conflicts, ...(losers.length && { losers }) } : row);

/** A name gives way before it comes again. */
const order: Readonly<Record<Change['action'], number>> = { delete: 0, update: 1, create: 2 };

function stepsOf({ candidates, current, rules }: RowInput, told: Told): readonly Step[] {
  const withTargets = candidates.filter((e) => e.targets.length > 0);
  const without = candidates.filter((e) => e.targets.length === 0);
  for (const e of without) told.conflicts.push(`${origin(e)} gives type ${e.recordType} without targets, which is not published`);
  const rivals = withoutConflictingCNAMEs(withTargets);
  for (const e of withTargets) {
    if (rivals.includes(e)) continue;
    const reason = `${origin(e)} wants a CNAME to ${e.targets.join(', ')}, which cannot stand beside other types and gives way to ${rivals.map(origin).sort(compareText)[0]}`;
    tellLoser(told, e, rivals, reason);
  }

  const strangers = current.filter((e) => !isOurs(e, rules)).toSorted((a, b) => compareText(a.recordType, b.recordType));
  const types = [...new Set([...rivals, ...current].map((e) => e.recordType))].sort(compareText);
  const makesCNAME = rivals.some((e) => e.recordType === 'CNAME');
  return types.map((type): Step => {
    const held = asOne(current.filter((e) => e.recordType === type));
    const wanted = rivals.filter((e) => e.recordType === type);
    const winner = held ? winnerOfHeld(held, wanted) : winnerOfFree(wanted);
    if (winner) tellLosers(winner, wanted, held, told);
    if (held && winner) return updateOf(held, winner, rules);
    if (winner) return createOf(winner, strangers, current.length > 0, rules);
    if (!held) return { reason: 'nobody wants it' };
    // an entry without targets asks for nothing, but neither for the end of the record
    const waits = without.length > 0 && (rivals.length === 0 || (!makesCNAME && without.some((e) => e.recordType === type)));
    if (waits) return { reason: 'the entry that wants it has no targets; it is left as it is' };
    return deleteOf(held, candidates.length > 0, rules);
  });
}

function createOf(winner: Endpoint, strangers: readonly Endpoint[], stands: boolean, rules: PlanRules): Step {
  const change: Change = { action: 'create', after: rules.ownerId === undefined ? winner : withLabels(winner, { [ownerLabel]: rules.ownerId }) };
  const [stranger] = strangers;
  if (stranger) return { change, hindrance: 'foreign', reason: `type ${winner.recordType} cannot be added: the name is ${holderOf(stranger)}` };
  return permitted(change, rules, `${origin(winner)} wants it`, stands);
}

function updateOf(held: Endpoint, winner: Endpoint, rules: PlanRules): Step {
  const before = asOurs(held, rules);
  const change: Change = { action: 'update', before, after: withLabels(winner, { [ownerLabel]: before.labels[ownerLabel] ?? '' }) };
  const reasons = differences(held, winner, rules);
  if (!isOurs(held, rules)) return { change, hindrance: 'foreign', reason: `it is ${holderOf(held)}` + (reasons.length ? '' : ', and stands as wanted') };
  return reasons.length ? permitted(change, rules, reasons.join('; ')) : { reason: 'it is as wanted' };
}

function deleteOf(held: Endpoint, nameIsWanted: boolean, rules: PlanRules): Step {
  const change: Change = { action: 'delete', before: asOurs(held, rules) };
  if (!isOurs(held, rules)) return { change, hindrance: 'foreign', reason: `it is ${holderOf(held)}` };
  return permitted(change, rules, nameIsWanted ? `no object wants type ${held.recordType} any more` : 'no object wants it any more');
}

function permitted(change: Change, rules: PlanRules, reason: string, stands = true): Step {
  const { policy } = rules;
  if (!allows(policy, change.action)) return { change, hindrance: 'held-by-policy', reason: `policy ${policy} forbids to ${change.action} it, which is due: ${reason}` };
  const { dnsName, recordType } = change.after ?? change.before;
  const protection = rules.protects?.(normalizeName(dnsName), recordType, stands);
  return protection === undefined ? { change, reason } : { change, hindrance: 'protected', reason: `it is not to be ${change.action}d, since ${protection}; what is due: ${reason}` };
}

/** Whether we may change a record: nobody's are taken for ours only where there is no registry. */
export const isOurs = (e: Endpoint, rules: PlanRules): boolean => rules.ownerId === undefined || e.labels[ownerLabel] === rules.ownerId || isToBeMoved(e, rules);

/** A record that is to be moved to us counts as ours from now on. */
const asOurs = (e: Endpoint, rules: PlanRules): Endpoint => (rules.ownerId !== undefined && isToBeMoved(e, rules) ? withLabels(e, { [ownerLabel]: rules.ownerId }) : e);

const holderOf = (e: Endpoint): string => {
  const owner = e.labels[ownerLabel];
  return owner ? `held by owner "${owner}"` : `held by nobody: the record of type ${e.recordType} has no ownership`;
};

const origin = (e: Endpoint): string => e.labels[resourceLabel] ?? (e.refs.map((r) => `${r.source}/${r.namespace}/${r.name}`).join(', ') || 'a source');

function tellLosers(winner: Endpoint, wanted: readonly Endpoint[], held: Endpoint | undefined, told: Told): void {
  for (const loser of wanted) {
    if (loser === winner) continue;
    const has = held && held.labels[resourceLabel] === winner.labels[resourceLabel] ? 'has it already' : 'has the targets that come first';
    const reason = `${origin(loser)} wants ${loser.recordType} ${loser.targets.join(', ')}, too, but ${origin(winner)} ${has}`;
    tellLoser(told, loser, [winner], reason);
  }
}

/** An object that wants the same targets as a winner, or has won with another type, has not lost the name. */
function tellLoser({ conflicts, losers }: Told, endpoint: Endpoint, winners: readonly Endpoint[], reason: string): void {
  conflicts.push(reason);
  const hasLost = winners.every((w) => origin(w) !== origin(endpoint) && !sameTargets(endpoint.recordType, endpoint.targets, w.targets));
  if (hasLost) losers.push({ endpoint, reason });
}

/** A set that a provider gave in pieces, as one. */
function asOne(pieces: readonly Endpoint[]): Endpoint | undefined {
  const [first, ...more] = pieces.length > 1 ? pieces.toSorted((a, b) => compareText(JSON.stringify(a), JSON.stringify(b))) : pieces;
  if (!first || more.length === 0) return first;
  return endpoint({ ...first, targets: [...new Set(pieces.flatMap((p) => p.targets))].sort(compareText) });
}
