import tr46 from 'tr46';

const plain = /^[a-z0-9_*.-]*$/;
const cache = new Map<string, string>();

/**
 * The form of a DNS name that names are compared by: lower case, xn-- instead of Unicode, no trailing dot, no blanks around.
 * A name that cannot be converted is only lower-cased. Never fails.
 */
export function normalizeName(name: string): string {
  const trimmed = trimDot(name.trim());
  if (plain.test(trimmed)) return trimmed;
  const known = cache.get(name);
  if (known !== undefined) return known;
  const lower = trimmed.toLowerCase();
  const normal = plain.test(lower) ? lower : (tr46.toASCII(lower, idnaOptions) ?? lower);
  if (cache.size > 10_000) cache.clear();
  cache.set(name, normal);
  return normal;
}

/** Go's lookup profile: sharp s becomes ss (transitional), and underscores are allowed. */
const idnaOptions = { transitionalProcessing: true, useSTD3ASCIIRules: false, checkHyphens: false, verifyDNSLength: false } as const;

/** The form that people read and expressions see: lower case, Unicode instead of xn--, no trailing dot. Never fails. */
export function unicodeName(name: string): string {
  const trimmed = trimDot(name);
  if (plain.test(trimmed) && !trimmed.includes('xn--')) return trimmed;
  return tr46.toUnicode(trimmed, idnaOptions).domain.toLowerCase();
}

/** The name without one trailing dot. */
export const trimDot = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);
