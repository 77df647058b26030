import { addressBytes, canonicalAddress, compareAddresses } from './ip.ts';
import { normalizeName } from './name.ts';

/** Types whose targets hold a host name, with the number of fields before it. */
const hostField: Readonly<Record<string, number | undefined>> = { A: 0, AAAA: 0, CNAME: 0, DNAME: 0, NS: 0, PTR: 0, MX: 1, SRV: 3 };

/**
 * Whether two record sets point to the same: the order of the targets, upper and lower case, the spelling of IPv6 addresses,
 * xn-- against Unicode and final dots of host names make no difference.
 */
export function sameTargets(recordType: string, a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  if (a.every((target, i) => target === b[i])) return true;
  const [x, y] = [a, b].map((targets) => targets.map((t) => comparable(recordType, t)).sort());
  return x !== undefined && y !== undefined && x.every((target, i) => target === y[i]);
}

/** The form of a target that targets are compared by. */
function comparable(recordType: string, target: string): string {
  const bytes = addressBytes(target);
  if (bytes) return canonicalAddress(bytes);
  const before = hostField[recordType];
  if (before === undefined) return target.toLowerCase();
  const fields = target.trim().split(/\s+/);
  const host = fields[before];
  return host === undefined ? target.toLowerCase() : fields.with(before, normalizeName(host)).join(' ');
}

/**
 * Which of two rivals for a name comes first; 0: neither. Fewer targets come first, then (by the first pair that differs)
 * the lower address, addresses before names, and names in text order. As in ExternalDNS v0.22, so that both choose the same winner.
 */
export function compareTargets(a: readonly string[], b: readonly string[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const [x, y] = [sortedTargets(a), sortedTargets(b)];
  for (const [i, left] of x.entries()) {
    const right = y[i] ?? '';
    if (left === right) continue;
    const [addressLeft, addressRight] = [addressBytes(left), addressBytes(right)];
    if (addressLeft && addressRight) return compareAddresses(addressLeft, addressRight);
    if (addressLeft) return -1;
    if (addressRight) return 1;
    return compareText(left, right);
  }
  return 0;
}

/** By text; addresses in their canonical spelling. */
function sortedTargets(targets: readonly string[]): readonly string[] {
  if (targets.length < 2) return targets;
  const text = (target: string): string => {
    const bytes = addressBytes(target);
    return bytes ? canonicalAddress(bytes) : target;
  };
  return targets
    .map((target) => ({ target, key: text(target) }))
    .sort((a, b) => compareText(a.key, b.key) || compareText(a.target, b.target))
    .map(({ target }) => target);
}

/** Order of code units: the same on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
